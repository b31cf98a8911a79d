"""One step from a window to the next: which communities are linked, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from workbench.graphs.agreement import adjusted_mutual_information

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from workbench.model.partition import Partition

__all__ = ["CHANGES", "Rule", "Step", "Window"]

#: Events after which a community is not what it was.
CHANGES = ("birth", "death", "merge", "split")
#: One account in common makes no link between larger communities.
FEWEST_SHARED = 2
#: A community whose size changes by less than this share is steady.
STEADY = 0.1


@dataclass(frozen=True)
class Rule:
    """When two communities of successive windows are linked.

    Attributes
    ----------
    name
        ``inclusion`` (the larger of the two shares of shared accounts) or ``jaccard``.
    threshold
        Least overlap of a link, in (0, 1].
    among
        ``both``: accounts in only one of the windows play no part; ``all``: they do.
    """

    name: str
    threshold: float
    among: str

    def overlap(
        self, shared: NDArray[Any], before: NDArray[Any], after: NDArray[Any]
    ) -> NDArray[np.float64]:
        """Return the overlap of pairs that share accounts, in (0, 1]."""
        if self.name == "jaccard":
            return np.asarray(shared / (before + after - shared), dtype=np.float64)
        return np.asarray(shared / np.minimum(before, after), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Window:
    """The followed communities of one window: those of `least` accounts or more.

    Attributes
    ----------
    labels
        Followed community of each account, −1 for none, shape (n,).
    sizes
        Accounts of each followed community, shape (k,).
    """

    partition: Partition
    labels: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, partition: Partition, least: int) -> Window:
        """Return the window of a partition, whose communities stand in falling size."""
        sizes = np.array([size for size in partition.sizes if size >= least], dtype=np.int64)
        labels = partition.labels.astype(np.int64)
        return cls(partition, np.where(labels < len(sizes), labels, -1), sizes)

    @property
    def k(self) -> int:
        """Number of followed communities."""
        return len(self.sizes)


@dataclass(frozen=True, eq=False)
class Step:
    """Two windows, and the links between their communities.

    Attributes
    ----------
    first, second
        The windows.
    pool
        Positions of the accounts that are in both, in the first and in the second.
    overlap
        ``(a, b)`` → overlap of each linked pair.
    shared
        ``(a, b)`` → accounts in both windows that a and b share, of every pair that shares one.
    heirs
        Community of the first window → the one of the second that is the same further on.
    """

    first: Window
    second: Window
    pool: tuple[NDArray[np.int64], NDArray[np.int64]]
    overlap: dict[tuple[int, int], float]
    shared: dict[tuple[int, int], int]
    heirs: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        first: Window,
        second: Window,
        rule: Rule,
        *,
        pool: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
    ) -> Step:
        """Return the step; `pool` are the accounts to compare where not all in both."""
        here, there = common(first.partition, second.partition) if pool is None else pool
        a, b = first.labels[here], second.labels[there]
        both = (a >= 0) & (b >= 0)
        codes, counts = np.unique(a[both] * max(second.k, 1) + b[both], return_counts=True)
        rows, columns = np.divmod(codes, max(second.k, 1))
        if rule.among == "both":
            before = np.bincount(a[a >= 0], minlength=first.k)
            after = np.bincount(b[b >= 0], minlength=second.k)
        else:
            before, after = first.sizes, second.sizes
        ends = (counts, before[rows], after[columns])
        overlap = rule.overlap(*ends)
        closest = Rule("jaccard", rule.threshold, rule.among).overlap(*ends)
        pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
        fewest = np.minimum(FEWEST_SHARED, np.minimum(first.sizes[rows], second.sizes[columns]))
        linked = (overlap >= rule.threshold - 1e-12) & (counts >= fewest)
        order = np.lexsort((columns, rows, -counts, -closest))
        return cls(
            first,
            second,
            (here, there),
            {pairs[i]: float(overlap[i]) for i in np.flatnonzero(linked)},
            dict(zip(pairs, counts.tolist(), strict=True)),
            _heirs([pairs[i] for i in order if linked[i]]),
        )

    @property
    def accounts(self) -> int:
        """Number of accounts compared."""
        return len(self.pool[0])

    def ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the followed community of each compared account, before and after."""
        return self.first.labels[self.pool[0]], self.second.labels[self.pool[1]]

    def moved(self) -> float | None:
        """Return the share of compared accounts that are not where their community went on.

        Of those in a followed community in either window, in [0, 1]; None when there is none.
        """
        a, b = self.ends()
        heir = np.array([self.heirs.get(i, -2) for i in range(self.first.k)] + [-2])
        followed = (a >= 0) | (b >= 0)
        if not followed.any():
            return None
        return float((heir[a[followed]] != b[followed]).mean())

    def agreement(self) -> float | None:
        """Return the AMI over compared accounts with a community of any size in both windows."""
        a = self.first.partition.labels[self.pool[0]]
        b = self.second.partition.labels[self.pool[1]]
        both = (a >= 0) & (b >= 0)
        return adjusted_mutual_information(a[both], b[both]) if both.sum() > 1 else None

    def changes(self) -> int:
        """Return the number of births, deaths, merges and splits that compared accounts show."""
        return sum(row["event"] in CHANGES and row["seen"] > 0 for row in self.events())

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield what became of each community: ``event before after`` and their counts."""
        children, parents = defaultdict(list), defaultdict(list)
        for a, b in sorted(self.overlap):
            children[a].append(b)
            parents[b].append(a)
        present = [
            np.bincount(labels[labels >= 0], minlength=window.k)
            for labels, window in zip(self.ends(), (self.first, self.second), strict=True)
        ]
        for a in range(self.first.k):
            if not children[a]:
                yield self._event("death", [a], [], int(present[0][a]))
            elif len(children[a]) > 1:
                yield self._event("split", [a], children[a], int(present[0][a]))
            elif len(parents[children[a][0]]) == 1:
                yield self._event(self._pace(a), [a], children[a], int(present[0][a]))
        for b in range(self.second.k):
            if not parents[b]:
                yield self._event("birth", [], [b], int(present[1][b]))
            elif len(parents[b]) > 1:
                seen = int(present[0][parents[b]].sum())
                yield self._event("merge", parents[b], [b], seen)

    def _pace(self, a: int) -> str:
        ratio = self.second.sizes[self.heirs[a]] / self.first.sizes[a]
        return "grow" if ratio > 1 + STEADY else "shrink" if ratio < 1 - STEADY else "continue"

    def _event(self, event: str, before: list[int], after: list[int], seen: int) -> dict[str, Any]:
        pairs = [(a, b) for a in before for b in after]
        return {
            "event": event,
            "before": before,
            "after": after,
            "size_before": int(self.first.sizes[before].sum()),
            "size_after": int(self.second.sizes[after].sum()),
            "shared": sum(self.shared.get(pair, 0) for pair in pairs),
            "seen": seen,
            "overlap": self.overlap[pairs[0]] if len(pairs) == 1 else None,
        }


def common(first: Partition, second: Partition) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions of the accounts of both partitions, in the one and in the other."""
    found = pc.fill_null(pc.index_in(first.ids, value_set=second.ids), -1)
    there = np.asarray(found, dtype=np.int64)
    here = np.flatnonzero(there >= 0)
    return here, there[here]


def _heirs(links: list[tuple[int, int]]) -> dict[int, int]:
    """Return who goes on as whom: of linked pairs, closest first, the first of each community."""
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for a, b in links:
        if a not in heirs and b not in taken:
            heirs[a] = b
            taken.add(b)
    return heirs
