"""The crisis itself: who reacts to whom, hour after hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench import rng
from workbench.synthetic.agenda import Agenda
from workbench.synthetic.calendar import HOUR_MS, quotas
from workbench.synthetic.draft import Draft
from workbench.synthetic.draws import Sampler
from workbench.synthetic.live import Post, Urn
from workbench.synthetic.population import EMBASSY, MINISTRY, STATE_MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.synthetic.agenda import Act
    from workbench.synthetic.config import Config
    from workbench.synthetic.draws import Uniforms
    from workbench.synthetic.population import Population
    from workbench.synthetic.publisher import Publisher
    from workbench.synthetic.writer import Writer

__all__ = ["Crisis"]

ORIGINAL, SHARE, QUOTE, REPLY = range(4)
NEUTRAL = 2  # code of the camp between the camps
_ORPHANS = 0.006  # replies to posts of which only the id is left
_WITHHELD = 0.004  # originals whose words the platform withholds
_EDITED = 0.02  # originals of words and hashtags that are edited
_QUOTING_REPLIES = 0.02  # quotes that are replies as well
_AUDIENCE = 0.2  # a new post has followers**0.2 tickets
_SHARE_TICKETS = 3  # a retweet recommends a post more than an answer does
#: What each role does: cumulative shares of originals, shares and quotes; the rest are replies.
_HABITS = np.array(
    [
        [0.70, 0.85, 0.90],  # ministry
        [0.35, 0.85, 0.90],  # embassy
        [0.85, 0.95, 0.98],  # state media
        [0.45, 0.70, 0.82],  # journalist
        [0.20, 0.70, 0.78],  # citizen
    ]
)


class Crisis:
    """The running world: urns of live posts, an agenda of planned acts, and the organic rest.

    Parameters
    ----------
    config
        The knobs.
    population
        Who acts.
    posts, seed
        How much is made, and the seed of the organic acts.
    writer, publisher
        What is written, and where it goes.
    uniform
        Source of uniform numbers in [0, 1).

    Attributes
    ----------
    agenda
        Planned acts; none falls on the last day, so that the hourly quotas always come out.
    headlines
        The last post of a ministry or of state media, by camp.
    silent
        An account that stops posting, and until when (epoch milliseconds).
    """

    def __init__(
        self,
        config: Config,
        population: Population,
        *,
        posts: int,
        seed: int,
        writer: Writer,
        publisher: Publisher,
        uniform: Uniforms,
    ) -> None:
        self.config = config
        self.population = population
        self.writer = writer
        self.publisher = publisher
        self.uniform = uniform
        self.sampler = Sampler(population)
        self.agenda = Agenda(config.end_ms - 24 * HOUR_MS)
        self.headlines: list[Post | None] = [None, None, None]
        self.silent: tuple[int, int] = (-1, 0)
        self.posts = posts
        self._draw = rng.generator(seed, "organic")
        capacity = min(max(posts // (3 * config.days), 64), 16_384)  # about half a day
        self._urns = [Urn(capacity) for _ in range(3)]
        self._camp: list[int] = population.camp.tolist()
        self._role: list[int] = population.role.tolist()
        self._tickets: list[int] = (
            np.maximum(population.followers**_AUDIENCE, 1).astype(int).tolist()
        )
        self._public = len(population.public)
        self._own: dict[int, Post] = {}  # the last post of each institution
        self._embassies = [
            np.flatnonzero((population.role == EMBASSY) & (population.camp == c)).tolist()
            for c in range(3)
        ]

    def run(self, *, progress: Callable[[int], None] | None = None) -> None:
        """Live through all hours; exactly ``posts`` posts are written."""
        start, carried = self.config.start_ms, 0
        for hour, quota in enumerate(quotas(self.config, self.posts).tolist()):
            begin = start + hour * HOUR_MS
            end = begin + HOUR_MS
            before = self.publisher.posts
            open_posts = quota + carried
            self._live(begin, end, max(open_posts - self.agenda.posts_before(end), 0))
            written = self.publisher.posts - before
            carried = open_posts - written
            if progress is not None:
                progress(written)

    def _live(self, begin: int, end: int, count: int) -> None:
        """Let `count` organic acts happen between `begin` and `end`, among the planned ones."""
        draw = self._draw.random((3, count))
        times = begin + np.sort((draw[0] * HOUR_MS).astype(np.int64))
        actors = self.sampler.many(draw[1])
        habits = _HABITS[self.population.role[actors]]
        kinds = (draw[2][:, None] > habits).sum(axis=1)
        for ms, actor, kind in zip(times.tolist(), actors, kinds.tolist(), strict=True):
            self.agenda.run(ms)
            if actor == self.silent[0] and ms < self.silent[1]:
                actor = self.sampler.citizen(self._camp[actor], self.uniform())  # noqa: PLW2901
            self.act(actor, ms, kind)
        self.agenda.run(end)

    def act(self, actor: int, ms: int, kind: int) -> None:
        """Let an account share, quote or answer something; without a fit target it writes."""
        if kind == ORIGINAL:
            self.write(actor, ms)
            return
        if kind == REPLY and self.uniform() < _ORPHANS:
            self.publisher.orphan_reply(self.writer.plain(actor, ms))
            return
        target = self._own_post(actor, kind) or self.choose(actor, kind)
        if target is None:
            self.write(actor, ms)
        elif kind == SHARE:
            self.share(actor, ms, target)
        elif kind == QUOTE:
            self.quote(actor, ms, target)
        else:
            self.reply(actor, ms, target)

    def write(self, actor: int, ms: int) -> None:
        """Let an account write an original, with all that may follow from it."""
        if self.uniform() < _WITHHELD:
            self.publisher.withheld(Draft(actor, ms))
            return
        if self.uniform() < self.config.lost_share:
            self._unseen(actor, ms)
        draft = self.writer.original(actor, ms)
        post = self.publisher.original(draft)
        self._urns[post.camp].add(post, self._tickets[actor])
        if not draft.entities.keys() & {"mentions", "urls"} and self.uniform() < _EDITED:
            later = ms + int((2 + 20 * self.uniform()) * 60_000)
            self.agenda.plan(later, lambda now: self.publisher.edit(post, now), posts=False)
        if actor < self._public:
            self._own[actor] = post
            if self._role[actor] in {MINISTRY, STATE_MEDIA} and post.camp != NEUTRAL:
                self.headlines[post.camp] = post
                self._amplify(post, ms)

    def share(self, actor: int, ms: int, target: Post) -> str:
        """Let an account retweet `target`; return the id of the retweet."""
        self._urns[target.camp].add(target, _SHARE_TICKETS)
        return self.publisher.share(actor, ms, target)

    def reply(self, actor: int, ms: int, target: Post) -> Post:
        """Let an account answer `target`; some answers are read by others."""
        self._urns[target.camp].add(target)
        post = self.publisher.comment(self.writer.reply(actor, ms, target), answered=target)
        if self.uniform() < 0.3:
            self._urns[post.camp].add(post)
        return post

    def quote(self, actor: int, ms: int, target: Post) -> Post:
        """Let an account quote `target`; a few quotes answer something else as well."""
        self._urns[target.camp].add(target)
        answered = self.choose(actor, REPLY) if self.uniform() < _QUOTING_REPLIES else None
        draft = self.writer.quote(actor, ms, answered)
        version = self.publisher.version(target)
        self.writer.status_link(draft, target, version[0])
        post = self.publisher.comment(draft, answered=answered, quoted=(target, version))
        self._urns[post.camp].add(post)
        return post

    def choose(self, actor: int, kind: int) -> Post | None:
        """Return a live post to react to, across the line with the stated probability."""
        camp, config = self._camp[actor], self.config
        cross = (0.0, config.cross_retweet, config.cross_quote, config.cross_reply)[kind]
        if self.uniform() < config.neutral_share:
            side = 2
        elif camp == 2:
            side = int(self.uniform() * 2)
        else:
            side = 1 - camp if self.uniform() < cross else camp
        for _ in range(3):
            post = self._urns[side].draw(self.uniform())
            if post is None:
                return None
            if post.author != actor and (kind != SHARE or actor not in post.sharers):
                return post
        return None

    def _own_post(self, actor: int, kind: int) -> Post | None:
        """Return an institution's own last post when it promotes or continues it."""
        post = self._own.get(actor)
        if post is None or kind == QUOTE or self.uniform() > 0.12:
            return None
        return None if kind == SHARE and actor in post.sharers else post

    def _unseen(self, actor: int, ms: int) -> None:
        """Let somebody of the same camp write a post that is not collected, a third of it lost.

        The most followed of three writes it, so that others have a reason to refer to it.
        """
        camp = self._camp[actor]
        three = [self.sampler.citizen(camp, self.uniform()) for _ in range(3)]
        author = max(three, key=self._tickets.__getitem__)
        status = "lost" if self.uniform() < 0.33 else "included"
        post = self.publisher.original(self.writer.original(author, ms), status=status)
        self._urns[camp].add(post, 4 * self._tickets[author])

    def _amplify(self, post: Post, ms: int) -> None:
        """Let embassies of the same camp share a headline within the hour."""
        for embassy in self._embassies[post.camp]:
            if self.uniform() < 0.25:
                delay = int(-720_000 * np.log(1 - self.uniform())) + 5_000
                self.agenda.plan(ms + delay, self._sharing(embassy, post))

    def _sharing(self, account: int, post: Post) -> Act:
        def act(ms: int) -> None:
            if account in post.sharers:
                self.write(account, ms)
            else:
                self.share(account, ms, post)

        return act
