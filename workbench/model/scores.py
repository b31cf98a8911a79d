"""Node scores: one number a node, with ties broken by account order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from workbench.errors import InputError, UsageError
from workbench.model.csr import bare_positions
from workbench.model.partition import check_fingerprint
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["NodeScores"]


@dataclass(frozen=True, eq=False, repr=False)
class NodeScores(Tabular):
    """One float64 a node of one graph.

    Attributes
    ----------
    ids
        Node ids of the graph, in its order. Nodes whose score is missing are absent.
    values
        One an id; NaN never occurs: a measure without a value raises instead.
    name
        The measure, as in ``--by``.
    graph_fingerprint
        The graph it belongs to; another graph is refused.
    parameters, seed
        Every choice that changed the numbers; ``seed`` is None for deterministic measures.
    standard_error
        Of each value, where the values are estimates from a sample; None for exact ones.
    ordering
        What ranks the nodes (higher is better) where the values do not: the order of removal of
        collective influence, low constraint. None where the values rank.
    """

    ids: pa.StringArray
    values: NDArray[np.float64]
    name: str
    graph_fingerprint: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    standard_error: NDArray[np.float64] | None = None
    ordering: NDArray[np.float64] | None = None

    @classmethod
    def from_values(
        cls,
        graph: InteractionGraph,
        values: NDArray[Any],
        *,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        standard_error: NDArray[Any] | None = None,
        ordering: NDArray[Any] | None = None,
    ) -> Self:
        """Return the scores of the nodes of `graph`.

        Raises
        ------
        InputError
            There is not exactly one finite value a node.
        """
        made = _frozen(values, graph.nodes, name)
        more = [
            None if array is None else _frozen(array, graph.nodes, name)
            for array in (standard_error, ordering)
        ]
        return cls(graph.ids, made, name, graph.fingerprint, dict(parameters or {}), seed, *more)

    @classmethod
    def from_known(
        cls,
        graph: InteractionGraph,
        positions: NDArray[Any],
        values: NDArray[Any],
        *,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        ordering: NDArray[Any] | None = None,
    ) -> Self:
        """Return the scores of the nodes at `positions` (ascending); the others are absent.

        Raises
        ------
        InputError
            There is not exactly one finite value a position.
        """
        array = _frozen(values, np.size(positions), name)
        rank_by = None if ordering is None else _frozen(ordering, np.size(positions), name)
        ids = graph.ids.take(pa.array(positions, pa.int64()))
        return cls(ids, array, name, graph.fingerprint, dict(parameters or {}), ordering=rank_by)

    @classmethod
    def from_mapping(
        cls, graph: InteractionGraph, values: Mapping[str, float | None], *, name: str
    ) -> Self:
        """Return the scores given as account → value; accounts without a value are absent.

        None and NaN are no value. Values of accounts that the graph does not have are counted in
        ``parameters["not_in_graph"]``. Bare ids are accepted where they are unambiguous.

        Raises
        ------
        InputError
            A value is infinite.
        """
        known = list(values)
        positions = graph.positions(known)
        missing = np.flatnonzero(positions < 0)
        if len(missing):
            bare = bare_positions(graph.ids)
            positions[missing] = [bare.get(known[int(i)], -1) for i in missing]
        inside = positions >= 0
        given = np.array([np.nan if v is None else v for v in values.values()], dtype=np.float64)
        array = np.full(graph.nodes, np.nan)
        array[positions[inside]] = given[inside]
        kept = np.flatnonzero(~np.isnan(array))
        outside = {"not_in_graph": int((~inside).sum())}
        return cls.from_known(graph, kept, array[kept], name=name, parameters=outside)

    def order(self) -> NDArray[np.int64]:
        """Return node positions from the highest score down; ties in account order."""
        return np.argsort(-self.ranked_by, kind="stable")

    @property
    def ranked_by(self) -> NDArray[np.float64]:
        """What orders the nodes: ``ordering`` where there is one, else the values."""
        return self.values if self.ordering is None else self.ordering

    def ranks(self) -> NDArray[np.int64]:
        """Return the rank of each node: 1 + the number of nodes with a strictly greater score."""
        ascending = np.sort(self.ranked_by)
        return 1 + len(ascending) - np.searchsorted(ascending, self.ranked_by, side="right")

    def top(self, n: int = 10) -> pd.DataFrame:
        """Return the `n` highest as ``rank, account, <name>``; ties are in account order."""
        import pandas as pd

        if n < 0:
            raise UsageError("n must not be negative", value=n)
        chosen = self.order()[:n]
        columns = {
            "rank": self.ranks()[chosen],
            "account": self.ids.take(pa.array(chosen)).to_pylist(),
            self.name: self.values[chosen],
        }
        if self.standard_error is not None:
            columns["standard_error"] = self.standard_error[chosen]
        return pd.DataFrame(columns)

    def check(self, graph: InteractionGraph) -> None:
        """Raise ``InputError`` unless the scores belong to `graph`."""
        check_fingerprint(self.graph_fingerprint, graph, what="score")

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, <name>[, standard_error]`` in account order."""
        import pandas as pd

        columns = {"account": self.ids.to_pylist(), self.name: self.values}
        if self.standard_error is not None:
            columns["standard_error"] = self.standard_error
        return pd.DataFrame(columns)

    def _words(self) -> str:
        if not len(self.values):
            return f"{self.name}: empty"
        low, high = float(self.values.min()), float(self.values.max())
        seed = "" if self.seed is None else f", seed {self.seed}"
        return f"{self.name}: {len(self.values):,} nodes, from {low:,.6g} to {high:,.6g}{seed}"

    def _shown(self) -> dict[str, str]:
        if not len(self.values):
            return {"nodes": "0"}
        shares = {
            "least": 0,
            "lower quarter": 25,
            "median": 50,
            "upper quarter": 75,
            "highest": 100,
        }
        at = np.percentile(self.values, list(shares.values())).tolist()
        facts = {"nodes": f"{len(self.values):,}"}
        facts |= {name: f"{value:,.4g}" for name, value in zip(shares, at, strict=True)}
        facts["mean"] = f"{float(self.values.mean()):,.4g}"
        if self.parameters:
            facts["choices"] = ", ".join(f"{n} {value}" for n, value in self.parameters.items())
        return facts

    def _caption(self) -> str:
        return f"{self.name.replace('_', ' ')}, one number a node; .top(10) names the highest."


def _frozen(values: NDArray[Any], nodes: int, name: str) -> NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    if array.shape != (nodes,):
        raise InputError("scores need one value a node", value=f"{array.shape} for {nodes} nodes")
    if not np.isfinite(array).all():
        raise InputError(f"{name} has a value that is not finite")
    array.flags.writeable = False
    return array
