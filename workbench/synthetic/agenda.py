"""What is already due: planned acts in time order."""

from __future__ import annotations

import heapq
from collections.abc import Callable

__all__ = ["Act", "Agenda"]

#: Something to do at a given time (epoch milliseconds).
Act = Callable[[int], None]


class Agenda:
    """A queue of planned acts; of two at one instant the first planned comes first.

    Parameters
    ----------
    end_ms
        Acts at or after this time are not taken.
    """

    def __init__(self, end_ms: int) -> None:
        self._end = end_ms
        self._heap: list[tuple[int, int, bool, Act]] = []
        self._planned = 0

    def plan(self, ms: int, act: Act, *, posts: bool = True) -> None:
        """Put `act` on the agenda; `posts` says whether it writes one post of the quota."""
        if ms < self._end:
            heapq.heappush(self._heap, (ms, self._planned, posts, act))
            self._planned += 1

    def posts_before(self, ms: int) -> int:
        """Return how many posts are due before `ms`."""
        return sum(posts for due, _, posts, _ in self._heap if due < ms)

    def run(self, until: int) -> None:
        """Do everything due before `until`, in order, also what is planned meanwhile."""
        while self._heap and self._heap[0][0] < until:
            ms, _, _, act = heapq.heappop(self._heap)
            act(ms)
