"""A pile-on: within hours many accounts of one camp turn on one journalist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS
from workbench.synthetic.crisis import NEUTRAL
from workbench.synthetic.phrases import ATTACKS, FRENCH, SUPPORTS
from workbench.synthetic.population import CITIZEN, JOURNALIST
from workbench.synthetic.publisher import PLATFORM

if TYPE_CHECKING:
    from workbench.synthetic.agenda import Act
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.live import Post

__all__ = ["plan_pile_on"]

_SUPPORTERS, _ATTACKERS = 0, 1  # camps
_SUPPORT = 0.1  # share of the senders who stand by the target
_QUOTES = 0.25
_MEAN_HOURS, _LONGEST_HOURS = 1.5, 10.0
_SILENCE_HOURS = 48
_SMALLEST, _LARGEST = 20, 4_000
_ATTEMPTS = 20


def plan_pile_on(crisis: Crisis, ledger: Ledger) -> None:
    """Plan the pile-on for one evening before the middle of the crisis.

    The target, a neutral journalist, writes a post; twenty minutes later the most followed citizen
    of the attacking camp quotes it; then answers and quotes arrive with a mean delay of an hour and
    a half, nine in ten hostile, nearly all by accounts without a tie to the target. The target
    then falls silent for two days.
    """
    day = round(crisis.config.days * 0.4)
    start = crisis.config.start_ms + (24 * day + 18) * HOUR_MS
    size = min(max(int(crisis.config.pile_on_share * crisis.posts), _SMALLEST), _LARGEST)
    crisis.agenda.plan(start, _PileOn(crisis, ledger, size).start)


class _PileOn:
    """The target's post, the quote that points at it, and those who follow."""

    def __init__(self, crisis: Crisis, ledger: Ledger, size: int) -> None:
        people = crisis.population
        journalists = (people.role == JOURNALIST) & (people.camp == NEUTRAL)
        attackers = (people.role == CITIZEN) & (people.camp == _ATTACKERS)
        self._target = int(journalists.nonzero()[0][2])
        self._caller = int((people.followers * attackers).argmax())
        self._crisis = crisis
        self._ledger = ledger
        self._size = size
        self._senders = {self._caller}

    def start(self, ms: int) -> None:
        """Let the target write what others will turn on."""
        crisis = self._crisis
        draft = crisis.writer.plain(self._target, ms)
        crisis.writer.article(draft, NEUTRAL)
        post = crisis.publisher.original(draft)
        crisis.agenda.plan(ms + 20 * 60_000, lambda now: self._call(now, post))

    def _call(self, ms: int, post: Post) -> None:
        """Let the caller quote the post, and plan who follows."""
        crisis, uniform = self._crisis, self._crisis.uniform
        self._note(crisis.quote(self._caller, ms, post), post, ms=ms, stance="trigger")
        crisis.silent = (self._target, ms + _SILENCE_HOURS * HOUR_MS)
        for _ in range(self._size - 2):
            stance = "support" if uniform() < _SUPPORT else "attack"
            sender = self._recruit(_SUPPORTERS if stance == "support" else _ATTACKERS)
            hours = min(-_MEAN_HOURS * math.log(1 - uniform()), _LONGEST_HOURS)
            later = ms + 60_000 + int(hours * HOUR_MS)
            crisis.agenda.plan(later, self._sending(sender, post, stance))

    def _recruit(self, camp: int) -> int:
        """Return a sender, a new one as long as one is found."""
        for _ in range(_ATTEMPTS):
            sender = self._crisis.sampler.citizen(camp, self._crisis.uniform())
            if sender not in self._senders:
                break
        self._senders.add(sender)
        return sender

    def _sending(self, sender: int, post: Post, stance: str) -> Act:
        def act(ms: int) -> None:
            crisis = self._crisis
            french = crisis.population.language[sender] == FRENCH
            words = (SUPPORTS if stance == "support" else ATTACKS)[0 if french else 1]
            quoting = crisis.uniform() < _QUOTES
            draft = crisis.writer.answer(sender, ms, None if quoting else post)
            draft.words(crisis.writer.pick(words))
            if quoting:
                version = crisis.publisher.version(post)
                crisis.writer.status_link(draft, post, version[0])
                sent = crisis.publisher.comment(draft, quoted=(post, version))
            else:
                sent = crisis.publisher.comment(draft, answered=post)
            self._note(sent, post, ms=ms, stance=stance)

        return act

    def _note(self, sent: Post, post: Post, *, ms: int, stance: str) -> None:
        publisher = self._crisis.publisher
        self._ledger.note(
            "pile_on",
            f"{PLATFORM}:{sent.id}",
            publisher.account_id(sent.author),
            publisher.account_id(self._target),
            f"{PLATFORM}:{post.id}",
            sent.kind,
            stance,
            ms,
        )
