"""Who is there or how they act: a change of an index between two dates as a sum of parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.model.shown import Tabular
from workbench.polarisation.carrying import carried, checked_choices, index_or_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Decomposition", "decompose"]


@dataclass(frozen=True, repr=False)
class Decomposition(Tabular):
    """A change of an index as a sum of parts.

    Attributes
    ----------
    total
        Index of the second window − index of the first = exit + behaviour + entry.
    exit
        What the first index changes by when those who will leave are taken out.
    behaviour
        What the accounts of both windows changed among themselves.
    entry
        What the second index changes by when those who came are let in.
    accounts
        With a side: in ``first``, ``second``, ``both``.
    reasons
        Part → why it is None.
    """

    measure: str
    total: float | None
    exit: float | None
    behaviour: float | None
    entry: float | None
    accounts: dict[str, int]
    choices: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def composition(self) -> float | None:
        """Who is there: exit + entry; None when either is."""
        return None if self.exit is None or self.entry is None else self.exit + self.entry

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None with its reason."""
        shown = ("measure", "total", "behaviour", "composition", "exit", "entry")
        facts = {n: dict(getattr(self, n)) for n in ("accounts", "choices", "reasons")}
        return {name: getattr(self, name) for name in shown} | facts

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a part; composition is exit and entry together."""
        import pandas as pd

        parts = ("total", "behaviour", "composition", "exit", "entry")
        rows = [
            {"part": p, "value": getattr(self, p), "reason": self.reasons.get(p)} for p in parts
        ]
        return pd.DataFrame(rows).astype({"value": "Float64", "reason": "string"})


def decompose(
    first: InteractionGraph,
    second: InteractionGraph,
    sides: Partition,
    *,
    measure: str,
    choices: Mapping[str, Any] | None = None,
) -> Decomposition:
    """Return how much of a change is other accounts, and how much the same ones acting otherwise.

    With I₁, I₂ the index of the windows and J₁, J₂ that of the acts among the accounts that are in
    both: I₂ − I₁ = (J₁ − I₁) + (J₂ − J₁) + (I₂ − J₂) = exit + behaviour + entry, without a rest.
    Composition is exit + entry. An index that follows the size or density of the graph moves with
    every account that is taken out, so exit and entry are not zero for accounts that act as the
    others do; they cancel when as many come as leave. Self-loops and accounts without a side are
    dropped; of what is left the largest component is used, in each of the four graphs.

    Parameters
    ----------
    first, second
        Graphs of one kind.
    sides
        Of the accounts of one graph, which may be another one; carried by account id.
    measure
        A name from the registry.
    choices
        ``direction weights component`` and the measure's own.

    Returns
    -------
    Decomposition
        In units of the index; a part of which one end is undefined is None with its reason.

    Raises
    ------
    UsageError
        The measure or a choice does not exist, or the graphs are of two kinds.
    """
    chosen = checked_choices(first, second, measure=measure, choices=choices)
    shared = [g.positions(o.ids.to_pylist()) for g, o in ((first, second), (second, first))]
    found, sided = {}, []
    for name, graph, places in (("1", first, shared[0]), ("2", second, shared[1])):
        both = np.zeros(graph.nodes, dtype=bool)
        both[places[places >= 0]] = True
        inner = graph.subgraph(both, isolates=False)
        here = carried(graph, sides)
        found[f"I{name}"] = index_or_reason(graph, here, measure=measure, choices=chosen)
        found[f"J{name}"] = index_or_reason(
            inner, carried(inner, sides), measure=measure, choices=chosen
        )
        sided.append((int((here.labels >= 0).sum()), int((here.labels[both] >= 0).sum())))
    about = {
        "I1": "first window", "I2": "second window",
        "J1": "accounts of both, first window", "J2": "accounts of both, second window",
    }  # fmt: skip
    ends = {"total": ("I1", "I2"), "exit": ("I1", "J1"), "behaviour": ("J1", "J2"),
            "entry": ("J2", "I2")}  # fmt: skip
    parts: dict[str, float | None] = {}
    reasons: dict[str, str] = {}
    for part, (start, end) in ends.items():
        low, high = found[start].value, found[end].value
        parts[part] = None if low is None or high is None else high - low
        if parts[part] is None:
            missing = [key for key in (start, end) if found[key].value is None]
            reasons[part] = "; ".join(f"{about[key]}: {found[key].reason}" for key in missing)
    lost = [reasons[part] for part in ("exit", "entry") if part in reasons]
    if lost:
        reasons["composition"] = "; ".join(lost)
    accounts = {"first": sided[0][0], "second": sided[1][0], "both": sided[0][1]}
    return Decomposition(measure, **parts, accounts=accounts, choices=chosen, reasons=reasons)
