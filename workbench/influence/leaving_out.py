"""A ranking with and without listed accounts: how far it rests on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.errors import UsageError
from workbench.influence.partitions import of_same_accounts, unknown_as_na
from workbench.influence.resampling import scored
from workbench.model.partition import Partition
from workbench.model.shown import Tabular
from workbench.rng import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.influence.resampling import Sides
    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.scores import NodeScores

__all__ = ["Without", "without"]

LEFT_OUT = ("acts", "accounts")


@dataclass(frozen=True, eq=False, repr=False)
class Without(Tabular):
    """A ranking with and without what listed accounts do.

    Attributes
    ----------
    rows
        ``rank, rank_without, moved, account, listed, <by>, <by>_without`` of the accounts that are
        among the first with or without them; `moved` = rank − rank_without, + for going up. What
        is undefined is NA.
    summary
        ``listed`` accounts in the graph, ``not_in_graph``; ``acts_left_out`` and
        ``share_left_out`` of the acts upon others; ``overlap``: share of the first accounts that
        stay among them.
    by, left_out, graph_fingerprint
        The measure; ``acts`` or ``accounts``; the whole graph.
    seed
        Of a measure that draws; None where nothing was drawn.
    """

    rows: pd.DataFrame
    summary: dict[str, Any]
    by: str
    left_out: str
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
            "left_out": self.left_out,
            "graph_fingerprint": self.graph_fingerprint,
            "seed": self.seed,
            **self.summary,
            "accounts": rows.to_dict("records"),
        }


def without(
    graph: InteractionGraph,
    listed: Iterable[str],
    *,
    by: str = "in_strength",
    top: int = 20,
    left_out: str = "acts",
    sides: Sides | None = None,
    corpus: Corpus | None = None,
    seed: int | None = None,
) -> Without:
    """Return how a ranking moves when listed accounts (a coordinated group, say) are left out.

    Parameters
    ----------
    listed
        Account ids; bare ids where they are unambiguous. Those that the graph lacks are counted.
    by
        A measure.
    top
        Accounts shown: the first so many with them, and the first so many without.
    left_out
        ``acts``: what they do to others; they stay in the ranking. ``accounts``: they themselves,
        with what others do to them; their rank without them is NA, and all below them move up.
    sides, corpus, seed
        For measures that need them; sides stay as they were found with all accounts.

    Raises
    ------
    UsageError
        There is no such measure, it lacks what it needs, nobody is listed, `top` is below 1, or
        `left_out` is neither of the two.
    UndefinedError
        The graph is empty, or nothing is left.
    """
    if isinstance(listed, str):
        raise UsageError("listed must be a list of account ids", value=listed)
    if left_out not in LEFT_OUT:
        raise UsageError("no such choice", value=left_out, allowed=", ".join(LEFT_OUT))
    if top < 1:
        raise UsageError("top must be at least 1", value=top)
    found = Partition.from_mapping(graph, dict.fromkeys(listed, "listed"))
    chosen = found.labels >= 0
    if not chosen.any():
        raise UsageError(
            "none of the listed accounts is in this graph", value=found.parameters["not_in_graph"]
        )
    used = resolve(seed)
    whole = scored(graph, by, sides=sides, corpus=corpus, seed=used)
    rest, moved_sides = _rest(graph, chosen, left_out, sides)
    fewer = scored(rest, by, sides=moved_sides, corpus=corpus, seed=used)
    rows = _compared(graph, (whole, fewer), chosen, top)
    proper = graph.without_self_loops()
    gone = proper.total_weight - rest.without_self_loops().total_weight
    first = _first(whole, top), _first(fewer, top)
    summary = {
        "listed": int(chosen.sum()),
        "not_in_graph": found.parameters["not_in_graph"],
        "acts_left_out": gone,
        "share_left_out": gone / proper.total_weight if proper.total_weight else 0.0,
        "overlap": len(first[0] & first[1]) / max(len(first[0]), 1),
    }
    return Without(rows, summary, by, left_out, graph.fingerprint, whole.seed)


def _rest(
    graph: InteractionGraph, chosen: NDArray[np.bool_], left_out: str, sides: Sides | None
) -> tuple[InteractionGraph, Sides | None]:
    """Return the graph without what the chosen do, or without them, and its sides."""
    if left_out == "accounts":
        rest = graph.subgraph(~chosen)
    else:
        source, target, weight = graph.arcs()
        kept = ~chosen[source]
        if not graph.directed:
            kept &= ~chosen[target]
        rest = graph.with_arcs(source[kept], target[kept], weight[kept])
    if sides is None:
        return rest, None
    several = [sides] if isinstance(sides, Partition) else list(sides)
    for one in several:
        one.check(graph)
    if left_out == "acts":
        return rest, of_same_accounts(rest, sides)
    moved = [one.restricted(rest) for one in several]
    return rest, moved[0] if isinstance(sides, Partition) else moved


def _first(scores: NodeScores, top: int) -> set[str]:
    best = scores.order()[:top]
    return set(scores.ids.take(pa.array(best)).to_pylist())


def _compared(
    graph: InteractionGraph,
    both: tuple[NodeScores, NodeScores],
    chosen: NDArray[np.bool_],
    top: int,
) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {}
    for end, scores in zip(("", "_without"), both, strict=True):
        place = graph.positions(scores.ids.to_pylist())
        for name, values in (
            (f"rank{end}", scores.ranks()),
            (f"{scores.name}{end}", scores.values),
        ):
            full = np.full(graph.nodes, np.nan)
            full[place] = values
            columns[name] = unknown_as_na(full)
    rows = pd.DataFrame({"account": graph.accounts, "listed": chosen} | columns)
    rows = rows[rows["account"].isin(_first(both[0], top) | _first(both[1], top))]
    rows = rows.astype({"rank": "Int64", "rank_without": "Int64"})
    rows = rows.assign(moved=rows["rank"] - rows["rank_without"])
    by = both[0].name
    order = ["rank", "rank_without", "moved", "account", "listed", by, f"{by}_without"]
    return rows.sort_values(["rank", "rank_without"], kind="stable")[order].reset_index(drop=True)
