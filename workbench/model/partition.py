"""A partition: one community (or given side) a node, in canonical form."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from workbench.errors import InputError, UsageError
from workbench.model.csr import bare_positions
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Partition", "check_fingerprint"]


@dataclass(frozen=True, eq=False, repr=False)
class Partition(Tabular):
    """Labels 0 … k−1 over the nodes of one graph; 0 is the largest, ties go to the smallest id.

    Attributes
    ----------
    ids
        Node ids of the graph, in its order.
    labels
        Community of each node, int32, shape (n,); −1 where the node has none.
    graph_fingerprint
        The graph it belongs to; another graph is refused.
    method, parameters, seed
        How it was found; ``seed`` is None for deterministic methods and given labels.
    quality
        Modularity (or the method's own quality), None when unknown.
    names
        Name of each community, for given sides their labels in the file.
    """

    ids: pa.StringArray
    labels: NDArray[np.int32]
    graph_fingerprint: str
    method: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    quality: float | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def from_labels(
        cls,
        graph: InteractionGraph,
        labels: Sequence[object] | NDArray[Any],
        *,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        quality: float | None = None,
    ) -> Self:
        """Return the canonical partition of one label a node.

        Parameters
        ----------
        labels
            Integers (negative = without a community) or texts (None = without), shape (n,).
            Texts become the names of the communities.

        Raises
        ------
        InputError
            There is not exactly one label a node.
        """
        if len(labels) != graph.nodes:
            raise InputError(
                "a partition needs one label a node",
                value=f"{len(labels)} labels for {graph.nodes} nodes",
            )
        codes, texts = _codes(labels)
        canonical, order = _canonical(codes)
        names = (
            tuple(texts[i] for i in order) if texts else tuple(str(i) for i in range(len(order)))
        )
        canonical.flags.writeable = False
        return cls(
            graph.ids,
            canonical,
            graph.fingerprint,
            method,
            dict(parameters or {}),
            seed,
            quality,
            names,
        )

    @classmethod
    def from_mapping(
        cls, graph: InteractionGraph, sides: Mapping[str, str], *, method: str = "given"
    ) -> Self:
        """Return the partition given as account → label; accounts without a label get −1.

        Labels of accounts that the graph does not have are counted in
        ``parameters["not_in_graph"]``. Bare ids are accepted where they are unambiguous.
        """
        known = list(sides)
        positions = graph.positions(known)
        missing = np.flatnonzero(positions < 0)
        if len(missing):
            bare = bare_positions(graph.ids)
            for i in missing:
                positions[i] = bare.get(known[int(i)], -1)
        labels: list[str | None] = [None] * graph.nodes
        for account, position in zip(known, positions.tolist(), strict=True):
            if position >= 0:
                labels[position] = sides[account]
        outside = int((positions < 0).sum())
        return cls.from_labels(graph, labels, method=method, parameters={"not_in_graph": outside})

    @property
    def k(self) -> int:
        """Number of communities."""
        return len(self.names)

    @cached_property
    def sizes(self) -> list[int]:
        """Accounts in each community, in label order."""
        counts = np.bincount(self.labels[self.labels >= 0], minlength=self.k)
        return [int(count) for count in counts]

    @property
    def unlabelled(self) -> int:
        """Accounts without a community."""
        return int((self.labels < 0).sum())

    def members(self, community: int) -> list[str]:
        """Return the ids of one community, in account order."""
        if not 0 <= community < self.k:
            raise UsageError("no such community", value=community, allowed=f"0 to {self.k - 1}")
        return [str(i) for i in self.ids.filter(pa.array(self.labels == community)).to_pylist()]

    def check(self, graph: InteractionGraph) -> None:
        """Raise ``InputError`` unless the partition belongs to `graph`."""
        check_fingerprint(self.graph_fingerprint, graph, what="partition")

    def restricted(self, graph: InteractionGraph) -> Self:
        """Return the same labels for `graph`, whose nodes are among these; names are kept."""
        import pyarrow.compute as pc

        found = pc.index_in(graph.ids, value_set=self.ids)
        if found.null_count:
            raise InputError("the partition lacks accounts of this graph", value=found.null_count)
        labels = self.labels[np.asarray(found, dtype=np.int64)]
        texts = [self.names[i] if i >= 0 else None for i in labels.tolist()]
        return type(self).from_labels(
            graph, texts, method=self.method, parameters=self.parameters, seed=self.seed
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, community`` in account order; accounts without one are left out."""
        import pandas as pd

        keep = self.labels >= 0
        return pd.DataFrame(
            {
                "account": self.ids.filter(pa.array(keep)).to_pylist(),
                "community": self.labels[keep],
            }
        )

    def _words(self) -> str:
        groups = "community" if self.k == 1 else "communities"
        sizes = ", ".join(f"{size:,}" for size in self.sizes[:5])
        more = ", …" if self.k > 5 else ""
        quality = "" if self.quality is None else f", modularity {self.quality:.4f}"
        seed = "" if self.seed is None else f", seed {self.seed}"
        return f"{self.method}: {self.k} {groups} ({sizes}{more}){quality}{seed}"

    def _shown(self) -> pd.DataFrame:
        import pandas as pd

        share = np.array(self.sizes, dtype=float) / max(1, len(self.labels))
        columns = {"community": self.names, "accounts": self.sizes, "share_of_accounts": share}
        return pd.DataFrame(columns)

    def _caption(self) -> str:
        unlabelled = f" {self.unlabelled:,} accounts have none." if self.unlabelled else ""
        return f"{self._words()}.{unlabelled}"


def check_fingerprint(fingerprint: str, graph: InteractionGraph, *, what: str) -> None:
    """Raise ``InputError`` when a result belongs to another graph than `graph`."""
    if fingerprint != graph.fingerprint:
        raise InputError(
            f"this {what} belongs to another graph",
            value=fingerprint[:12],
            allowed=graph.fingerprint[:12],
            remedy=f"compute the {what} on the graph you use it with",
        )


def _codes(labels: Sequence[object] | NDArray[Any]) -> tuple[NDArray[np.int64], list[str]]:
    """Return integer codes (−1 = none) and, for texts, the text of each code."""
    array = np.asarray(labels)
    if array.dtype.kind in "iu":
        return array.astype(np.int64), []
    coded = pa.array([None if v is None else str(v) for v in labels], pa.string())
    encoded = coded.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1), dtype=np.int64)
    return codes, encoded.dictionary.to_pylist()


def _canonical(codes: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return labels by descending size, ties by first node, and the old code of each new label."""
    labels = np.full(len(codes), -1, dtype=np.int32)
    kept = np.flatnonzero(codes >= 0)
    if not len(kept):
        return labels, np.empty(0, dtype=np.int64)
    old, first, inverse, sizes = np.unique(
        codes[kept], return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(old), dtype=np.int32)
    rank[order] = np.arange(len(old), dtype=np.int32)
    labels[kept] = rank[inverse]
    return labels, old[order]
