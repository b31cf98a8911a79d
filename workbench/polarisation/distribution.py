"""Is there one camp or two: shapes of a distribution of leans, whoever deals with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model.index import IndexValue
from workbench.polarisation.absorption import TOLERANCE, absorption, elites
from workbench.polarisation.measures import INDICES, index_of
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["bimodality", "bimodality_coefficient", "dip", "dip_statistic", "dip_test"]

#: As for the dipole: below this many nodes leans are solved to 1e-12.
EXACT_BELOW = 100_000
#: Leans that differ by less are equal.
DECIMALS = 9
#: Decimals of the range of a sample that tell its values apart.
RESOLUTION = 14
SAMPLES = 999


def bimodality_coefficient(values: Sequence[float] | ArrayLike) -> float:
    """Return the bimodality coefficient of a sample, with its correction for small samples.

    (g² + 1) / (k + 3 (n − 1)² / ((n − 2)(n − 3))), g the skewness and k the excess kurtosis, both
    corrected for sample bias [1]. A uniform distribution has 5/9; more hints at two peaks, but a
    skewed one with a single peak exceeds it as well. Shift and unit do not matter.

    Parameters
    ----------
    values
        Finite numbers, one an account; leave out what is missing.

    Returns
    -------
    float
        In (0, 1]; 1 for two values only, of an endless sample.

    Raises
    ------
    UndefinedError
        Fewer than four values, or all are equal.
    InputError
        A value is not finite.

    References
    ----------
    .. [1] Pfister, Schwarz, Janczyk, Dale & Freeman (2013) Good things peak in pairs: a note on
       the bimodality coefficient. Frontiers in Psychology 4, 700. doi:10.3389/fpsyg.2013.00700

    Examples
    --------
    >>> round(bimodality_coefficient([-1, -1, -1, -1, 1, 1, 1, 1]), 4)
    0.4762
    """
    sample = _sample(values)
    n = len(sample)
    if n < 4 or not np.ptp(sample):
        raise UndefinedError(
            "the bimodality coefficient needs four values that are not all equal",
            value=f"{n} values",
        )
    scaled = (sample - sample.mean()) / np.ptp(sample)
    variance, third, fourth = (float(np.mean(scaled**power)) for power in (2, 3, 4))
    skewness = third / variance**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = fourth / variance**2
    # The same as (g² + 1) / (k + …): corrections of k and of the denominator cancel.
    return float((skewness**2 + 1) / kurtosis * (n - 2) * (n - 3) / (n**2 - 1))


def dip_statistic(values: Sequence[float] | ArrayLike) -> float:
    """Return Hartigan's dip: how far a sample is from every distribution with one peak.

    The largest distance between the empirical distribution function and the nearest unimodal one,
    which is convex up to its mode, concave after it, and may jump at it [1]. Computed as in [2]:
    the mode is narrowed down between the greatest convex minorant and the least concave majorant;
    O(n log n) for sorting and O(n) a round, of which there are few. Shift, unit and sign do not
    matter; nor does the distance between the peaks, only how empty it is between them.

    Parameters
    ----------
    values
        Finite numbers, one an account; leave out what is missing.

    Returns
    -------
    float
        In [1/(2n), 1/4]; ¼ for two equal heaps; 0 where all values are equal.

    Raises
    ------
    UndefinedError
        There is no value.
    InputError
        A value is not finite.

    References
    ----------
    .. [1] Hartigan & Hartigan (1985) The dip test of unimodality. Annals of Statistics 13(1),
       70–84. doi:10.1214/aos/1176346577
    .. [2] Hartigan (1985) Algorithm AS 217: Computation of the dip statistic to test for
       unimodality. Applied Statistics 34(3), 320–325. doi:10.2307/2347485

    Examples
    --------
    >>> dip_statistic([-1, -1, -1, 1, 1, 1])
    0.25
    """
    sample = _sample(values)
    if not len(sample):
        raise UndefinedError("the dip needs at least one value")
    if not np.ptp(sample):
        return 0.0
    shares = ((sample - sample.min()) / np.ptp(sample)).round(RESOLUTION)
    places, counts = np.unique(shares, return_counts=True)
    return float(_dip(places, np.cumsum(counts).astype(np.float64))) / (2 * len(sample))


def dip_test(
    values: Sequence[float] | ArrayLike, *, runs: int = SAMPLES, seed: int | None = None
) -> IndexValue:
    """Return the dip of a sample beside the dips of uniform samples of the same size.

    A small p says *more than one peak*. The uniform distribution is the hardest of those with one
    peak to tell apart, so p is on the safe side. With many values p is small for any dent: read
    the dip itself too. Equal values (heaps) count as peaks; the uniform samples have none.

    Parameters
    ----------
    values
        Finite numbers, one an account.
    runs
        Uniform samples; p = (1 + #{dip of a sample ≥ dip}) / (runs + 1) is given from 199 on.

    Returns
    -------
    IndexValue
        As of :func:`dip_statistic`, with ``null_mean null_sd z p`` over the samples.

    Raises
    ------
    UndefinedError
        There is no value.
    UsageError
        Fewer than two runs.
    InputError
        A value is not finite.

    References
    ----------
    .. [1] Hartigan & Hartigan (1985) doi:10.1214/aos/1176346577
    """
    if runs < 2:
        raise UsageError("a test needs at least two runs", value=runs)
    used = resolve(seed)
    found, n = dip_statistic(values), np.size(np.asarray(values))
    null = np.array([dip_statistic(generator(used, "dip", run).random(n)) for run in range(runs)])
    mean, sd = float(null.mean()), float(null.std(ddof=1))
    return IndexValue(
        "dip",
        found,
        null_mean=mean,
        null_sd=sd,
        z=(found - mean) / sd if sd else None,
        p=(1 + int((null >= found).sum())) / (runs + 1) if runs >= 199 else None,
        runs=runs,
        seed=used,
        choices={"null": "uniform", "values": n},
    )


def _bimodality(prepared: Prepared, *, k: float = 0.05) -> tuple[float, dict[str, Any]]:
    leans, facts = _leans(prepared, k)
    return bimodality_coefficient(leans), facts


@INDICES(
    reference="Pfister et al. (2013) doi:10.3389/fpsyg.2013.00700",
    bounds=(0.0, 1.0),
    divided_is="high",
    choices=("k",),
    sides=2,
    kernel=_bimodality,
)
def bimodality(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 0.05,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return whether the leans of accounts have two peaks, by skewness and kurtosis.

    The bimodality coefficient (:func:`bimodality_coefficient`; above 5/9 hints at two peaks) of
    the lean of each account: 2h − 1, h the chance that a walk from it ends among one side's elite
    rather than the other's [2], elite accounts included. It sees the shape of the leans only: two
    peaks close to each other count as much as two at the ends, so sides that deal with each other
    alone can score high. Leans come from the same graph as the sides; read it beside its null
    model. For opinions of your own use the function over values.

    Self-loops, accounts without a side and small components are dropped and counted. Directed:
    walks follow endorsements, and h is among the walks that end in an elite; accounts from which
    none does have no lean and are counted (``without_lean``), as in parts without an elite.

    Parameters
    ----------
    k
        Elite accounts a side: an int counts them, a float in (0, 1] is a share of the side (at
        least one). Ties at the cut go to account order and are counted in ``choices["ties"]``.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In (0, 1], high = divided.

    Raises
    ------
    UndefinedError
        Not two sides, a side smaller than `k`, fewer than four accounts with a lean.
    UsageError
        `k` is neither a count nor a share.
    ConvergenceError
        The linear solver did not reach its tolerance.

    References
    ----------
    .. [1] Pfister, Schwarz, Janczyk, Dale & Freeman (2013) Good things peak in pairs: a note on
       the bimodality coefficient. Frontiers in Psychology 4, 700. doi:10.3389/fpsyg.2013.00700
    .. [2] Morales, Borondo, Losada & Benito (2015) Measuring political polarization: Twitter
       shows the two sides of Venezuela. Chaos 25, 033114. doi:10.1063/1.4913758
    """
    return index_of(
        "bimodality",
        graph,
        sides,
        choices={"k": k},
        direction=direction,
        weights=weights,
        component=component,
    )


def _dip_of_leans(prepared: Prepared, *, k: float = 0.05) -> tuple[float, dict[str, Any]]:
    leans, facts = _leans(prepared, k)
    return dip_statistic(leans), facts


@INDICES(
    reference="Hartigan & Hartigan (1985) doi:10.1214/aos/1176346577",
    bounds=(0.0, 0.25),
    divided_is="high",
    choices=("k",),
    sides=2,
    kernel=_dip_of_leans,
)
def dip(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 0.05,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far the leans of accounts are from having one peak only.

    Hartigan's dip (:func:`dip_statistic`) of the lean of each account: 2h − 1, h the chance that
    a walk from it ends among one side's elite rather than the other's [2], elite accounts
    included. It sees how empty it is between the peaks, not how far they are apart, so sides that
    deal with each other alone can score high. Leans come from the same graph as the sides; read
    it beside its null model. For a p-value over values of your own use :func:`dip_test`.

    Self-loops, accounts without a side and small components are dropped and counted. Directed:
    walks follow endorsements, and h is among the walks that end in an elite; accounts from which
    none does have no lean and are counted (``without_lean``), as in parts without an elite. Leans
    that agree to nine decimals are equal.

    Parameters
    ----------
    k
        Elite accounts a side: an int counts them, a float in (0, 1] is a share of the side (at
        least one). Ties at the cut go to account order and are counted in ``choices["ties"]``.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In (0, ¼], high = divided; ¼: two equal heaps and nobody between.

    Raises
    ------
    UndefinedError
        Not two sides, or a side smaller than `k`.
    UsageError
        `k` is neither a count nor a share.
    ConvergenceError
        The linear solver did not reach its tolerance.

    References
    ----------
    .. [1] Hartigan & Hartigan (1985) The dip test of unimodality. Annals of Statistics 13(1),
       70–84. doi:10.1214/aos/1176346577
    .. [2] Morales, Borondo, Losada & Benito (2015) Measuring political polarization: Twitter
       shows the two sides of Venezuela. Chaos 25, 033114. doi:10.1063/1.4913758
    """
    return index_of(
        "dip",
        graph,
        sides,
        choices={"k": k},
        direction=direction,
        weights=weights,
        component=component,
    )


def _sample(values: Sequence[float] | ArrayLike) -> NDArray[np.float64]:
    sample = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(sample).all():
        raise InputError("a value is not finite", remedy="leave out the accounts without a value")
    return sample


def _leans(prepared: Prepared, k: float) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """Return the lean of each account from which a walk ends in an elite, and what was left out."""
    prepared.check_sides(exactly=2)
    chosen, ties = elites(prepared, k)
    tolerance = 1e-12 if prepared.nodes < EXACT_BELOW else TOLERANCE
    ends = absorption(prepared, chosen, tolerance=tolerance)
    total = ends.sum(axis=1)
    known = total > 0
    leans = (ends[known, 0] - ends[known, 1]) / total[known]
    return leans.round(DECIMALS), {"ties": ties, "without_lean": int((~known).sum())}


def _dip(places: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Return 2n times the dip of distinct `places` with cumulative `counts`.

    Just before a place the distribution function is the count of the place before it; there the
    minorant has its points, and at the count itself the majorant. The modal interval [low, high]
    shrinks to the corners around the largest distance of the two; what is left outside has to be
    convex below and concave above, and its distance from the data is a dip.
    """
    before = np.concatenate([[0.0], counts[:-1]])
    low, high = 0, len(places) - 1
    largest = 1.0
    while True:
        inside = slice(low, high + 1)
        under = low + _corners(places[inside], before[inside], convex=True)
        over = low + _corners(places[inside], counts[inside], convex=False)
        minorant = np.interp(places[inside], places[under], before[under])
        majorant = np.interp(places[inside], places[over], counts[over])
        gap = majorant - minorant
        if gap.max() <= largest:
            return float(largest)
        corners = np.union1d(under, over)
        widest = int(corners[np.argmax(gap[corners - low])])
        new_low = int(under[np.searchsorted(under, widest, side="right") - 1])
        new_high = int(over[np.searchsorted(over, widest, side="left")])
        below = (counts[inside] - minorant)[: new_low - low]
        above = (majorant - before[inside])[new_high - low + 1 :]
        largest = max(largest, below.max(initial=0.0), above.max(initial=0.0))
        if (new_low, new_high) == (low, high):
            return float(largest)
        low, high = new_low, new_high


def _corners(x: NDArray[np.float64], y: NDArray[np.float64], *, convex: bool) -> NDArray[np.int64]:
    """Return the positions of the corners of the greatest convex minorant of points.

    Not `convex`: of the least concave majorant. Their slopes are the isotonic regression of the
    slopes between neighbours, which joins neighbours until slopes are sorted.
    """
    from scipy.optimize import isotonic_regression

    if len(x) < 3:
        return np.arange(len(x))
    step = np.diff(x)
    fitted = isotonic_regression(np.diff(y) / step, weights=step, increasing=convex)
    return np.asarray(fitted.blocks, dtype=np.int64)
