"""Reverse-reachable sets: who could have reached a random account, and the best cover of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError
from workbench.influence.flow import Arcs, Flow, cascade, out_of
from workbench.influence.seen import Hashed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.influence.seen import Seen

__all__ = ["Cover", "ReverseSets", "certify", "cover", "draw", "most_sets"]

#: Members of all sets of one sample together; 4 bytes each, and as many again in the index.
_MOST_MEMBERS = 1 << 28
#: Members that are drawn at a time, and sets of the first batch, which tells how large they are.
_MEMBERS = 1 << 21
_FIRST = 1 << 8


@dataclass(frozen=True, eq=False)
class ReverseSets:
    """A sample of reverse-reachable sets.

    The set of a random account holds everyone from whom a cascade would have reached it, itself
    among them. The share of sets that a group of accounts hits, times n, estimates its spread
    without bias, unless the group was chosen on these sets.

    Attributes
    ----------
    nodes
        Number of accounts n.
    indptr, members
        The members of set i are ``members[indptr[i]:indptr[i+1]]``, node positions.
    """

    nodes: int
    indptr: NDArray[np.int64]
    members: NDArray[np.int32]

    @property
    def count(self) -> int:
        """Number of sets."""
        return len(self.indptr) - 1

    def hit_by(self, accounts: NDArray[np.int64]) -> int:
        """Return how many sets hold at least one of `accounts` (node positions)."""
        chosen = np.zeros(self.nodes, dtype=bool)
        chosen[accounts] = True
        owner = np.repeat(np.arange(self.count), np.diff(self.indptr))
        return len(np.unique(owner[chosen[self.members]]))

    def joined(self, other: ReverseSets) -> ReverseSets:
        """Return these sets followed by the others."""
        return ReverseSets(
            self.nodes,
            np.concatenate([self.indptr, self.indptr[-1] + other.indptr[1:]]),
            np.concatenate([self.members, other.members]),
        )


def draw(flow: Flow, count: int, *, rng: np.random.Generator) -> ReverseSets:
    """Return `count` reverse-reachable sets of accounts drawn with equal chances.

    Independent cascade: everyone who is reached from the account over live arcs against the flow.
    Linear threshold: a walk against the flow that goes on to one of the amplified with the chance
    of that arc, and ends otherwise, or where it has been before (its live-edge form [1]_).

    Raises
    ------
    UsageError
        The sets have more than 268 million members together.

    References
    ----------
    .. [1] Kempe, Kleinberg & Tardos (2003) Maximizing the spread of influence through a social
       network. KDD, 137–146. doi:10.1145/956750.956769
    """
    n = flow.nodes
    backwards = _walks if flow.model == "linear_threshold" else cascade
    sizes, members = [np.zeros(1, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
    done = total = 0
    while done < count:
        # So many at a time that the members of a batch, at the size seen so far, stay in the cache.
        at_once = min(count - done, _MEMBERS * done // total if done else _FIRST)
        at_once = max(1, at_once)
        roots = rng.integers(0, n, at_once)
        cells = backwards(flow.against, np.arange(at_once), roots, seen=Hashed(), rng=rng)
        done, total = done + at_once, total + len(cells)
        if total > _MOST_MEMBERS:
            raise UsageError(
                "the reverse-reachable sets become too large",
                value=f"{total // done:,} accounts a set, {count:,} sets",
                allowed=f"{_MOST_MEMBERS:,} members together",
                remedy="ask for fewer sets, a larger epsilon, or a smaller chance of the arcs",
            )
        cells.sort()
        members.append((cells % n).astype(np.int32))
        sizes.append(np.bincount(cells // n, minlength=at_once))
    return ReverseSets(n, np.cumsum(np.concatenate(sizes)), np.concatenate(members))


def _walks(
    arcs: Arcs,
    sample: NDArray[np.int64],
    node: NDArray[np.int64],
    *,
    seen: Seen,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the cells on the way of one walk a sample."""
    n = len(arcs.indptr) - 1
    below = np.concatenate([[0.0], np.cumsum(arcs.chance)])
    cells = seen.fresh(sample * n + node)
    reached = [cells]
    while len(cells):
        nodes = cells % n
        first, last = arcs.indptr[nodes], arcs.indptr[nodes + 1]
        aim = below[first] + rng.random(len(nodes))
        going = np.flatnonzero(aim < below[last])
        place = np.searchsorted(below, aim[going], side="right") - 1
        cells = seen.fresh((cells - nodes)[going] + arcs.indices[place])
        reached.append(cells)
    return np.concatenate(reached)


@dataclass(frozen=True, eq=False)
class Cover:
    """Accounts chosen one by one so that they hit as many sets as possible.

    Attributes
    ----------
    chosen
        Node positions in the order of choice, shape (k,).
    gains
        Sets newly hit by each, shape (k,).
    most
        No k accounts hit more of these sets than this.
    """

    chosen: NDArray[np.int64]
    gains: NDArray[np.int64]
    most: int


def cover(sets: ReverseSets, k: int) -> Cover:
    """Return the greedy cover of the sets by `k` accounts; ties go to the first in account order.

    The bound ``most`` is the smallest, over the steps, of what is hit so far plus the k largest
    gains that are left; submodularity makes it a bound on every choice of k accounts [1]_.

    References
    ----------
    .. [1] Tang, Tang, Xiao & Yuan (2018) Online processing algorithms for influence maximization.
       SIGMOD, 991–1005. doi:10.1145/3183713.3183749
    """
    from scipy.sparse import csr_array

    n = sets.nodes
    ones = np.ones(len(sets.members), dtype=np.int8)
    held = csr_array((ones, sets.members, sets.indptr), shape=(sets.count, n)).tocsc()
    start, owner = held.indptr.astype(np.int64), held.indices.astype(np.int64)
    gain = np.diff(start)
    hit = np.zeros(sets.count, dtype=bool)
    free = np.ones(n, dtype=bool)
    chosen, gains = np.empty(k, dtype=np.int64), np.empty(k, dtype=np.int64)
    most, reached = sets.count, 0
    for step in range(k):
        most = min(most, reached + _largest(gain, k))
        best = int(np.argmax(np.where(free, gain, -1)))
        fresh = owner[start[best] : start[best + 1]]
        fresh = fresh[~hit[fresh]]
        chosen[step], gains[step] = best, len(fresh)
        hit[fresh], free[best] = True, False
        reached += len(fresh)
        gain -= np.bincount(sets.members[out_of(sets.indptr, fresh)[1]], minlength=n)
    return Cover(chosen, gains, min(most, reached + _largest(gain, k)))


def _largest(gain: NDArray[np.int64], k: int) -> int:
    return int(np.partition(gain, len(gain) - k)[len(gain) - k :].sum())


def certify(nodes: int, *, hit: int, most: int, sets: int, failure: float) -> tuple[float, float]:
    """Return a lower bound of the spread of the chosen, and an upper one of any k accounts.

    Concentration bounds of the coverage of two independent samples of `sets` sets each (equations
    5 and 8 of [1]_): each bound fails with probability at most `failure`.

    Parameters
    ----------
    hit
        Sets of the second sample that the chosen hit; the first one chose them.
    most
        Bound on the sets of the first sample that any k accounts hit.

    References
    ----------
    .. [1] Tang, Tang, Xiao & Yuan (2018) Online processing algorithms for influence maximization.
       SIGMOD, 991–1005. doi:10.1145/3183713.3183749
    """
    a = log(1 / failure)
    low = (sqrt(hit + 2 * a / 9) - sqrt(a / 2)) ** 2 - a / 18
    high = (sqrt(most + a / 2) + sqrt(a / 2)) ** 2
    return max(0.0, low) * nodes / sets, min(float(nodes), high * nodes / sets)


def most_sets(nodes: int, k: int, *, epsilon: float, failure: float) -> float:
    """Return after how many sets a sample guarantees 1 − 1/e − ε whatever the graph.

    θ_max = 2n ((1 − 1/e) √ln(6/δ) + √((1 − 1/e)(ln C(n, k) + ln(6/δ))))² / (ε² k), equation 17
    of [1]_ with k, the least that k accounts can reach, for the best spread.

    References
    ----------
    .. [1] Tang, Tang, Xiao & Yuan (2018) Online processing algorithms for influence maximization.
       SIGMOD, 991–1005. doi:10.1145/3183713.3183749
    """
    ways = lgamma(nodes + 1) - lgamma(k + 1) - lgamma(nodes - k + 1)
    greedy, certain = 1 - np.exp(-1), log(6 / failure)
    root = greedy * sqrt(certain) + sqrt(greedy * (ways + certain))
    return float(2 * nodes * root**2 / (epsilon**2 * k))
