"""Estimates from a sample of starting accounts, with their standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

__all__ = ["EXACT_NODES", "PIVOTS", "Sample", "breadth_first", "sampled"]

#: Graphs up to this size are computed exactly unless a sample is asked for.
EXACT_NODES = 20_000
#: Accounts drawn in larger graphs.
PIVOTS = 768


@dataclass(frozen=True, eq=False)
class Sample:
    """Sums over starting accounts, exact or estimated.

    Attributes
    ----------
    values
        Sum over all starting accounts, shape (n,).
    standard_error
        Of each value, shape (n,); None where every starting account was used.
    pivots, starts
        How many were drawn, of how many that contribute anything.
    seed
        None where every starting account was used.
    """

    values: NDArray[np.float64]
    standard_error: NDArray[np.float64] | None
    pivots: int
    starts: int
    seed: int | None

    @property
    def parameters(self) -> dict[str, int | bool]:
        """What a result records of it."""
        exact = self.standard_error is None
        return {"exact": exact, "pivots": self.pivots, "starts": self.starts}


def sampled(
    starts: NDArray[np.int64],
    nodes: int,
    batch: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    *,
    pivots: int | None,
    seed: int | None,
    size: int,
    name: str,
) -> Sample:
    """Return the sum of ``batch`` over all `starts`, or its estimate from a part of them.

    Pivots are drawn without replacement and dealt into batches of equal size; the estimate is
    starts/pivots times their sum. Its variance is that of a mean of batches, S²/batches, less the
    part of the starts that was drawn (Cochran), so that it vanishes when all are.

    Parameters
    ----------
    starts
        Positions of the accounts whose contribution is not 0 for certain.
    nodes
        Number of accounts n of the graph.
    batch
        Positions → sum of their contributions, shape (n,).
    pivots
        How many to draw, ≥ 32; None draws 768 where the graph has more than 20,000 accounts and
        uses all starts otherwise. As many as there are starts, or more, use all.
    seed
        None draws one.
    size
        Starts a batch at most; there are 16 batches at least.
    name
        The measure, which names the stream.

    Raises
    ------
    UsageError
        Fewer than 32 pivots.
    """
    if pivots is not None and pivots < 32:
        raise UsageError("too few pivots for a standard error", value=pivots, allowed="32 or more")
    asked = (PIVOTS if nodes > EXACT_NODES else len(starts)) if pivots is None else pivots
    if asked >= len(starts):
        total = np.zeros(nodes)
        for part in _dealt(starts, -(-len(starts) // size)):
            total += batch(part)
        return Sample(total, None, len(starts), len(starts), None)
    used = resolve(seed)
    batches = max(16, -(-asked // size))
    drawn = asked - asked % batches
    chosen = generator(used, name).choice(starts, drawn, replace=False, shuffle=True)
    mean, squares = np.zeros(nodes), np.zeros(nodes)
    for place, part in enumerate(_dealt(chosen, batches)):
        # Welford: the sum of squares about the running mean loses no digits.
        found = batch(part) / len(part)
        step = found - mean
        mean += step / (place + 1)
        squares += step * (found - mean)
    left = 1 - drawn / len(starts)
    error = len(starts) * np.sqrt(squares / (batches - 1) / batches * left)
    return Sample(len(starts) * mean, error, drawn, len(starts), used)


def _dealt(starts: NDArray[np.int64], parts: int) -> Iterator[NDArray[np.int64]]:
    if parts:
        yield from np.array_split(starts, parts)


def breadth_first(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], starts: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Yield distance d = 1, 2, … and who is at that distance from which of up to 64 starts.

    All searches run at once, one bit each: bit b of node v is set when v is d steps from
    ``starts[b]``.

    Parameters
    ----------
    indptr, indices
        The arcs *into* each node (CSR of the transposed graph).
    starts
        Up to 64 positions.

    Returns
    -------
    Iterator
        Distance and bits, shape (n,), until nobody new is reached.
    """
    n = len(indptr) - 1
    bits = np.uint64(1) << np.arange(len(starts), dtype=np.uint64)
    front = np.zeros(n, dtype=np.uint64)
    np.bitwise_or.at(front, starts, bits)
    seen = front.copy()
    receiving = np.flatnonzero(np.diff(indptr))
    distance = 0
    while len(receiving):
        distance += 1
        reached = np.zeros(n, dtype=np.uint64)
        reached[receiving] = np.bitwise_or.reduceat(front[indices], indptr[receiving])
        front = reached & ~seen
        if not front.any():
            return
        seen |= front
        yield distance, front
