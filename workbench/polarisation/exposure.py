"""Exposure: of which sides are the accounts that an account acts upon, and how mixed are they."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.model.shown import Tabular
from workbench.polarisation.diversity import (
    chao_shen,
    check_distances,
    entropy,
    miller_madow,
    opinion_distances,
    profile_distances,
    rao_stirling,
)
from workbench.polarisation.measures import INDICES, index_of
from workbench.polarisation.preparation import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores
    from workbench.polarisation.preparation import Prepared

__all__ = ["Bubbles", "bubbles", "exposure_diversity"]

#: The corrections each kind of diversity has, its default first.
CORRECTIONS = {
    "entropy": ("miller_madow", "chao_shen", "none"),
    "simpson": ("unbiased", "none"),
    "rao_stirling": ("unbiased", "none"),
}
NO_COUNTS = "weighted contacts have no counts, which this correction needs"


def _exposure(
    prepared: Prepared,
    *,
    by: str = "entropy",
    correction: str = "auto",
    min_contacts: int = 2,
    distances: Sequence[Sequence[float]] | None = None,
) -> tuple[float, dict[str, Any]]:
    """Return the mean diversity of a prepared graph, and how many accounts it rests on."""
    prepared.check_sides()
    used = _correction(by, correction)
    _check_min_contacts(min_contacts)
    if distances is not None and by != "rao_stirling":
        raise UsageError("only by=rao_stirling has distances", value=by)
    if used == "chao_shen" and prepared.weighted:
        raise UsageError(NO_COUNTS, value=used, remedy="use miller_madow, or weights=unweighted")
    counts, contacts, size = _exposures(prepared)
    least = max(min_contacts, 2) if used == "unbiased" else min_contacts
    enough = contacts >= least
    facts = {
        "correction": used,
        "accounts": int(enough.sum()),
        "inactive": int((contacts == 0).sum()),
        "below_min_contacts": int(((contacts > 0) & ~enough).sum()),
    }
    if not enough.any():
        raise UndefinedError(
            "no account has enough contacts",
            value=f"at most {contacts.max(initial=0)}",
            allowed=f"{least} or more",
            remedy="lower min_contacts; fewer than two say nothing about diversity",
        )
    counts, size = counts[enough], size[enough]
    if by == "entropy":
        return float(_entropies(used, counts, size).mean()), facts
    between = 1.0 - np.eye(prepared.k)
    if by == "rao_stirling":
        if distances is None:
            between = profile_distances(prepared.mixing())
        else:
            between = prepared.of_sides(check_distances(distances, len(prepared.given)))
        facts["distances"] = between.tolist()
    found = rao_stirling(counts, between, size=size if used == "unbiased" else None)
    return float(found.mean()), facts


@INDICES(
    reference="Stirling (2007) doi:10.1098/rsif.2007.0213",
    bounds=(0.0, None),
    divided_is="low",
    choices=("by", "correction", "min_contacts", "distances"),
    kernel=_exposure,
)
def exposure_diversity(
    graph: InteractionGraph,
    sides: Partition,
    *,
    by: str = "entropy",
    correction: str = "auto",
    min_contacts: int = 2,
    distances: Sequence[Sequence[float]] | None = None,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how mixed the sides are that an account deals with, as a mean over accounts.

    With p_k the share of an account's contacts that are on side k: ``entropy`` is −Σ p log p /
    log K, ``simpson`` (1 − Σ p²) / (1 − 1/K), ``rao_stirling`` Σ_kl d_kl p_k p_l / (1 − 1/K) [1].
    0: every account deals with one side only, whichever it is (an account that only acts upon the
    *other* side also has 0: see ``bubbles`` for the share across); 1: with all sides evenly.
    Directed: contacts are the accounts it acts upon; undirected: also those that act upon it.
    Weighted: shares of acts instead of contacts.

    Few contacts look like a bubble whatever the account does: one contact has no diversity, and
    the plain entropy of N is too low by about (K − 1)/2N. Hence `correction` and `min_contacts`.
    The correction is applied to each account, N being its contacts, or when weighted
    (Σ w)² / Σ w² of them: acts upon one account are no independent draws, and their unit must not
    matter. It helps from about five contacts on (of two even sides, N = 10: plain entropy .077 too
    low, corrected .005) and cannot help who saw one side only: compare graphs of like activity,
    or read the value beside its null model. ``simpson`` with ``unbiased`` has no such bias from
    two contacts on. What makes the mean right lets an account exceed 1, and by chance the mean of
    few, where many have two or three contacts (1.07 over 192 accounts of a random graph): it is
    not cut, so that nulls keep their spread. With ``correction=none`` it is in [0, 1]. Accounts
    without contacts are not 0, they are left out and counted (``inactive``), as are those below
    `min_contacts`. Self-loops, unsided accounts and small components are dropped and counted.

    Parameters
    ----------
    by
        ``entropy|simpson|rao_stirling``.
    correction
        Of the entropy ``miller_madow`` [2], ``chao_shen`` [3] or ``none``; of the others
        ``unbiased`` (pairs of contacts without replacement) or ``none``. ``auto`` is the first
        named; ``choices["correction"]`` says which was used.
    min_contacts
        Least number of distinct contacts of an account that counts.
    distances
        For ``rao_stirling``: a symmetric K × K table in [0, 1] in the order of ``sides.names``;
        None takes 1 − the cosine of the sides' rows in the mixing matrix, as for fields of
        science in [4].
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        ≥ 0 and about 1 at most, low = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, no account with `min_contacts`, or a side without
        contacts has no distance.
    UsageError
        A choice has a value that is not allowed; ``chao_shen`` when weighted.

    References
    ----------
    .. [1] Stirling (2007) A general framework for analysing diversity in science, technology and
       society. Journal of the Royal Society Interface 4(15), 707–719. doi:10.1098/rsif.2007.0213
    .. [2] Miller (1955) Note on the bias of information estimates. In Information Theory in
       Psychology II-B, 95–100.
    .. [3] Chao & Shen (2003) Nonparametric estimation of Shannon's index of diversity when there
       are unseen species in sample. Environmental and Ecological Statistics 10, 429–443.
       doi:10.1023/A:1026096204727
    .. [4] Porter & Rafols (2009) Is science becoming more interdisciplinary? Scientometrics 81,
       719–745. doi:10.1007/s11192-008-2197-2
    """
    return index_of(
        "exposure_diversity",
        graph,
        sides,
        choices={
            "by": by,
            "correction": correction,
            "min_contacts": min_contacts,
            "distances": distances,
        },
        direction=direction,
        weights=weights,
        component=component,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Bubbles(Tabular):
    """How mixed each account's contacts are.

    Attributes
    ----------
    table
        ``account side acts contacts cross_share entropy entropy_corrected simpson rao_stirling``
        in account order; the last five are empty where there are too few contacts, and the last
        one where a side acts upon nobody, so that it is at no distance from the others.
    known, unknown, inactive
        Accounts with a value, with contacts but fewer than ``min_contacts``, and without contacts.
    dropped
        ``self_loops unsided outside_component``.
    choices
        Every choice that changed the numbers.
    """

    table: pd.DataFrame
    known: int
    unknown: int
    inactive: int
    dropped: dict[str, int]
    choices: dict[str, Any] = field(default_factory=dict)
    graph_fingerprint: str = ""

    def to_pandas(self) -> pd.DataFrame:
        """Return the accounts."""
        return self.table

    def by_side(self) -> pd.DataFrame:
        """Return per side its accounts, those with a value, mean and median of their share."""
        grouped = self.table.groupby("side", sort=True)["cross_share"]
        made = grouped.agg(accounts="size", known="count", cross_share="mean", median="median")
        return made.reset_index()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object: counts, choices and the sides; unknown is None."""
        rows = self.by_side().astype(object)
        return {
            "known": self.known,
            "unknown": self.unknown,
            "inactive": self.inactive,
            "dropped": dict(self.dropped),
            "choices": dict(self.choices),
            "sides": rows.where(rows.notna(), None).to_dict("records"),
        }

    def _shown(self) -> pd.DataFrame:
        return self.by_side()


def bubbles(
    graph: InteractionGraph,
    sides: Partition,
    *,
    opinions: NodeScores | None = None,
    min_contacts: int = 5,
    correction: str = "miller_madow",
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> Bubbles:
    """Return for each account how much of what it deals with comes from other sides.

    ``cross_share`` is the share of contacts (acts when weighted) that are on another side than
    the account itself, among those that have a side: the cross-cutting share of [1]. The other
    columns are the diversities of ``exposure_diversity``, in [0, 1]: plain ``entropy``,
    ``simpson`` and ``rao_stirling``, and the entropy corrected for the small sample, here cut at 1
    for each account. ``acts`` and
    ``contacts`` count what goes to accounts with a side, the account itself left out (undirected:
    also what comes from them).

    Parameters
    ----------
    opinions
        Positions of the accounts of this graph: the distance of two sides is then the difference
        of their means over the range of all. None takes 1 − the cosine of their mixing.
    min_contacts
        Accounts with fewer distinct contacts are unknown, not bubbled.
    correction
        ``miller_madow``, ``chao_shen`` or ``none``.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    Bubbles
        One row an account.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, no edge between accounts with a side, opinions that
        are all alike.
    UsageError
        A choice has a value that is not allowed; ``chao_shen`` when weighted.
    InputError
        Sides or opinions belong to another graph.

    References
    ----------
    .. [1] Bakshy, Messing & Adamic (2015) Exposure to ideologically diverse news and opinion on
       Facebook. Science 348(6239), 1130–1132. doi:10.1126/science.aaa1160
    """
    import pandas as pd

    used = _correction("entropy", correction)
    _check_min_contacts(min_contacts)
    common = {"direction": direction, "component": component}
    prepared = prepare(graph, sides, weights=weights, **common)
    prepared.check_sides()
    acts = prepared.acts.sum(axis=1)
    if used == "chao_shen" and prepared.weighted:
        raise UsageError(NO_COUNTS, value=used, remedy="use miller_madow, or weights=unweighted")
    counts, contacts, size = _exposures(prepared)
    enough = contacts >= min_contacts
    between = _between(graph, prepared, opinions)
    seen = counts[enough]
    own = seen[np.arange(len(seen)), prepared.labels[enough]]
    columns = {
        "cross_share": 1 - own / seen.sum(axis=1),
        "entropy": entropy(seen),
        "entropy_corrected": np.minimum(_entropies(used, seen, size[enough]), 1.0),
        "simpson": rao_stirling(seen, 1.0 - np.eye(prepared.k)),
        "rao_stirling": np.full(len(seen), np.nan)
        if between is None
        else rao_stirling(seen, between),
    }
    table = pd.DataFrame(
        {
            "account": graph.accounts[prepared.places],
            "side": np.asarray(prepared.names, dtype=object)[prepared.labels],
            "acts": np.asarray(acts, dtype=np.float64).ravel(),
            "contacts": contacts,
            **{name: _spread(values, enough) for name, values in columns.items()},
        }
    )
    inactive = int((contacts == 0).sum())
    return Bubbles(
        table,
        int(enough.sum()),
        len(table) - int(enough.sum()) - inactive,
        inactive,
        prepared.summary["dropped"],
        {
            **common,
            "weights": weights,
            "min_contacts": min_contacts,
            "correction": used,
            "distances": "mixing" if opinions is None else opinions.name,
            **prepared.facts,
        },
        graph.fingerprint,
    )


def _between(
    graph: InteractionGraph, prepared: Prepared, opinions: NodeScores | None
) -> NDArray[np.float64] | None:
    """Return the distances between the sides; None where a side acts upon nobody."""
    if opinions is None:
        mixing = prepared.mixing()
        return profile_distances(mixing) if mixing.any(axis=1).all() else None
    opinions.check(graph)
    held = np.full(graph.nodes, np.nan)
    held[graph.positions(opinions.ids.to_pylist())] = opinions.values
    return opinion_distances(prepared, held[prepared.places])


def _exposures(
    prepared: Prepared,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the weight from each account to each side, (n, K), its contacts and their number.

    The last is (Σ w)² / Σ w², what so many weighted contacts are worth. O(m).
    """
    n, k, weight = prepared.nodes, prepared.k, prepared.matrix.data
    contacts = np.diff(prepared.matrix.indptr).astype(np.int64)
    rows = np.repeat(np.arange(n), contacts)
    sums = np.bincount(
        rows * k + prepared.labels[prepared.matrix.indices], weights=weight, minlength=n * k
    )
    counts = sums.reshape(n, k).astype(np.float64)
    squares = np.bincount(rows, weights=weight**2, minlength=n)
    size = np.divide(counts.sum(axis=1) ** 2, squares, out=np.zeros(n), where=contacts > 0)
    return counts, contacts, size


def _entropies(
    correction: str, counts: NDArray[np.float64], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    if correction == "miller_madow":
        return miller_madow(counts, size)
    return chao_shen(counts) if correction == "chao_shen" else entropy(counts)


def _correction(by: str, correction: str) -> str:
    """Return the correction that is used, or refuse it."""
    if by not in CORRECTIONS:
        raise UsageError(
            "by has a value that is not allowed", value=by, allowed=", ".join(CORRECTIONS)
        )
    if correction == "auto":
        return CORRECTIONS[by][0]
    if correction not in CORRECTIONS[by]:
        raise UsageError(
            f"correction has a value that is not allowed for by={by}",
            value=correction,
            allowed=", ".join(CORRECTIONS[by]),
        )
    return correction


def _check_min_contacts(min_contacts: int) -> None:
    if isinstance(min_contacts, bool) or not isinstance(min_contacts, int) or min_contacts < 1:
        raise UsageError("min_contacts must be a whole number ≥ 1", value=min_contacts)


def _spread(values: NDArray[np.float64], where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return `values` at the places of `where`, empty elsewhere."""
    made = np.full(len(where), np.nan)
    made[where] = values
    return made
