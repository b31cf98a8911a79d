"""ClaimReview (schema.org): what fact-checkers say about claims, as JSON, JSON lines or JSON-LD.

Shapes: a review alone, one a line, an array, a ``@graph``, and the ``dataFeedElement`` of the Data
Commons feed. A record is a review. Its labels are about the claim (type ``claim``, whose subject is
the link of the review) and about every page where the claim was made (type ``url``), under the
scheme ``claimreview:<domain of the fact-checker>``. The value is the verdict in words, the score
the rating from 0 (worst) to 1 (best); one outside its own bounds is no score, and a date that
cannot be read no date: both are counted.

The text of the claim and who made it are not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workbench.loaders.base import Loader
from workbench.loaders.drift import known_keys
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.label_subjects import day, page, score_in
from workbench.loaders.moments import UNKNOWN, Moment
from workbench.loaders.objects import canonical_url, domain_of
from workbench.loaders.recorder import Label, Recorder
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece

__all__ = ["LOADER", "read", "sniff"]


class Review(msgspec.Struct, kw_only=True, gc=False):
    """A review, or what holds reviews; values are of any type, as pages have them."""

    type_: Any = msgspec.field(default=None, name="@type")
    graph: Any = msgspec.field(default=None, name="@graph")
    feed: Any = msgspec.field(default=None, name="dataFeedElement")
    item: Any = None
    url: Any = None
    claim: Any = msgspec.field(default=None, name="claimReviewed")
    rating: Any = msgspec.field(default=None, name="reviewRating")
    reviewed: Any = msgspec.field(default=None, name="itemReviewed")
    author: Any = None
    date: Any = msgspec.field(default=None, name="datePublished")
    licence: Any = msgspec.field(default=None, name="sdLicense")
    license_: Any = msgspec.field(default=None, name="license")


_KNOWN = known_keys(
    [Review],
    "@context @id name headline description inLanguage image publisher dateModified sdPublisher "
    "dateCreated isPartOf mainEntityOfPage",
    "author reviewRating itemReviewed publisher image claimReviewed @context",
)
_decode = decoder(Review)


def sniff(head: Head) -> float:
    """Return how surely the head is that of ClaimReview records."""
    if head.data.lstrip()[:1] not in {b"{", b"["} or b"claimReviewed" not in head.data:
        return 0.0
    whole = first_objects(head)
    if not whole:  # one long object: the beginning must do
        return 0.92 if b"dataFeedElement" in head.data[:4096] or b"@graph" in head.data else 0.5
    found = sum(1 for entry in whole if _reviews(entry))
    return 0.95 if found > len(whole) / 2 else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read reviews: labels of their claims, and of the pages where these were made."""
    del options
    for graph in GRAPHS.values():
        sink.refuse(graph.name, "labels are no acts")
    start = source.head().data[:4096]
    feed = [("dataFeedElement",)] if b'"dataFeedElement"' in start and b"\n{" not in start else []
    with Recorder(sink, "") as recorder:
        reader = _Reader(recorder)
        records = JsonRecords(source, recorder, known=_KNOWN, arrays=feed)

        def visit(piece: Piece) -> None:
            found = _reviews(msgspec.to_builtins(_decode(piece.data)))
            if not found:
                raise ValueError("no ClaimReview")
            for review in found:
                records.record(piece, reader.take, review)

        records.each(visit)
    reader.note()


def _reviews(entry: Any, depth: int = 0) -> list[dict[str, Any]]:
    """Return the reviews in an object: itself, those of its graph, those of its feed."""
    if depth > 4:
        return []
    if isinstance(entry, list):
        return [review for each in entry for review in _reviews(each, depth + 1)]
    if not isinstance(entry, dict):
        return []
    types = entry.get("@type")
    names = types if isinstance(types, list) else [types]
    named = any(isinstance(name, str) and name.endswith("ClaimReview") for name in names)
    if named or (entry.get("claimReviewed") and entry.get("reviewRating")):
        return [entry]
    return [
        review
        for key in ("@graph", "dataFeedElement", "item")
        for review in _reviews(entry.get(key), depth + 1)
    ]


class _Reader:
    """Turns reviews into labels, and counts what they do not say in a way that can be kept."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._unscored = self._undated = 0
        self._seen: set[object] = set()

    def take(self, review: dict[str, Any]) -> None:
        """Add the labels of a review."""
        claim = page(_text(review.get("url")))
        rating = next(iter(_dicts(review.get("reviewRating"))), {})
        value = _text(rating.get("alternateName")) or _text(rating.get("name")) or None
        score, odd = _score(rating)
        if value is None and score is None:
            raise ValueError("no rating")
        since, undated = _date(_text(review.get("datePublished")))
        scheme = f"claimreview:{_checker(review, claim)}"
        licence = _text(review.get("sdLicense")) or _text(review.get("license")) or None
        subjects = [("claim", claim), *(("url", link) for link in _appearances(review, claim))]
        labels = tuple(
            Label(*subject, scheme, value, score, since=since, licence=licence)
            for subject in subjects
        )
        key = (_text(review.get("claimReviewed")), labels)
        self._recorder.same(key)
        for label in labels if key not in self._seen else ():
            self._recorder.label(label)
        self._seen.add(key)
        self._unscored += odd
        self._undated += undated

    def note(self) -> None:
        """Say what was left out."""
        for what, count in (
            ("ratings outside their own bounds, without a score", self._unscored),
            ("dates that cannot be read, left out", self._undated),
        ):
            if count:
                self._recorder.sink.note(f"{what}: {count:,}")


def _checker(review: dict[str, Any], claim: str) -> str:
    """Return the domain of who reviews."""
    for author in _dicts(review.get("author")):
        link = canonical_url(_text(author.get("url")))
        domain = None if link is None else domain_of(link)
        if domain:
            return domain
    return domain_of(claim) or "unknown"


def _appearances(review: dict[str, Any], claim: str) -> list[str]:
    """Return the links of the pages where the claim was made."""
    found: dict[str, None] = {}
    for reviewed in _dicts(review.get("itemReviewed")):
        for key in ("appearance", "firstAppearance"):
            for entry in _list(reviewed.get(key)):
                link = canonical_url(_text(entry.get("url") if isinstance(entry, dict) else entry))
                if link is not None and link != claim:
                    found[link] = None
    return list(found)


def _score(rating: dict[str, Any]) -> tuple[float | None, bool]:
    """Return the rating from 0 (worst) to 1 (best), and whether there is one that cannot be."""
    given = [_text(rating.get(key)) for key in ("ratingValue", "worstRating", "bestRating")]
    if not given[0]:
        return None, False
    try:
        value, worst, best = (score_in(text, -1e9, 1e9) for text in given)
    except ValueError:
        return None, True
    if value is None or worst is None or best is None or not worst <= value <= best > worst:
        return None, True
    return (value - worst) / (best - worst), False


def _date(text: str) -> tuple[Moment, bool]:
    try:
        return day(text), False
    except ValueError:
        return UNKNOWN, True


def _text(value: Any) -> str:
    """Return a plain value as text; of a list its first one, of an object nothing."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return "" if value is None or isinstance(value, dict | bool) else str(value).strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]


LOADER = Loader(
    name="labels_claimreview",
    description="ClaimReview of fact-checkers: JSON, JSON lines, JSON-LD, Data Commons feed",
    sniff=sniff,
    read=read,
)
