"""A pile-on: within hours many accounts of one camp turn on one journalist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS
from workbench.synthetic.phrases import ATTACKS, SUPPORTS
from workbench.synthetic.population import CITIZEN, JOURNALIST
from workbench.synthetic.publisher import PLATFORM

if TYPE_CHECKING:
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.live import Post

__all__ = ["plan_pile_on"]

_SUPPORT = 0.1  # share of the senders who stand by the target
_QUOTES = 0.25
_MEAN_HOURS = 1.5
_LONGEST_HOURS = 10.0
_SILENCE_HOURS = 48


def plan_pile_on(crisis: Crisis, ledger: Ledger) -> None:
    """Plan the pile-on for one evening before the middle of the crisis."""
    day = round(crisis.config.days * 0.4)
    start = crisis.config.start_ms + (24 * day + 18) * HOUR_MS
    size = min(max(int(crisis.config.pile_on_share * crisis.posts), 20), 4_000)
    pile_on = _PileOn(crisis, ledger, size)
    crisis.agenda.plan(start, pile_on.start)


class _PileOn:
    """The target's post, the quote that points at it, and those who follow."""

    def __init__(self, crisis: Crisis, ledger: Ledger, size: int) -> None:
        population = crisis.population
        neutral = (population.role == JOURNALIST) & (population.camp == 2)
        self._target = int(neutral.nonzero()[0][2])
        followers = population.followers.copy()
        followers[(population.camp != 1) | (population.role != CITIZEN)] = -1
        self._caller = int(followers.argmax())
        self._crisis = crisis
        self._ledger = ledger
        self._size = size
        self._senders: set[int] = {self._caller}

    def start(self, ms: int) -> None:
        """Let the target write what others will turn on."""
        crisis = self._crisis
        draft = crisis.writer.plain(self._target)
        crisis.writer.article(draft, 2, (ms - crisis.config.start_ms) // HOUR_MS)
        post = crisis.publisher.original(self._target, ms, draft)
        crisis.agenda.plan(ms + 20 * 60_000, lambda now: self._call(now, post))

    def _call(self, ms: int, post: Post) -> None:
        """Let an account with a large audience quote the post, and plan who follows."""
        crisis, uniform = self._crisis, self._crisis.uniform
        quote = crisis.comment(self._caller, ms, post, kind="quote")
        self._note(quote, post, "trigger", ms)
        crisis.silent = (self._target, ms + _SILENCE_HOURS * HOUR_MS)
        for _ in range(self._size - 2):
            stance = "support" if uniform() < _SUPPORT else "attack"
            hours = min(-_MEAN_HOURS * math.log(1 - uniform()), _LONGEST_HOURS)
            sender = self._recruit(0 if stance == "support" else 1)
            self._plan(ms + 60_000 + int(hours * HOUR_MS), sender, post, stance)

    def _recruit(self, camp: int) -> int:
        """Return a sender, a new one where the camp still has one."""
        for _ in range(20):
            sender = self._crisis.sampler.citizen(camp, self._crisis.uniform())
            if sender not in self._senders:
                break
        self._senders.add(sender)
        return sender

    def _plan(self, time: int, sender: int, post: Post, stance: str) -> None:
        def act(ms: int) -> None:
            crisis = self._crisis
            words = (SUPPORTS if stance == "support" else ATTACKS)[
                int(crisis.writer.language(sender) == "en")
            ]
            quoting = crisis.uniform() < _QUOTES
            draft = crisis.writer.address(sender, None if quoting else post)
            draft.words(crisis.writer.pick(words))
            if quoting:
                version = crisis.publisher.version(post)
                crisis.writer.status_link(draft, post, version[0])
                sent = crisis.publisher.comment(sender, ms, draft, quoted=(post, version))
            else:
                sent = crisis.publisher.comment(sender, ms, draft, answered=post)
            self._note(sent, post, stance, ms)

        self._crisis.agenda.plan(time, act)

    def _note(self, sent: Post, post: Post, stance: str, ms: int) -> None:
        publisher = self._crisis.publisher
        self._ledger.note(
            "pile_on",
            f"{PLATFORM}:{sent.id}",
            publisher.id_of(sent.author),
            publisher.id_of(self._target),
            f"{PLATFORM}:{post.id}",
            sent.kind,
            stance,
            ms,
        )
