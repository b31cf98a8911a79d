"""Greedy seeds on live-edge graphs (CELF): slow and without a bound, the oracle of RIS."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError
from workbench.influence.flow import Flow, out_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["lazy_greedy", "live_graphs"]

_MOST_ARCS = 1 << 26


def live_graphs(
    flow: Flow, count: int, *, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return `count` live-edge graphs side by side as CSR arrays of count · n rows.

    Independent cascade keeps each arc with its chance; linear threshold keeps at most one arc into
    each account, with the chance of that arc. Whom seeds reach in such a graph is distributed as
    whom a cascade reaches [1]_.

    Raises
    ------
    UsageError
        67 million live arcs or more are expected.

    References
    ----------
    .. [1] Kempe, Kleinberg & Tardos (2003) Maximizing the spread of influence through a social
       network. KDD, 137–146. doi:10.1145/956750.956769
    """
    n, back = flow.nodes, flow.against
    expected = float(back.chance.sum()) * count
    if expected > _MOST_ARCS:
        raise UsageError(
            "the live-edge graphs become too large",
            value=f"about {expected:,.0f} arcs",
            allowed=f"{_MOST_ARCS:,}",
            remedy="ask for fewer sets, or use method ris",
        )
    receiver = np.repeat(np.arange(n), np.diff(back.indptr))
    below = np.concatenate([[0.0], np.cumsum(back.chance)])
    rows, ends = [], []
    for graph in range(count):
        if flow.model == "linear_threshold":
            aim = below[back.indptr[:-1]] + rng.random(n)
            aim = aim[aim < below[back.indptr[1:]]]
            kept = np.searchsorted(below, aim, side="right") - 1
        else:
            kept = np.flatnonzero(rng.random(len(receiver)) < back.chance)
        rows.append(graph * n + back.indices[kept].astype(np.int64))
        ends.append(graph * n + receiver[kept])
    row, end = np.concatenate(rows), np.concatenate(ends)
    order = np.argsort(row, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=count * n))])
    return indptr, end[order]


def lazy_greedy(
    flow: Flow, k: int, *, count: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return k accounts, each the best addition to those before it, and what each adds.

    All are compared on the same `count` live-edge graphs. On those the reach is submodular, so a
    gain that was computed earlier bounds the gain now, and only the accounts on top are computed
    again: the choice is that of plain greedy. Ties go to the first in account order.
    """
    n = flow.nodes
    indptr, indices = live_graphs(flow, count, rng=rng)
    covered = np.zeros(count * n, dtype=bool)
    offsets = np.arange(count) * n
    queue = [(-len(_reach(indptr, indices, offsets + v, covered)), v, 0) for v in range(n)]
    heapq.heapify(queue)
    chosen: list[int] = []
    gains: list[float] = []
    while len(chosen) < k:
        gain, account, known = heapq.heappop(queue)
        if known == len(chosen):
            chosen.append(account)
            gains.append(-gain / count)
            covered[_reach(indptr, indices, offsets + account, covered)] = True
        else:
            gain = -len(_reach(indptr, indices, offsets + account, covered))
            heapq.heappush(queue, (gain, account, len(chosen)))
    return np.array(chosen, dtype=np.int64), np.array(gains)


def _reach(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int64],
    start: NDArray[np.int64],
    covered: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the cells that `start` reaches and that are not covered; `covered` is unchanged."""
    cells = start[~covered[start]]
    covered[cells] = True
    reached = [cells]
    while len(cells):
        ends = indices[out_of(indptr, cells)[1]]
        cells = np.unique(ends[~covered[ends]])
        covered[cells] = True
        reached.append(cells)
    everyone = np.concatenate(reached)
    covered[everyone] = False
    return everyone
