"""Boundary polarisation: do those who meet the other side keep more to their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["boundary_polarisation"]

VARIANTS = ("guerra", "garimella", "salloum", "own")


def _boundary(prepared: Prepared, *, variant: str = "guerra") -> tuple[float, dict[str, Any]]:
    prepared.check_sides(exactly=2)
    if variant not in VARIANTS:
        raise UsageError(
            "variant has a value that is not allowed", value=variant, allowed=", ".join(VARIANTS)
        )
    matrix, labels, n = prepared.matrix, prepared.labels, prepared.nodes
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
    cols = matrix.indices
    other = labels[rows] != labels[cols]
    cut = np.zeros(n, dtype=bool)
    cut[rows[other]] = True
    boundary = np.zeros(n, dtype=bool)
    boundary[rows[cut[rows] & ~other & ~cut[cols]]] = True
    if not boundary.any():
        raise UndefinedError(
            "there is no boundary: nobody meets both the other side and own accounts that do not",
            value=f"{int(cut.sum())} accounts meet the other side",
        )
    if variant == "guerra":
        inner = ~boundary[cols]
    else:
        inner = ~other & ~(boundary if variant == "own" else cut)[cols]
    outer = other & (cut if variant == "salloum" else boundary)[cols]
    weight = matrix.data
    inward = np.bincount(rows[inner], weights=weight[inner], minlength=n)[boundary]
    outward = np.bincount(rows[outer], weights=weight[outer], minlength=n)[boundary]
    shares = inward / (inward + outward) - 0.5
    if variant == "garimella":
        shares[outward == 0] = 0.0
    return float(shares.mean()), {"boundary": int(boundary.sum())}


@INDICES(
    reference="Guerra et al. (2013) doi:10.1609/icwsm.v7i1.14421",
    bounds=(-0.5, 0.5),
    divided_is="high",
    choices=("variant",),
    sides=2,
    kernel=_boundary,
)
def boundary_polarisation(
    graph: InteractionGraph,
    sides: Partition,
    *,
    variant: str = "guerra",
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return whether accounts at the boundary of the sides keep more to the inside than across.

    The boundary B holds the accounts with a neighbour on the other side and another on their own
    side that has none there. The index is the mean over B of d_i / (d_i + d_b) − ½, d_i contacts
    inwards and d_b across. ½: only inwards; 0: as many across; below: more across. The literature
    counts them in four ways, which differ much (.19 to .26 on one graph), so `variant` is part of
    the result. B is small in sparse graphs, and where most accounts meet the other side: there the
    few left look closed and the index rises again with mixing. Read ``choices["boundary"]``, the
    number of its accounts, beside it.

    Directed: the contacts that accounts make (out-edges), so B holds those who address the other
    side. Weighted: d_i and d_b are sums of weight; B stays the same. Self-loops, accounts without a
    side and small components are dropped and counted; isolated accounts do not enter. O(m).

    Parameters
    ----------
    variant
        ``guerra``: d_i to all accounts outside B, d_b to B on the other side; ``own``: d_i only to
        the own side outside B, d_b the same; ``salloum``: d_i to own accounts without a neighbour
        across, d_b to all on the other side that have one; ``garimella``: d_i as ``salloum``, d_b
        as ``guerra``, and accounts of B without d_b count as 0 (½ in ``guerra``).
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [−½, ½], high = divided.

    Raises
    ------
    UndefinedError
        Not two sides with an account, no edge between accounts with a side, or no boundary: no
        contact across, or nobody there with inner neighbours.
    UsageError
        A choice has a value that is not allowed.

    References
    ----------
    .. [1] Guerra, Meira, Cardie & Kleinberg (2013) A measure of polarization on social media
       networks based on community boundaries. Proceedings of the International AAAI Conference on
       Web and Social Media 7(1), 215–224. doi:10.1609/icwsm.v7i1.14421
    .. [2] Garimella, De Francisci Morales, Gionis & Mathioudakis (2018) Quantifying controversy on
       social media. ACM Transactions on Social Computing 1(1), 3. doi:10.1145/3140565
    .. [3] Salloum, Chen & Kivelä (2022) Separating polarization from noise. Proceedings of the ACM
       on Human-Computer Interaction 6(CSCW1), 115. doi:10.1145/3512962
    """
    return index_of(
        "boundary_polarisation",
        graph,
        sides,
        choices={"variant": variant},
        direction=direction,
        weights=weights,
        component=component,
    )
