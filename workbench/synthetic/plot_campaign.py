"""The coordinated campaign: cells that act together within seconds, and live ordinary lives too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.synthetic.calendar import HOUR_MS, events
from workbench.synthetic.draft import Draft
from workbench.synthetic.phrases import CAMPAIGN_DOMAIN, CAMPAIGN_TAG
from workbench.synthetic.population import CAMPAIGN_CAMP
from workbench.synthetic.publisher import PLATFORM

if TYPE_CHECKING:
    from workbench.synthetic.agenda import Act
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
_TURNOUT = (0.6, 1.0)  # share of a cell that takes part in an operation
_TAGGED = 0.8
_ENDINGS = ("", " !", " …", " ⚓", " (2)", " 1/2")
_HOURS_BEFORE, _HOURS_AFTER = 144, 24


def plan_campaign(crisis: Crisis, ledger: Ledger) -> None:
    """Plan the operations of every cell, from six days before the conference to the day after.

    An operation is one object (a link, a text with small changes, or a headline to retweet) used by
    60 to 100 % of a cell. Between operations the same accounts act like everybody else.
    """
    config, uniform = crisis.config, crisis.uniform
    conference = events(config)[1].hour
    first, last = max(conference - _HOURS_BEFORE, 12), conference + _HOURS_AFTER
    cells = range(crisis.population.cells)
    members = [np.flatnonzero(crisis.population.cell == cell).tolist() for cell in cells]
    one_round = sum(map(len, members)) * sum(_TURNOUT) / 2
    number = 0
    for _ in range(max(2, round(config.campaign_share * crisis.posts / one_round))):
        for cell in cells:
            start = config.start_ms + int((first + uniform() * (last - first)) * HOUR_MS)
            operation = _Operation(crisis, ledger, number, cell, tuple(members[cell]))
            crisis.agenda.plan(start, operation.start, posts=False)
            number += 1


@dataclass(frozen=True)
class _Operation:
    """One object, used by a cell."""

    crisis: Crisis
    ledger: Ledger
    number: int
    cell: int
    members: tuple[int, ...]

    @property
    def tactic(self) -> str:
        """What this cell does."""
        return self.crisis.population.tactic(self.cell)

    def start(self, ms: int) -> None:
        """Choose the object and who takes part, and plan each one's moment."""
        crisis, uniform = self.crisis, self.crisis.uniform
        low, high = _TURNOUT
        wanted = max(3, round((low + (high - low) * uniform()) * len(self.members)))
        order = sorted((uniform(), member) for member in self.members)
        headline = crisis.headlines[CAMPAIGN_CAMP]
        body = crisis.writer.body(self.members[0], ms)
        for _, member in order[:wanted]:
            moment = ms + int(uniform() * _SPAN_MS[self.tactic])
            if self.tactic == "retweet_ring":
                crisis.agenda.plan(moment, self._sharing(member, headline))
            else:
                crisis.agenda.plan(moment, self._posting(member, body))

    def _sharing(self, member: int, headline: Post | None) -> Act:
        """Retweet the camp's latest headline; who has done so already just writes something."""

        def act(ms: int) -> None:
            if headline is None or member in headline.sharers:
                self.crisis.write(member, ms)
            else:
                post = self.crisis.share(member, ms, headline)
                self._note(post, member, ms=ms, thing=f"{PLATFORM}:{headline.id}")

        return act

    def _posting(self, member: int, body: str) -> Act:
        """Post the operation's link with own words, or its words with a small change."""

        def act(ms: int) -> None:
            crisis, draft = self.crisis, Draft(member, ms)
            if self.tactic == "copied_text":
                thing = f"text:{self.number:05}"
                draft.words(body + crisis.writer.pick(_ENDINGS))
            else:
                thing = f"https://{CAMPAIGN_DOMAIN}/op{self.number:05}"
                draft.words(crisis.writer.body(member, ms))
                draft.link(crisis.writer.short(), thing)
            if crisis.uniform() < _TAGGED:
                draft.tag(CAMPAIGN_TAG)
            post = crisis.publisher.original(draft)
            self._note(post.id, member, ms=ms, thing=thing)

        return act

    def _note(self, post: str, member: int, *, ms: int, thing: str) -> None:
        account = self.crisis.publisher.account_id(member)
        row = (f"{PLATFORM}:{post}", account, self.cell, self.tactic, self.number, thing, ms)
        self.ledger.note("campaign", *row)
