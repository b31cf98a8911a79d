"""The acts and posts that the brief's graphs are made of: how many, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.graphs.selection import chosen_acts
from workbench.model.filters import Filters
from workbench.model.kinds import graph_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from workbench.engine import Session
    from workbench.model.corpus import Corpus

__all__ = ["Acts", "acts_among", "acts_of", "acts_upon", "posts_behind", "posts_of_public_actors"]


@dataclass(frozen=True)
class Acts:
    """The acts of one kind, as their graph counts them.

    Attributes
    ----------
    acts
        Weight of all of them.
    known
        Weight of those whose actor and target are both known: what the graph holds.
    others
        Weight of the known ones upon another account.
    posts
        Distinct posts that made the known ones; 0 where the data have acts without posts.
    first_ms, last_ms
        Of the known ones; None for undated ones.
    """

    acts: float
    known: float
    others: float
    posts: int
    first_ms: int | None
    last_ms: int | None


def acts_of(corpus: Corpus, kinds: Iterable[str]) -> dict[str, Acts]:
    """Return the acts of each graph of `kinds`, counted act by act."""
    with open_session(corpus) as session:
        return {kind: _acts(session, kind) for kind in kinds}


def acts_among(
    corpus: Corpus, kinds: Iterable[str], accounts: Sequence[str], *, loops: bool = False
) -> dict[str, Acts]:
    """Return the acts of each graph of `kinds` whose source and target are both of `accounts`.

    Parameters
    ----------
    loops
        Whether acts upon oneself count.
    """
    with open_session(corpus) as session:
        among = {kind: _among(session, kind, accounts, loops=loops) for kind in kinds}
        return {kind: _counted(session, acts, acts) for kind, acts in among.items()}


def posts_behind(
    corpus: Corpus, kinds: Iterable[str], *, among: Sequence[str] | None = None
) -> int:
    """Return how many posts made the acts of several graphs; one that made several counts once.

    Parameters
    ----------
    among
        Only acts between two different accounts of these; None for all acts.
    """
    with open_session(corpus) as session:
        chosen = [
            _known(_chosen(session, kind)) if among is None else _among(session, kind, among)
            for kind in kinds
        ]
        acts = [each.select("post_id") for each in chosen]
        posts = nw.concat(acts).filter(~nw.col("post_id").is_null())
        found = _row(session, posts.select(nw.col("post_id").n_unique().alias("posts")))
    return int(found["posts"] or 0)


def _chosen(session: Session, kind: str) -> nw.LazyFrame[Any]:
    return chosen_acts(session, graph_kind(kind).base, Filters.parse())


def _known(acts: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return acts.filter(~nw.col("actor_id").is_null(), ~nw.col("target_id").is_null())


def _among(
    session: Session, kind: str, accounts: Sequence[str], *, loops: bool = False
) -> nw.LazyFrame[Any]:
    """Return the acts between two of some accounts, which may be very many."""
    import pyarrow as pa

    acts = _chosen(session, kind)
    for end in ("actor_id", "target_id"):
        listed = session.frame(pa.table({end: pa.array(accounts, pa.string())}))
        acts = acts.join(listed, on=end, how="semi")
    return acts if loops else acts.filter(nw.col("actor_id") != nw.col("target_id"))


def _acts(session: Session, kind: str) -> Acts:
    acts = _chosen(session, kind)
    return _counted(session, acts, _known(acts))


def acts_upon(corpus: Corpus, kind: str, accounts: Sequence[str]) -> Acts:
    """Return the acts of a kind upon some accounts by others, and the posts that made them."""
    with open_session(corpus) as session:
        acts = _chosen(session, kind).filter(
            nw.col("target_id").is_in(list(accounts)),
            ~nw.col("actor_id").is_null(),
            nw.col("actor_id") != nw.col("target_id"),
        )
        return _counted(session, acts, acts)


def _counted(session: Session, acts: nw.LazyFrame[Any], known: nw.LazyFrame[Any]) -> Acts:
    """Return the weight of all acts, and weight, posts and times of those whose ends are known."""
    weight = nw.col("weight").sum().alias("weight")
    others = known.filter(nw.col("actor_id") != nw.col("target_id"))
    posted = known.filter(~nw.col("post_id").is_null())
    found = _row(session, known.select(
        weight, nw.col("created_ms").min().alias("first"), nw.col("created_ms").max().alias("last"),
    ))  # fmt: skip
    posts = _row(session, posted.select(nw.col("post_id").n_unique().alias("posts")))["posts"]
    sums = [float(_row(session, rows.select(weight))["weight"] or 0) for rows in (acts, others)]
    return Acts(sums[0], float(found["weight"] or 0), sums[1], int(posts or 0),
                found["first"], found["last"])  # fmt: skip


def _row(session: Session, frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    row: dict[str, Any] = session.collect(frame).to_pylist()[0]
    return row


def posts_of_public_actors(corpus: Corpus, accounts: Iterable[str], *, top: int) -> pd.DataFrame:
    """Return the posts of some accounts that most other accounts retweeted.

    Returns
    -------
    DataFrame
        ``post_id author_id platform text created_ms accounts``, most retweeters first; ties are in
        order of the post's id.
    """
    with open_session(corpus) as session:
        shares = _chosen(session, "retweet").filter(
            nw.col("target_id").is_in(list(accounts)),
            ~nw.col("target_post_id").is_null(),
            nw.col("actor_id") != nw.col("target_id"),
        )
        counted = shares.group_by("target_post_id").agg(
            nw.col("actor_id").n_unique().alias("accounts")
        )
        posts = views.posts(session).select("post_id", "author_id", "platform", "text",
                                            "created_ms")  # fmt: skip
        found = posts.join(counted, left_on="post_id", right_on="target_post_id", how="inner")
        table = session.collect(found).to_pandas()
    ordered: pd.DataFrame = table.sort_values(["accounts", "post_id"], ascending=[False, True])
    return ordered.head(top).reset_index(drop=True)
