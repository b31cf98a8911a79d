"""The first question: what a corpus holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.model.filters import iso
from workbench.model.graph_words import span
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from workbench.engine import Session
    from workbench.model.corpus import Corpus

__all__ = ["Description", "describe"]

DAY_MS = 86_400_000


@dataclass(frozen=True, repr=False)
class Description(Tabular):
    """What a corpus holds; counts are of primary posts unless they say acts.

    Attributes
    ----------
    posts, authors
        Primary posts, and accounts that wrote one.
    first_ms, last_ms
        Times of the first and last post (of the first and last act where there are no posts),
        epoch milliseconds; None for undated input.
    kinds
        Posts by kind: original, share, quote, reply, service.
    acts
        Acts by kind: share, quote, reply, mention.
    languages
        Posts by language tag; ``und`` means that the platform could not tell.
    per_day
        ``day`` (UTC), ``posts`` and one column a kind; days without posts are rows of 0.
    accounts, hashtags, domains
        The most active ones: id or value and number of posts.
    gaps
        ``since``, ``until`` (first and last day without a post) and ``days``.
    undated
        Posts without a time.
    """

    posts: int
    authors: int
    first_ms: int | None
    last_ms: int | None
    kinds: dict[str, int]
    acts: dict[str, int]
    languages: dict[str, int]
    per_day: pd.DataFrame
    accounts: pd.DataFrame
    hashtags: pd.DataFrame
    domains: pd.DataFrame
    gaps: pd.DataFrame
    undated: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench describe``."""
        return {
            "posts": self.posts,
            "authors": self.authors,
            "first": None if self.first_ms is None else iso(self.first_ms),
            "last": None if self.last_ms is None else iso(self.last_ms),
            "kinds": self.kinds,
            "acts": self.acts,
            "languages": self.languages,
            "per_day": self.per_day.to_dict("records"),
            "top": {
                "accounts": self.accounts.to_dict("records"),
                "hashtags": self.hashtags.to_dict("records"),
                "domains": self.domains.to_dict("records"),
            },
            "gaps": self.gaps.to_dict("records"),
            "undated": self.undated,
        }

    def _words(self) -> str:
        time = span(self.first_ms, self.last_ms)
        return f"{self.posts:,} posts by {self.authors:,} accounts, {time}"

    def _shown(self) -> dict[str, str]:
        return {
            "posts": f"{self.posts:,} ({self.undated:,} undated)",
            "accounts that wrote one": f"{self.authors:,}",
            "first to last": span(self.first_ms, self.last_ms),
            "kinds of posts": _counted(self.kinds),
            "acts": _counted(self.acts),
            "languages": _counted(self.languages),
            "hashtags": _counted(dict(self.hashtags.itertuples(index=False))),
            "domains": _counted(dict(self.domains.itertuples(index=False))),
            "days without a post": f"{int(self.gaps['days'].sum()):,} in {len(self.gaps):,} gaps",
        }


def _counted(counts: dict[str, int]) -> str:
    """Return names and their counts, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered if count) or "none"


def describe(corpus: Corpus, *, top: int = 10) -> Description:
    """Return what is in a corpus: volume, kinds, languages, the most active, the gaps.

    Parameters
    ----------
    top
        Accounts, hashtags and domains listed; ties are in shortlex order of their text.
    """
    import pandas as pd

    with open_session(corpus) as session:
        primary = views.posts(session).filter(nw.col("seen_as") == "primary")
        acts = views.interactions(session).filter(nw.col("retracted_ms").is_null())
        posts = session.collect(primary.select("author_id", "kind", "lang", "created_ms"))
        carried = {kind: _most_used(session, kind, top) for kind in ("hashtag", "domain")}
        by_kind = session.collect(acts.group_by("kind").agg(nw.len().alias("n")))
        span = session.collect(
            acts.select(
                nw.col("created_ms").min().alias("a"), nw.col("created_ms").max().alias("b")
            )
        ).to_pylist()[0]
    frame = posts.to_pandas()
    dated = frame["created_ms"].dropna().astype("int64")
    first, last = (int(dated.min()), int(dated.max())) if len(dated) else (span["a"], span["b"])
    per_day = _per_day(frame)
    active = frame["author_id"].dropna().value_counts()
    order = sorted(active.items(), key=lambda item: (-int(item[1]), len(str(item[0])), item[0]))
    return Description(
        posts=len(frame),
        authors=int(frame["author_id"].nunique()),
        first_ms=first,
        last_ms=last,
        kinds=_counts(frame["kind"]),
        acts=dict(sorted(zip(*by_kind.to_pydict().values(), strict=True))),
        languages=_counts(frame["lang"]),
        per_day=per_day,
        accounts=pd.DataFrame(order[:top], columns=["account", "posts"]),
        hashtags=carried["hashtag"],
        domains=carried["domain"],
        gaps=_gaps(per_day),
        undated=len(frame) - len(dated),
    )


def _counts(column: pd.Series[Any]) -> dict[str, int]:
    """Return how often each value occurs, the most frequent first; missing ones are left out."""
    counts = column.dropna().value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return {str(value): int(count) for value, count in ordered}


def _most_used(session: Session, kind: str, top: int) -> pd.DataFrame:
    """Return the hashtags or domains in most authored posts."""
    import pandas as pd

    uses = (
        views.attachments(session)
        .filter(
            nw.col("kind") == kind,
            nw.col("origin") == "authored",
            nw.col("seen_as") == "primary",
        )
        .group_by("value")
        .agg(nw.col("post_id").n_unique().alias("posts"))
        .with_columns(nw.col("value").str.len_chars().alias("length"))
        .sort("posts", "length", "value", descending=[True, False, False])
        .head(top)
    )
    rows: pa.Table = session.collect(uses.select("value", "posts"))
    table = rows.to_pandas()
    ordered = sorted(
        table.itertuples(index=False), key=lambda row: (-row.posts, len(row.value), row.value)
    )
    return pd.DataFrame([(row.value, int(row.posts)) for row in ordered], columns=[kind, "posts"])


def _per_day(frame: pd.DataFrame) -> pd.DataFrame:
    """Return posts a day (UTC) by kind; days between the first and the last are all there."""
    import pandas as pd

    dated = frame.dropna(subset=["created_ms"])
    kinds = sorted(dated["kind"].dropna().unique())
    if dated.empty:
        return pd.DataFrame(columns=["day", "posts", *kinds])
    day = dated["created_ms"].astype("int64").to_numpy() // DAY_MS
    span = np.arange(day.min(), day.max() + 1)
    columns: dict[str, Any] = {"day": [iso(int(d) * DAY_MS)[:10] for d in span]}
    columns["posts"] = np.bincount(day - span[0], minlength=len(span))
    for kind in kinds:
        of_kind = day[(dated["kind"] == kind).to_numpy()] - span[0]
        columns[kind] = np.bincount(of_kind, minlength=len(span))
    return pd.DataFrame(columns)


def _gaps(per_day: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of days without any post."""
    import pandas as pd

    rows = []
    silent = (per_day["posts"] == 0).to_numpy() if len(per_day) else np.empty(0, dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(int), [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        days = per_day["day"]
        rows.append((days.iloc[start], days.iloc[end - 1], int(end - start)))
    return pd.DataFrame(rows, columns=["since", "until", "days"])
