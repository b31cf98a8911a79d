"""VoteRank: spreaders who share as few amplifiers as possible."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from workbench.influence.registry import MEASURES, check
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["voterank"]


@MEASURES(
    reference="Zhang et al. (2016) doi:10.1038/srep27823",
    bounds=(0.0, None),
    weighted=False,
    ranks="amplified",
)
def voterank(graph: InteractionGraph) -> NodeScores:
    """Return the votes with which each account is elected as a spreader.

    Follows information: an account votes for those it acts upon (amplifier → author; on the graph
    of flow, author → amplifier, nodes vote for their in-neighbours). Everybody starts with one
    vote for each of them. The account with most votes is elected; it votes no more, and its
    voters' ability falls by n/m (one over the mean number of edges an account), not below 0; and
    so on while anybody has votes. An account that would reach the same audience as one elected
    before it comes later, or never.

    Weights are ignored, self-loops left out, components are no matter. Counting is in whole
    numbers (votes · m), so that equal votes are equal; ties go by account order. In a graph
    without direction every neighbour votes.

    Returns
    -------
    NodeScores
        Votes at election, ≥ 0; they fall from one election to the next, so they rank. 0: not
        elected, because all who could vote for the account had spent their votes, or nobody could.

    Raises
    ------
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Zhang, Chen, Dong & Zhao (2016) Identifying a set of influential spreaders in complex
       networks. Scientific Reports 6, 27823. doi:10.1038/srep27823
    """
    check(graph, "voterank")
    votes = _elected(graph.without_self_loops())
    return NodeScores.from_values(graph, votes, name="voterank")


def _elected(graph: InteractionGraph) -> NDArray[np.float64]:
    """Return the votes at election, shape (n,).

    Votes only fall, so votes counted earlier are an upper bound: only the candidate on top is
    counted again, and elected if it stays there.
    """
    n, m = graph.nodes, graph.arcs_stored
    flow = graph.reversed()
    ability = np.full(n, m, dtype=np.int64)  # · m
    votes = np.zeros(n, dtype=np.float64)
    received = np.diff(flow.indptr)
    candidates = [(-int(k) * m, i) for i, k in enumerate(received.tolist()) if k]
    heapq.heapify(candidates)
    while candidates:
        bound, i = candidates[0]
        voters = flow.indices[flow.indptr[i] : flow.indptr[i + 1]]
        counted = int(ability[voters].sum())
        if counted < -bound:
            if counted:
                heapq.heapreplace(candidates, (-counted, i))
            else:
                heapq.heappop(candidates)
            continue
        heapq.heappop(candidates)
        votes[i] = counted / m
        ability[voters] = np.maximum(ability[voters] - n, 0)
        ability[i] = 0
    return votes
