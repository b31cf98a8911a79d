"""Indices in their context: beside a null model, with what was dropped and what was chosen."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.nulls import rewired, shuffled_weights
from workbench.graphs.splits import matrix_modularity, split_matrix
from workbench.model.index import IndexValue
from workbench.polarisation.measures import INDICES
from workbench.polarisation.preparation import COMMON_CHOICES, Prepared, largest_part, prepare
from workbench.polarisation.sides import FOUND
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["NULLS", "Report", "report"]

NULLS = ("none", "fixed", "repartitioned")
#: Below this many null samples no p-value is shown.
RUNS_FOR_P = 199


@dataclass(frozen=True)
class Report:
    """A table of indices of one graph and its sides.

    Attributes
    ----------
    graph
        ``nodes edges weight share_of_weight dropped {self_loops unsided outside_component}``.
    sides
        ``origin`` (given, found), ``method k sizes agreement`` and ``names``, ``modularity``,
        ``not_in_graph``.
    indices
        One value a measure.
    null
        ``kind runs seed`` and the quality of the samples: mean ``acceptance``, ``moved``,
        ``nodes`` (of the largest component, unless all are used) and ``modularity`` (of the labels
        used on them).

    `graph`, the sizes of `sides` and `null` are of the graph of the choices that are common to all
    measures. An index with a ``direction``, ``weights`` or ``component`` of its own says its
    ``nodes`` and ``edges`` among its choices.
    """

    graph: dict[str, Any]
    sides: dict[str, Any]
    indices: tuple[IndexValue, ...]
    null: dict[str, Any] = field(default_factory=dict)

    tests = "more divided than its degrees imply"

    def __getitem__(self, name: str) -> IndexValue:
        """Return the index called `name`."""
        for value in self.indices:
            if value.name == name:
                return value
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench polarisation``."""
        return {
            "graph": self.graph,
            "sides": self.sides,
            "indices": [value.to_dict() for value in self.indices],
            "null": self.null,
            "tests": self.tests,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row an index; unknown is NA."""
        import pandas as pd

        columns = ["name", "value", "null_mean", "null_sd", "denoised", "z", "p", "low", "high"]
        rows = [value.to_dict() for value in self.indices]
        table = pd.DataFrame([{c: row[c] for c in columns} for row in rows], columns=columns)
        return table.convert_dtypes()

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        return str(self.to_pandas().to_html(index=False, float_format="{:.3f}".format))


def report(
    graph: InteractionGraph,
    sides: Partition,
    *,
    measures: Sequence[str] | None = None,
    null: str | None = None,
    runs: int = 20,
    choices: Mapping[str, Any] | None = None,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> Report:
    """Return indices of a graph beside what random graphs with the same degrees give.

    Each null sample swaps edge ends (10 m proposals), keeps degrees exactly, and is cut to its
    largest component unless ``component="all"``. ``fixed`` keeps every account's side: right for
    sides known from outside. ``repartitioned`` finds sides again in the sample by the
    same method: the only fair comparison for sides found in the graph, because any sparse random
    graph can be cut well. A small p means *more divided than its degrees imply*, which most topics
    are; it does not mean polarised.

    Parameters
    ----------
    measures
        Names from the registry; None means all.
    null
        ``none``, ``fixed`` or ``repartitioned``; None takes ``repartitioned`` for found sides and
        ``fixed`` for given ones.
    runs
        Null samples; from 199 on, p = (1 + #{null at least as divided}) / (runs + 1) is given,
        Holm-adjusted over the measures.
    choices
        ``direction weights component`` for all measures, a measure's own choice (``k``) for every
        measure that has it, ``MEASURE.choice`` for one (``ei_index.weights``).
    advance
        Called with 1 after each null sample, for a progress bar.

    Raises
    ------
    UsageError
        A measure, null or choice does not exist; ``repartitioned`` with given sides.
    UndefinedError
        No edge is left between accounts with a side. A single undefined index is a value of None
        with its reason instead.
    """
    names = list(INDICES) if measures is None else list(measures)
    used = resolve(seed)
    shared, common, own = _sorted_choices(names, dict(choices or {}))
    found = sides.method in FOUND
    kind = null or ("repartitioned" if found else "fixed")
    if kind not in NULLS:
        raise UsageError("no such null model", value=kind, allowed=", ".join(NULLS))
    if kind == "repartitioned" and not found:
        raise UsageError(
            "these sides are known from outside, so they cannot be found again in a null sample",
            value=sides.method,
            remedy="use --null fixed, or find the sides in the graph with --split",
        )
    if runs < 1 and kind != "none":
        raise UsageError("a null model needs at least one run", value=runs)
    groups = _grouped(graph, sides, shared, common)
    observed = {n: _value(n, group.prepared, own[n]) for group in groups for n in group.names}
    samples: dict[str, list[float]] = {name: [] for name in names}
    about: dict[str, Any] = {"kind": kind, "runs": 0 if kind == "none" else runs, "seed": used}
    if kind != "none":
        about |= _sample(
            groups, sides, own, samples, kind=kind, runs=runs, seed=used,
            advance=advance or (lambda _: None),
        )  # fmt: skip
    drawn = int(about["runs"])
    chosen = {n: {**common[n], **own[n], **group.facts} for group in groups for n in group.names}
    values = [
        _index(name, observed[name], samples[name], choices=chosen[name], runs=drawn)
        for name in names
    ]
    values = [replace(v, seed=used, graph_fingerprint=graph.fingerprint) for v in values]
    first = groups[0].prepared
    return Report(first.summary, _about_sides(sides, first), tuple(_holm(values)), about)


@dataclass(frozen=True)
class _Group:
    """Measures on the same graph; `facts` are told when it is not the graph of the report."""

    names: list[str]
    prepared: Prepared
    cut: bool
    facts: dict[str, int]


def _grouped(
    graph: InteractionGraph,
    sides: Partition,
    shared: dict[str, Any],
    common: dict[str, dict[str, Any]],
) -> list[_Group]:
    """Return the measures by the graph they are computed on: that of the shared choices first."""
    together: dict[tuple[Any, ...], list[str]] = {tuple(shared.values()): []}
    for name, chosen in common.items():
        together.setdefault(tuple(chosen.values()), []).append(name)
    groups: list[_Group] = []
    for names in filter(None, together.values()):
        chosen = common[names[0]]
        prepared = prepare(graph, sides, **chosen)
        facts = {"nodes": prepared.nodes, "edges": prepared.edges} if groups else {}
        groups.append(_Group(names, prepared, chosen["component"] == "largest", facts))
    return groups


def _sorted_choices(
    names: list[str], choices: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the choices that every measure has, shared and for each measure, and the others."""
    for name in names:
        if name not in INDICES:
            raise UsageError("no such measure", value=name, allowed=", ".join(INDICES))
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
    return shared, common, own


def _value(
    name: str, prepared: Prepared, own: dict[str, Any]
) -> tuple[float | None, dict[str, Any], str | None]:
    """Return value, facts and reason of one index; undefined is None with its reason."""
    kernel = INDICES[name].kernel
    if kernel is None:
        return None, {}, "this measure has no kernel"
    try:
        value, facts = kernel(prepared, **own)
    except UndefinedError as error:
        return None, {}, str(error)
    return value, facts, None


def _sample(
    groups: list[_Group],
    sides: Partition,
    own: dict[str, dict[str, Any]],
    samples: dict[str, list[float]],
    *,
    kind: str,
    runs: int,
    seed: int,
    advance: Callable[[int], None],
) -> dict[str, Any]:
    """Fill `samples` with the null values and return the quality of the first group's samples."""
    qualities = []
    for run in range(runs):
        for group in groups:
            sample, quality = _null_sample(group, sides, kind=kind, seed=seed, run=run)
            for name in group.names:
                value = _value(name, sample, own[name])[0]
                if value is not None:
                    samples[name].append(value)
            if group is groups[0]:
                qualities.append(quality)
        advance(1)
    return {name: float(np.mean([each[name] for each in qualities])) for name in qualities[0]}


def _null_sample(
    group: _Group, sides: Partition, *, kind: str, seed: int, run: int
) -> tuple[Prepared, dict[str, float]]:
    """Return one null sample, cut to its largest component where the graph is, and its quality."""
    prepared = group.prepared
    one = rewired(prepared.matrix, directed=prepared.directed, seed=spawn(seed, "null", run))
    matrix = one.matrix
    if prepared.weighted:
        matrix = _dealt_weights(prepared, matrix, spawn(seed, "weights", run))
    keep = np.flatnonzero(largest_part(matrix)) if group.cut else np.arange(prepared.nodes)
    matrix = matrix[keep][:, keep]
    symmetric = matrix.copy() if not prepared.directed else (matrix + matrix.T).tocsr()
    weights = "fixed" if kind == "fixed" else sides.parameters.get("weights")
    if not prepared.weighted or weights == "unweighted":
        # A reciprocal pair is one edge, as where the sides were found.
        symmetric.data = np.ones(symmetric.nnz)
    if kind == "fixed":
        labels = prepared.labels[keep]
    else:
        labels = split_matrix(
            symmetric, method=sides.method, into=sides.k, seed=spawn(seed, "split", run)
        )
    quality = {
        "acceptance": one.acceptance,
        "moved": one.moved,
        "nodes": len(keep),
        "modularity": matrix_modularity(symmetric, labels),
    }
    return prepared.with_matrix(matrix, labels), quality


def _dealt_weights(prepared: Prepared, matrix: Any, seed: int) -> Any:
    """Return the rewired edges with the observed weights dealt out at random."""
    coo = prepared.matrix.tocoo()
    weights = coo.data if prepared.directed else coo.data[coo.row < coo.col]
    target = matrix.tocoo()
    chosen = np.ones(target.nnz, bool) if prepared.directed else target.row < target.col
    from scipy.sparse import csr_array

    dealt = csr_array((weights, (target.row[chosen], target.col[chosen])), shape=matrix.shape)
    if not prepared.directed:
        dealt = (dealt + dealt.T).tocsr()
    return shuffled_weights(dealt, directed=prepared.directed, seed=seed)


def _index(
    name: str,
    observed: tuple[float | None, dict[str, Any], str | None],
    null: list[float],
    *,
    choices: dict[str, Any],
    runs: int,
) -> IndexValue:
    """Return the index with null mean and sd, z and (from 199 runs) p."""
    value, facts, reason = observed
    divided = INDICES[name].divided_is
    mean = sd = z = p = None
    if null and value is not None:
        mean = float(np.mean(null))
        sd = float(np.std(null, ddof=1)) if len(null) > 1 else None
        z = (value - mean) / sd if sd else None
        if runs >= RUNS_FOR_P and len(null) == runs:
            extreme = [v >= value if divided == "high" else v <= value for v in null]
            p = (1 + sum(extreme)) / (runs + 1)
    if runs and len(null) < runs:
        facts = {**facts, "undefined_null_samples": runs - len(null)}
    return IndexValue(
        name,
        value,
        null_mean=mean,
        null_sd=sd,
        z=z,
        p=p,
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
    known = sorted((v.p, i) for i, v in enumerate(values) if v.p is not None)
    if len(known) < 2:
        return values
    highest, adjusted = 0.0, list(values)
    for place, (p, i) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - place) * p))
        adjusted[i] = replace(
            values[i], p=highest, choices={**values[i].choices, "p_unadjusted": p}
        )
    return adjusted


def _about_sides(sides: Partition, prepared: Prepared) -> dict[str, Any]:
    found = sides.method in FOUND
    return {
        "origin": "found" if found else "given",
        "method": sides.method,
        "k": sides.k,
        "sizes": prepared.sizes.tolist(),
        "agreement": sides.parameters.get("agreement"),
        "names": list(sides.names),
        "seed": sides.seed,
        "not_in_graph": sides.parameters.get("not_in_graph", 0),
    }
