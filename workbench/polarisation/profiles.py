"""What one number hides: the index by size of elite, and each account's place and reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.model.shown import Tabular
from workbench.polarisation.absorption import elites, reaching, solve_directed, solve_symmetric
from workbench.polarisation.dipole import positions
from workbench.polarisation.measures import INDICES
from workbench.polarisation.preparation import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["AccountTable", "account_leans", "bubble_radius", "k_profile"]

#: Elites of the profile: counts, and shares of a side.
PROFILE = (1, 2, 5, 10, 20, 50, 100, 0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True, repr=False)
class AccountTable(Tabular):
    """One row an account that took part, in account order.

    Attributes
    ----------
    rows
        ``account, side`` and the columns that the function names; unknown is NA.
    summary
        Of the graph used: ``nodes edges weight share_of_weight dropped``, and what the function
        adds.
    choices
        Every choice that changed the numbers.
    """

    rows: pd.DataFrame
    summary: dict[str, Any]
    choices: dict[str, Any] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows."""
        return self.rows


def k_profile(
    graph: InteractionGraph,
    sides: Partition,
    *,
    ks: Sequence[float] = PROFILE,
    measure: str = "random_walk_controversy",
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> pd.DataFrame:
    """Return an index for each size of the elites: how much it hangs on that choice.

    The same graph has been measured at .13 and at .96 with elites of one account and of a tenth of
    each side. A value for one `k` is a point of this curve.

    Parameters
    ----------
    ks
        Sizes: an int counts accounts of a side, a float in (0, 1] is a share of it.
    measure
        An index with the choice ``k``.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    pandas.DataFrame
        ``k, kind (count, share), value, ties, reason`` in the order of `ks`; a value that is
        undefined is NA with its reason.

    Raises
    ------
    UsageError
        The index does not exist or has no ``k``; a size or choice is not allowed.
    UndefinedError
        No edge is left between accounts with a side.
    """
    import pandas as pd

    able = [name for name, entry in INDICES.items() if "k" in entry.choices]
    if measure not in able:
        raise UsageError("no such measure with elites", value=measure, allowed=", ".join(able))
    prepared = prepare(graph, sides, direction=direction, weights=weights, component=component)
    kernel: Any = INDICES[measure].kernel
    rows = []
    for k in ks:
        row: dict[str, Any] = {
            "k": k,
            "kind": "count" if isinstance(k, int | np.integer) else "share",
        }
        try:
            value, facts = kernel(prepared, k=k)
            row |= {"value": value, "ties": facts["ties"], "reason": None}
        except UndefinedError as error:
            row |= {"value": None, "ties": None, "reason": str(error)}
        rows.append(row)
    table = pd.DataFrame(rows, columns=["k", "kind", "value", "ties", "reason"])
    return table.astype({"value": "Float64", "ties": "Int64", "reason": "string"})


def account_leans(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 0.05,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> AccountTable:
    """Return where each account stands between the elites: whom a walk from it meets first.

    ``chance_<side>`` is the probability that a walk from the account ends in the elite of that
    side; of an elite account it is 1 for its own. ``to_own`` is the chance of the own side, and
    for two sides ``lean`` is the difference of the two, −1 … 1, + towards the side that
    ``choices["lean_towards"]`` names, the first of ``sides.names``. These are the numbers behind
    the dipole.

    Parameters
    ----------
    k
        Elite accounts a side: a float in (0, 1] is a share of the side, an int counts them.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    AccountTable
        ``account, side, elite, to_own, lean (two sides), chance_<side>…``. Where no path leads to
        an elite the chances are NA.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, or a side smaller than `k`.
    ConvergenceError
        The linear solver did not reach its tolerance.
    """
    prepared = prepare(graph, sides, direction=direction, weights=weights, component=component)
    prepared.check_sides()
    chosen, ties = elites(prepared, k)
    ends = positions(prepared, chosen)
    lost = ends.sum(axis=1) < 0.5 if not prepared.directed else ends.sum(axis=1) <= 0
    table = _named(graph, prepared)
    table["elite"] = chosen
    columns = {"to_own": ends[np.arange(prepared.nodes), prepared.labels]}
    if prepared.k == 2:
        columns["lean"] = ends[:, 0] - ends[:, 1]
    columns |= {f"chance_{name}": ends[:, i] for i, name in enumerate(prepared.names)}
    for name, values in columns.items():
        table[name] = _unknown(values, lost)
    choices = {"k": k, "direction": direction, "weights": weights, "component": component}
    told = {**choices, **prepared.facts, "ties": ties}
    if prepared.k == 2:
        told["lean_towards"] = prepared.names[0]
    return AccountTable(table, prepared.summary, told)


def bubble_radius(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> AccountTable:
    """Return how many steps a walk from each account takes, on average, to leave its side.

    The hitting time t of any other side: t = 1 + Σ_v P(u, v) t_v over the neighbours v of the own
    side, one sparse system (D − A) t = d a side. 1: every contact is across. The more steps, the
    thicker the walls; an account from which no path leads out has no radius (NA, counted as
    ``enclosed``). Directed: walks follow endorsements, and an account that may also come to a dead
    end before it leaves has none.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    AccountTable
        ``account, side, steps`` (≥ 1). ``summary["by_side"]`` has side, ``accounts enclosed
        mean_steps median_steps`` over those with a radius.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account.
    ConvergenceError
        A linear system was not solved to 1e-8.
    """
    prepared = prepare(graph, sides, direction=direction, weights=weights, component=component)
    prepared.check_sides()
    steps = np.full(prepared.nodes, np.nan)
    for side in range(prepared.k):
        members = np.flatnonzero(prepared.labels == side)
        steps[members] = _steps_out(prepared, members)
    table = _named(graph, prepared)
    table["steps"] = _unknown(steps, np.isnan(steps))
    told = []
    for side, name in enumerate(prepared.names):
        own = steps[prepared.labels == side]
        known = own[~np.isnan(own)]
        told.append(
            {
                "side": name,
                "accounts": len(own),
                "enclosed": len(own) - len(known),
                "mean_steps": float(known.mean()) if len(known) else None,
                "median_steps": float(np.median(known)) if len(known) else None,
            }
        )
    choices = {"direction": direction, "weights": weights, "component": component}
    return AccountTable(table, {**prepared.summary, "by_side": told}, {**choices, **prepared.facts})


def _steps_out(prepared: Prepared, members: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the expected steps from members of one side to another side; NaN for never."""
    rows = prepared.matrix[members]
    degree = np.asarray(rows.sum(axis=1), dtype=np.float64).ravel()
    inner = rows[:, members]
    inside = np.asarray(inner.sum(axis=1)).ravel()
    leaves = reaching(inner, degree - inside > 1e-12 * degree)
    if prepared.directed:
        # A walk that may come to where no path leads out never leaves with certainty.
        trapped = reaching(inner, ~leaves)
        leaves &= ~trapped
    steps = np.full(len(members), np.nan)
    free = np.flatnonzero(leaves)
    if len(free):
        solve = solve_directed if prepared.directed else solve_symmetric
        system = inner[free][:, free]
        steps[free] = solve(system, degree[free], degree[free][:, None])[:, 0]
    return steps


def _named(graph: InteractionGraph, prepared: Prepared) -> pd.DataFrame:
    """Return account and side of each node that takes part."""
    import pandas as pd
    import pyarrow as pa

    names = graph.ids.take(pa.array(prepared.places)).to_pylist()
    sides = [prepared.names[side] for side in prepared.labels.tolist()]
    return pd.DataFrame({"account": names, "side": sides})


def _unknown(values: NDArray[np.float64], unknown: NDArray[np.bool_]) -> Any:
    """Return nullable numbers; unknown is NA."""
    import pandas as pd

    return pd.arrays.FloatingArray(np.where(unknown, 0.0, values), unknown.copy())
