"""What is asked of a report: each measure with its choices, on the graph that these make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.measures import INDICES, ORDER
from workbench.polarisation.preparation import (
    COMMON_CHOICES,
    Prepared,
    before_cut,
    binary,
    largest_part,
    prepare,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = [
    "Choices",
    "Group",
    "Told",
    "cut_to_largest",
    "grouped",
    "sorted_choices",
    "symmetric",
    "value_of",
    "with_basis",
]


#: Value, facts and reason of one index.
Told = tuple[float | None, dict[str, Any], str | None]


@dataclass(frozen=True)
class Group:
    """Measures on the same graph.

    `cut` says whether it is cut to its largest component; `facts` are told when it is not the graph
    of the report, or has lost sides; `own` are the other choices of each measure; null samples are
    drawn from `basis`, the graph before it was cut (the graph itself where that is None).
    """

    names: list[str]
    prepared: Prepared
    cut: bool
    facts: dict[str, Any]
    own: dict[str, dict[str, Any]]
    basis: Prepared | None = None

    def values(
        self, prepared: Prepared | None = None
    ) -> dict[str, tuple[float | None, dict[str, Any], str | None]]:
        """Return value, facts and reason of each measure, on this graph or another like it."""
        return {
            name: value_of(name, prepared or self.prepared, self.own[name]) for name in self.names
        }


@dataclass(frozen=True)
class Choices:
    """The choices of a report.

    Attributes
    ----------
    shared
        ``direction weights component``, for all measures.
    common
        The same for each measure, where it has its own.
    own
        The other choices of each measure.
    """

    shared: dict[str, Any]
    common: dict[str, dict[str, Any]]
    own: dict[str, dict[str, Any]]


def grouped(graph: InteractionGraph, sides: Partition, choices: Choices) -> list[Group]:
    """Return the measures by the graph they are computed on: that of the shared choices first."""
    shared, common, own = choices.shared, choices.common, choices.own
    together: dict[tuple[Any, ...], list[str]] = {tuple(shared.values()): []}
    for name, chosen in common.items():
        together.setdefault(tuple(chosen.values()), []).append(name)
    groups: list[Group] = []
    for names in filter(None, together.values()):
        chosen = common[names[0]]
        prepared = prepare(graph, sides, **chosen)
        facts = {**(prepared.size if groups else {}), **prepared.facts}
        cut = chosen["component"] == "largest"
        groups.append(Group(names, prepared, cut, facts, {name: own[name] for name in names}))
    return groups


def with_basis(
    groups: list[Group], graph: InteractionGraph, sides: Partition, *, again: bool
) -> list[Group]:
    """Return the groups with what their null samples are drawn from.

    Parameters
    ----------
    again
        Whether sides are found again in each sample.
    """
    return [
        replace(group, basis=before_cut(graph, sides, group.prepared, again=again))
        if group.cut
        else group
        for group in groups
    ]


def sorted_choices(names: list[str], choices: dict[str, Any]) -> Choices:
    """Return the choices sorted by whom they are for.

    Raises
    ------
    UsageError
        A measure does not exist, or no measure asked for has a choice.
    """
    for name in names:
        if name not in INDICES:
            raise UsageError("no such measure", value=name, allowed=", ".join(ORDER))
    shared = {c: choices.pop(c, options[0]) for c, options in COMMON_CHOICES.items()}
    common = {name: dict(shared) for name in names}
    own: dict[str, dict[str, Any]] = {name: {} for name in names}
    for key, value in sorted(choices.items(), key=lambda item: "." in item[0]):
        measure, _, choice = key.rpartition(".")
        where = common if choice in COMMON_CHOICES else own
        takers = [
            n
            for n in names
            if (where is common or choice in INDICES[n].choices) and measure in {"", n}
        ]
        if not takers:
            raise UsageError(
                "no measure asked for has this choice",
                value=key,
                allowed=", ".join(
                    [*COMMON_CHOICES, *sorted({c for n in names for c in INDICES[n].choices})]
                ),
            )
        for name in takers:
            where[name][choice] = value
    return Choices(shared, common, own)


def value_of(name: str, prepared: Prepared, own: dict[str, Any]) -> Told:
    """Return value, facts and reason of one index; undefined is None with its reason."""
    kernel = INDICES[name].kernel
    if kernel is None:  # every index registers one; the contract test holds it to that
        message = f"{name} has no kernel"
        raise AssertionError(message)
    try:
        value, facts = kernel(prepared, **own)
    except UndefinedError as error:
        return None, {}, str(error)
    return value, facts, None


def symmetric(acts: csr_array, *, directed: bool, weighted: bool) -> csr_array:
    """Return the acts as the undirected matrix that splits look at.

    Both directions of a pair are one edge, as where sides are found; not `weighted` makes it
    binary.
    """
    made = csr_array(acts + acts.T) if directed else acts
    return made if weighted else binary(made)


def cut_to_largest(matrix: csr_array, *, cut: bool) -> tuple[csr_array, NDArray[np.int64]]:
    """Return the largest part of a matrix where the graph is cut to it, and the nodes kept."""
    keep = np.flatnonzero(largest_part(matrix)) if cut else np.arange(matrix.shape[0])
    return csr_array(matrix[keep][:, keep]), keep
