"""Who deals with whom, group by group: what sides and communities both need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["mixed"]


def mixed(matrix: csr_array, labels: NDArray[np.int32], k: int) -> NDArray[np.float64]:
    """Return the weight from group to group, shape (k, k); undirected edges count both ways.

    Parameters
    ----------
    matrix
        Adjacency, row acts upon column, shape (n, n); its diagonal counts where there is one.
    labels
        Group of each node, 0 … k − 1, shape (n,).
    """
    rows = np.repeat(labels, np.diff(matrix.indptr))
    cells = rows.astype(np.int64) * k + labels[matrix.indices]
    sums = np.bincount(cells, weights=matrix.data, minlength=k * k)
    return sums.reshape(k, k).astype(np.float64)
