"""How far two partitions of the same accounts agree, as a whole and account by account."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs.agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    element_centric,
    variation_of_information,
)
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.partition import Partition

__all__ = ["Comparison", "compare"]

ACCOUNTS = ("same", "shared")


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Tabular):
    """Two partitions beside each other.

    Attributes
    ----------
    adjusted_mutual_information, adjusted_rand
        Agreement beyond chance, ≤ 1.
    variation_of_information
        Distance in nats, in [0, log n]; 0 for equal partitions only.
    variation_normalised
        The same as a share of log n, in [0, 1].
    element_centric
        Mean over accounts of how alike their two communities are, in (0, 1].
    accounts
        Number of accounts compared: those with a community in both.
    only_first, only_second
        Accounts with a community in one of the two only; they play no part.
    communities
        Number of communities of either among the accounts compared.
    graphs
        Fingerprints of the graphs of the two.
    per_account
        ``account first second element_centric`` in account order; communities by name.
    """

    adjusted_mutual_information: float
    adjusted_rand: float
    variation_of_information: float
    variation_normalised: float
    element_centric: float
    accounts: int
    only_first: int
    only_second: int
    communities: tuple[int, int]
    graphs: tuple[str, str]
    per_account: pd.DataFrame

    def _words(self) -> str:
        first, second = self.communities
        return (
            f"{first:,} and {second:,} communities of {self.accounts:,} accounts, adjusted mutual "
            f"information {self.adjusted_mutual_information:.3f}"
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return ``measure value unit equal``, a row a measure; `equal` is its best value."""
        import pandas as pd

        rows = [
            ("adjusted_mutual_information", self.adjusted_mutual_information, "", 1.0),
            ("adjusted_rand", self.adjusted_rand, "", 1.0),
            ("variation_of_information", self.variation_of_information, "nats", 0.0),
            ("variation_normalised", self.variation_normalised, "share of log n", 0.0),
            ("element_centric", self.element_centric, "", 1.0),
        ]
        return pd.DataFrame(rows, columns=["measure", "value", "unit", "equal"])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; accounts are counted, not listed."""
        return {
            "adjusted_mutual_information": self.adjusted_mutual_information,
            "adjusted_rand": self.adjusted_rand,
            "variation_of_information": self.variation_of_information,
            "variation_normalised": self.variation_normalised,
            "element_centric": self.element_centric,
            "accounts": self.accounts,
            "only_first": self.only_first,
            "only_second": self.only_second,
            "communities": list(self.communities),
            "graphs": list(self.graphs),
        }


def compare(first: Partition, second: Partition, *, accounts: str = "same") -> Comparison:
    """Return how far two partitions agree.

    Adjusted mutual information, adjusted Rand index, variation of information and element-centric
    similarity over the accounts that have a community in both. The order of the two does not
    matter, nor do names of communities. High agreement is not truth: two runs of one method share
    its errors.

    Parameters
    ----------
    accounts
        ``same``: both belong to one graph, another is refused. ``shared``: they may belong to
        different graphs (two windows, say) and are compared on the accounts in both; agreement
        then says nothing of those who came or went, and ``only_first`` and ``only_second`` say how
        many that are.

    Raises
    ------
    UsageError
        `accounts` has another value.
    InputError
        The partitions belong to different graphs, and ``shared`` was not asked for.
    UndefinedError
        Fewer than two accounts have a community in both.

    References
    ----------
    .. [1] Vinh, Epps & Bailey (2010) Information theoretic measures for clusterings comparison.
       JMLR 11, 2837–2854. https://jmlr.org/papers/v11/vinh10a.html
    .. [2] Hubert & Arabie (1985) Comparing partitions. Journal of Classification 2, 193–218.
       doi:10.1007/BF01908075
    .. [3] Meilă (2007) Comparing clusterings — an information based distance. Journal of
       Multivariate Analysis 98(5), 873–895. doi:10.1016/j.jmva.2006.11.013
    .. [4] Gates, Wood, Hetrick & Ahn (2019) Element-centric clustering comparison unifies overlaps
       and hierarchy. Scientific Reports 9, 8574. doi:10.1038/s41598-019-44892-y
    """
    import pandas as pd

    if accounts not in ACCOUNTS:
        raise UsageError("no such choice of accounts", value=accounts, allowed=", ".join(ACCOUNTS))
    if accounts == "same" and first.graph_fingerprint != second.graph_fingerprint:
        raise InputError(
            "the partitions belong to different graphs",
            value=f"{first.graph_fingerprint[:12]} and {second.graph_fingerprint[:12]}",
            remedy="say accounts=shared to compare them on the accounts they share",
        )
    place = np.asarray(pc.fill_null(pc.index_in(first.ids, value_set=second.ids), -1), np.int64)
    theirs = np.where(place >= 0, second.labels[place] if len(second.labels) else -1, -1)
    both = (first.labels >= 0) & (theirs >= 0)
    if both.sum() < 2:
        raise UndefinedError(
            "fewer than two accounts have a community in both partitions", value=int(both.sum())
        )
    a, b = first.labels[both], theirs[both]
    alike = element_centric(a, b)
    distance = variation_of_information(a, b)
    named = (np.array(p.names, dtype=object)[c] for p, c in ((first, a), (second, b)))
    columns = dict(zip(("first", "second"), named, strict=True))
    ids = first.ids.filter(pa.array(both)).to_pylist()
    n = int(both.sum())
    return Comparison(
        adjusted_mutual_information(a, b),
        adjusted_rand(a, b),
        distance,
        distance / log(n),
        float(alike.mean()),
        n,
        int((first.labels >= 0).sum()) - n,
        int((second.labels >= 0).sum()) - n,
        (len(np.unique(a)), len(np.unique(b))),
        (first.graph_fingerprint, second.graph_fingerprint),
        pd.DataFrame({"account": ids, **columns, "element_centric": alike}),
    )
