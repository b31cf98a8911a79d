"""Which share of acts remains when accounts go: ranked in one time, judged in the next."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.influence.measures import MEASURES
from workbench.model.csr import bare_positions
from workbench.model.scores import NodeScores
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

    Order = str | NodeScores | Sequence[str]

__all__ = ["Dismantling", "dismantle"]

REMOVES = ("posts", "account")
RANDOM, HINDSIGHT = "random", "hindsight"


@dataclass(frozen=True, eq=False, repr=False)
class Dismantling(Tabular):
    """The share of acts that remains after each removal, for several orders of removal.

    Attributes
    ----------
    curves
        Order → share of the acts of the judged graph that remain after 0, 1, 2 … removals, each
        falling from 1, shape (1 + accounts removed,).
    removed
        Order → accounts in the order of removal; none for ``random``.
    ranked, judged
        ``kind nodes edges weight fingerprint window`` of the graph that ranks and the one whose
        acts are counted.
    split
        Whether they are two graphs. Without a split the ranking has seen the acts it is judged by.
    removes
        ``posts``: acts upon a removed account go; ``account``: those it makes as well.
    unknown
        Accounts acted upon in the judged graph that the ranking graph does not have.
    residual
        Share of acts that remains when all accounts of the ranking graph are removed.
    left_out
        Acts of the judged graph upon oneself, which are not counted.
    unscored
        Order → accounts of the ranking graph that it leaves alone (no score, not in the list).
    not_in_graph
        Order → accounts of a list that the ranking graph does not have; each counts as removed.
    """

    curves: dict[str, NDArray[np.float64]]
    removed: dict[str, tuple[str, ...]]
    ranked: dict[str, Any]
    judged: dict[str, Any]
    split: bool
    removes: str
    unknown: int
    residual: float
    left_out: float
    unscored: dict[str, int] = field(default_factory=dict)
    not_in_graph: dict[str, int] = field(default_factory=dict)

    def _words(self) -> str:
        judged = "later acts" if self.split else "the same acts"
        return f"{', '.join(self.curves)}; {self.removes} removed, judged by {judged}"

    def remaining(self, order: str, removed: int) -> float:
        """Return the share of acts that remains after so many removals; at most those made."""
        curve = self.curves[order]
        if not 0 <= removed < len(curve):
            raise UsageError(
                "not so many are removed", value=removed, allowed=f"0–{len(curve) - 1}"
            )
        return float(curve[removed])

    def halving(self, order: str) -> int | None:
        """Return how many removals leave at most half of the acts; None where none do."""
        below = np.flatnonzero(self.curves[order] <= 0.5)
        return int(below[0]) if len(below) else None

    def area(self, order: str, *, accounts: int | None = None) -> float:
        """Return the mean share that remains over the first removals: small is a good order.

        The area under the curve by the trapezium rule, divided by the number of removals; in
        [0, 1]. Compare orders over the same number.

        Parameters
        ----------
        accounts
            Removals that count; None is as many as the shortest curve has.
        """
        most = min(len(curve) for curve in self.curves.values()) - 1
        span = most if accounts is None else accounts
        if not 1 <= span < len(self.curves[order]):
            allowed = f"1 to {len(self.curves[order]) - 1}"
            raise UsageError("no area over so many removals", value=span, allowed=allowed)
        curve = self.curves[order][: span + 1]
        return float((curve[1:] + curve[:-1]).sum() / (2 * span))

    def to_pandas(self) -> pd.DataFrame:
        """Return ``order, removed, account, remaining``: a row a removal, from 0 (no account)."""
        import pandas as pd

        parts = []
        for name, curve in self.curves.items():
            gone = [None, *self.removed.get(name, [None] * (len(curve) - 1))]
            columns = {
                "order": name,
                "removed": np.arange(len(curve)),
                "account": pd.Series(gone, dtype="object"),
                "remaining": curve,
            }
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """Return ``order, removed, area, halving, remaining``, the smallest area first."""
        import pandas as pd

        rows = [
            {
                "order": name,
                "removed": len(curve) - 1,
                "area": self.area(name),
                "halving": self.halving(name),
                "remaining": float(curve[-1]),
            }
            for name, curve in self.curves.items()
        ]
        table = pd.DataFrame(rows).astype({"halving": "Int64"})
        return table.sort_values("area", kind="stable", ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object: the summary and what it rests on; curves in ``to_pandas``."""
        shown = (
            "ranked", "judged", "split", "removes", "unknown", "residual", "left_out", "unscored",
            "not_in_graph",
        )  # fmt: skip
        orders = self.summary().astype({"halving": "object"}).to_dict("records")
        for row in orders:
            row["halving"] = self.halving(row["order"])
        return {**{name: getattr(self, name) for name in shown}, "orders": orders}

    def _shown(self) -> pd.DataFrame:
        return self.summary()


def dismantle(
    graph: InteractionGraph,
    future: InteractionGraph | None = None,
    *,
    by: Order | Mapping[str, Order] | Sequence[str] = "in_strength",
    removes: str = "posts",
    accounts: int | None = None,
) -> Dismantling:
    """Return the share of acts that remains as accounts are removed in rank order.

    `graph` ranks, `future` is judged: acts of a later time, so that an order is not praised for
    acts it was made from, as DeVerna et al. [1]_ do. Two windows of a corpus are
    ``graph(corpus, until=day)`` and ``graph(corpus, since=day)``. Nobody replaces those who go.

    ``posts`` (as in [1]_): the posts of the account never appear, so acts upon it (retweets of it)
    are gone; remaining = Σ weight of arcs u → v with v not removed / Σ weight of all arcs.
    ``account``: its own acts are gone too; arcs with u and v not removed remain. Edges point from
    the one who acts to the one acted upon; in a graph without direction every edge has two arcs,
    and both are counted. Self-loops are left out and counted. Accounts that only `future` has
    cannot be ranked before, so their share remains: ``residual``.

    Two curves come along. ``random`` is the exact mean over all orders of the accounts of `graph`.
    ``hindsight`` (only ``posts``, where it is exact) removes at each step the account of `graph`
    that has most acts upon it in `future`: no order of these accounts leaves less.

    Parameters
    ----------
    future
        None judges on the same acts: an upper bound of what an order can do, and said to be so.
    by
        A measure of ``MEASURES``, several, scores of `graph`, or a mapping name → measure, scores
        or list of accounts in the order of removal (bare ids where they are unambiguous). Ties go
        in account order. Accounts without a score are left alone.
    removes
        ``posts`` or ``account``.
    accounts
        Removals at most; None removes all.

    Returns
    -------
    Dismantling
        Curves in [0, 1] with ``area`` and ``halving``.

    Raises
    ------
    UndefinedError
        A graph is empty, has other nodes than accounts, or nothing but self-loops to count.
    UsageError
        No such measure or one that needs more than a graph, an account twice in a list, no order
        or removal, or graphs that are the same or overlap in time.
    InputError
        The scores are of another graph.

    References
    ----------
    .. [1] DeVerna, Aiyappa, Pacheco, Bryden & Menczer (2024) Identifying and characterizing
       superspreaders of low-credibility content on Twitter. PLOS ONE 19(5), e0302201.
       doi:10.1371/journal.pone.0302201
    """
    if removes not in REMOVES:
        raise UsageError("nothing such to remove", value=removes, allowed=", ".join(REMOVES))
    if accounts is not None and (isinstance(accounts, bool) or accounts < 1):
        raise UsageError("there is nothing to remove", value=accounts, allowed="1 or more accounts")
    for one in (graph, graph if future is None else future):
        _check(one)
    judged = graph if future is None else future
    if future is not None:
        _check_later(graph, future)
    orders = {name: _order(graph, name, order) for name, order in _named(by).items()}
    acts = judged.without_self_loops()
    if not acts.arcs_stored:
        raise UndefinedError("there are no acts between accounts to count", value=judged.kind)
    known = judged.positions(graph.ids.to_pylist())
    received = acts.in_strength()
    inside = np.zeros(judged.nodes, dtype=bool)
    inside[known[known >= 0]] = True
    everyone = _curve(acts, known, removes)
    curves = {name: _curve(acts, judged.positions(ids), removes) for name, ids in orders.items()}
    removed = {name: tuple(ids) for name, ids in orders.items()}
    if removes == "posts":
        lost = np.where(known >= 0, received[known], 0.0)
        best = np.argsort(-lost, kind="stable")
        curves[HINDSIGHT] = _curve(acts, known[best], removes)
        removed[HINDSIGHT] = tuple(graph.ids.take(best).to_pylist())
    curves[RANDOM] = _expected(acts, inside, graph.nodes, removes)
    most = graph.nodes if accounts is None else int(accounts)
    listed = {name: int((graph.positions(ids) < 0).sum()) for name, ids in orders.items()}
    return Dismantling(
        curves={name: _frozen(curve[: most + 1]) for name, curve in curves.items()},
        removed={name: ids[:most] for name, ids in removed.items()},
        ranked=_about(graph),
        judged=_about(judged),
        split=future is not None,
        removes=removes,
        unknown=int(((received > 0) & ~inside).sum()),
        residual=float(everyone[-1]),
        left_out=float(judged.self_loop_weight),
        unscored={n: graph.nodes - len(ids) + listed[n] for n, ids in orders.items()},
        not_in_graph={name: count for name, count in listed.items() if count},
    )


def _named(by: Any) -> dict[str, Any]:
    """Return name → measure name, scores or list."""
    if isinstance(by, str):
        found: dict[str, Any] = {by: by}
    elif isinstance(by, NodeScores):
        found = {by.name: by}
    elif isinstance(by, Mapping):
        found = dict(by)
    else:
        found = {one.name if isinstance(one, NodeScores) else str(one): one for one in by}
        if len(found) < len(by):
            raise UsageError("two orders have the same name", remedy="name them in a mapping")
    if not found:
        raise UsageError("there is no order to remove in", allowed=", ".join(MEASURES))
    for name in found.keys() & {RANDOM, HINDSIGHT}:
        raise UsageError("this name is taken", value=name, remedy="name the order otherwise")
    return found


def _order(graph: InteractionGraph, name: str, order: Any) -> list[str]:
    """Return accounts in the order of removal."""
    if isinstance(order, str):
        order = _scores(graph, order)
    if isinstance(order, NodeScores):
        order.check(graph)
        return [str(account) for account in order.ids.take(order.order()).to_pylist()]
    ids = _full_ids(graph, [str(account) for account in order])
    if len(set(ids)) < len(ids):
        twice = next(account for i, account in enumerate(ids) if account in ids[:i])
        raise UsageError("a list names an account twice", value=twice, where=name)
    if not ids:
        raise UsageError("a list names no account", where=name)
    return ids


def _full_ids(graph: InteractionGraph, ids: list[str]) -> list[str]:
    """Return the ids with bare ones, where they are unambiguous, in full."""
    missing = np.flatnonzero(graph.positions(ids) < 0).tolist()
    bare = bare_positions(graph.ids) if missing else {}
    found = {ids[i]: str(graph.ids[at]) for i in missing if (at := bare.get(ids[i], -1)) >= 0}
    return [found.get(account, account) for account in ids]


def _scores(graph: InteractionGraph, measure: str) -> NodeScores:
    if measure not in MEASURES:
        raise UsageError("no such measure", value=measure, allowed=", ".join(MEASURES))
    parameters = list(inspect.signature(MEASURES[measure].function).parameters.values())[1:]
    needed = [p.name for p in parameters if p.default is p.empty]
    if needed or MEASURES[measure].stochastic:
        raise UsageError(
            "this measure needs more than the graph",
            value=measure,
            allowed=", ".join(needed) or "seed",
            remedy=f"compute it, and give its scores: by={{'{measure}': scores}}",
        )
    scores: NodeScores = MEASURES[measure].function(graph)
    return scores


def _curve(acts: InteractionGraph, order: NDArray[np.int64], removes: str) -> NDArray[np.float64]:
    """Return the share of acts that remain; `order` holds positions, −1 for who is not there."""
    when = np.full(acts.nodes, len(order), dtype=np.int64)
    there = order >= 0
    when[order[there]] = np.flatnonzero(there)
    source, target, weight = acts.arcs()
    gone = when[target] if removes == "posts" else np.minimum(when[source], when[target])
    lost = np.bincount(gone, weights=weight, minlength=len(order) + 1)
    # From the end, so that what remains at last is a sum of acts and not a difference.
    left = np.cumsum(lost[::-1])[::-1]
    return np.asarray(left / left[0])


def _expected(
    acts: InteractionGraph, inside: NDArray[np.bool_], accounts: int, removes: str
) -> NDArray[np.float64]:
    """Return the mean of the curve over all orders of `accounts` accounts."""
    source, target, weight = acts.arcs()
    ends = inside[target].astype(np.int64)
    if removes == "account":
        ends += inside[source]
    share = np.bincount(ends, weights=weight, minlength=3) / weight.sum()
    left = accounts - np.arange(accounts + 1)
    one = left / accounts
    both = left * (left - 1) / (accounts * (accounts - 1)) if accounts > 1 else np.zeros(2)
    return np.asarray(share[0] + share[1] * one + share[2] * both)


def _check(graph: InteractionGraph) -> None:
    if not graph.nodes:
        raise UndefinedError("there is nothing to dismantle: the graph has no accounts")
    if graph.parts is not None:
        raise UndefinedError(
            "dismantling removes accounts, and this graph also holds what they used",
            value=graph.kind,
            remedy="use an interaction graph, such as retweet",
        )


def _check_later(graph: InteractionGraph, future: InteractionGraph) -> None:
    if future.fingerprint == graph.fingerprint and future.window == graph.window:
        raise UsageError("both graphs hold the same acts", remedy="leave the second one out")
    end, start = graph.window[1], future.window[0]
    windowed = graph.window != (None, None) or future.window != (None, None)
    if windowed and (end is None or start is None or start < end):
        raise UsageError(
            "the ranking must end before the acts it is judged by begin",
            value=f"{graph.window}, {future.window}",
            remedy="build the graphs with until=day and since=day",
        )


def _about(graph: InteractionGraph) -> dict[str, Any]:
    return {
        "kind": graph.kind,
        "nodes": graph.nodes,
        "edges": graph.edges,
        "weight": graph.total_weight,
        "fingerprint": graph.fingerprint,
        "window": list(graph.window),
    }


def _frozen(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    curve.flags.writeable = False
    return curve
