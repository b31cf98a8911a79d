"""What crosses between the sides: accounts that bridge, edges, and the posts behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from workbench.engine import session as open_session
from workbench.errors import UndefinedError, UsageError
from workbench.graphs.evidence import Evidence, evidence, listed
from workbench.graphs.selection import chosen_acts, require
from workbench.model.filters import Filters, Instant
from workbench.model.kinds import graph_kind
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Crossing", "bridges", "crossing_edges", "crossing_posts"]

#: Filters of a graph by which the posts behind it are chosen again.
CHOSEN_BY = ("since", "until", "origin", "lang", "hashtag", "text", "max_accounts")
UNKNOWN_TO_EVIDENCE = {"accounts"}


@dataclass(frozen=True, eq=False, repr=False)
class Crossing(Tabular):
    """Rows that cross between sides, the heaviest first, and what they are a part of.

    Attributes
    ----------
    rows
        The accounts or edges, with ``rank`` = 1 + the number with strictly more; ties are in
        account order.
    found
        Rows there are in all; `rows` lists at most as many as were asked for.
    across, total
        Acts that cross, and acts between two different accounts that both have a side.
    dropped
        ``self_loops``, and ``unsided``: accounts without a side.
    kind, filters
        Of the graph: what ``corpus.evidence`` takes.
    """

    rows: pd.DataFrame
    found: int
    across: float
    total: float
    dropped: dict[str, int] = field(default_factory=dict)
    kind: str = "retweet"
    filters: dict[str, Any] = field(default_factory=dict)
    graph_fingerprint: str = ""

    @property
    def share(self) -> float:
        """Share of the acts between accounts with a side that cross."""
        return self.across / self.total

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows."""
        return self.rows

    def evidence(self, corpus: Corpus, place: int = 0, *, limit: int | None = 20) -> Evidence:
        """Return the posts behind a row: the acts of an edge, all acts by and upon an account.

        Parameters
        ----------
        corpus
            That the graph was built from.
        place
            Of the row, from 0.

        Raises
        ------
        UsageError
            There is no such row, or the graph was filtered by what evidence cannot be chosen by.
        """
        if not 0 <= place < len(self.rows):
            raise UsageError("no such row", value=place, allowed=f"0 to {len(self.rows) - 1}")
        unknown = sorted(set(self.filters) & UNKNOWN_TO_EVIDENCE)
        if unknown:
            raise UsageError(
                "the posts of this graph were chosen by what evidence does not know",
                value=", ".join(unknown),
            )
        row = self.rows.iloc[place]
        what = {name: self.filters[name] for name in CHOSEN_BY if name in self.filters}
        if "account" in row:
            what["account"] = row["account"]
        else:
            what["edge"] = (row["source"], row["target"])
        return evidence(corpus, kind=self.kind, limit=limit, **what)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "kind": self.kind,
            "found": self.found,
            "across": self.across,
            "total": self.total,
            "share": self.share,
            "dropped": dict(self.dropped),
            "rows": self.rows.to_dict("records"),
        }


def bridges(graph: InteractionGraph, sides: Partition, *, top: int = 20) -> Crossing:
    """Return the accounts with the most acts across: made to, and received from, other sides.

    ``across`` = ``made`` + ``received``, the acts between the account and accounts of another side
    (in a graph without direction, where both are the same acts, ``made``). ``share`` is ``across``
    over all its acts with accounts that have a side; ``others`` the distinct accounts across;
    ``both_ways`` whether it made and received some. An edge points from the account that acts.
    Self-loops and accounts without a side are dropped and counted; all components count.

    Parameters
    ----------
    top
        Accounts listed, of those with an act across.

    Returns
    -------
    Crossing
        Rows ``rank account side made received across share others both_ways``, in acts.

    Raises
    ------
    UndefinedError
        There is one side only, or no act between accounts that have a side.
    UsageError
        `top` is negative.
    InputError
        The sides belong to another graph.
    """
    import pandas as pd

    source, target, weight, cross = _sided(graph, sides, top)
    n = graph.nodes

    def sums(ends: NDArray[np.int32], of: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(ends[of], weights=weight[of], minlength=n).astype(np.float64)

    every = np.ones(len(cross), dtype=bool)
    made, received = sums(source, cross), sums(target, cross)
    across, whole = made, sums(source, every)
    if graph.directed:
        across, whole = made + received, whole + sums(target, every)
    chosen, rank = _ranked(across, top)
    others = _others(source[cross], target[cross], n)
    rows = pd.DataFrame(
        {
            "rank": rank,
            "account": graph.accounts[chosen],
            "side": _names(sides, chosen),
            "made": made[chosen],
            "received": received[chosen],
            "across": across[chosen],
            "share": across[chosen] / whole[chosen],
            "others": others[chosen],
            "both_ways": (made[chosen] > 0) & (received[chosen] > 0),
        }
    )
    return _crossing(graph, sides, rows, int((across > 0).sum()), weight, cross)


def crossing_edges(graph: InteractionGraph, sides: Partition, *, top: int = 20) -> Crossing:
    """Return the heaviest edges across: who acts how often upon whom of another side.

    Ties are in account order of the source, then of the target; a graph without direction lists
    each edge once. The posts of an edge are ``found.evidence(corpus, place)``. Self-loops and
    accounts without a side are dropped and counted.

    Returns
    -------
    Crossing
        Rows ``rank source source_side target target_side weight``, in acts.

    Raises
    ------
    UndefinedError
        There is one side only, or no act between accounts that have a side.
    UsageError
        `top` is negative.
    InputError
        The sides belong to another graph.
    """
    import pandas as pd

    source, target, weight, cross = _sided(graph, sides, top)
    listed_once = cross if graph.directed else cross & (source < target)
    chosen, rank = _ranked(np.where(listed_once, weight, 0.0), top)
    rows = pd.DataFrame(
        {
            "rank": rank,
            "source": graph.accounts[source[chosen]],
            "source_side": _names(sides, source[chosen]),
            "target": graph.accounts[target[chosen]],
            "target_side": _names(sides, target[chosen]),
            "weight": weight[chosen],
        }
    )
    return _crossing(graph, sides, rows, int(listed_once.sum()), weight, cross)


def crossing_posts(
    corpus: Corpus,
    sides: Partition,
    *,
    kind: str = "retweet",
    limit: int | None = 20,
    since: Instant = None,
    until: Instant = None,
    origin: str | Iterable[str] | None = None,
) -> Evidence:
    """Return the acts from one side upon another with the posts that made them.

    `sides` name accounts as the corpus does; they may come from a graph of another kind or
    window. Acts whose actor or target has no side, or is not known, are left out.

    Parameters
    ----------
    kind
        An interaction graph: retweet, quote, reply, mention.
    limit
        Acts listed, the earliest; None lists all. ``total`` always counts all.
    since, until, origin
        As for the graph.

    Returns
    -------
    Evidence
        As from ``corpus.evidence``, with ``account_side`` and ``target_side``.

    Raises
    ------
    UndefinedError
        There is one side only.
    UsageError
        The kind is no interaction graph.
    CannotBuildError
        The corpus has no acts of this kind.
    """
    import pyarrow as pa

    what = graph_kind(kind)
    if what.family != "interaction":
        raise UsageError(
            "posts cross by acts", value=kind, allowed="retweet, quote, reply, mention"
        )
    _check_sides(sides)
    filters = Filters.parse(since=since, until=until, origin=origin)
    sided = sides.labels >= 0
    named = pa.table(
        {"_account": sides.ids.filter(pa.array(sided)), "_side": pa.array(sides.labels[sided])}
    )
    with open_session(corpus) as session:
        require(session, what, filters)
        acts = chosen_acts(session, what.base, filters)
        for end in ("actor", "target"):
            side = session.frame(named).rename({"_account": f"{end}_id", "_side": f"_{end}"})
            acts = acts.join(side, on=f"{end}_id", how="inner")
        found = listed(session, acts.filter(nw.col("_actor") != nw.col("_target")), limit)
    posts = found.posts
    label = dict(zip(sides.ids.to_pylist(), sides.labels.tolist(), strict=True))
    for place, end in ((3, "target"), (2, "account")):
        posts.insert(place, f"{end}_side", [sides.names[label[i]] for i in posts[end]])
    return Evidence(found.total, posts)


def _check_sides(sides: Partition) -> None:
    if sides.k < 2:
        raise UndefinedError("there is one side only", value=sides.k, allowed="two or more sides")


def _sided(
    graph: InteractionGraph, sides: Partition, top: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the arcs between two accounts with a side, and which of them cross."""
    if top < 0:
        raise UsageError("top must not be negative", value=top)
    sides.check(graph)
    _check_sides(sides)
    source, target, weight = graph.arcs()
    labels = sides.labels
    kept = (source != target) & (labels[source] >= 0) & (labels[target] >= 0)
    if not kept.any():
        raise UndefinedError("no act between accounts that have a side", value=graph.edges)
    source, target, weight = source[kept], target[kept], weight[kept]
    return source, target, weight, labels[source] != labels[target]


def _ranked(values: NDArray[np.float64], top: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the `top` highest of the positive values, and their ranks."""
    order = np.argsort(-values, kind="stable")[: min(top, int((values > 0).sum()))]
    ascending = np.sort(values)
    rank = 1 + len(values) - np.searchsorted(ascending, values[order], side="right")
    return order, np.asarray(rank, dtype=np.int64)


def _others(source: NDArray[np.int32], target: NDArray[np.int32], nodes: int) -> NDArray[np.int64]:
    """Return for each node the distinct nodes on the other end of these arcs, either way."""
    ends, others = np.concatenate([source, target]), np.concatenate([target, source])
    pairs = np.unique(ends.astype(np.int64) * nodes + others)
    return np.bincount(pairs // nodes, minlength=nodes)


def _names(sides: Partition, nodes: NDArray[Any]) -> NDArray[np.object_]:
    return np.array([sides.names[label] for label in sides.labels[nodes].tolist()], dtype=object)


def _crossing(
    graph: InteractionGraph,
    sides: Partition,
    rows: pd.DataFrame,
    found: int,
    weight: NDArray[np.float64],
    cross: NDArray[np.bool_],
) -> Crossing:
    twice = 1 if graph.directed else 2
    return Crossing(
        rows,
        found,
        float(weight[cross].sum()) / twice,
        float(weight.sum()) / twice,
        {"self_loops": graph.self_loops, "unsided": sides.unlabelled},
        graph.kind,
        dict(graph.choices),
        graph.fingerprint,
    )
