"""Node scores: one number a node, with ties broken by account order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from workbench.errors import InputError, UsageError
from workbench.model.partition import check_fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["NodeScores"]


@dataclass(frozen=True, eq=False)
class NodeScores:
    """One float64 a node of one graph.

    Attributes
    ----------
    ids
        Node ids of the graph, in its order.
    values
        Shape (n,); NaN never occurs: a measure without a value raises instead.
    name
        The measure, as in ``--by``.
    graph_fingerprint
        The graph it belongs to; another graph is refused.
    parameters, seed
        Every choice that changed the numbers; ``seed`` is None for deterministic measures.
    """

    ids: pa.StringArray
    values: NDArray[np.float64]
    name: str
    graph_fingerprint: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None

    @classmethod
    def from_values(
        cls,
        graph: InteractionGraph,
        values: NDArray[Any],
        *,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
    ) -> Self:
        """Return the scores of the nodes of `graph`.

        Raises
        ------
        InputError
            There is not exactly one finite value a node.
        """
        array = np.asarray(values, dtype=np.float64)
        if array.shape != (graph.nodes,):
            raise InputError(
                "scores need one value a node", value=f"{array.shape} for {graph.nodes} nodes"
            )
        if not np.isfinite(array).all():
            raise InputError(f"{name} has a value that is not finite")
        array = array.copy()
        array.flags.writeable = False
        return cls(graph.ids, array, name, graph.fingerprint, dict(parameters or {}), seed)

    def order(self) -> NDArray[np.int64]:
        """Return node positions from the highest score down; ties in account order."""
        return np.argsort(-self.values, kind="stable")

    def ranks(self) -> NDArray[np.int64]:
        """Return the rank of each node: 1 + the number of nodes with a strictly greater score."""
        ascending = np.sort(self.values)
        return 1 + len(ascending) - np.searchsorted(ascending, self.values, side="right")

    def top(self, n: int = 10) -> pd.DataFrame:
        """Return the `n` highest as ``rank, account, <name>``; ties are in account order."""
        import pandas as pd

        if n < 0:
            raise UsageError("n must not be negative", value=n)
        chosen = self.order()[:n]
        return pd.DataFrame(
            {
                "rank": self.ranks()[chosen],
                "account": self.ids.take(pa.array(chosen)).to_pylist(),
                self.name: self.values[chosen],
            }
        )

    def check(self, graph: InteractionGraph) -> None:
        """Raise ``InputError`` unless the scores belong to `graph`."""
        check_fingerprint(self.graph_fingerprint, graph, what="score")

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, <name>`` in account order."""
        import pandas as pd

        return pd.DataFrame({"account": self.ids.to_pylist(), self.name: self.values})

    def __repr__(self) -> str:
        """Return one line: measure, size, highest account."""
        if not len(self.values):
            return f"<NodeScores {self.name}: empty>"
        best = int(self.order()[0])
        return (
            f"<NodeScores {self.name}: {len(self.values):,} nodes, "
            f"highest {self.ids[best]} ({self.values[best]:.6g})>"
        )
