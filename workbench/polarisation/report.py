"""Indices in their context: beside a null model, with what was dropped and what was chosen."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UsageError
from workbench.graphs.chance import RUNS_FOR_P, holm
from workbench.graphs.nulls import check_parts
from workbench.graphs.splits import was_found
from workbench.model.index import IndexValue
from workbench.model.kinds import node_word
from workbench.model.shown import Tabular
from workbench.polarisation.asked import Choices, Told, grouped, sorted_choices, with_basis
from workbench.polarisation.intervals import INTERVALS, Interval, intervals
from workbench.polarisation.measures import INDICES, ORDER
from workbench.polarisation.notes import notes_of, notes_of_p
from workbench.polarisation.sampling import NullPlan, null_samples
from workbench.polarisation.sensitivity import asymmetry, stability, without_top
from workbench.polarisation.sides import FOUND, found_by_weights
from workbench.rng import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["NULLS", "Report", "report"]

NULLS = ("none", "fixed", "repartitioned", "shuffled")


@dataclass(frozen=True, repr=False)
class Report(Tabular):
    """A table of indices of one graph and its sides.

    Attributes
    ----------
    graph
        ``kind nodes edges weight share_of_weight share_of_accounts``, and what did not enter and
        why: ``dropped`` (self-loops, accounts) and ``dropped_weight`` (acts), each ``{self_loops
        unsided outside_component}``; and the ``choices`` behind the graph, its filters among them.
        Shares are of what passed the filters.
    sides
        ``origin`` (given, found), ``method k sizes agreement names seed not_in_graph``, how many
        accounts of each are ``outside`` the component, the names of the sides ``dropped`` because
        no account of theirs is left (``k sizes names outside`` are of the others) and, as
        ``dropped_outside``, how many these have outside; and of found sides their ``modularity``
        and the ``weights`` it looks at.
    indices
        One value a measure.
    null
        ``kind runs seed`` and the quality of the samples: mean ``acceptance``, ``moved``,
        ``nodes`` (of the largest component, unless all are used), ``sides`` (that have an account
        there) and ``modularity`` (of the labels used on them).
    asymmetry
        What each side does: ``side accounts weight_within weight_to_others weight_from_others
        share_to_others``.
    sensitivity
        Each index without the 1 % of accounts of the highest degree.
    stability
        Of sides found in the graph, how far the values hang on the seed; else None.
    notes
        What a reader must know before the numbers are quoted.
    samples
        The null values of each measure, for a plot; not in the JSON object.

    `graph`, the sizes of `sides` and `null` are of the graph of the choices that are common to all
    measures. An index with a ``direction``, ``weights`` or ``component`` of its own says its
    ``nodes edges share_of_weight smallest_side`` among its choices.
    """

    graph: dict[str, Any]
    sides: dict[str, Any]
    indices: tuple[IndexValue, ...]
    null: dict[str, Any] = field(default_factory=dict)
    asymmetry: list[dict[str, Any]] = field(default_factory=list)
    sensitivity: dict[str, Any] = field(default_factory=dict)
    stability: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    samples: dict[str, list[float]] = field(default_factory=dict)

    @property
    def tests(self) -> str:
        """What a small p means, after the null model."""
        if self.null.get("kind") == "shuffled":
            return "more divided than the same edges with their weights dealt at random"
        return "more divided than its degrees imply"

    def __getitem__(self, name: str) -> IndexValue:
        """Return the index called `name`."""
        for value in self.indices:
            if value.name == name:
                return value
        raise KeyError(name)

    def with_sides(self, told: Mapping[str, Any], *notes: str) -> Report:
        """Return the report with more said about its sides."""
        return replace(self, sides={**self.sides, **told}, notes=(*self.notes, *notes))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench polarisation``."""
        return {
            "graph": self.graph,
            "sides": self.sides,
            "indices": [value.to_dict() for value in self.indices],
            "null": self.null,
            "tests": self.tests,
            "asymmetry": self.asymmetry,
            "sensitivity": self.sensitivity,
            "stability": self.stability,
            "notes": list(self.notes),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row an index; unknown is NA, and ``reason`` says why."""
        import pandas as pd

        columns = ["name", "value", "null_mean", "null_sd", "denoised", "z", "p", "low", "high",
                   "reason"]  # fmt: skip
        rows = [{"reason": None, **value.to_dict()} for value in self.indices]
        table = pd.DataFrame([{c: row[c] for c in columns} for row in rows], columns=columns)
        return table.convert_dtypes()

    def _words(self) -> str:
        null = (
            "no null"
            if not self.null.get("runs")
            else (
                f"{self.null['runs']} null graphs ({self.null['kind']}), seed {self.null['seed']}"
            )
        )
        return (
            f"{len(self.indices)} indices of {self.graph['nodes']:,} "
            f"{node_word(self.graph.get('kind', ''))} in "
            f"{self.sides['k']} sides ({self.sides['method']}), {null}"
        )


def report(
    graph: InteractionGraph,
    sides: Partition,
    *,
    measures: Sequence[str] | None = None,
    null: str | None = None,
    runs: int = 20,
    interval: str = "none",
    choices: Mapping[str, Any] | None = None,
    processes: int = 1,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> Report:
    """Return indices of a graph beside what random graphs with the same degrees give.

    Each null sample swaps edge ends (10 m proposals) of the whole graph, keeps degrees exactly, and
    is cut to its largest component, as the graph was, unless ``component="all"``. ``fixed`` keeps
    every account's side: right for sides known from outside. ``repartitioned`` finds sides again in
    the sample in the very same way (of ``find_sides``: the best of five splits): the only fair
    comparison for sides found in the graph, because any sparse random graph can be cut well. A
    small p means *more divided than its degrees imply*, which most topics are; it does not mean
    polarised. Samples with new edges keep neither reciprocity nor clustering, and no null keeps
    which pairs the weights are on. A graph that comes as one component has samples that fall apart
    and are smaller, which is noted. Where accounts are joined to what they used
    (``account_hashtag`` …), they are in every sample too.

    Parameters
    ----------
    measures
        Names from the registry; None means all.
    null
        ``none``, ``fixed``, ``repartitioned``, or ``shuffled``: the same edges with their weights
        dealt anew (for weighted indices), sides found again where they were found. None takes
        ``repartitioned`` for found sides and ``fixed`` for given ones.
    runs
        Null samples; from 199 on, p = (1 + #{null at least as divided}) / (runs + 1) is given,
        Holm-adjusted over the measures.
    interval
        ``none``, or the 95 % interval of each raw value from 200 replicates: ``jackknife`` (other
        accounts) or ``bootstrap`` (other acts); see ``intervals``.
    choices
        ``direction weights component`` for all measures, a measure's own choice (``k``) for every
        measure that has it, ``MEASURE.choice`` for one (``ei_index.weights``).
    processes
        Processes that draw null samples; the values do not depend on it. More than one need the
        usual ``if __name__ == "__main__"`` in a script.
    advance
        Called with 1 after each null sample and each replicate, for a progress bar.

    Raises
    ------
    UsageError
        A measure, null, interval or choice does not exist; ``repartitioned`` with given sides;
        ``shuffled`` without weights; acts that cannot be drawn because a weight is no whole number.
    UndefinedError
        No edge is left between accounts with a side. A single undefined index is a value of None
        with its reason instead.
    """
    names = list(dict.fromkeys(ORDER if measures is None else measures))
    if not names:
        raise UsageError("no measure is asked for", allowed="leave measures out for all of them")
    used, step = resolve(seed), advance or (lambda _: None)
    asked = sorted_choices(names, dict(choices or {}))
    kind = _null_kind(sides, null, runs, asked.common)
    if kind in {"fixed", "repartitioned"}:
        check_parts(graph)
    if interval not in INTERVALS:
        raise UsageError("no such interval", value=interval, allowed=", ".join(INTERVALS))
    groups = grouped(graph, sides, asked)
    found = was_found(sides)
    _check_distances(asked, found=found)
    plan = _plan(sides, kind, seed=used)
    again = replace(plan, method=sides.method if sides.method in FOUND else None)
    observed = {name: told for group in groups for name, told in group.values().items()}
    samples: dict[str, list[float]] = {name: [] for name in names}
    about: dict[str, Any] = {"kind": kind, "runs": 0 if kind == "none" else runs, "seed": used}
    if kind != "none":
        whole = with_basis(groups, graph, sides, again=plan.method is not None)
        samples, quality = null_samples(whole, plan, runs=runs, processes=processes, advance=step)
        about |= quality
    spans: dict[str, Interval] = {}
    if interval != "none":
        values = {name: told[0] for name, told in observed.items()}
        spans = intervals(groups, graph, again, kind=interval, observed=values, advance=step)
    chosen = {
        name: {**asked.common[name], **asked.own[name], **group.facts}
        for group in groups
        for name in group.names
    }
    drawn = int(about["runs"])
    indices = [
        _index(n, observed[n], samples[n], choices=chosen[n], runs=drawn, span=spans.get(n))
        for n in names
    ]
    indices = [replace(v, seed=used, graph_fingerprint=graph.fingerprint) for v in indices]
    first = groups[0].prepared
    steady = stability(groups, again, seed=used if sides.seed is None else sides.seed)
    notes = notes_of(about, steady, first, found=found)
    notes += notes_of_p(indices, runs=drawn)
    if sides.parameters.get("not_in_graph"):
        notes.append(
            f"{sides.parameters['not_in_graph']:,} accounts with a side are not in this graph"
        )
    return Report(
        {**first.summary, "choices": {**graph.choices, "directed": graph.directed}},
        _about_sides(sides, first),
        tuple(_holm(indices)),
        about,
        asymmetry(graph, first),
        without_top(groups, {name: observed[name] for name in names}),
        steady,
        tuple(notes),
        samples,
    )


def _plan(sides: Partition, kind: str, *, seed: int) -> NullPlan:
    """Return how null samples are drawn: sides that were found are found again in the same way."""
    return NullPlan(
        shuffle=kind == "shuffled",
        method=sides.method if sides.method in FOUND and kind != "fixed" else None,
        into=sides.parameters.get("into"),
        splits=int(sides.parameters.get("splits", 1)),
        resolution=float(sides.parameters.get("resolution", 1.0)),
        weighted=found_by_weights(sides),
        seed=seed,
    )


def _null_kind(
    sides: Partition, null: str | None, runs: int, common: dict[str, dict[str, Any]]
) -> str:
    """Return the null model that is meant.

    Raises
    ------
    UsageError
        It does not exist, does not fit how the sides are known, or has no run.
    """
    found = was_found(sides)
    kind = null or ("repartitioned" if found else "fixed")
    if kind not in NULLS:
        raise UsageError("no such null model", value=kind, allowed=", ".join(NULLS))
    if kind == "repartitioned" and not found:
        raise UsageError(
            "these sides are known from outside, so they cannot be found again in a null sample",
            value=sides.method,
            remedy="use --null fixed, or find the sides in the graph with --split",
        )
    if found and kind in {"repartitioned", "shuffled"} and sides.method not in FOUND:
        raise UsageError(
            "sides of this method cannot be found again in a null sample",
            value=sides.method,
            allowed=", ".join(FOUND),
            remedy="find them by louvain, or use --null fixed, which is too lenient",
        )
    if kind == "shuffled" and all(own["weights"] == "unweighted" for own in common.values()):
        raise UsageError(
            "shuffled weights change nothing where weights are not looked at",
            value="weights=unweighted",
            remedy="add --choice weights=weighted",
        )
    if runs < 1 and kind != "none":
        raise UsageError("a null model needs at least one run", value=runs)
    return kind


def _check_distances(asked: Choices, *, found: bool) -> None:
    """Refuse distances between sides where a sample has other sides."""
    if found and any("distances" in own for own in asked.own.values()):
        raise UsageError(
            "distances between sides need sides that stay the same, and these are found again",
            value="distances",
            remedy="give the sides (--sides), or leave the distances to the mixing of the sides",
        )


def _index(
    name: str,
    observed: Told,
    null: list[float],
    *,
    choices: dict[str, Any],
    runs: int,
    span: Interval | None,
) -> IndexValue:
    """Return the index with null mean and sd, z and (from 199 runs) p."""
    value, facts, reason = observed
    divided = INDICES[name].divided_is
    mean = sd = z = p = None
    if null and value is not None:
        mean = float(np.mean(null))
        sd = float(np.std(null, ddof=1)) if len(null) > 1 else None
        # What differs by rounding only is equal.
        slack = 1e-12 * max(1.0, abs(value))
        sd = 0.0 if sd is not None and sd <= slack else sd
        z = (value - mean) / sd if sd else None
        if runs >= RUNS_FOR_P and len(null) == runs:
            extreme = [
                v >= value - slack if divided == "high" else v <= value + slack for v in null
            ]
            p = (1 + sum(extreme)) / (runs + 1)
    if runs and len(null) < runs:
        facts = {**facts, "undefined_null_samples": runs - len(null)}
    if span is not None:
        facts = {**facts, **span.facts}
    return IndexValue(
        name,
        value,
        null_mean=mean,
        null_sd=sd,
        z=z,
        p=p,
        low=None if span is None else span.low,
        high=None if span is None else span.high,
        runs=runs,
        divided_is=divided,
        choices={**_defaults(name), **choices, **facts},
        reason=reason,
    )


def _defaults(name: str) -> dict[str, Any]:
    """Return the default of each choice of a measure, from its signature."""
    parameters = inspect.signature(INDICES[name].function).parameters
    return {choice: parameters[choice].default for choice in INDICES[name].choices}


def _holm(values: list[IndexValue]) -> list[IndexValue]:
    """Return the indices with their p-values adjusted for looking at several (Holm)."""
    if sum(value.p is not None for value in values) < 2:
        return values
    return [
        value
        if value.p is None
        else replace(value, p=p, choices={**value.choices, "p_unadjusted": value.p})
        for value, p in zip(values, holm([value.p for value in values]), strict=True)
    ]


def _about_sides(sides: Partition, prepared: Prepared) -> dict[str, Any]:
    found = was_found(sides)
    return {
        "origin": "found" if found else "given",
        "method": sides.method,
        "k": len(prepared.held),
        "sizes": [size for size in prepared.sizes.tolist() if size],
        "outside": [prepared.outside.get(name, 0) for name in prepared.held],
        "agreement": sides.parameters.get("agreement"),
        "modularity": sides.quality,
        "weights": sides.parameters.get("weights"),
        "names": list(prepared.held),
        "dropped": prepared.sides_dropped,
        "dropped_outside": [prepared.outside.get(name, 0) for name in prepared.sides_dropped],
        "seed": sides.seed,
        "not_in_graph": sides.parameters.get("not_in_graph", 0),
    }
