"""Levels: communities within communities, as Louvain builds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import python_louvain_levels
from workbench.communities.runs import as_partition, prepare
from workbench.errors import UsageError
from workbench.graphs.splits import check_resolution
from workbench.model.shown import Tabular
from workbench.rng import igraph_seeded, resolve

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.graphs.symmetrised import Symmetrised
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Levels", "levels"]

METHODS = ("louvain", "python_louvain")


@dataclass(frozen=True, eq=False, repr=False)
class Levels(Tabular):
    """Partitions of one graph, each made of whole communities of the one before.

    Attributes
    ----------
    partitions
        Finest first; the last is what ``louvain`` returns.
    method, seed
        How they were found.
    """

    partitions: tuple[Partition, ...]
    method: str
    seed: int

    def __len__(self) -> int:
        """Return the number of levels."""
        return len(self.partitions)

    def parents(self, level: int) -> NDArray[np.int32]:
        """Return for each community of a level the community of the next level that holds it.

        Raises
        ------
        UsageError
            There is no such level, or it is the last.
        """
        if not 0 <= level < len(self) - 1:
            raise UsageError(
                "no level above this one", value=level, allowed=f"0 to {len(self) - 2}"
            )
        fine, coarse = self.partitions[level], self.partitions[level + 1]
        _, place = np.unique(fine.labels, return_index=True)
        return coarse.labels[place]

    def table(self) -> pd.DataFrame:
        """Return one row a level: ``level, communities, largest, modularity``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "level": range(len(self)),
                "communities": [p.k for p in self.partitions],
                "largest": [p.sizes[0] for p in self.partitions],
                "modularity": [p.quality for p in self.partitions],
            }
        )

    def _shown(self) -> pd.DataFrame:
        return self.table()

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, level_0, level_1, …`` in account order."""
        import pandas as pd

        columns: dict[str, Any] = {"account": self.partitions[0].ids.to_pylist()}
        columns |= {f"level_{i}": p.labels for i, p in enumerate(self.partitions)}
        return pd.DataFrame(columns)


def levels(
    graph: InteractionGraph,
    *,
    method: str = "louvain",
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Levels:
    """Return the communities that Louvain has after each of its passes, finest first.

    Each pass joins whole communities of the one before where that raises modularity. The graph is
    prepared as for ``louvain``: directions summed, self-loops out of the search and in the quality,
    isolates communities of one at every level.

    Parameters
    ----------
    method
        ``louvain`` (igraph) or ``python_louvain``; Leiden's passes split communities again, so they
        are not nested.
    resolution
        γ of the modularity, > 0 and finite; of ``python_louvain`` 1 only.
    seed
        None draws one; the result records it. The last level is that of the method with this seed.

    Raises
    ------
    UsageError
        The method has no levels, or the resolution is not positive and finite.
    UndefinedError
        The graph is empty, or no edge joins two different nodes.

    References
    ----------
    .. [1] Blondel, Guillaume, Lambiotte & Lefebvre (2008) Fast unfolding of communities in large
       networks. J. Stat. Mech. P10008. doi:10.1088/1742-5468/2008/10/P10008
    """
    if method not in METHODS:
        raise UsageError("no levels of this method", value=method, allowed=", ".join(METHODS))
    check_resolution(resolution)
    if method == "python_louvain" and resolution != 1:
        raise UsageError("python_louvain is right at resolution 1 only", value=resolution)
    used = resolve(seed)
    prepared = prepare(graph, weighted=weighted)
    if method == "louvain":
        found = _igraph_levels(prepared, resolution, used)
    else:
        found = python_louvain_levels(prepared, seed=used)
    made = tuple(
        as_partition(
            graph, prepared, labels, method=method, weighted=weighted, seed=used,
            told={"resolution": resolution, "level": i, "levels": len(found)},
        )
        for i, labels in enumerate(found)
    )  # fmt: skip
    return Levels(made, method, used)


def _igraph_levels(prepared: Symmetrised, resolution: float, seed: int) -> list[NDArray[np.int32]]:
    with igraph_seeded(seed):
        found = prepared.igraph.community_multilevel(
            weights="weight", return_levels=True, resolution=resolution
        )
    return [np.asarray(each.membership, dtype=np.int32) for each in found]
