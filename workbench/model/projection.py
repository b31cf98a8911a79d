"""Who shares objects with whom: the arrays of a one-mode projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import CannotBuildError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["shared_objects"]

#: Pairs of members over all objects beyond which a projection is refused (about 4 GB of arrays).
MAX_PAIRS = 200_000_000


def shared_objects(
    members: NDArray[np.int32], objects: NDArray[np.int32], *, max_members: int | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], int]:
    """Return which pairs of members used the same objects, and how many distinct ones.

    Parameters
    ----------
    members, objects
        One use a row, as codes from 0; repeated uses count once.
    max_members
        Objects used by more members are left out.

    Returns
    -------
    first, second, count, left_out
        Pairs with ``first < second``, the number of distinct objects both used (> 0), and the
        number of objects left out.

    Raises
    ------
    CannotBuildError
        The pairs would not fit in memory: one object with k users alone makes k(k−1)/2.
    """
    from scipy.sparse import coo_array, triu

    if not len(members):
        return members[:0], members[:0], np.empty(0), 0
    shape = (int(members.max()) + 1, int(objects.max()) + 1)
    used = coo_array((np.ones(len(members)), (members, objects)), shape=shape).tocsc()
    used.data[:] = 1.0
    users = np.diff(used.indptr).astype(np.int64)
    left_out = 0
    if max_members is not None:
        keep = users <= max_members
        left_out = int((~keep).sum())
        used, users = used[:, np.flatnonzero(keep)], users[keep]
    pairs = int((users * (users - 1) // 2).sum())
    if pairs > MAX_PAIRS:
        raise CannotBuildError(
            "this projection would have too many pairs",
            value=f"{pairs:,} pairs; the most used object has {int(users.max()):,} users",
            allowed=f"at most {MAX_PAIRS:,}",
            remedy="leave out what nearly everybody uses (max_accounts=, --max-accounts), or "
            "choose a shorter window",
        )
    matrix = used.tocsr()
    together = triu(matrix @ matrix.T, k=1).tocoo()
    return (
        together.row.astype(np.int32),
        together.col.astype(np.int32),
        together.data.astype(np.float64),
        left_out,
    )
