"""Endorsement against cross-talk: the same indices on retweets, replies, quotes and mentions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import UndefinedError, UsageError
from workbench.model.index import IndexValue
from workbench.model.shown import Tabular
from workbench.polarisation.carrying import carried, coverage
from workbench.polarisation.measures import INDICES, ORDER
from workbench.polarisation.report import report
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["CrossTalk", "by_kind"]


@dataclass(frozen=True, eq=False, repr=False)
class CrossTalk(Tabular):
    """Indices of several graphs of the same accounts, on the same sides.

    Attributes
    ----------
    indices
        Graph → its indices in the order of the measures; an undefined one is None with its reason.
    coverage
        Graph → ``accounts`` of it, ``sided`` those with a side, their ``share``, and the
        ``weight_share`` of its acts (self-loops included) between two accounts with a side.
    nulls
        Graph → the null its indices stand beside: ``none``, ``fixed`` or ``repartitioned``.
    own
        The graphs in which the sides were found themselves, so that their index is circular.
    choices, seed
        Every choice that changed the numbers.
    """

    indices: dict[str, tuple[IndexValue, ...]]
    coverage: dict[str, dict[str, float | None]]
    nulls: dict[str, str]
    own: tuple[str, ...] = ()
    choices: dict[str, Any] = field(default_factory=dict)
    seed: int = 0

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a graph and measure, graph by graph; unknown is empty with a reason."""
        import pandas as pd

        shown = ("value", "null_mean", "denoised", "z", "p")
        rows = [
            {
                "graph": name,
                "measure": index.name,
                **{key: getattr(index, key) for key in shown},
                "divided_is": index.divided_is,
                "null": self.nulls[name],
                "accounts": self.coverage[name]["accounts"],
                "coverage": self.coverage[name]["share"],
                "weight_share": self.coverage[name]["weight_share"],
                "reason": index.reason,
            }
            for name, found in self.indices.items()
            for index in found
        ]
        return pd.DataFrame(rows)

    def wide(self, value: str = "value") -> pd.DataFrame:
        """Return one row a measure and one column a graph.

        Parameters
        ----------
        value
            ``value``, ``denoised``, ``z`` or ``p``.
        """
        import pandas as pd

        if value not in {"value", "denoised", "z", "p"}:
            raise UsageError("no such column", value=value, allowed="value, denoised, z, p")
        columns = {
            name: {index.name: getattr(index, value) for index in found}
            for name, found in self.indices.items()
        }
        return pd.DataFrame(columns, dtype="float64").rename_axis("measure")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None with its reason."""
        return {
            "graphs": {
                name: {
                    "coverage": dict(self.coverage[name]),
                    "null": self.nulls[name],
                    "sides_found_here": name in self.own,
                    "indices": [index.to_dict() for index in found],
                }
                for name, found in self.indices.items()
            },
            "choices": dict(self.choices),
            "seed": self.seed,
        }

    def _shown(self) -> pd.DataFrame:
        return self.wide()


def by_kind(
    graphs: Mapping[str, InteractionGraph],
    sides: Partition,
    *,
    measures: Sequence[str] | None = None,
    choices: Mapping[str, Any] | None = None,
    runs: int = 0,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> CrossTalk:
    """Return the same indices on several graphs of the same accounts, beside their coverage.

    Retweets endorse, replies and mentions also contest: sides that share nothing may still talk.
    The sides of one graph are carried to the others by account id. Accounts of a graph without a
    side are left out there, and ``coverage`` says how many are not: with little coverage a graph
    says something about the few accounts it has in common with the first, and is not compared.
    In the graph in which they were found the sides fit best by their making (``own``); elsewhere
    they are known from outside. Self-loops are dropped; directions and weights are choices.

    Parameters
    ----------
    graphs
        Name → graph, e.g. ``{kind: corpus.graph(kind) for kind in ("retweet", "reply")}``.
    sides
        Of the accounts of one graph, which need not be among `graphs`.
    measures
        Names from the registry; None means all.
    choices
        As for ``report``: ``direction weights component``, and choices of the measures.
    runs
        Null samples for each graph; 0 gives none; p is adjusted for the measures of one graph.
        Sides found in that very graph are found again
        in its samples, elsewhere they stay.
    advance
        Called with 1 after each null sample, for a progress bar.

    Returns
    -------
    CrossTalk
        ``coverage`` in [0, 1]; an index that is undefined on a graph is None with its reason.

    Raises
    ------
    UsageError
        There is no graph, or a measure or choice does not exist.
    """
    if not graphs:
        raise UsageError("there is no graph to compare")
    if runs < 0:
        raise UsageError("runs must be 0 or more", value=runs)
    names = list(ORDER) if measures is None else list(measures)
    used = resolve(seed)
    indices: dict[str, tuple[IndexValue, ...]] = {}
    told, nulls = {}, {}
    for name, graph in graphs.items():
        known = carried(graph, sides)
        told[name] = coverage(graph, known)
        nulls[name] = "none"
        try:
            found = report(
                graph,
                known,
                measures=names,
                null=None if runs else "none",
                runs=runs or 1,
                choices=choices,
                seed=spawn(used, name),
                advance=advance,
            )
        except UndefinedError as error:
            indices[name] = tuple(_undefined(measure, graph, str(error)) for measure in names)
            continue
        indices[name] = found.indices
        nulls[name] = str(found.null["kind"])
    own = tuple(n for n, g in graphs.items() if g.fingerprint == sides.graph_fingerprint)
    chosen = {"method": sides.method, "runs": runs, **(choices or {})}
    return CrossTalk(indices, told, nulls, own, chosen, used)


def _undefined(measure: str, graph: InteractionGraph, reason: str) -> IndexValue:
    return IndexValue(
        measure,
        None,
        divided_is=INDICES[measure].divided_is,
        reason=reason,
        graph_fingerprint=graph.fingerprint,
    )
