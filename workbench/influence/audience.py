"""Who does the amplifying: a measure by the group of those who act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.influence.measures import MEASURES
from workbench.influence.partitions import unknown_as_na
from workbench.influence.resampling import LINEAR, known_positions, scored
from workbench.model.partition import Partition
from workbench.model.shown import Tabular
from workbench.rng import resolve

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Audience", "audience"]

#: Groups that a table has columns for.
MOST_GROUPS = 50


@dataclass(frozen=True, eq=False, repr=False)
class Audience(Tabular):
    """A measure, in all and by the group of those who amplify.

    Attributes
    ----------
    rows
        ``rank, account, group, <by>``, then ``from_<group>`` for each group, the same measure of
        the acts of its members alone, and ``from_none`` of those without a group. For sums over
        amplifiers (in_strength, unique_amplifiers) also ``share_<group>`` and ``share_none``, NA
        for accounts that nobody amplifies. Best first.
    groups
        Group → ``accounts`` in it, ``acting`` of them that act upon others, their ``acts``.
    by, graph_fingerprint
        The measure, and its graph.
    seed
        Of a measure that draws; None where nothing was drawn.
    """

    rows: pd.DataFrame
    groups: dict[str, dict[str, float]]
    by: str
    graph_fingerprint: str
    seed: int | None = None

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows."""
        return self.rows

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None."""
        rows = self.rows.astype(object).where(self.rows.notna(), None)
        return {
            "by": self.by,
            "graph_fingerprint": self.graph_fingerprint,
            "seed": self.seed,
            "groups": {name: dict(facts) for name, facts in self.groups.items()},
            "accounts": rows.to_dict("records"),
        }


def audience(
    graph: InteractionGraph,
    groups: Partition,
    *,
    by: str = "in_strength",
    top: int = 20,
    seed: int | None = None,
) -> Audience:
    """Return a measure split by the group of those who act: sides, or kinds of actors.

    For each group the measure is computed on the acts of its members alone, over the same accounts.
    Self-loops are treated as the measure treats them. For measures that are no sums the parts do
    not add up to the whole. In a graph without direction both ends of an edge act, so that the
    edges of one group are no graph: only sums over the others (in_strength, unique_amplifiers)
    can be split there.

    Parameters
    ----------
    groups
        Sides, communities, or ``actor_kinds`` of this graph; accounts without one are ``none``.
    by
        A measure that needs nothing but the graph.
    top
        Accounts shown.
    seed
        For measures that draw.

    Raises
    ------
    UsageError
        There is no such measure, it needs more than the graph or a direction that the graph lacks,
        `top` is negative, or there are more than 50 groups.
    UndefinedError
        The graph is empty.
    InputError
        The groups belong to another graph, or one is called ``none``.
    """
    import pandas as pd

    if not isinstance(groups, Partition):
        raise UsageError(
            "an audience needs groups: sides, communities or kinds of actors",
            value=type(groups).__name__,
            remedy="make them: Partition.from_mapping(graph, {account: group})",
        )
    if top < 0:
        raise UsageError("top must not be negative", value=top)
    _check_measure(graph, by)
    groups.check(graph)
    if groups.k > MOST_GROUPS:
        raise UsageError(
            "too many groups for a table",
            value=groups.k,
            allowed=f"at most {MOST_GROUPS}",
            remedy="keep the large ones: Partition.from_labels with None for the others",
        )
    if "none" in groups.names:
        raise InputError("a group may not be called none: these are the accounts without a group")
    used = resolve(seed) if MEASURES[by].stochastic else None
    whole = scored(graph, by, seed=used)
    best = whole.order()[:top]
    places = known_positions(graph, whole)[best]
    # Without a group is label −1, the last of the names.
    of_account = np.array([*groups.names, None], dtype=object)[groups.labels]
    rows = pd.DataFrame(
        {
            "rank": whole.ranks()[best],
            "account": whole.ids.take(pa.array(best)).to_pylist(),
            "group": of_account[places],
            by: whole.values[best],
        }
    )
    numbered = [*enumerate(groups.names), (-1, "none")]
    parts = {name: _of_group(graph, groups.labels == i, by, seed=used) for i, name in numbered}
    shown = {f"from_{name}": values[places] for name, values in parts.items()}
    rows = rows.assign(**{name: unknown_as_na(values) for name, values in shown.items()})
    if by in LINEAR:
        total = rows[by].where(rows[by] > 0).astype("Float64")
        shares = {f"share_{name}": rows[f"from_{name}"] / total for name in parts}
        rows = rows.assign(**shares)
    return Audience(rows, _described(graph, groups), by, graph.fingerprint, whole.seed)


def _check_measure(graph: InteractionGraph, by: str) -> None:
    if by not in MEASURES:
        raise UsageError("no such measure", value=by, allowed=", ".join(MEASURES))
    if MEASURES[by].needs:
        able = [name for name, measure in MEASURES.items() if not measure.needs]
        raise UsageError(
            f"{by} needs {MEASURES[by].needs}, and cannot be split by audience",
            allowed=", ".join(able),
        )
    if not graph.directed and by not in LINEAR:
        raise UsageError(
            f"{by} cannot be split by who acts: in a graph without direction both ends do",
            value=graph.kind,
            allowed=", ".join(LINEAR),
        )


def _of_group(
    graph: InteractionGraph, members: NDArray[np.bool_], by: str, *, seed: int | None
) -> NDArray[np.float64]:
    """Return the measure of the acts of `members`, NaN where there is no value, shape (n,)."""
    source, target, weight = graph.arcs()
    chosen = members[source]
    part = graph.with_arcs(source[chosen], target[chosen], weight[chosen])
    values = np.full(graph.nodes, np.nan)
    try:
        scores = scored(part, by, seed=seed)
    except UndefinedError:
        # Of a group without acts a sum is 0; other measures are unknown.
        return np.zeros(graph.nodes) if by in LINEAR else values
    values[known_positions(part, scores)] = scores.values
    return values


def _described(graph: InteractionGraph, groups: Partition) -> dict[str, dict[str, float]]:
    proper = graph.without_self_loops()
    acts = proper.out_strength()
    told = {}
    for i, name in [*enumerate(groups.names), (-1, "none")]:
        members = groups.labels == i
        told[name] = {
            "accounts": int(members.sum()),
            "acting": int((acts[members] > 0).sum()),
            "acts": float(acts[members].sum()),
        }
    return told
