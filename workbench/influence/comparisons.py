"""Which accounts are told apart: all pairwise differences at once, by step-down resampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError
from workbench.influence.resampling import LINEAR, check_resampling, resamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from workbench.influence.resampling import Sides
    from workbench.model.graph import InteractionGraph

__all__ = ["MOST_COMPARED", "Compared", "Pool", "pool", "spread", "told_apart"]

#: Accounts with different resamples that are compared pair by pair; more take gigabytes.
MOST_COMPARED = 2_000
#: Scores that are kept at once.
MOST_DRAWS = 50_000_000
#: Differences beyond this many standard errors are told apart without further ado.
FAR = 6.0
#: Resamples from which the standard errors of other than linear measures are judged at first.
FIRST_LOOK = 100


@dataclass(frozen=True, eq=False)
class Compared:
    """Rows (accounts in question) against columns (accounts they are compared with).

    Attributes
    ----------
    greater, lower
        Whether the column is told to be greater, or lower, than the row, shape (rows, columns).
    critical
        Standard errors beyond which a difference was told at last.
    """

    greater: NDArray[np.bool_]
    lower: NDArray[np.bool_]
    critical: float


def told_apart(
    scores: NDArray[np.float64],
    draws: NDArray[np.float64],
    rows: NDArray[np.int64],
    *,
    confidence: float,
    sides: str = "both",
    enough: Callable[[Compared], NDArray[np.bool_]] | None = None,
) -> Compared:
    """Return which differences between accounts are beyond chance, all of them at once.

    The statistic of a pair is the difference of the scores over its standard error (that of the
    resamples); the critical value is the quantile `confidence` of the largest of all statistics of
    the resamples, centred at their mean. Pairs that are told apart leave, and the rest is judged
    again by its own, smaller critical value, until nothing more is told apart. The chance of a
    single wrong statement is at most 1 − `confidence`, in large samples. Pairs whose difference
    does not vary are never told apart.

    Parameters
    ----------
    scores
        Of the accounts compared, shape (m,).
    draws
        Their scores in the resamples, shape (runs, m).
    rows
        The accounts in question, as positions in `scores`.
    sides
        ``greater`` asks only which columns are greater than the row, ``lower`` which are lower.
    enough
        From what has been told, the rows that need no further comparison.

    References
    ----------
    .. [1] Mogstad, Romano, Shaikh & Wilhelm (2024) Inference for ranks with applications to
       mobility across neighbourhoods and academic achievement across countries. Review of Economic
       Studies 91(1), 476–518. doi:10.1093/restud/rdad006
    .. [2] Romano & Wolf (2005) Exact and approximate stepdown methods for multiple hypothesis
       testing. JASA 100(469), 94–108. doi:10.1198/016214504000000539
    """
    moved = draws - draws.mean(axis=0)
    inverse = _inverse_errors(moved, rows)
    statistic = (scores[None, :] - scores[rows][:, None]) * inverse
    made = Compared(np.zeros_like(inverse, bool), np.zeros_like(inverse, bool), np.inf)
    open_up = np.where(sides != "lower", inverse, 0.0)
    open_down = np.where(sides != "greater", inverse, 0.0)
    while open_up.any() or open_down.any():
        largest = _largest(moved, rows, open_up, open_down)
        critical = float(np.quantile(largest, confidence, method="higher"))
        up = (open_up > 0) & (statistic > critical)
        down = (open_down > 0) & (statistic < -critical)
        made = Compared(made.greater | up, made.lower | down, critical)
        if not (up.any() or down.any()):
            break
        open_up[up] = 0.0
        open_down[down] = 0.0
        if enough is not None:
            settled = enough(made)
            open_up[settled] = 0.0
            open_down[settled] = 0.0
    return made


def _inverse_errors(moved: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1 / the standard error of each difference, 0 where it does not vary."""
    about = moved - moved.mean(axis=0)
    products = about[:, rows].T @ about / max(len(moved) - 1, 1)
    variance = np.einsum("ij,ij->j", about, about) / max(len(moved) - 1, 1)
    squared = variance[rows][:, None] + variance[None, :] - 2 * products
    squared[squared <= 1e-12 * (variance[rows][:, None] + variance[None, :])] = 0.0
    error = np.sqrt(squared)
    inverse: NDArray[np.float64] = np.zeros_like(error)
    np.divide(1.0, error, out=inverse, where=error > 0)
    return inverse


def _largest(
    moved: NDArray[np.float64],
    rows: NDArray[np.int64],
    open_up: NDArray[np.float64],
    open_down: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the largest open statistic of each resample, at least 0, shape (runs,)."""
    used = np.flatnonzero(open_up.any(axis=1) | open_down.any(axis=1))
    columns = np.flatnonzero(open_up.any(axis=0) | open_down.any(axis=0))
    corner = np.ix_(used, columns)
    up, down = open_up[corner], open_down[corner]
    largest = np.zeros(len(moved))
    step = np.empty(up.shape)
    scaled = np.empty(up.shape)
    for run, each in enumerate(moved):
        np.subtract(each[columns][None, :], each[rows[used]][:, None], out=step)
        if up.any():
            largest[run] = np.multiply(step, up, out=scaled).max()
        if down.any():
            largest[run] = max(largest[run], -np.multiply(step, down, out=scaled).min())
    return largest


def spread(
    graph: InteractionGraph, name: str, draws: Iterator[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return the standard error of each account's score on the scale compared, shape (n,).

    Of square roots of sums over amplifiers it is √(Σ w² / Σ w) / 2; of other measures it is judged
    from the resamples given.
    """
    if name in LINEAR:
        proper = graph.without_self_loops()
        weight = proper.weight if name == "in_strength" else np.ones(proper.arcs_stored)
        sums, squares = (
            np.bincount(proper.indices, weights=each, minlength=graph.nodes)
            for each in (weight, weight**2)
        )
        return np.sqrt(squares / np.maximum(sums, 1)) / 2
    many = np.array([_settled(values) for values in draws])
    return np.asarray(many.std(axis=0, ddof=1 if len(many) > 1 else 0), dtype=np.float64)


def _settled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores with the lowest known one where an account has none."""
    known = values > -np.inf
    if known.all():
        return values
    return np.where(known, values, values[known].min() if known.any() else 0.0)


@dataclass(frozen=True, eq=False)
class Pool:
    """Accounts that must be compared; those with equal scores in every resample are one.

    Attributes
    ----------
    positions
        Node positions, best first, ties in account order, shape (p,).
    member
        Which of the m that differ each of them is, shape (p,).
    times
        Accounts each of the m stands for.
    scores, draws
        Of the m on the scale compared, and in the resamples: shape (m,) and (runs, m).
    clear
        Whether each of the m lies far above everybody who was left out.
    below
        Accounts that were left out because they lie far below.
    """

    positions: NDArray[np.int64]
    member: NDArray[np.int64]
    times: NDArray[np.int64]
    scores: NDArray[np.float64]
    draws: NDArray[np.float64]
    clear: NDArray[np.bool_]
    below: int


def pool(
    graph: InteractionGraph,
    name: str,
    scores: NDArray[np.float64],
    *,
    first: NDArray[np.int64],
    runs: int,
    seed: int,
    sides: Sides | None = None,
    advance: Callable[[int], None] | None = None,
) -> Pool:
    """Return the accounts that must be compared with those of `first`, and their resamples.

    Sums over amplifiers are compared by their square roots, which vary alike for few and for many
    acts (Bartlett 1936); the order is the same. Left out are accounts that lie more than six
    standard errors below every account of `first` (errors as if independent): they are told to be
    lower without further ado.

    Parameters
    ----------
    scores
        What ranks every node, −∞ where an account has none, shape (n,).
    first
        Node positions of accounts at the top.
    sides, advance
        As of ``resamples``.

    Raises
    ------
    UsageError
        The acts cannot be drawn again, or more than 2,000 accounts with different resamples remain.

    References
    ----------
    .. [1] Bartlett (1936) The square root transformation in analysis of variance. Supplement to the
       JRSS 3(1), 68–78. doi:10.2307/2983678
    """
    check_resampling(graph, name)
    scale = np.sqrt if name in LINEAR else np.asarray
    scores = scale(scores)
    look = resamples(graph, name, runs=min(runs, FIRST_LOOK), seed=seed, sides=sides)
    errors = spread(graph, name, look)
    far = np.ones(graph.nodes, dtype=bool)
    for position in first.tolist():
        error = np.sqrt(errors**2 + errors[position] ** 2)
        far &= scores[position] - scores > FAR * error
    far[first] = False
    kept = np.flatnonzero(~far & (scores > -np.inf))
    kept = kept[np.argsort(-scores[kept], kind="stable")]
    if len(kept) * runs > MOST_DRAWS:
        raise _too_many(len(kept))
    together = np.empty((len(kept), runs + 1))
    together[:, 0] = scores[kept]
    lots = resamples(graph, name, runs=runs, seed=seed, sides=sides, advance=advance)
    for run, values in enumerate(lots, 1):
        together[:, run] = scale(_settled(values)[kept])
    _, one, group, times = np.unique(
        together, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    if len(one) > MOST_COMPARED:
        raise _too_many(len(one))
    order = np.argsort(one, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    differ = together[one[order]]
    out = np.flatnonzero(far & (scores > -np.inf))
    bound = float((scores[out] + FAR * errors[out]).max()) if len(out) else -np.inf
    clear = (scores[kept] - FAR * errors[kept] > bound) | np.isin(kept, first)
    return Pool(
        kept,
        place[group.ravel()],
        times[order],
        differ[:, 0],
        differ[:, 1:].T,
        clear[one[order]],
        len(out),
    )


def _too_many(number: int) -> UsageError:
    return UsageError(
        "too many accounts could be among the first to compare each with each",
        value=f"{number:,}",
        allowed=f"at most {MOST_COMPARED:,} that differ",
        remedy="choose a smaller k or top, or leave out accounts with few acts",
    )
