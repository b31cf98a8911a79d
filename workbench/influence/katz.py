"""Katz's status: chains of endorsement, longer ones counting less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ConvergenceError, UsageError
from workbench.influence.registry import MEASURES, check
from workbench.influence.spectra import spectral_radius
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = ["katz"]

TOLERANCE = 1e-12
#: Share of the largest possible attenuation that is used unless one is chosen.
SHARE = 0.9
_MAX_ITERATIONS = 20_000


@MEASURES(reference="Katz (1953) doi:10.1007/BF02289026", bounds=(1.0, None), ranks="amplified")
def katz(graph: InteractionGraph, *, alpha: float | None = None) -> NodeScores:
    """Return the endorsement each account has over chains of any length, itself included.

    x = Σₖ αᵏ (Aᵀ)ᵏ 1 = αAᵀx + 1, A the weighted adjacency (amplifier → author): an act counts α,
    an act upon somebody who acts upon the account α², and so on. Along endorsement; not scaled, so
    an account that nobody acts upon has 1. Self-loops are left out. Iterated until no value
    changes by more than 1e-12 of the largest.

    Parameters
    ----------
    alpha
        Weight of one step, in [0, 1/λ), λ the largest absolute eigenvalue of A: beyond it the sum
        is infinite. None takes 0.9/λ, so that multiplying all weights changes nothing. A graph
        without circles of acts has λ = 0 and any α a finite sum; there None takes 0.9 over the
        largest in-strength. ``parameters`` has the α used, and λ.

    Returns
    -------
    NodeScores
        ≥ 1.

    Raises
    ------
    UndefinedError
        The graph is empty.
    UsageError
        `alpha` is negative, or 1/λ or more.
    ConvergenceError
        20,000 iterations did not reach the tolerance.

    References
    ----------
    .. [1] Katz (1953) A new status index derived from sociometric analysis. Psychometrika 18(1),
       39–43. doi:10.1007/BF02289026
    """
    check(graph, "katz")
    proper = graph.without_self_loops()
    flow = proper.to_scipy().T.tocsr()
    radius = spectral_radius(flow)
    if alpha is None:
        scale = radius or float(proper.in_strength().max()) or 1.0
        used = SHARE / scale
    else:
        used = float(alpha)
    if not (0 <= used < np.inf and used * radius < 1):
        most = f"[0, {1 / radius:g})" if radius else "0 or more"
        raise UsageError("alpha is out of range", value=alpha, allowed=most)
    values = _sum(flow, used)
    chosen = {"alpha": used, "largest_eigenvalue": radius}
    return NodeScores.from_values(graph, values, name="katz", parameters=chosen)


def _sum(flow: csr_array, alpha: float) -> NDArray[np.float64]:
    values = np.ones(flow.shape[0])
    for _ in range(_MAX_ITERATIONS):
        fresh = alpha * (flow @ values) + 1
        change = float(np.abs(fresh - values).max())
        values = fresh
        if change <= TOLERANCE * float(values.max()):
            return values
    raise ConvergenceError(
        "Katz did not converge",
        value=f"{_MAX_ITERATIONS} iterations",
        allowed=f"relative change of {TOLERANCE:g}",
        remedy="choose a smaller alpha",
    )
