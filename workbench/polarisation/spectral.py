"""Spectral segregation: how far accounts are surrounded by own accounts that are so too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from workbench.errors import ConvergenceError
from workbench.polarisation.measures import INDICES, index_of
from workbench.polarisation.segregation import over_accounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["spectral_segregation", "spectral_values"]

#: Parts of up to so many accounts are solved together, as dense matrices.
DENSE = 32
#: Cells of dense matrices held at a time.
CELLS = 4_000_000
#: Relative error of the eigenvalues of larger parts, and restarts allowed to reach it.
TOLERANCE = 1e-10
MOST = 5_000


def _spectral(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    sums = np.bincount(prepared.labels, spectral_values(prepared), minlength=prepared.k)
    return over_accounts(prepared, sums / prepared.sizes)


@INDICES(
    reference="Echenique & Fryer (2007) doi:10.1162/qjec.122.2.441",
    bounds=(0.0, 1.0),
    divided_is="high",
    kernel=_spectral,
)
def spectral_segregation(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far accounts deal with own accounts who in turn deal with own accounts.

    With rows of the matrix divided by their sums and cut to one side, each connected part has a
    largest eigenvalue λ ≤ 1, the rate at which a walk stays in it, and an eigenvector v: an account
    of the part has the value λ v / mean(v). The index is the mean over accounts, that is the mean
    of λ by the size of the parts; the sides' own means are in ``choices["by_side"]``. 1: no contact
    across; 0: nobody has contact with the own side. Any large cluster is near 1, so it tells little
    of large graphs.

    Directed: the contacts that accounts make, in strongly connected parts; what leads from one part
    to another is lost, and accounts that nobody of their side answers have 0. Weighted: shares of
    weight. Self-loops, accounts without a side and small components are dropped and counted;
    isolated accounts have 0. O(m) a step of the eigenvalue solver (Lanczos from the vector of
    degrees; dense in parts of up to 32 accounts).

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [0, 1], high = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, or no edge between accounts with a side.
    ConvergenceError
        The eigenvalue solver did not converge.

    References
    ----------
    .. [1] Echenique & Fryer (2007) A measure of segregation based on social interactions. Quarterly
       Journal of Economics 122(2), 441–485. doi:10.1162/qjec.122.2.441
    """
    return index_of(
        "spectral_segregation",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def spectral_values(prepared: Prepared) -> NDArray[np.float64]:
    """Return λ v / mean(v) of each account in its part of its side, shape (n,).

    Raises
    ------
    ConvergenceError
        The eigenvalue solver did not converge.
    """
    matrix, labels, n = prepared.matrix, prepared.labels, prepared.nodes
    degree = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
    inside = labels[rows] == labels[matrix.indices]
    rows, cols, weight = rows[inside], matrix.indices[inside], matrix.data[inside]
    _, part = connected_components(
        csr_array((weight, (rows, cols)), shape=(n, n)),
        connection="strong" if prepared.directed else "weak",
    )
    within = part[rows] == part[cols]
    rows, cols, weight = rows[within], cols[within], weight[within]
    sizes = np.bincount(part)
    leaks = np.zeros(len(sizes), dtype=bool)
    kept = np.bincount(rows, weights=weight, minlength=n)
    leaks[part[kept < degree * (1 - 1e-12)]] = True
    values = np.zeros(n)
    values[(~leaks & (sizes > 1))[part]] = 1.0  # Nothing leaves the part: λ = 1, v = 1.
    # D^-½ A D^-½ has the eigenvalues of D^-1 A and, divided by the root of degree, its vectors.
    root = np.ones(n) if prepared.directed else np.sqrt(degree)
    share = weight / (degree[rows] if prepared.directed else root[rows] * root[cols])
    # In the order of the parts they are blocks on the diagonal.
    order = np.argsort(part, kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    blocks = csr_array((share, (place[rows], place[cols])), shape=(n, n))
    starts = np.cumsum(sizes) - sizes
    for places in _batches(starts, sizes, leaks):
        near = root[order[places]]
        largest, vectors = _largest(blocks, places, near, directed=prepared.directed)
        vectors = np.abs(vectors) / near
        values[order[places]] = vectors * (largest / vectors.mean(axis=1))[:, None]
    return values


def _batches(
    starts: NDArray[np.int64], sizes: NDArray[np.int64], leaks: NDArray[np.bool_]
) -> Iterator[NDArray[np.int64]]:
    """Yield the places of parts of one size, (parts, size): small ones together, others alone."""
    for size in np.unique(sizes[leaks & (sizes > 1)]).tolist():
        of_size = starts[leaks & (sizes == size)]
        step = max(1, CELLS // size**2) if size <= DENSE else 1
        for first in range(0, len(of_size), step):
            yield of_size[first : first + step, None] + np.arange(size)


def _largest(
    blocks: csr_array, places: NDArray[np.int64], near: NDArray[np.float64], *, directed: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest eigenvalue of each block, (parts,), and its vector, (parts, size)."""
    parts, size = places.shape
    if size > DENSE:
        first = int(places[0, 0])
        block = blocks[first : first + size, first : first + size]
        return _largest_sparse(block, near[0], directed=directed)
    found = blocks[places.ravel()].tocoo()
    stack = np.zeros((parts, size, size))
    which = found.row // size
    stack[which, found.row % size, found.col - places[which, 0]] = found.data
    if not directed:
        roots, vectors = np.linalg.eigh(stack)
        return roots[:, -1], vectors[:, :, -1]
    complex_roots, complex_vectors = np.linalg.eig(stack)
    best = complex_roots.real.argmax(axis=1)
    every = np.arange(parts)
    return complex_roots.real[every, best], np.abs(complex_vectors[every, :, best])


def _largest_sparse(
    block: csr_array, near: NDArray[np.float64], *, directed: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from scipy.sparse.linalg import ArpackNoConvergence, eigs, eigsh

    try:
        if directed:
            found = eigs(block, k=1, which="LR", v0=near, tol=TOLERANCE, maxiter=MOST)
        else:
            found = eigsh(block, k=1, which="LA", v0=near, tol=TOLERANCE, maxiter=MOST)
    except ArpackNoConvergence as error:
        raise ConvergenceError(
            "the largest eigenvalue of a part of a side did not converge",
            value=f"{block.shape[0]} accounts, {MOST} restarts",
            allowed=f"relative error {TOLERANCE:g}",
        ) from error
    return found[0].real, np.abs(found[1].T)
