"""Are the sides right, and what are they: against given labels, and by what their posts carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information, adjusted_rand
from workbench.graphs.terms import COLUMNS, Written, distinctive, log_odds, term_uses
from workbench.model.csr import bare_positions
from workbench.model.partition import Partition
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from workbench.model.corpus import Corpus

__all__ = ["Confusion", "SideNames", "confusion", "log_odds", "name_sides"]

TERMS = ("hashtag", "domain", "language")


@dataclass(frozen=True, eq=False, repr=False)
class Confusion(Tabular):
    """Found sides against given labels of the same accounts.

    Attributes
    ----------
    matrix
        Accounts by side (rows) and label (columns), only those that have both.
    accuracy
        Share of them on the diagonal under the best one-to-one matching of sides and labels, in
        (0, 1]; `matching` is that matching. A side or label that is left over is all wrong.
    adjusted_rand, adjusted_mutual_information
        Agreement beyond chance, ≤ 1; they need no matching.
    majority
        Share of the largest label: the accuracy of calling everybody that.
    coverage
        Share of the accounts with a side that have a label.
    without_label, without_side
        Ids with a side but no label, in account order; ids with a label but no side, sorted.
    """

    matrix: pd.DataFrame
    accuracy: float
    matching: dict[str, str]
    adjusted_rand: float
    adjusted_mutual_information: float
    majority: float
    coverage: float
    without_label: list[str]
    without_side: list[str]

    def to_pandas(self) -> pd.DataFrame:
        """Return the matrix."""
        return self.matrix

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; of accounts that lack one of the two it says how many."""
        return {
            "matrix": {
                str(side): {str(label): int(n) for label, n in row.items()}
                for side, row in self.matrix.iterrows()
            },
            "accuracy": self.accuracy,
            "matching": dict(self.matching),
            "adjusted_rand": self.adjusted_rand,
            "adjusted_mutual_information": self.adjusted_mutual_information,
            "majority": self.majority,
            "coverage": self.coverage,
            "without_label": len(self.without_label),
            "without_side": len(self.without_side),
        }


def confusion(sides: Partition, given: Partition | Mapping[str, str]) -> Confusion:
    """Return how far sides agree with labels that are known by other means.

    Accounts are matched by id (bare ids where they are unambiguous), so that the labels may belong
    to another graph. What has no label is left out, listed and never counted as wrong: read
    ``accuracy`` beside ``coverage`` and beside ``majority``.

    Raises
    ------
    UndefinedError
        No account has both a side and a label.

    References
    ----------
    .. [1] Hubert & Arabie (1985) Comparing partitions. Journal of Classification 2, 193–218.
       doi:10.1007/BF01908075
    """
    import pandas as pd
    from scipy.optimize import linear_sum_assignment

    labels, outside = _labels_of(sides, given)
    sided = sides.labels >= 0
    known = np.array([label is not None for label in labels], dtype=bool)
    both = np.flatnonzero(sided & known)
    if not len(both):
        raise UndefinedError(
            "no account has both a side and a label",
            value=f"{int(sided.sum())} with a side, {int(known.sum())} with a label",
        )
    chosen = [str(labels[i]) for i in both]
    names = sorted(set(chosen))
    code = {name: i for i, name in enumerate(names)}
    theirs = np.array([code[label] for label in chosen])
    ours = sides.labels[both]
    counts = np.zeros((sides.k, len(names)), dtype=np.int64)
    np.add.at(counts, (ours, theirs), 1)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    ids = sides.ids.to_pylist()
    return Confusion(
        pd.DataFrame(counts, index=list(sides.names), columns=names).rename_axis("side"),
        float(counts[rows, columns].sum() / len(both)),
        {sides.names[r]: names[c] for r, c in zip(rows.tolist(), columns.tolist(), strict=True)},
        adjusted_rand(ours, theirs),
        adjusted_mutual_information(ours, theirs),
        float(counts.sum(axis=0).max() / len(both)),
        len(both) / int(sided.sum()),
        [str(ids[i]) for i in np.flatnonzero(sided & ~known)],
        sorted([str(ids[i]) for i in np.flatnonzero(~sided & known)] + outside),
    )


def _labels_of(
    sides: Partition, given: Partition | Mapping[str, str]
) -> tuple[list[str | None], list[str]]:
    """Return the label of each account of `sides`, and the labelled accounts it does not have."""
    if isinstance(given, Partition):
        kept = np.flatnonzero(given.labels >= 0)
        ids = given.ids.to_pylist()
        given = {str(ids[i]): given.names[given.labels[i]] for i in kept}
    place = {str(account): i for i, account in enumerate(sides.ids.to_pylist())}
    bare = bare_positions(sides.ids)
    labels: list[str | None] = [None] * len(place)
    outside = []
    for account, label in given.items():
        position = place.get(account, bare.get(account, -1))
        if position < 0:
            outside.append(account)
        else:
            labels[position] = str(label)
    return labels, outside


@dataclass(frozen=True, eq=False, repr=False)
class SideNames(Tabular):
    """What tells the posts of one side from those of the others.

    Attributes
    ----------
    table
        ``side kind term count others log_odds z`` by side, kind and falling z: how many accounts
        of the side, and of the other sides, used the term.
    accounts
        Side → its accounts, and those among them with at least one term: the rest is silent here.
    choices
        Every choice that changed the numbers.
    skipped
        Kind → why it says nothing.
    """

    table: pd.DataFrame
    accounts: pd.DataFrame
    choices: dict[str, Any] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return the terms."""
        return self.table

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "terms": self.table.to_dict("records"),
            "accounts": self.accounts.to_dict("records"),
            "choices": dict(self.choices),
            "skipped": dict(self.skipped),
        }


def name_sides(
    corpus: Corpus,
    sides: Partition,
    *,
    top: int = 5,
    kinds: tuple[str, ...] = TERMS,
    min_accounts: int = 3,
    prior: float = 1.0,
) -> SideNames:
    """Return the hashtags, domains and languages by which the posts of the sides differ most.

    For each kind of term, side against all other sides together: log-odds with an informative
    Dirichlet prior [1], δ = log (y + α)/(n + α₀ − y − α) of the side − the same of the others, and
    z = δ / σ, σ² = 1/(y + α) + 1/(n + α₀ − y − α) + the same of the others. A use is an account and
    a term, however often it posts it, so that one busy account names no side. Terms are those of
    the authors' own primary posts (shares are left out). α is the term's share of all uses times
    α₀ = `prior` times the number of distinct terms: a rare term is drawn to no difference. The
    texts of posts play no part.

    Parameters
    ----------
    top
        Terms for each side and kind, of those with z > 0; ties are in the order of the terms.
    kinds
        Some of ``hashtag domain language``.
    min_accounts
        Least accounts over all sides that used a term: what fewer used could name a person.
    prior
        Weight of the prior: uses a term on average, > 0.

    Returns
    -------
    SideNames
        z beyond 2 is more than chance for one term; of many terms some are.

    Raises
    ------
    UsageError
        A choice has a value that is not allowed.
    UndefinedError
        There is one side only.
    CannotBuildError
        The corpus has no posts.

    References
    ----------
    .. [1] Monroe, Colaresi & Quinn (2008) Fightin' words: lexical feature selection and
       evaluation for identifying the content of political conflict. Political Analysis 16(4),
       372–403. doi:10.1093/pan/mpn018
    """
    import pandas as pd

    _check_names(sides, top, kinds, min_accounts, prior)
    if not corpus.rows("posts"):
        raise CannotBuildError("this data has no posts that could name the sides")
    tables, skipped, heard = [], {}, set()
    with open_session(corpus) as session:
        written = Written.of(session, kinds=kinds)
        uses = {kind: term_uses(session, kind, sides, written=written) for kind in kinds}
    for kind, rows in uses.items():
        heard |= set(rows.column("account").to_pylist())
        found = distinctive(rows, sides.names, top=top, least=min_accounts, prior=prior)
        if isinstance(found, str):
            skipped[kind] = found
        else:
            tables.append(found.assign(kind=kind))
    columns = ["side", "kind", *COLUMNS]
    table = pd.concat(tables)[columns] if tables else pd.DataFrame(columns=columns)
    order = table["side"].map({name: i for i, name in enumerate(sides.names)})
    table = table.iloc[np.argsort(order.to_numpy(dtype=np.int64), kind="stable")]
    voices = np.isin(np.asarray(sides.ids.to_pylist(), dtype=object), list(heard))
    spoke = np.bincount(sides.labels[voices & (sides.labels >= 0)], minlength=sides.k)
    return SideNames(
        table.reset_index(drop=True),
        pd.DataFrame({"side": sides.names, "accounts": sides.sizes, "with_terms": spoke}),
        {"top": top, "kinds": list(kinds), "min_accounts": min_accounts, "prior": prior},
        skipped,
    )


def _check_names(
    sides: Partition, top: int, kinds: tuple[str, ...], min_accounts: int, prior: float
) -> None:
    unknown = [kind for kind in kinds if kind not in TERMS]
    if unknown or not kinds:
        raise UsageError("no such kind of term", value=unknown, allowed=", ".join(TERMS))
    if top < 1 or min_accounts < 1:
        raise UsageError("top and min_accounts must be ≥ 1", value=f"{top}, {min_accounts}")
    if not 0 < prior < float("inf"):
        raise UsageError("prior must be > 0 and finite", value=prior)
    if sides.k < 2:
        raise UndefinedError("there is one side only", value=sides.k, allowed="two or more sides")
