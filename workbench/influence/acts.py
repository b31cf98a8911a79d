"""The acts behind a graph, read again from its corpus: which post, who, when.

A graph sums acts; a measure that needs posts looks at them one by one. The graph knows its window
and what its acts were chosen by, and which pairs are left; the acts that are read must add up to
its weights, so that graph and posts can never be of two different selections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, InputError, UndefinedError, UsageError
from workbench.graphs.encoding import encode
from workbench.graphs.selection import chosen_acts
from workbench.model.corpus import Corpus
from workbench.model.filters import Filters
from workbench.model.kinds import GRAPHS
from workbench.model.shown import OneLine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Acts", "acts_of", "checked_corpus", "filters_of", "per_pair", "places"]


@dataclass(frozen=True, eq=False, repr=False)
class Acts(OneLine):
    """The acts of a graph upon other accounts, one a row.

    Attributes
    ----------
    actor, target
        Positions of the two accounts in the graph.
    post
        Number of the post acted upon, −1 where it is unknown; `posts` has the ids.
    weight
        Acts a row, 1 but for input that counts.
    time
        Epoch milliseconds, −1 where it is unknown.
    """

    actor: NDArray[np.int64]
    target: NDArray[np.int64]
    post: NDArray[np.int64]
    weight: NDArray[np.float64]
    time: NDArray[np.int64]
    posts: pa.Array

    def _words(self) -> str:
        return f"{len(self.actor):,} upon {len(self.posts):,} posts"

    @property
    def unknown(self) -> float:
        """Acts upon a post that is unknown."""
        return float(self.weight[self.post < 0].sum())


def checked_corpus(
    graph: InteractionGraph, corpus: Corpus | None, *, name: str, posts: bool = True
) -> Corpus:
    """Return the corpus after the checks that every measure with posts makes.

    Raises
    ------
    UsageError
        There is no corpus.
    UndefinedError
        The graph is empty, or no act has a post in a graph of its kind.
    CannotBuildError
        The corpus has no posts, as one from an edge file.
    """
    if not isinstance(corpus, Corpus):
        raise UsageError(
            f"{name} needs posts",
            value=None if corpus is None else type(corpus).__name__,
            remedy="give the corpus that the graph was built from; an edge file has no posts",
        )
    if not graph.nodes:
        raise UndefinedError(f"{name} is undefined: the graph has no accounts")
    kind = GRAPHS.get(graph.kind)
    if kind is None or kind.family != "interaction" or (posts and kind.base == "mention"):
        raise UndefinedError(
            f"{name} is undefined: an edge of this graph is no act upon a post",
            value=graph.kind,
            allowed="retweet, quote, reply" + ("" if posts else ", mention"),
        )
    if not corpus.rows("posts"):
        raise CannotBuildError(
            f"{name} needs posts, and this data has none",
            remedy="use in_strength or unique_amplifiers",
        )
    return corpus


def filters_of(graph: InteractionGraph) -> Filters:
    """Return the filters of acts that a graph says it was built with.

    Filters of pairs (least weight, accounts, backbone, component) are not among them: which pairs
    are left is in the graph itself.
    """
    since, until = graph.window
    chosen = graph.choices
    return Filters(
        since_ms=since,
        until_ms=until,
        origins=Filters.parse(origin=chosen.get("origin")).origins,
        lang=chosen.get("lang"),
        hashtag=chosen.get("hashtag"),
        text=chosen.get("text"),
    )


def acts_of(graph: InteractionGraph, corpus: Corpus) -> Acts:
    """Return the acts that the graph sums, without those upon oneself.

    Raises
    ------
    InputError
        The acts of the corpus do not add up to the weights of the graph.
    """
    with open_session(corpus) as session:
        chosen = chosen_acts(session, GRAPHS[graph.kind].base, filters_of(graph)).filter(
            ~nw.col("actor_id").is_null(), ~nw.col("target_id").is_null()
        )
        rows = session.collect(
            chosen.select("actor_id", "target_id", "target_post_id", "weight", "created_ms")
        )
    actor, target = (places(graph, rows.column(name)) for name in ("actor_id", "target_id"))
    weight = pc.fill_null(rows.column("weight"), 1.0).to_numpy()
    edge = _edges(graph, actor, target)
    _check_sums(graph, edge, weight)
    kept = np.flatnonzero((edge >= 0) & (actor != target))
    rows = rows.take(pa.array(kept))
    post, posts = _numbered(rows.column("target_post_id"))
    time = pc.fill_null(rows.column("created_ms"), -1).to_numpy()
    return Acts(actor[kept], target[kept], post, weight[kept], time, posts)


def places(graph: InteractionGraph, ids: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return the position of each id in the graph, −1 for null and where it has no such account."""
    found = pc.fill_null(pc.index_in(ids, value_set=graph.ids), -1)
    return np.asarray(found.to_numpy(), dtype=np.int64)


def _edges(
    graph: InteractionGraph, actor: NDArray[np.int64], target: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the arc that each act belongs to, −1 for acts between accounts without one."""
    source, other, _ = graph.arcs()
    keys = source.astype(np.int64) * graph.nodes + other
    wanted = actor * graph.nodes + target
    place = np.searchsorted(keys, wanted).clip(0, max(len(keys) - 1, 0))
    if not len(keys):
        return np.full(len(actor), -1, dtype=np.int64)
    inside = (actor >= 0) & (target >= 0) & (keys[place] == wanted)
    return np.where(inside, place, -1)


def _check_sums(
    graph: InteractionGraph, edge: NDArray[np.int64], weight: NDArray[np.float64]
) -> None:
    known = edge >= 0
    sums = np.bincount(edge[known], weights=weight[known], minlength=graph.arcs_stored)
    apart = ~np.isclose(sums, graph.weight, rtol=1e-9, atol=1e-9)
    if apart.any():
        raise InputError(
            "these posts do not make this graph",
            value=f"{int(apart.sum())} of {graph.arcs_stored} edges have other acts in the corpus",
            remedy="give the corpus that the graph was built from, and the graph as it was built",
        )


def _numbered(ids: pa.ChunkedArray) -> tuple[NDArray[np.int64], pa.Array]:
    """Return a number for each id, −1 for null, and the ids by number."""
    known = np.asarray(pc.is_valid(ids).to_numpy(), dtype=bool)
    codes, distinct = encode(ids.drop_null())
    numbers = np.full(len(ids), -1, dtype=np.int64)
    numbers[known] = codes
    return numbers, distinct


def per_pair(*keys: NDArray[Any]) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return for each row the number of its pair, and the two keys of each pair."""
    first, second = (np.asarray(key, dtype=np.int64) for key in keys)
    width = int(second.max(initial=0)) + 1
    pairs, place = np.unique(first * width + second, return_inverse=True)
    return place, [pairs // width, pairs % width]
