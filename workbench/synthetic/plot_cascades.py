"""Rumours and their corrections: retweet trees whose true shape the platform does not tell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS
from workbench.synthetic.phrases import CORRECTIONS, RUMOURS
from workbench.synthetic.publisher import PLATFORM

if TYPE_CHECKING:
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.live import Post

__all__ = ["plan_cascades"]

_SMALLEST, _LARGEST = 4, 2_000


@dataclass(frozen=True)
class _Shape:
    """How a cascade grows: who is copied, and how fast (minutes)."""

    from_root: float
    delay: float


#: A rumour passes from hand to hand, a correction is mostly taken from its source.
_SHAPES = {"rumour": _Shape(0.2, 25.0), "correction": _Shape(0.85, 60.0)}


def plan_cascades(crisis: Crisis, ledger: Ledger) -> None:
    """Plan pairs of a rumour and its correction until their share of the posts is used up.

    Sizes are Pareto (tail exponent 1.2), and equal within a pair, so that a difference in depth is
    none of size. A correction starts two to eight hours after its rumour.
    """
    config, uniform = crisis.config, crisis.uniform
    budget = int(config.cascade_share * crisis.posts)
    largest = min(_LARGEST, max(12, crisis.posts // 50), crisis.population.size // 4)
    number = 0
    while budget >= 2 * _SMALLEST:
        size = min(int(_SMALLEST * (1 - uniform()) ** (-1 / 1.2)), largest, budget // 2)
        begin = config.start_ms + int((0.05 + 0.8 * uniform()) * config.hours) * HOUR_MS
        claim = int(uniform() * len(RUMOURS))
        later = begin + int((2 + 6 * uniform()) * HOUR_MS)
        for kind, start, corrects in (("rumour", begin, ""), ("correction", later, str(number))):
            cascade = _Cascade(crisis, ledger, number, kind, size, claim, corrects)
            crisis.agenda.plan(start, cascade.start)
            number += 1
        budget -= 2 * size


class _Cascade:
    """One tree: its root is written on the agenda, its branches are planned when it is."""

    def __init__(
        self, crisis: Crisis, ledger: Ledger, number: int, kind: str, size: int, claim: int,
        corrects: str,
    ) -> None:  # fmt: skip
        self._crisis = crisis
        self._ledger = ledger
        self._number = number
        self._kind = kind
        self._size = size
        self._claim = claim
        self._corrects = corrects
        self._ids: list[int] = []  # node -> its post, once published

    def start(self, ms: int) -> None:
        """Write the root and plan the whole tree."""
        crisis, uniform = self._crisis, self._crisis.uniform
        camp = int(uniform() * 2)
        author = crisis.sampler.citizen(camp, uniform())
        claims = RUMOURS if self._kind == "rumour" else CORRECTIONS
        draft = crisis.writer.plain(author)
        draft.text = claims[self._claim][int(crisis.writer.language(author) == "en")]
        draft.tag("Ysmar")
        root = crisis.publisher.original(author, ms, draft)
        self._ids = [root.id] + [0] * (self._size - 1)
        self._note(0, author, ms, parent=-1, depth=0)
        times, depths, people = [ms], [0], [author]
        known = {author}
        for node in range(1, self._size):
            parent = self._parent(node, people)
            time = times[parent] + 1_000 + int(self._delay() * 60_000)
            person = self._recruit(camp, known)
            if person < 0:
                break
            known.add(person)
            times.append(time)
            depths.append(depths[parent] + 1)
            people.append(person)
            self._plan(node, parent, person, time, depths[-1], root)

    def _parent(self, node: int, people: list[int]) -> int:
        """Return whom the next account copies: the root, or the largest audience of three."""
        uniform = self._crisis.uniform
        if uniform() < _SHAPES[self._kind].from_root:
            return 0
        followers = self._crisis.population.followers
        draws = [int(math.sqrt(uniform()) * node) for _ in range(3)]
        return max(draws, key=lambda place: int(followers[people[place]]))

    def _delay(self) -> float:
        return -_SHAPES[self._kind].delay * math.log(1 - self._crisis.uniform())

    def _recruit(self, camp: int, known: set[int]) -> int:
        """Return somebody who has not taken part: mostly of the root's camp; −1 if none is found."""
        uniform = self._crisis.uniform
        for _ in range(20):
            side = 1 - camp if uniform() < self._crisis.config.cross_retweet else camp
            person = self._crisis.sampler.citizen(side, uniform())
            if person not in known:
                return person
        return -1

    def _plan(self, node: int, parent: int, person: int, time: int, depth: int, root: Post) -> None:
        def act(ms: int) -> None:
            self._ids[node] = self._crisis.publisher.share(person, ms, root)
            self._note(node, person, ms, parent=parent, depth=depth)

        self._crisis.agenda.plan(time, act)

    def _note(self, node: int, account: int, ms: int, *, parent: int, depth: int) -> None:
        ids = [f"{PLATFORM}:{identity}" for identity in self._ids]
        self._ledger.note(
            "cascades",
            self._number,
            self._kind,
            self._corrects,
            ids[node],
            self._crisis.publisher.id_of(account),
            ids[0],
            ids[parent] if parent >= 0 else "",
            depth,
            ms,
        )
