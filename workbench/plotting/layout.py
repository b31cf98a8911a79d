"""Where to draw the accounts: ForceAtlas2 with its repulsion computed by FFT on a grid."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UsageError
from workbench.model.shown import OneLine
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = ["Layout", "layout", "length_ratio", "neighbour_preservation"]

DEFAULT_ITERATIONS = 150
#: Graphs of more edges have settled sooner: heavy tails mix fast.
LARGE, LARGE_ITERATIONS = 500_000, 50
GRAVITY = 0.05
REPULSION = 10.0
_SAMPLE = 2_000


@dataclass(frozen=True, repr=False)
class Layout(OneLine):
    """Positions of the nodes of one graph.

    Attributes
    ----------
    positions
        x and y of each node, shape (n, 2); no unit, centred on the origin.
    graph_fingerprint
        The graph they belong to.
    iterations, seed
        How they were made; no iterations means that they were given.
    length_ratio
        Mean length of an edge over the mean distance of two random nodes: the smaller, the more
        the picture says about the graph (about 1 for a random picture); NaN without edges.
    """

    positions: NDArray[np.float64]
    graph_fingerprint: str
    iterations: int
    seed: int
    length_ratio: float


def layout(
    graph: InteractionGraph, *, iterations: int | None = None, seed: int | None = None
) -> Layout:
    """Return positions in which linked accounts are near and all others repel each other.

    Forces of ForceAtlas2 [1]: attraction w·d along edges (unweighted here), repulsion
    k (deg+1)(deg+1)/d between all pairs, strong gravity towards the centre, adaptive speed. The
    repulsion is a convolution of the node masses on a grid with the kernel r/r², computed by FFT,
    so an iteration costs O(n + m + G² log G) instead of O(n²). Edges count once, in no direction;
    self-loops are ignored; nodes without edges drift to the rim. The start is a spectral embedding
    smoothed from a seeded random one, so a seed gives the same bytes on the same machine.

    Parameters
    ----------
    iterations
        None chooses 150, and 50 from half a million edges on: heavy-tailed graphs of that size are
        as well preserved then as after 150. Long chains and lattices are not; ask for more.
    seed
        None draws one; it is recorded.

    Raises
    ------
    UsageError
        `iterations` is not positive.

    References
    ----------
    .. [1] Jacomy, Venturini, Heymann & Bastian (2014) ForceAtlas2, a continuous graph layout
       algorithm for handy network visualization. PLOS ONE 9(6), e98679.
       doi:10.1371/journal.pone.0098679
    """
    if iterations is not None and iterations < 1:
        raise UsageError("a layout needs at least one iteration", value=iterations)
    used = resolve(seed)
    n = graph.nodes
    rounds = iterations or (LARGE_ITERATIONS if graph.edges >= LARGE else DEFAULT_ITERATIONS)
    if n < 2:
        return Layout(np.zeros((n, 2)), graph.fingerprint, rounds, used, float("nan"))
    matrix = graph.symmetrised(weighted=False).to_scipy()
    positions = _start(matrix, used)
    positions = _ForceAtlas(matrix).run(positions, rounds)
    positions -= positions.mean(axis=0)
    ratio = length_ratio(matrix, positions, seed=used)
    return Layout(positions, graph.fingerprint, rounds, used, ratio)


class _ForceAtlas:
    """The moving parts: masses, grid, speeds."""

    def __init__(self, matrix: csr_array) -> None:
        self.matrix = matrix
        self.degree = np.asarray(matrix.sum(axis=1)).ravel()
        self.mass = self.degree + 1.0
        self.n = matrix.shape[0]
        self.grid = 128 if matrix.nnz <= 300_000 else 256 if matrix.nnz <= 1_000_000 else 512
        self.workers = min(2, os.cpu_count() or 1)
        self.kernels = _kernels(self.grid, self.workers)

    def run(self, positions: NDArray[np.float64], rounds: int) -> NDArray[np.float64]:
        """Return the positions after `rounds` steps of adaptive speed (section "Speed" of [1])."""
        before = np.zeros_like(positions)
        speed, efficiency = 1.0, 1.0
        root = np.sqrt(self.n)
        for _ in range(rounds):
            force = self._force(positions)
            swing = np.linalg.norm(force - before, axis=1)
            swinging = float((self.mass * swing).sum())
            traction = float((self.mass * np.linalg.norm(force + before, axis=1)).sum()) / 2
            tolerance = max(0.005 * root, min(10.0, 0.05 * root * traction / self.n**2))
            if swinging > 2 * max(traction, 1e-9):
                efficiency, tolerance = max(0.05, efficiency / 2), max(tolerance, 1.0)
            target = tolerance * efficiency * traction / max(swinging, 1e-9)
            if swinging > tolerance * traction and efficiency > 0.05:
                efficiency *= 0.7
            elif speed < 1000:
                efficiency = min(efficiency * 1.3, 1e3)
            speed += min(target - speed, speed / 2)
            step = speed / (1 + np.sqrt(speed * self.mass * swing))
            positions = positions + force * step[:, None]
            before = force
        return positions

    def _force(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        attraction = self.matrix @ positions - self.degree[:, None] * positions
        gravity = -GRAVITY * self.mass[:, None] * positions
        return np.asarray(attraction + gravity + self._repulsion(positions))

    def _repulsion(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the repulsion at each node: masses onto the grid, convolve, read back."""
        from scipy import fft

        size = 2 * self.grid
        low = positions.min(axis=0)
        cell = float((positions.max(axis=0) - low).max()) / (self.grid - 2) + 1e-9
        place = (positions - low) / cell
        corner = place.astype(np.int64)
        part = place - corner
        masses = np.zeros(size * size)
        reads = []
        for right in (0, 1):
            for up in (0, 1):
                share = np.abs(1 - right - part[:, 0]) * np.abs(1 - up - part[:, 1])
                cells = (corner[:, 0] + right) * size + corner[:, 1] + up
                masses += np.bincount(cells, weights=share * self.mass, minlength=size * size)
                reads.append((share, cells))
        grid = masses.reshape(size, size).astype(np.float32)  # finer than the grid is
        spectrum = fft.rfft2(grid, workers=self.workers)
        felt = np.empty_like(positions)
        for axis, kernel in enumerate(self.kernels):
            field = fft.irfft2(spectrum * kernel, s=(size, size), workers=self.workers).ravel()
            felt[:, axis] = sum(share * field[cells] for share, cells in reads)
        return np.asarray(felt * (REPULSION * self.mass / cell)[:, None])


def _kernels(grid: int, workers: int) -> tuple[Any, Any]:
    """Return the spectra of x/r² and y/r² on a doubled grid (no wrap-around)."""
    from scipy import fft

    offset = np.arange(2 * grid)
    offset = np.where(offset < grid, offset, offset - 2 * grid).astype(float)
    x, y = np.meshgrid(offset, offset, indexing="ij")
    squared = x * x + y * y
    squared[0, 0] = 1.0
    x_part, y_part = ((axis / squared).astype(np.float32) for axis in (x, y))
    return fft.rfft2(x_part, workers=workers), fft.rfft2(y_part, workers=workers)


def _start(matrix: csr_array, seed: int) -> NDArray[np.float64]:
    """Return seeded random positions, smoothed over the graph so that neighbours start near.

    A few rounds of averaging with the neighbours, re-centred and re-scaled, point roughly along
    the slow eigenvectors of the random walk: camps start apart and need not be untangled.
    """
    n = matrix.shape[0]
    degree = np.asarray(matrix.sum(axis=1)).ravel()
    share = np.divide(1.0, degree, out=np.zeros(n), where=degree > 0)[:, None]
    noise = generator(seed, "layout").normal(0.0, 1.0, (n, 2))
    positions = noise.copy()
    weight = degree + 1
    for _ in range(30):
        positions = (positions + share * (matrix @ positions)) / 2
        positions -= np.average(positions, axis=0, weights=weight)
        # Keep the two axes apart, or both would end on the same eigenvector.
        x = positions[:, 0]
        spread = float((weight * x * x).sum())
        if spread:  # the two ends of a lone edge average to one point
            positions[:, 1] -= x * float((weight * x * positions[:, 1]).sum() / spread)
        positions /= np.sqrt((positions**2).mean(axis=0)) + 1e-12
    return np.asarray(100.0 * positions + noise)


def length_ratio(matrix: csr_array, positions: NDArray[np.float64], *, seed: int) -> float:
    """Return the mean edge length over the mean distance of random pairs; NaN without edges."""
    coo = matrix.tocoo()
    if not coo.nnz:
        return float("nan")
    rng = generator(seed, "length ratio")
    pairs = rng.integers(0, matrix.shape[0], (100_000, 2))
    edges = np.linalg.norm(positions[coo.row] - positions[coo.col], axis=1).mean()
    random = np.linalg.norm(positions[pairs[:, 0]] - positions[pairs[:, 1]], axis=1).mean()
    return float(edges / random) if random else float("nan")


def neighbour_preservation(
    graph: InteractionGraph, positions: NDArray[np.float64], *, seed: int = 0
) -> float:
    """Return the share of each node's graph neighbours among its k nearest drawn nodes, k = degree.

    The mean over nodes with neighbours (at most 2,000 of them, drawn by `seed`), in [0, 1]; a
    random picture has about mean degree / n.

    References
    ----------
    .. [1] Kruiger, Rauber, Martins, Kerren, Kobourov & Telea (2017) Graph layouts by t-SNE.
       Computer Graphics Forum 36(3), 283–294. doi:10.1111/cgf.13187
    """
    from scipy.spatial import cKDTree

    matrix = graph.symmetrised(weighted=False).to_scipy()
    degree = np.diff(matrix.indptr)
    nodes = np.flatnonzero(degree > 0)
    if not len(nodes):
        return 0.0
    if len(nodes) > _SAMPLE:
        nodes = np.sort(generator(seed, "preservation").choice(nodes, _SAMPLE, replace=False))
    tree = cKDTree(positions)
    kept = []
    for node in nodes.tolist():
        near = tree.query(positions[node], k=int(degree[node]) + 1)[1]
        own = matrix.indices[matrix.indptr[node] : matrix.indptr[node + 1]]
        kept.append(len(np.intersect1d(np.setdiff1d(near, [node]), own)) / degree[node])
    return float(np.mean(kept))
