"""Rumours and their corrections: retweet trees whose true shape the platform does not tell."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS
from workbench.synthetic.draft import Draft
from workbench.synthetic.phrases import CORRECTIONS, FRENCH, RUMOURS
from workbench.synthetic.publisher import PLATFORM

if TYPE_CHECKING:
    from workbench.synthetic.agenda import Act
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.live import Post

__all__ = ["plan_cascades"]

_SMALLEST, _LARGEST = 4, 2_000
_TAIL = 1.2  # Pareto exponent of the sizes
_ATTEMPTS = 20

#: Claims and share of accounts that take a cascade from its root, mean delay in minutes.
_KINDS = {"rumour": (RUMOURS, 0.2, 25.0), "correction": (CORRECTIONS, 0.85, 60.0)}


def plan_cascades(crisis: Crisis, ledger: Ledger) -> None:
    """Plan pairs of a rumour and its correction until their share of the posts is used up.

    Sizes are Pareto, and equal within a pair, so that a difference in depth is none of size. A
    rumour passes from hand to hand, a correction is mostly taken from its source, and starts two to
    eight hours after the rumour.
    """
    config, uniform = crisis.config, crisis.uniform
    budget = int(config.cascade_share * crisis.posts)
    largest = min(_LARGEST, max(12, crisis.posts // 50), crisis.population.size // 4)
    number = 0
    while budget >= 2 * _SMALLEST:
        size = int(_SMALLEST * (1 - uniform()) ** (-1 / _TAIL))
        size = min(size, largest, budget // 2)
        start = config.start_ms + int((0.05 + 0.8 * uniform()) * config.hours) * HOUR_MS
        later = start + int((2 + 6 * uniform()) * HOUR_MS)
        claim = int(uniform() * len(RUMOURS))
        rumour = _Cascade(crisis, ledger, number=number, kind="rumour", size=size, claim=claim)
        correction = _Cascade(
            crisis, ledger, number=number + 1, kind="correction", size=size, claim=claim
        )
        crisis.agenda.plan(start, rumour.start)
        crisis.agenda.plan(later, correction.start)
        budget -= 2 * size
        number += 2


@dataclass(frozen=True)
class _Node:
    """One account's place in a tree: whom it copied, how far from the root, and when."""

    account: int
    parent: int
    depth: int
    ms: int


@dataclass
class _Cascade:
    """One tree: when its root is due, the root is written and the whole tree planned."""

    crisis: Crisis
    ledger: Ledger
    number: int = field(kw_only=True)
    kind: str = field(kw_only=True)
    size: int = field(kw_only=True)
    claim: int = field(kw_only=True)
    nodes: list[_Node] = field(default_factory=list)
    posts: dict[int, str] = field(default_factory=dict)

    def start(self, ms: int) -> None:
        """Write the root and plan the retweets of everybody else."""
        crisis = self.crisis
        camp = int(crisis.uniform() * 2)
        author = crisis.sampler.citizen(camp, crisis.uniform())
        draft = Draft(author, ms)
        french = crisis.population.language[author] == FRENCH
        draft.words(_KINDS[self.kind][0][self.claim][0 if french else 1])
        draft.tag("Ysmar")
        # The root stays out of the urns: only the tree spreads it, so that its truth is complete.
        root = crisis.publisher.original(draft)
        self.nodes = [_Node(author, -1, 0, ms)]
        self.posts = {0: root.id}
        self._note(0, ms)
        known = {author}
        while len(self.nodes) < self.size:
            account = self._recruit(camp, known)
            if account is None:
                break
            known.add(account)
            self._grow(account)
            node = len(self.nodes) - 1
            crisis.agenda.plan(self.nodes[node].ms, self._sharing(node, root))

    def _grow(self, account: int) -> None:
        """Add an account: below the root, or below the most followed of three recent ones."""
        uniform, nodes = self.crisis.uniform, self.nodes
        _, from_root, delay = _KINDS[self.kind]
        parent = 0
        if uniform() >= from_root:
            followers = self.crisis.population.followers
            three = [int(math.sqrt(uniform()) * len(nodes)) for _ in range(3)]
            parent = max(three, key=lambda node: int(followers[nodes[node].account]))
        wait = 1_000 - int(delay * 60_000 * math.log(1 - uniform()))
        above = nodes[parent]
        nodes.append(_Node(account, parent, above.depth + 1, above.ms + wait))

    def _recruit(self, camp: int, known: set[int]) -> int | None:
        """Return somebody who has not taken part, mostly of the root's camp, if one is found."""
        uniform = self.crisis.uniform
        for _ in range(_ATTEMPTS):
            side = 1 - camp if uniform() < self.crisis.config.cross_retweet else camp
            account = self.crisis.sampler.citizen(side, uniform())
            if account not in known:
                return account
        return None

    def _sharing(self, node: int, root: Post) -> Act:
        def act(ms: int) -> None:
            account = self.nodes[node].account
            self.posts[node] = self.crisis.publisher.share(account, ms, root)
            self._note(node, ms)

        return act

    def _note(self, node: int, ms: int) -> None:
        place = self.nodes[node]
        self.ledger.note(
            "cascades",
            self.number,
            self.kind,
            self.number - 1 if self.kind == "correction" else "",
            f"{PLATFORM}:{self.posts[node]}",
            self.crisis.publisher.account_id(place.account),
            f"{PLATFORM}:{self.posts[0]}",
            f"{PLATFORM}:{self.posts[place.parent]}" if node else "",
            place.depth,
            ms,
        )
