"""Who acts upon whom, community by community, beside what degrees alone would give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.mixing import mixed
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Mixing", "mixing"]

OTHER = "other"


@dataclass(frozen=True, eq=False, repr=False)
class Mixing(Tabular):
    """Acts from community to community.

    Attributes
    ----------
    names
        Of the communities, largest first; ``other`` at the end holds all that are not shown.
    acts, expected
        Acts from each (row) upon each (column), and what degrees alone would give, shape (K, K).
    within, within_expected
        Share of all acts inside one community, by all communities (not only those shown), and what
        degrees alone would give.
    self_loop_weight, without_community
        Acts upon oneself, and acts from or to an account without a community; both are left out.
    choices
        Weights, how many communities are shown, and ``graph_fingerprint``.
    """

    names: tuple[str, ...]
    acts: NDArray[np.float64]
    expected: NDArray[np.float64]
    within: float
    within_expected: float
    self_loop_weight: float
    without_community: float
    choices: dict[str, Any] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return ``source target acts expected ratio``, a row a pair, from who acts to upon whom.

        ``ratio`` is acts / expected: above 1 more than degrees imply; NA where none is expected.
        """
        import pandas as pd

        k = len(self.names)
        ratio = np.full((k, k), np.nan)
        np.divide(self.acts, self.expected, out=ratio, where=self.expected > 0)
        names = np.array(self.names, dtype=object)
        return pd.DataFrame(
            {
                "source": np.repeat(names, k),
                "target": np.tile(names, k),
                "acts": self.acts.ravel(),
                "expected": self.expected.ravel(),
                "ratio": pd.array(ratio.ravel(), dtype="Float64"),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None."""
        table = self.to_pandas()
        return {
            "pairs": table.astype(object).where(table.notna(), None).to_dict("records"),
            "within": self.within,
            "within_expected": self.within_expected,
            "self_loop_weight": self.self_loop_weight,
            "without_community": self.without_community,
            **self.choices,
        }

    def _words(self) -> str:
        return (
            f"{len(self.names)} communities, {self.within:.1%} of acts within, where degrees "
            f"alone give {self.within_expected:.1%}"
        )

    def _shown(self) -> pd.DataFrame:
        import pandas as pd

        by = pd.Index(self.names, name="community")
        return pd.DataFrame(self.acts, index=by, columns=list(self.names))


def mixing(
    graph: InteractionGraph, partition: Partition, *, weighted: bool = True, top: int | None = 20
) -> Mixing:
    """Return the acts from community to community beside what degrees alone would give.

    acts[c, d] is the weight of edges from accounts of c, who act, upon accounts of d (number of
    edges when not `weighted`). expected[c, d] = out_c · in_d / W, out and in the acts by c and
    upon d, W all acts: what would be if acts met at random with what every account gives and gets.
    Graphs without direction count each edge both ways, so a cell off the diagonal holds each edge
    once and one on it twice. Self-loops, and accounts without a community with their edges, are
    left out and counted. Isolates change nothing. Communities found in this graph keep within by
    their making: ``significance`` says whether more than those of random graphs.

    Parameters
    ----------
    top
        Show the largest communities, the rest together as ``other`` (on its diagonal also acts
        between different ones of them); None shows all.

    Raises
    ------
    InputError
        The partition belongs to another graph.
    UsageError
        `top` is below 1, or a community is called ``other`` where some are put together.
    UndefinedError
        There is no act between different accounts with a community.

    References
    ----------
    .. [1] Newman (2003) Mixing patterns in networks. Physical Review E 67, 026126.
       doi:10.1103/PhysRevE.67.026126
    """
    partition.check(graph)
    if top is not None and top < 1:
        raise UsageError("top must be ≥ 1", value=top)
    proper = graph.without_self_loops()
    kept = partition.labels >= 0
    inner = proper if kept.all() else proper.subgraph(kept)
    if not inner.arcs_stored:
        raise UndefinedError(
            "no act joins two different accounts with a community",
            value=f"{graph.nodes} accounts, {int(kept.sum())} with a community",
        )
    matrix = inner.to_scipy()
    if not weighted:
        matrix = matrix.copy()
        matrix.data = np.ones(matrix.nnz)
    labels, k = partition.labels[kept], partition.k
    total = float(matrix.data.sum())
    out = np.bincount(labels, np.asarray(matrix.sum(axis=1)).ravel(), minlength=k)
    into = np.bincount(labels, np.asarray(matrix.sum(axis=0)).ravel(), minlength=k)
    source, target, _ = inner.arcs()
    inside = float(matrix.data[labels[source] == labels[target]].sum())
    names = partition.names
    if top is not None and k > top:
        if OTHER in names[:top]:
            raise UsageError("a community is called as the rest would be", value=OTHER,
                             remedy="rename it, or say top=None")  # fmt: skip
        names, labels = (*names[:top], OTHER), np.minimum(labels, np.int32(top))
    shown = len(names)
    acts = mixed(matrix, labels, shown)
    return Mixing(
        names,
        acts,
        np.outer(acts.sum(axis=1), acts.sum(axis=0)) / total,
        inside / total,
        float(out @ into) / total**2,
        graph.self_loop_weight,
        proper.total_weight - inner.total_weight,
        {"weights": "weighted" if weighted else "unweighted", "top": top,
         "graph_fingerprint": graph.fingerprint},
    )  # fmt: skip
