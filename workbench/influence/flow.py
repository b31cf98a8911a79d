"""What cascades run on: arcs along which information flows, and the chance of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from workbench.errors import UndefinedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from workbench.influence.seen import Seen
    from workbench.model.graph import InteractionGraph

__all__ = ["MODELS", "Arcs", "Flow", "cascade", "flow_of", "out_of", "pieces"]

MODELS = ("independent_cascade", "linear_threshold")
#: Arcs that are tried at a time; more do not make it faster and take memory.
_TRIED = 1 << 22


class Arcs(NamedTuple):
    """Compressed rows: the arcs of node i are ``indptr[i]:indptr[i+1]``, with their chances."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    chance: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flow:
    """The arcs of a diffusion model in both directions.

    Attributes
    ----------
    nodes
        Number of accounts n.
    along
        Rows are authors, columns those who amplify them: the way information takes.
    against
        Rows are amplifiers, columns whom they amplify: the way back to the origin.
    model
        ``independent_cascade`` or ``linear_threshold``.
    choices
        ``direction``, and ``factor`` or ``probability``.
    graph
        ``kind nodes edges weight fingerprint`` of the graph it was made of.
    """

    nodes: int
    along: Arcs
    against: Arcs
    model: str
    choices: dict[str, Any] = field(default_factory=dict)
    graph: dict[str, Any] = field(default_factory=dict)


def flow_of(
    graph: InteractionGraph, *, model: str, probability: float | None, factor: float | None
) -> Flow:
    """Return the arcs of a diffusion model on `graph`, turned from author to amplifier.

    Parameters
    ----------
    model, probability, factor
        As in ``spread``.

    Raises
    ------
    UndefinedError
        The graph has no accounts, has other nodes than accounts, or only self-loops.
    UsageError
        No such model; `probability` or `factor` is outside [0, 1], or both are given; under
        linear threshold, a constant probability that adds up to more than 1 for an account.
    """
    if model not in MODELS:
        raise UsageError("no such diffusion model", value=model, allowed=", ".join(MODELS))
    if probability is not None and factor is not None:
        raise UsageError(
            "probability and factor exclude each other",
            value=f"{probability}, {factor}",
            remedy="give a probability, the same on every arc, or a factor of the shares",
        )
    _check(graph)
    flow = graph.without_self_loops().reversed()
    if not flow.arcs_stored:
        raise UndefinedError(
            "nothing can spread: every edge is a self-loop",
            remedy="use a graph with acts between accounts",
        )
    received = flow.in_strength()
    source, target, weight = flow.arcs()
    back = flow.reversed()
    if probability is None:
        share = _unit("factor", 1.0 if factor is None else factor)
        along = share * (weight / received[target])
        against = share * (back.weight / received[back.arcs()[0]])
        choices: dict[str, Any] = {"factor": share}
    else:
        constant = _unit("probability", probability)
        along = np.full(len(source), constant)
        against = along
        choices = {"probability": constant}
        most = int(np.diff(back.indptr).max())
        if model == "linear_threshold" and constant * most > 1 + 1e-12:
            raise UsageError(
                "under linear threshold the probabilities of an account add up to at most 1",
                value=f"{constant:g} on {most:,} arcs",
                allowed=f"at most {1 / most:.6g} in this graph",
                remedy="use factor, which divides by the acts of the amplifier",
            )
    return Flow(
        graph.nodes,
        Arcs(flow.indptr, flow.indices, along),
        Arcs(back.indptr, back.indices, against),
        model,
        {"direction": "author to amplifier", **choices},
        {
            "kind": graph.kind,
            "nodes": graph.nodes,
            "edges": graph.edges,
            "weight": graph.total_weight,
            "fingerprint": graph.fingerprint,
        },
    )


def out_of(
    indptr: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, arc by arc, which of `rows` it leaves (as a place in `rows`), and its own place."""
    first = indptr[rows]
    degree = indptr[rows + 1] - first
    owner = np.repeat(np.arange(len(rows)), degree)
    ends = np.cumsum(degree)
    places = np.repeat(first - (ends - degree), degree)
    places += np.arange(len(owner))
    return owner, places


def pieces(indptr: NDArray[np.int64], rows: NDArray[np.int64]) -> Iterator[slice]:
    """Yield slices of `rows` with about so many arcs that their arrays stay small."""
    tried = np.cumsum(indptr[rows + 1] - indptr[rows])
    start = 0
    while start < len(rows):
        before = tried[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(tried, before + _TRIED, side="right")))
        yield slice(start, stop)
        start = stop


def cascade(
    arcs: Arcs,
    sample: NDArray[np.int64],
    node: NDArray[np.int64],
    *,
    seen: Seen,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return who is reached in which simulation when every arc gets one try.

    Many simulations at once, step by step: the arcs of those who were reached last are drawn
    together. An arc is tried once a simulation, when its row is reached, so this samples the
    live-edge graph along the way.

    Parameters
    ----------
    sample, node
        Distinct pairs to start from.
    seen
        Empty; what it holds afterwards is what was reached.

    Returns
    -------
    ndarray
        Cells (sample · n + node) of all pairs reached, the starts first.
    """
    n = len(arcs.indptr) - 1
    cells = seen.fresh(sample * n + node)
    reached = [cells]
    while len(cells):
        nodes = cells % n
        offset = cells - nodes
        level = []
        for piece in pieces(arcs.indptr, nodes):
            owner, places = out_of(arcs.indptr, nodes[piece])
            live = np.flatnonzero(rng.random(len(places)) < arcs.chance[places])
            owner, places = owner[live], places[live]
            level.append(seen.fresh(offset[piece][owner] + arcs.indices[places]))
        cells = level[0] if len(level) == 1 else np.concatenate(level)
        reached.append(cells)
    return np.concatenate(reached)


def _unit(name: str, value: float) -> float:
    if isinstance(value, bool) or not 0 <= value <= 1:
        raise UsageError(f"the {name} is out of range", value=value, allowed="[0, 1]")
    return float(value)


def _check(graph: InteractionGraph) -> None:
    if not graph.nodes:
        raise UndefinedError("nothing can spread: the graph has no accounts")
    if graph.parts is not None:
        raise UndefinedError(
            "information spreads between accounts, and this graph also holds what they used",
            value=graph.kind,
            remedy="use an interaction graph, such as retweet",
        )
