"""How division moves: the same indices in one window of time after another, each with its null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.chance import holm
from workbench.model.filters import iso
from workbench.model.index import IndexValue
from workbench.model.shown import Tabular
from workbench.polarisation.carrying import carried, coverage
from workbench.polarisation.measures import INDICES
from workbench.polarisation.report import Report, report
from workbench.polarisation.sides import FOUND, find_sides
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["OverTime", "over_time"]

NUMBERS = ("value", "null_mean", "null_sd", "denoised", "z", "p", "low", "high")
#: Of the graph an index was computed on.
SIZE = ("share_of_weight", "smallest_side", "nodes", "edges")
TYPES = {
    **dict.fromkeys(
        (*NUMBERS, "p_unadjusted", "coverage", "weight_share", "share_of_weight"), "Float64"
    ),
    **dict.fromkeys(("accounts", "sides", "smallest_side", "nodes", "edges"), "Int64"),
    **dict.fromkeys(("window", "measure", "divided_is", "null", "reason"), "string"),
}


@dataclass(frozen=True, eq=False, repr=False)
class OverTime(Tabular):
    """Indices of several windows.

    Attributes
    ----------
    rows
        One row a window and measure, in the order of the windows: ``window``, its ``since`` and
        ``until`` (half-open, UTC; NaT where unbounded), ``measure``, the numbers of an
        ``IndexValue``, ``p_unadjusted``, ``divided_is``, ``null``, ``accounts`` of the window,
        ``coverage`` (share of them with a side), ``weight_share`` (of the acts between two of
        those), ``sides`` that enter; of the graph the index was computed on, after the cut to its
        component, ``share_of_weight`` (acts in it, of all of the window), accounts of the
        ``smallest_side``, ``nodes`` and ``edges``; and ``reason``. Unknown is NA and never 0.
    choices, seed
        Every choice that changed the numbers.
    """

    rows: pd.DataFrame
    choices: dict[str, Any] = field(default_factory=dict)
    seed: int = 0

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a window and measure."""
        return self.rows

    def of(self, measure: str) -> pd.DataFrame:
        """Return the rows of one measure, a window each.

        Raises
        ------
        UsageError
            The measure is not among those asked for.
        """
        known = self.rows["measure"].unique().tolist()
        if measure not in known:
            raise UsageError("no such measure here", value=measure, allowed=", ".join(known))
        return self.rows[self.rows["measure"] == measure].reset_index(drop=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None, times are ISO 8601."""
        plain = self.rows.astype(object).where(self.rows.notna(), None)
        for bound in ("since", "until"):
            plain[bound] = [t if t is None else iso(_milliseconds(t)) for t in plain[bound]]
        return {
            "windows": plain.to_dict("records"),
            "choices": dict(self.choices),
            "seed": self.seed,
        }


def over_time(
    graphs: Mapping[str, InteractionGraph] | Sequence[InteractionGraph],
    sides: Partition | None = None,
    *,
    split: str | None = None,
    into: int = 2,
    measures: Sequence[str] | None = None,
    null: str | None = None,
    runs: int = 20,
    choices: Mapping[str, Any] | None = None,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> OverTime:
    """Return indices of one window after another, each beside a null of its own.

    An index follows how many acts a window has, whoever meets whom: read ``denoised`` and ``z``
    along the windows, and ``value`` only beside ``null_mean``. Directions, weights and components
    are choices; self-loops, accounts without a side and small components are dropped in each
    window; ``coverage``, ``share_of_weight``, ``smallest_side``, ``nodes`` and ``edges`` say what
    is left. A window in which an index is undefined (without acts, with one side only) stays in
    the table with its reason.

    Sides of one graph are carried to every window by account id, as known from outside; in the
    very graph in which they were found they are found again in the null samples. Sides found in a
    graph that contains the windows have seen their acts: the level is too high by their making.
    With `split` sides are found anew in each window, so their names do not match from window to
    window, and a change may be one of who is on which side.

    Parameters
    ----------
    graphs
        Windows in order: a name for each, or only graphs, named after the start of their window;
        for example ``graphs.windows(corpus, "retweet", every="7d")``.
    sides
        Of the accounts of one graph, which need not be among `graphs`.
    split, into
        Instead of `sides`: a method of ``find_sides`` and how many sides it makes.
    measures
        Names from the registry; None means all.
    null
        As for ``report``: ``none``, ``fixed``, ``repartitioned`` (with `split`), or None.
    runs
        Null samples for each window; p from 199 on, Holm-adjusted over windows and measures:
        the more windows, the more runs it takes.
    choices
        As for ``report``: ``direction weights component``, and choices of the measures.
    advance
        Called with 1 after each null sample, for a progress bar.

    Raises
    ------
    UsageError
        There is no window, two have one name, there are both sides and a split or neither, or a
        measure, null or choice does not exist.
    """
    named = _named(graphs)
    if (sides is None) == (split is None):
        raise UsageError("over_time needs either sides or a split", value=split or "neither")
    if split is not None and split not in FOUND:
        raise UsageError("no such split", value=split, allowed=", ".join(FOUND))
    names = list(INDICES) if measures is None else list(measures)
    used, chosen = resolve(seed), dict(choices or {})
    common = {c: chosen[c] for c in ("weights", "component") if c in chosen}
    rows: list[dict[str, Any]] = []
    for name, graph in named.items():
        own = spawn(used, "window", name)
        here = None
        try:
            if sides is None:
                here = find_sides(graph, method=str(split), into=into, seed=own, **common)
            else:
                here = carried(graph, sides)
            found = report(
                graph, here, measures=names, null=null, runs=runs, choices=chosen, seed=own,
                advance=advance,
            )  # fmt: skip
        except UndefinedError as error:
            rows += [_row(name, graph, here, _undefined(n, str(error)), {}) for n in names]
            continue
        facts = {"null": found.null["kind"], "sides": found.sides["k"], **_size(found)}
        rows += [_row(name, graph, here, index, facts) for index in found.indices]
    origin = {"split": split, "into": into} if sides is None else {"sides": sides.method}
    return OverTime(_table(rows), {**origin, "null": null, "runs": runs, **chosen}, used)


def _named(
    graphs: Mapping[str, InteractionGraph] | Sequence[InteractionGraph],
) -> dict[str, InteractionGraph]:
    """Return the windows by name; a graph without a name is called after its start."""
    if isinstance(graphs, Mapping):
        named = {str(name): graph for name, graph in graphs.items()}
    else:
        names = [_start(graph, place) for place, graph in enumerate(graphs, 1)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise UsageError(
                "two windows start at the same time",
                value=", ".join(twice),
                remedy="give a mapping of names to graphs",
            )
        named = dict(zip(names, graphs, strict=True))
    if not named:
        raise UsageError("there is no window")
    return named


def _start(graph: InteractionGraph, place: int) -> str:
    since = graph.window[0]
    if since is None:
        return f"window {place}"
    return iso(since)[: 10 if since % 86_400_000 == 0 else 16]


def _size(found: Report) -> dict[str, Any]:
    """Return the size of the graph of a report, by the columns that say it."""
    told = {column: found.graph[column] for column in SIZE if column != "smallest_side"}
    return {**told, "smallest_side": min(found.sides["sizes"])}


def _undefined(measure: str, reason: str) -> IndexValue:
    return IndexValue(measure, None, divided_is=INDICES[measure].divided_is, reason=reason)


def _row(
    window: str,
    graph: InteractionGraph,
    sides: Partition | None,
    index: IndexValue,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Return the row of one index; a measure with a graph of its own tells its size itself."""
    reach = {"accounts": graph.nodes} if sides is None else coverage(graph, sides)
    since, until = graph.window
    return {
        "window": window,
        "since": since,
        "until": until,
        "measure": index.name,
        **{name: getattr(index, name) for name in NUMBERS},
        "p_unadjusted": index.choices.get("p_unadjusted", index.p),
        "divided_is": index.divided_is,
        "null": facts.get("null"),
        "accounts": reach["accounts"],
        "coverage": reach.get("share"),
        "weight_share": reach.get("weight_share"),
        "sides": None if sides is None else facts.get("sides", sides.k),
        **{column: index.choices.get(column, facts.get(column)) for column in SIZE},
        "reason": index.reason,
    }


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows with nullable types, and p adjusted over all of them (Holm)."""
    import pandas as pd

    for row, p in zip(rows, holm([row["p_unadjusted"] for row in rows]), strict=True):
        row["p"] = p
    table = pd.DataFrame(rows)
    for bound in ("since", "until"):
        table[bound] = pd.to_datetime(table[bound].astype("Int64"), unit="ms", utc=True)
    return table.astype(TYPES)


def _milliseconds(time: pd.Timestamp) -> int:
    return round(time.timestamp() * 1000)
