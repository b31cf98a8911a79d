"""Random choices: a stream of uniform numbers, and accounts in proportion to their activity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench import rng

if TYPE_CHECKING:
    from workbench.synthetic.population import Population

__all__ = ["Sampler", "Uniforms", "uniforms"]

#: Gives the next uniform number in [0, 1).
Uniforms = Callable[[], float]

_BLOCK = 8_192


def uniforms(seed: int, name: str) -> Uniforms:
    """Return a function that gives the next uniform number of the stream `name`."""

    def endless() -> Iterator[float]:
        draw = rng.generator(seed, name)
        while True:
            yield from draw.random(_BLOCK).tolist()

    return endless().__next__


class Sampler:
    """Draw accounts in proportion to their activity, from everybody or from a camp's citizens."""

    def __init__(self, population: Population) -> None:
        self._all = np.cumsum(population.activity)
        citizens = population.role == population.role.max()
        self._members = [np.flatnonzero((population.camp == c) & citizens) for c in range(3)]
        self._camps = [np.cumsum(population.activity[members]) for members in self._members]

    def many(self, uniform: npt.NDArray[Any]) -> list[int]:
        """Return one account of the whole population for each uniform number."""
        found: list[int] = _places(self._all, uniform).tolist()
        return found

    def citizen(self, camp: int, uniform: float) -> int:
        """Return a citizen of `camp`."""
        return int(self._members[camp][_places(self._camps[camp], uniform)])


def _places(sums: npt.NDArray[Any], uniform: npt.NDArray[Any] | float) -> npt.NDArray[np.int64]:
    """Return where uniform numbers fall among cumulative weights."""
    found = np.searchsorted(sums, uniform * sums[-1], side="right")
    places: npt.NDArray[np.int64] = np.minimum(found, len(sums) - 1)
    return places
