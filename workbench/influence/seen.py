"""Which cells (simulation × account) were reached before: a bitmap, or a hash table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bitmap", "Hashed", "Seen"]

#: Multiplier of Fibonacci hashing: 2^64 divided by the golden ratio.
_MULTIPLIER = np.uint64(11400714819323198485)


class Seen(Protocol):
    """A set of cells that grows."""

    def fresh(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of `cells` that are new, once each and in a fixed order; keep them."""
        ...


class Bitmap:
    """A byte for each cell: the fastest where cascades are large, and little memory is needed.

    Parameters
    ----------
    size
        Number of cells.
    """

    def __init__(self, size: int) -> None:
        self.cells = np.zeros(size, dtype=bool)

    def fresh(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of `cells` that are new, ascending; keep them."""
        new = _distinct(cells[~self.cells[cells]])
        self.cells[new] = True
        return new

    def forget(self, cells: NDArray[np.int64]) -> None:
        """Take `cells` out again."""
        self.cells[cells] = False


class Hashed:
    """A table of the cells that were seen: for many small cascades among many accounts.

    Open addressing with linear probing, many cells at a time. Where several want the same free
    place, the one that was written last has it, and the others try the next.
    """

    def __init__(self) -> None:
        self._bits = 16
        self._table = np.full(1 << self._bits, -1, dtype=np.int64)
        self._held = 0

    def fresh(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of `cells` (≥ 0) that are new, ascending; keep them."""
        wanted = _distinct(cells)
        while self._held + len(wanted) > len(self._table) // 2:
            self._grow()
        new = self._insert(wanted)
        self._held += len(new)
        return new

    def _insert(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        mask = len(self._table) - 1
        hashed = wanted.view(np.uint64) * _MULTIPLIER
        place = (hashed >> np.uint64(64 - self._bits)).astype(np.int64)
        found = []
        while len(wanted):
            held = self._table[place]
            free = held < 0
            self._table[place[free]] = wanted[free]
            mine = self._table[place] == wanted
            found.append(wanted[mine & free])
            wanted, place = wanted[~mine], (place[~mine] + 1) & mask
        new = np.concatenate([wanted[:0], *found])
        new.sort()
        return new

    def _grow(self) -> None:
        old = self._table[self._table >= 0]
        self._bits += 1
        self._table = np.full(1 << self._bits, -1, dtype=np.int64)
        self._insert(old)


def _distinct(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    ascending = np.sort(cells)
    return ascending[np.diff(ascending, prepend=-1) > 0]
