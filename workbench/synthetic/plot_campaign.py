"""The coordinated campaign: cells that act together within seconds and live ordinary lives between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.synthetic.calendar import HOUR_MS, events
from workbench.synthetic.draft import Draft
from workbench.synthetic.phrases import CAMPAIGN_DOMAIN, CAMPAIGN_TAG
from workbench.synthetic.publisher import PLATFORM

if TYPE_CHECKING:
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.live import Post

__all__ = ["plan_campaign"]

#: Within how many milliseconds a cell acts, by tactic.
_SPAN_MS = {
    "fast_links": 12_000,
    "copied_text": 50_000,
    "retweet_ring": 30_000,
    "slow_links": 1_500_000,
}
_TURNOUT = (0.6, 1.0)
_ENDINGS = ("", " !", " …", " ⚓", " (via le port)", " 1/2")


def plan_campaign(crisis: Crisis, ledger: Ledger) -> None:
    """Plan the operations of every cell, from six days before the conference to the day after.

    An operation is one object (link, text or retweeted post) used by 60 to 100 % of a cell.
    """
    config, uniform = crisis.config, crisis.uniform
    conference = events(config)[1].hour
    first, last = max(conference - 144, 12), conference + 24
    cells = crisis.population.cells
    members = [np.flatnonzero(crisis.population.cell == cell).tolist() for cell in range(cells)]
    mean_turnout = sum(_TURNOUT) / 2
    planted = sum(len(cell) for cell in members) * mean_turnout
    operations = max(2, round(config.campaign_share * crisis.posts / planted))
    number = 0
    for _ in range(operations):
        for cell in range(cells):
            start = config.start_ms + int((first + uniform() * (last - first)) * HOUR_MS)
            operation = _Operation(crisis, ledger, number, cell, members[cell])
            crisis.agenda.plan(start, operation.start, posts=False)
            number += 1


class _Operation:
    """One object, used by a cell."""

    def __init__(
        self, crisis: Crisis, ledger: Ledger, number: int, cell: int, members: list[int]
    ) -> None:
        self._crisis = crisis
        self._ledger = ledger
        self._number = number
        self._cell = cell
        self._members = members
        self._tactic = crisis.population.tactic(cell)

    def start(self, ms: int) -> None:
        """Choose the object and who takes part, and plan each one's moment."""
        crisis, uniform = self._crisis, self._crisis.uniform
        turnout = _TURNOUT[0] + (_TURNOUT[1] - _TURNOUT[0]) * uniform()
        wanted = max(3, round(turnout * len(self._members)))
        order = sorted((uniform(), member) for member in self._members)
        headline = crisis.headlines[1]
        body = crisis.writer.body(self._members[0])
        for _, member in order[:wanted]:
            moment = ms + int(uniform() * _SPAN_MS[self._tactic])
            self._plan(moment, member, headline, body)

    def _plan(self, moment: int, member: int, headline: Post | None, body: str) -> None:
        def act(ms: int) -> None:
            if self._tactic == "retweet_ring":
                self._ring(member, ms, headline)
            else:
                self._post(member, ms, body)

        self._crisis.agenda.plan(moment, act)

    def _ring(self, member: int, ms: int, headline: Post | None) -> None:
        """Retweet the camp's latest headline; who has done so already just writes something."""
        if headline is None or member in headline.sharers:
            self._crisis.write(member, ms)
            return
        post = self._crisis.publisher.share(member, ms, headline)
        self._note(post, member, f"{PLATFORM}:{headline.id}", ms)

    def _post(self, member: int, ms: int, body: str) -> None:
        """Post the operation's link with own words, or its words with own small changes."""
        crisis, draft = self._crisis, Draft()
        address = f"https://{CAMPAIGN_DOMAIN}/op{self._number:05}"
        if self._tactic == "copied_text":
            draft.words(body + crisis.writer.pick(_ENDINGS))
            thing = f"text:{self._number:05}"
        else:
            draft.words(crisis.writer.body(member))
            draft.link(crisis.writer.short(), address)
            thing = address
        if crisis.uniform() < 0.8:
            draft.tag(CAMPAIGN_TAG)
        post = crisis.publisher.original(member, ms, draft)
        self._note(post.id, member, thing, ms)

    def _note(self, post: int, member: int, thing: str, ms: int) -> None:
        account = self._crisis.publisher.id_of(member)
        self._ledger.note(
            "campaign",
            f"{PLATFORM}:{post}",
            account,
            self._cell,
            self._tactic,
            self._number,
            thing,
            ms,
        )
