"""Tables of labels: ratings of domains, lists of accounts, disinformation cases, moderation counts.

A record is a row. A layout is known by its columns, in any order and case:

- domain ratings: ``domain, pc1`` (Lin et al. 2023, 0 low to 1 high), ``Domain, MBFC factual``
  (Iffy+), ``url, label, source, type`` with ``accuracy, transparency`` or ``harm_score`` (Lasser
  et al. 2022);
- accounts that act for an institution: ``account_id`` with ``name`` or ``category``, or
  ``platform, handle, category``; ``valid_from`` and ``valid_to`` where there are;
- EUvsDisinfo: cases (``Date, Links, Title, Outlets``; ``date, id, title, outlets``), their
  publications (``id, publication, archive``), and articles (``article_url, class``);
- Digital Services Act: statements of reasons, counted by platform, category and more.

A label says what its source says, and nothing about what the source leaves out. Names of persons
are not kept.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.loaders.base import Loader
from workbench.loaders.label_subjects import account, day, page, score_in, site
from workbench.loaders.moments import UNKNOWN, Moment
from workbench.loaders.recorder import Label, Recorder
from workbench.loaders.table_rows import items
from workbench.loaders.tables import header_of, open_table, row_bytes
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = ["LAYOUTS", "LOADERS", "Layout"]

Row = dict[str, str]
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Layout:
    """One kind of table.

    Attributes
    ----------
    needs
        Columns that it has, in lower case; of a set, at least one.
    take
        Returns the labels of a row; raises ``ValueError`` for one that has none.
    reads
        Further columns that are read.
    never
        Columns of other formats that it does not have.
    counts
        Whether rows are counts: equal labels of different rows are all kept, else the first.
    """

    needs: tuple[str | frozenset[str], ...]
    take: Callable[[Row], list[Label]]
    reads: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    counts: bool = False

    def fits(self, names: set[str]) -> bool:
        """Return whether a table with these columns, in lower case, is of this kind."""
        if names & self.never:
            return False
        return all(need in names if isinstance(need, str) else need & names for need in self.needs)

    @property
    def used(self) -> set[str]:
        """The columns that are read."""
        found = set(self.reads)
        for need in self.needs:
            found |= {need} if isinstance(need, str) else need
        return found


# -- domains -------------------------------------------------------------------------------------


def _lin(row: Row) -> list[Label]:
    score = score_in(row["pc1"], 0, 1)
    if score is None:
        raise ValueError("no rating")
    licence = "free to reuse, cite Lin et al. 2023 (PNAS Nexus)"
    return [Label(*site(row["domain"]), "lin2023_pc1", score=score, licence=licence)]


def _iffy(row: Row) -> list[Label]:
    subject = site(row["domain"])
    listed = {"1": "listed", "0": "not listed"}.get(row.get("iffy", ""))
    found = {
        "iffy_plus": listed,
        "mbfc_factual": row.get("mbfc factual") or row.get("mbfc fact"),
        "mbfc_category": row.get("mbfc"),
    }
    labels = [Label(*subject, scheme, value) for scheme, value in found.items() if value]
    return _some(labels)


def _lasser(row: Row) -> list[Label]:
    subject, licence = site(row["url"]), "CC BY-SA 4.0 (compilation of Lasser et al. 2022)"
    bounds = {"accuracy": (1, 5), "transparency": (1, 3), "harm_score": (0, 10)}
    labels = []
    if row["type"]:
        labels.append(Label(*subject, "lasser2022_type", row["type"], licence=licence))
    for name, (low, high) in bounds.items():
        score = score_in(row.get(name, ""), low, high)
        if score is not None:
            scheme = f"lasser2022_{name.removesuffix('_score')}:{row['source']}"
            labels.append(Label(*subject, scheme, row["label"] or None, score, licence=licence))
    return _some(labels)


def _some(labels: list[Label]) -> list[Label]:
    if not labels:
        raise ValueError("no rating")
    return labels


# -- accounts ------------------------------------------------------------------------------------


def _actor(row: Row) -> list[Label]:
    since, until = day(row.get("valid_from", "")), day(row.get("valid_to", ""))
    if since.us is not None and until.us is not None and until.us < since.us:
        raise ValueError("it ends before it begins")
    value = row.get("category") or row.get("role") or "public actor"
    licence = row.get("licence") or None
    return [
        Label("account", account(row), "public_actor", value, None, since, until, licence=licence)
    ]


# -- EUvsDisinfo ---------------------------------------------------------------------------------


def _case(row: Row) -> list[Label]:
    """Return the label of a case, which stands for its claim, and of each outlet that spread it."""
    since = day(row["date"])
    claim = page(row.get("links") or row.get("id") or "")
    outlets = dict.fromkeys(
        name.strip()
        for entry in items(row["outlets"], "|")
        for name in re.split(r"[,;\n]", entry)
        if name.strip()
    )
    subjects = [("claim", claim), *(("outlet", name) for name in outlets)]
    return [Label(*subject, "euvsdisinfo", "disinformation", since=since) for subject in subjects]


def _publication(row: Row) -> list[Label]:
    return [Label("url", page(row["publication"]), "euvsdisinfo", "disinformation")]


def _article(row: Row) -> list[Label]:
    value = row.get("class") or row.get("label")
    if not value:
        raise ValueError("no rating")
    since = day(row.get("date_published") or row.get("debunk_date") or row.get("date") or "")
    licence = "CC BY-SA 4.0"
    return [
        Label("url", page(row["article_url"]), "euvsdisinfo", value, since=since, licence=licence)
    ]


# -- Digital Services Act ------------------------------------------------------------------------

_DSA_COUNT = ("total", "count", "statements")
_DSA_DAY = ("received_date", "created_at", "date")
_DSA_WHAT = (
    "automated_decision", "automated_detection", "category", "content_type",
    "content_type_single", "decision_account", "decision_ground", "decision_monetary",
    "decision_provision", "decision_visibility", "decision_visibility_single", "source_type",
    "territorial_scope",
)  # fmt: skip


def _statements(row: Row) -> list[Label]:
    """Return a count of statements of reasons: of a platform, on a day, of one kind."""
    platform = row.get("platform_name") or row.get("platform_id")
    if not platform:
        raise ValueError("no platform")
    count = score_in(_first(row, _DSA_COUNT), 0, math.inf)
    if count is None or not count.is_integer():
        raise ValueError("no count of statements")
    since = day(_first(row, _DSA_DAY))
    until = UNKNOWN
    if since.us is not None and since.us % _DAY == 0:
        end = since.us + _DAY
        until = Moment(end, end // 1000, since.precision, since.source)
    value = "; ".join(f"{name}={row[name]}" for name in _DSA_WHAT if row.get(name))
    return [Label("platform", platform, "dsa_statements", value or None, count, since, until)]


def _first(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


# -- formats -------------------------------------------------------------------------------------

_ACTS = frozenset({"object_id", "content_id", "target", "post_id", "tweet_id", "message_id"})

#: Name of the format → the kinds of tables that it has.
LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "labels_domain_ratings": (
        Layout(("domain", "pc1"), _lin),
        Layout(
            ("domain", frozenset({"mbfc factual", "mbfc fact"})), _iffy, frozenset({"iffy", "mbfc"})
        ),
        Layout(
            ("url", "label", "source", "type", frozenset({"accuracy", "harm_score"})),
            _lasser,
            frozenset({"transparency"}),
        ),
    ),
    "labels_public_actors": (
        Layout(
            ("account_id", frozenset({"name", "category"})),
            _actor,
            frozenset({"platform", "handle", "role", "valid_from", "valid_to", "licence"}),
            _ACTS,
        ),
        Layout(
            ("platform", "handle", "category"),
            _actor,
            frozenset({"role", "valid_from", "valid_to", "licence"}),
            _ACTS,
        ),
    ),
    "labels_euvsdisinfo": (
        Layout(("date", "links", "title", "outlets"), _case),
        Layout(("date", "id", "title", "outlets", frozenset({"countries", "keywords"})), _case),
        Layout(("id", "publication", "archive"), _publication),
        Layout(
            ("article_url", frozenset({"class", "label"})),
            _article,
            frozenset({"date_published", "debunk_date", "date"}),
        ),
    ),
    "labels_dsa": (
        Layout(
            (
                "category",
                frozenset({"platform_name", "platform_id"}),
                frozenset(_DSA_COUNT),
                frozenset(_DSA_DAY),
            ),
            _statements,
            frozenset(_DSA_WHAT),
            frozenset({"uuid"}),
            counts=True,
        ),
    ),
}


def _layout(name: str, header: list[str]) -> Layout | None:
    names = {column.casefold() for column in header}
    return next((layout for layout in LAYOUTS[name] if layout.fits(names)), None)


def _read(source: Source, sink: Sink, name: str) -> None:
    layout = _layout(name, header_of(source.head()))
    if layout is None:
        needed = (
            ", ".join(n if isinstance(n, str) else "|".join(sorted(n)) for n in each.needs)
            for each in LAYOUTS[name]
        )
        raise InputError(
            "the columns are of no such table", value=source.path, allowed="; or ".join(needed)
        )
    for graph in GRAPHS.values():
        sink.refuse(graph.name, "labels are no acts")
    table = open_table(source)
    names = [column.casefold() for column in table.header]
    with Recorder(sink, "") as recorder:
        rows = _Rows(recorder, layout)
        for row in table.rows:
            reason = row.reason or rows.take(names, row.cells)
            if reason is not None:
                sink.reject(
                    line=row.number,
                    byte_offset=row.byte_offset,
                    data=row_bytes(table, row),
                    reason=reason,
                )
            if sink.read % 512 == 0:
                sink.checkpoint(row.byte_offset or 0)
    left = {column for column in table.header if column.casefold() not in layout.used}
    sink.unknown_keys.update(dict.fromkeys(left, sink.read))
    if name == "labels_domain_ratings" and rows.kinds - {"domain"}:
        sink.note(
            "some rows rate a host below a domain or a page: their subjects are of type host or "
            "url, and say nothing about the whole domain"
        )


class _Rows:
    """Turns rows into labels, each label once.

    Attributes
    ----------
    kinds
        The types of the subjects so far.
    """

    def __init__(self, recorder: Recorder, layout: Layout) -> None:
        self._recorder = recorder
        self._layout = layout
        self._seen: set[Label] = set()
        self.kinds: set[str] = set()

    def take(self, names: list[str], cells: list[Any]) -> str | None:
        """Add the labels of a row; return why there are none."""
        row = dict(zip(names, map(_plain, cells), strict=True))
        counts = self._layout.counts
        try:
            with self._recorder.record():
                labels = tuple(self._layout.take(row))
                self._recorder.same(tuple(row.values()) if counts else (labels, row.get("id")))
                for label in labels:
                    if counts or label not in self._seen:
                        self._recorder.label(label)
        except ValueError as error:
            return str(error)
        self._seen.update(labels)
        self.kinds.update(label.subject_type for label in labels)
        return None


def _plain(cell: object) -> str:
    return str(cell).strip()


def _loader(name: str, description: str) -> Loader:
    def sniff(head: Head) -> float:
        return 0.93 if _layout(name, header_of(head)) else 0.0

    def read(source: Source, sink: Sink, options: Options) -> None:
        del options
        _read(source, sink, name)

    return Loader(name=name, description=description, sniff=sniff, read=read)


#: The loaders of this module, one a format.
LOADERS = tuple(
    _loader(name, description)
    for name, description in (
        ("labels_domain_ratings", "ratings of domains: Lin 2023, Iffy+, Lasser 2022"),
        ("labels_public_actors", "accounts that act for an institution, by id or by handle"),
        ("labels_euvsdisinfo", "EUvsDisinfo: cases, publications, articles"),
        ("labels_dsa", "Digital Services Act: counts of statements of reasons"),
    )
)
