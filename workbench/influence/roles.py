"""The role of each account among the sides: hub or not, at home or between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.influence.participation import participation_of, within_z_of
from workbench.influence.partitions import checked_partitions, flows_of
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["ROLES", "Roles", "roles"]

#: Roles of Guimerà & Amaral; the first four are of accounts with z < 2.5, the others of hubs.
ROLES = (
    "ultra-peripheral",
    "peripheral",
    "connector",
    "kinless",
    "provincial hub",
    "connector hub",
    "kinless hub",
)
HUB = 2.5
_NON_HUB_BOUNDS = (0.05, 0.62, 0.80)
_HUB_BOUNDS = (0.30, 0.75)


@dataclass(frozen=True, eq=False, repr=False)
class Roles(Tabular):
    """The role of each account among the sides.

    Attributes
    ----------
    rows
        ``account, within_module_z, participation, role, agreement`` in account order, of the
        accounts that have a role in every partition; `agreement` is the share of partitions that
        give this role.
    counts
        Role → accounts.
    choices
        ``direction weights partitions``, and ``without``: accounts without a role.
    """

    rows: pd.DataFrame
    counts: dict[str, int]
    choices: dict[str, Any] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows."""
        return self.rows

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "counts": dict(self.counts),
            "choices": dict(self.choices),
            "accounts": self.rows.to_dict("records"),
        }


def roles(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition],
    *,
    direction: str = "in",
    weights: str = "weighted",
) -> Roles:
    """Return the role of each account by within-module z and participation.

    z < 2.5: ultra-peripheral (P ≤ .05), peripheral (≤ .62), connector (≤ .80), kinless; z ≥ 2.5:
    provincial hub (P ≤ .30), connector hub (≤ .75), kinless hub. The bounds were drawn for
    metabolic networks and are a convention elsewhere; with K sides P is at most 1 − 1/K, so with
    two nobody is a connector, kinless or a kinless hub. An account without acts, or in a side whose
    members are all alike, has no role. Of several partitions the most frequent role is given, the
    first in the order above on a tie.

    Parameters
    ----------
    sides, direction, weights
        As in ``participation``.

    Raises
    ------
    UsageError, UndefinedError, InputError
        As ``participation``.

    References
    ----------
    .. [1] Guimerà & Amaral (2005) Functional cartography of complex metabolic networks. Nature 433,
       895–900. doi:10.1038/nature03288
    """
    import pandas as pd

    partitions = checked_partitions(
        graph, sides, name="a role", direction=direction, weights=weights
    )
    votes = np.zeros((graph.nodes, len(ROLES)), dtype=np.int64)
    sums = np.zeros((2, graph.nodes))
    for partition in partitions:
        flows = flows_of(graph, partition, direction=direction, weights=weights)
        z, spread = within_z_of(flows), participation_of(flows)
        sums += z, spread
        given = np.flatnonzero(~np.isnan(z) & ~np.isnan(spread))
        votes[given, _role(z[given], spread[given])] += 1
    every = np.flatnonzero(votes.sum(axis=1) == len(partitions))
    chosen = votes[every].argmax(axis=1)
    rows = pd.DataFrame(
        {
            "account": graph.accounts[every],
            "within_module_z": sums[0, every] / len(partitions),
            "participation": sums[1, every] / len(partitions),
            "role": np.array(ROLES, dtype=object)[chosen],
            "agreement": votes[every, chosen] / len(partitions),
        }
    )
    counts = np.bincount(chosen, minlength=len(ROLES)).tolist()
    choices = {"direction": direction, "weights": weights, "partitions": len(partitions)}
    return Roles(
        rows, dict(zip(ROLES, counts, strict=True)),
        choices | {"without": graph.nodes - len(every), "graph_fingerprint": graph.fingerprint},
    )  # fmt: skip


def _role(z: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.int64]:
    other = np.searchsorted(_NON_HUB_BOUNDS, spread, side="left")
    hub = 4 + np.searchsorted(_HUB_BOUNDS, spread, side="left")
    return np.asarray(np.where(z >= HUB, hub, other), dtype=np.int64)
