"""Who is amplified and who amplifies: strength, unique accounts, PageRank, core number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ConvergenceError, UsageError
from workbench.influence.registry import MEASURES, check
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = [
    "MEASURES",
    "core_number",
    "in_strength",
    "out_strength",
    "pagerank",
    "unique_amplified",
    "unique_amplifiers",
]

DAMPING = 0.85
TOLERANCE = 1e-9
_MAX_ITERATIONS = 1000


@MEASURES(
    reference="Freeman (1978) doi:10.1016/0378-8733(78)90021-7",
    bounds=(0.0, None),
    ranks="amplified",
)
def in_strength(graph: InteractionGraph) -> NodeScores:
    """Return how often each account was acted upon by others: acts.

    The sum of weights of incoming edges; self-loops are left out. Accounts that nobody acts upon
    have 0.

    Returns
    -------
    NodeScores
        Acts, ≥ 0.

    Raises
    ------
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Freeman (1978) Centrality in social networks: conceptual clarification. Social Networks
       1(3), 215–239. doi:10.1016/0378-8733(78)90021-7
    """
    check(graph, "in_strength")
    return NodeScores.from_values(
        graph, graph.without_self_loops().in_strength(), name="in_strength"
    )


@MEASURES(
    reference="Cha et al. (2010) doi:10.1609/icwsm.v4i1.14033",
    bounds=(0.0, None),
    weighted=False,
    ranks="amplified",
)
def unique_amplifiers(graph: InteractionGraph) -> NodeScores:
    """Return how many different other accounts acted upon each account.

    The number of incoming edges without self-loops; weights do not matter, so one devoted account
    counts once.

    Returns
    -------
    NodeScores
        Accounts, ≥ 0.

    Raises
    ------
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Cha, Haddadi, Benevenuto & Gummadi (2010) Measuring user influence in Twitter: the
       million follower fallacy. ICWSM 4, 10–17. doi:10.1609/icwsm.v4i1.14033
    """
    check(graph, "unique_amplifiers")
    proper = graph.without_self_loops()
    counts = np.bincount(proper.indices, minlength=graph.nodes).astype(np.float64)
    return NodeScores.from_values(graph, counts, name="unique_amplifiers")


@MEASURES(
    reference="Freeman (1978) doi:10.1016/0378-8733(78)90021-7",
    bounds=(0.0, None),
    ranks="amplifiers",
)
def out_strength(graph: InteractionGraph) -> NodeScores:
    """Return how often each account acted upon others: acts.

    The sum of weights of outgoing edges; self-loops are left out. Accounts that act upon nobody
    have 0. In a graph without direction it equals ``in_strength``.

    Returns
    -------
    NodeScores
        Acts, ≥ 0.

    Raises
    ------
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Freeman (1978) Centrality in social networks: conceptual clarification. Social Networks
       1(3), 215–239. doi:10.1016/0378-8733(78)90021-7
    """
    check(graph, "out_strength")
    return NodeScores.from_values(
        graph, graph.without_self_loops().out_strength(), name="out_strength"
    )


@MEASURES(
    reference="Freeman (1978) doi:10.1016/0378-8733(78)90021-7",
    bounds=(0.0, None),
    weighted=False,
    ranks="amplifiers",
)
def unique_amplified(graph: InteractionGraph) -> NodeScores:
    """Return how many different other accounts each account acted upon.

    The number of outgoing edges without self-loops; weights do not matter, so a devoted account
    that acts upon one other a hundred times has 1.

    Returns
    -------
    NodeScores
        Accounts, ≥ 0.

    Raises
    ------
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Freeman (1978) Centrality in social networks: conceptual clarification. Social Networks
       1(3), 215–239. doi:10.1016/0378-8733(78)90021-7
    """
    check(graph, "unique_amplified")
    counts = np.diff(graph.without_self_loops().indptr).astype(np.float64)
    return NodeScores.from_values(graph, counts, name="unique_amplified")


@MEASURES(
    reference="Brin & Page (1998) doi:10.1016/S0169-7552(98)00110-X",
    bounds=(0.0, 1.0),
    ranks="amplified",
)
def pagerank(graph: InteractionGraph, *, damping: float = DAMPING) -> NodeScores:
    """Return the share of time a reader spends at each account who follows endorsements.

    The stationary distribution of: with probability `damping` follow an outgoing edge chosen by
    weight (retweeter → author), otherwise jump to any account. An account without outgoing edges
    makes the reader jump. The whole graph is used, with its self-loops, whatever its components.
    Power iteration until the L1 change is below 1e-9.

    Parameters
    ----------
    damping
        In [0, 1).

    Returns
    -------
    NodeScores
        Probabilities, sum 1.

    Raises
    ------
    UndefinedError
        The graph is empty.
    UsageError
        `damping` is not in [0, 1).
    ConvergenceError
        1,000 iterations did not reach the tolerance.

    References
    ----------
    .. [1] Brin & Page (1998) The anatomy of a large-scale hypertextual web search engine. Computer
       Networks 30, 107–117. doi:10.1016/S0169-7552(98)00110-X
    """
    check(graph, "pagerank")
    if not 0 <= damping < 1:
        raise UsageError("the damping is out of range", value=damping, allowed="[0, 1)")
    n = graph.nodes
    inner, passed, moving = _prepared(graph, damping)
    ends = (np.diff(graph.indptr) == 0)[moving]
    still = n - len(moving)
    alone = still - int((np.diff(graph.indptr) > 0).sum() - (~ends).sum())
    # Those whom nobody acts upon all have the same share, `least`.
    values, least = np.full(len(moving), 1 / n), 1 / n
    for _ in range(_MAX_ITERATIONS):
        jumping = damping * (float(values[ends].sum()) + alone * least)
        jumped = (jumping + 1 - damping) / n
        fresh = inner @ values + (least * passed + jumped)
        change = float(np.abs(fresh - values).sum()) + still * abs(jumped - least)
        values, least = fresh, jumped
        if change < TOLERANCE:
            rank = np.full(n, least)
            rank[moving] = values
            return NodeScores.from_values(
                graph, rank / rank.sum(), name="pagerank", parameters={"damping": damping}
            )
    raise ConvergenceError(
        "PageRank did not converge",
        value=f"{_MAX_ITERATIONS} iterations",
        allowed=f"L1 change below {TOLERANCE:g}",
        remedy="choose a smaller damping",
    )


def _prepared(
    graph: InteractionGraph, damping: float
) -> tuple[csr_array, NDArray[np.float64], NDArray[np.int64]]:
    """Return the flow between accounts that somebody acts upon, and who they are.

    All others have one and the same share, so what they pass on is summed once: the second array,
    for a share of 1.
    """
    from scipy.sparse import coo_array

    source, target, weight = graph.arcs()
    share = weight * (damping / graph.out_strength()[source])
    moves = np.bincount(target, minlength=graph.nodes) > 0
    moving, inside = np.flatnonzero(moves), moves[source]
    place = np.cumsum(moves, dtype=np.int32) - np.int32(1)
    ends = (place[target[inside]], place[source[inside]])
    inner = coo_array((share[inside], ends), shape=(len(moving), len(moving)))
    outside = place[target[~inside]]
    passed = np.bincount(outside, weights=share[~inside], minlength=len(moving))
    return inner.tocsr(), passed.astype(np.float64), moving


@MEASURES(
    reference="Seidman (1983) doi:10.1016/0378-8733(83)90028-X",
    bounds=(0.0, None),
    weighted=False,
    ranks="both",
)
def core_number(graph: InteractionGraph, *, mode: str = "total") -> NodeScores:
    """Return the largest k such that the account belongs to the k-core.

    The k-core is the largest subgraph in which everybody has degree at least k; high numbers mean
    being embedded among accounts that are embedded. Degree counts in- and outgoing edges (a
    reciprocal pair counts twice), or only one direction by choice; weights and self-loops are
    ignored.

    Parameters
    ----------
    mode
        ``total``, ``in`` or ``out``.

    Returns
    -------
    NodeScores
        Whole numbers ≥ 0.

    Raises
    ------
    UndefinedError
        The graph is empty.
    UsageError
        `mode` is not one of the three.

    References
    ----------
    .. [1] Seidman (1983) Network structure and minimum degree. Social Networks 5(3), 269–287.
       doi:10.1016/0378-8733(83)90028-X
    """
    check(graph, "core_number")
    modes = {"total": "all", "in": "in", "out": "out"}
    if mode not in modes:
        raise UsageError("no such degree", value=mode, allowed=", ".join(modes))
    cores = graph.without_self_loops().to_igraph().coreness(mode=modes[mode])
    return NodeScores.from_values(
        graph, np.array(cores, dtype=np.float64), name="core_number", parameters={"mode": mode}
    )
