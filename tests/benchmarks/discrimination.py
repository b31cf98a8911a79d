"""How well a score tells controversial topics from others: AUC, adjusted, with its interval."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from workbench.rng import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["area_under_curve", "clustered_interval", "family", "residuals"]

REPLICATES = 2000


def area_under_curve(score: NDArray[np.float64], label: NDArray[np.bool_]) -> float | None:
    """Return the chance that a positive scores above a negative, ties half; None without both."""
    positive, negative = score[label], np.sort(score[~label])
    if not len(positive) or not len(negative):
        return None
    below = np.searchsorted(negative, positive, "left")
    not_above = np.searchsorted(negative, positive, "right")
    return float((below + not_above).sum()) / (2 * len(positive) * len(negative))


def residuals(score: NDArray[np.float64], confounders: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what least squares on a constant and the columns of `confounders` leave of a score.

    The label plays no part in the fit, so what a score shares with the confounders is given to
    them, also where it is the label's: an AUC of residuals is a cautious one. Residuals within
    1e-12 of the score's size are ties.
    """
    design = np.column_stack([np.ones(len(score)), confounders])
    left = score - design @ np.linalg.lstsq(design, score, rcond=None)[0]
    size = max(float(np.abs(score).max()), 1e-300)
    return np.round(left / size, 12) * size


def clustered_interval(
    statistic: Callable[[NDArray[np.int64]], float | None],
    families: Sequence[str],
    *,
    seed: int,
    replicates: int = REPLICATES,
) -> tuple[float, float]:
    """Return the 2.5 and 97.5 percentiles of a statistic over samples of whole families.

    Each replicate draws as many families as there are, with replacement, and takes all members of
    each one drawn; `statistic` is given their positions and returns None where it is undefined,
    which leaves the replicate out.
    """
    names, code = np.unique(np.asarray(families), return_inverse=True)
    members = [np.flatnonzero(code == i) for i in range(len(names))]
    rng = generator(seed, "families")
    values = []
    for _ in range(replicates):
        drawn = rng.integers(0, len(names), len(names))
        value = statistic(np.concatenate([members[i] for i in drawn]))
        if value is not None:
            values.append(value)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def family(file: str) -> str:
    """Return the hashtag family of a network: its file name without the part."""
    return re.sub(r"(_p\d+)?\.edgelist$", "", file)
