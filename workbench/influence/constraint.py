"""Burt's constraint: how far an account's contacts are contacts of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.influence.registry import MEASURES, check
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["constraint"]

#: Pairs of neighbours looked at at a time.
_PAIRS = 1 << 20


@MEASURES(reference="Burt (2004) doi:10.1086/421787", bounds=(0.0, None), ranks="both")
def constraint(graph: InteractionGraph) -> NodeScores:
    """Return how far each account depends on contacts that are tied to each other.

    cᵢ = Σⱼ (pᵢⱼ + Σ_q pᵢ_q p_qⱼ)² over the contacts j of i, pᵢⱼ = (wᵢⱼ + wⱼᵢ)/Σₖ(wᵢₖ + wₖᵢ), q
    over their common contacts. Weighted, without direction, self-loops left out; components do
    not matter. **Low is the broker**: the least constrained account has rank 1. An account with
    one contact has 1; three who only know each other have 9/8. Accounts without a contact are
    absent.

    Returns
    -------
    NodeScores
        > 0.

    Raises
    ------
    UndefinedError
        The graph is empty, or nobody has a contact.

    References
    ----------
    .. [1] Burt (2004) Structural holes and good ideas. American Journal of Sociology 110(2),
       349–399. doi:10.1086/421787
    """
    check(graph, "constraint")
    ties = graph.symmetrised()
    known = np.flatnonzero(np.diff(ties.indptr))
    if not len(known):
        raise UndefinedError(
            "constraint is undefined: nobody has a contact",
            value=f"{graph.self_loops} self-loops",
            remedy="choose a graph with edges between accounts",
        )
    source, _, weight = ties.arcs()
    share = weight / ties.out_strength()[source]
    invested = share.copy()
    for ab, bc, ac, ba, cb, ca in _triangles(ties):
        # Each ordered pair of the three, and its two steps by way of the third.
        for arc, first, second in (
            (ab, ac, cb), (ba, bc, ca), (ac, ab, bc), (ca, cb, ba), (bc, ba, ac), (cb, ca, ab),
        ):  # fmt: skip
            np.add.at(invested, arc, share[first] * share[second])
    values = np.bincount(source, weights=invested**2, minlength=graph.nodes)[known]
    return NodeScores.from_known(graph, known, values, name="constraint", ordering=-values)


def _triangles(graph: InteractionGraph) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """Yield the arcs ab, bc, ac, ba, cb, ca of the triangles of a symmetrised graph, in pieces.

    Each triangle is met once, at its account with fewest contacts, so that hubs cost little.
    """
    n = graph.nodes
    source, target, _ = graph.arcs()
    place = np.empty(n, dtype=np.int64)
    place[np.argsort(np.diff(graph.indptr), kind="stable")] = np.arange(n)
    keys = source.astype(np.int64) * n + target
    turned = np.searchsorted(keys, target.astype(np.int64) * n + source)
    up = np.flatnonzero(place[source] < place[target])
    ends = np.searchsorted(source[up], source[up], side="right")
    later = ends - np.arange(len(up)) - 1
    total = np.cumsum(later)
    start = 0
    while start < len(up):
        done = total[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(total, done + _PAIRS, side="right")))
        count = later[start:stop]
        first = np.repeat(np.arange(start, stop), count)
        offset = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
        ab, ac = up[first], up[first + 1 + offset]
        wanted = target[ab].astype(np.int64) * n + target[ac]
        bc = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        closed = keys[bc] == wanted
        ab, bc, ac = ab[closed], bc[closed], ac[closed]
        yield ab, bc, ac, turned[ab], turned[bc], turned[ac]
        start = stop
