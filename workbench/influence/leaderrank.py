"""LeaderRank: PageRank whose jumps are a node that everybody is linked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ConvergenceError
from workbench.influence.registry import MEASURES, check
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["leaderrank"]

TOLERANCE = 1e-9
_MAX_ITERATIONS = 10_000


@MEASURES(
    reference="Lü et al. (2011) doi:10.1371/journal.pone.0021202",
    bounds=(0.0, None),
    weighted=False,
    ranks="amplified",
)
def leaderrank(graph: InteractionGraph) -> NodeScores:
    """Return the share of a walk with a ground node at each account; the shares sum to n.

    Along endorsement (amplifier → author). A ground node is linked with every account, both ways;
    the walker takes each link of a node with the same probability, and what the ground node has in
    the end is dealt out evenly. There is no damping to choose: an account with k outgoing edges
    goes back to the ground with probability 1/(k + 1).

    Weights are ignored (a ground link has no natural weight among acts), self-loops left out;
    the ground node joins all components. Solved with the ground node's share held at 1, by
    s = Pᵀs + 1/n until the L1 change is below 1e-9 of the sum, then scaled.

    Returns
    -------
    NodeScores
        > 0, sum n; 1 is the mean.

    Raises
    ------
    UndefinedError
        The graph is empty.
    ConvergenceError
        10,000 iterations did not reach the tolerance.

    References
    ----------
    .. [1] Lü, Zhang, Yeung & Zhou (2011) Leaders in social networks, the Delicious case. PLoS ONE
       6(6), e21202. doi:10.1371/journal.pone.0021202
    """
    check(graph, "leaderrank")
    n = graph.nodes
    walk = _walk(graph.without_self_loops())
    total = 1 + walk.sum()
    scores = n * (walk + 1 / n) / total
    return NodeScores.from_values(graph, scores, name="leaderrank")


def _walk(graph: InteractionGraph) -> NDArray[np.float64]:
    """Return the shares beside a ground node of share 1, shape (n,)."""
    n = graph.nodes
    share = 1 / (np.diff(graph.indptr) + 1.0)
    links = graph.to_scipy()
    links.data = np.ones(graph.arcs_stored)
    flow = links.T.tocsr()
    walk = np.full(n, 1 / n)
    for _ in range(_MAX_ITERATIONS):
        fresh = flow @ (walk * share) + 1 / n
        change = float(np.abs(fresh - walk).sum())
        walk = fresh
        if change < TOLERANCE * float(walk.sum()):
            return walk
    raise ConvergenceError(
        "LeaderRank did not converge",
        value=f"{_MAX_ITERATIONS} iterations",
        allowed=f"relative L1 change below {TOLERANCE:g}",
    )
