"""The crisis itself: who reacts to whom, hour after hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench import rng
from workbench.synthetic.agenda import Agenda
from workbench.synthetic.calendar import HOUR_MS, quotas
from workbench.synthetic.live import Post, Urn
from workbench.synthetic.population import EMBASSY, STATE_MEDIA, Population

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.synthetic.config import Config
    from workbench.synthetic.publisher import Publisher
    from workbench.synthetic.writer import Uniforms, Writer

__all__ = ["Crisis", "Sampler", "uniforms"]

ORIGINAL, SHARE, QUOTE, REPLY = range(4)
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
_BLOCK = 8_192


def uniforms(seed: int, name: str) -> Uniforms:
    """Return a function that gives the next uniform number of the stream `name`."""
    draw = rng.generator(seed, name)
    stock: list[float] = []

    def next_uniform() -> float:
        if not stock:
            stock.extend(draw.random(_BLOCK).tolist())
        return stock.pop()

    return next_uniform


class Sampler:
    """Draw accounts in proportion to their activity, from everybody or from one camp."""

    def __init__(self, population: Population) -> None:
        self._all = np.cumsum(population.activity)
        citizens = population.role == population.role.max()
        self._members = [np.flatnonzero((population.camp == c) & citizens) for c in range(3)]
        self._camps = [np.cumsum(population.activity[m]) for m in self._members]

    def many(self, uniform: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
        """Return one account of the whole population for each uniform number."""
        found = np.searchsorted(self._all, uniform * self._all[-1], side="right")
        return np.minimum(found, len(self._all) - 1).tolist()

    def citizen(self, camp: int, uniform: float) -> int:
        """Return a citizen of `camp`."""
        sums = self._camps[camp]
        place = min(int(np.searchsorted(sums, uniform * sums[-1], side="right")), len(sums) - 1)
        return int(self._members[camp][place])


class Crisis:
    """The running world: urns of live posts, an agenda of planned acts, and the organic rest.

    Parameters
    ----------
    config, posts, seed
        What is made.
    population, writer, publisher
        Who acts, what they write, and where it goes.
    """

    def __init__(
        self,
        config: Config,
        posts: int,
        seed: int,
        *,
        population: Population,
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
        self.agenda = Agenda(config.end_ms - 24 * HOUR_MS)  # so that the quota always comes out
        self.headlines: list[Post | None] = [None, None, None]
        self.silent: tuple[int, int] = (-1, 0)  # an account that stops posting, and until when
        self.posts = posts
        self._draw = rng.generator(seed, "organic")
        capacity = min(max(2 * posts // config.days, 256), 16_384)
        self._urns = [Urn(capacity) for _ in range(3)]
        self._camp: list[int] = population.camp.tolist()
        self._role: list[int] = population.role.tolist()
        self._tickets: list[int] = np.maximum(population.followers**0.25, 1).astype(int).tolist()
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
        if kind == REPLY and self.uniform() < 0.003:
            self.publisher.orphan_reply(actor, ms, self.writer.plain(actor))
            return
        target = self._own_post(actor, kind) or self.choose(actor, kind)
        if target is None:
            self.write(actor, ms)
        elif kind == SHARE:
            self.publisher.share(actor, ms, target)
            self._urns[target.camp].add(target)
        else:
            self.comment(actor, ms, target, kind="quote" if kind == QUOTE else "reply")

    def write(self, actor: int, ms: int) -> None:
        """Let an account write an original, with all that may follow from it."""
        if self.uniform() < 0.002:
            self.publisher.withheld(actor, ms)
            return
        hour = (ms - self.config.start_ms) // HOUR_MS
        if self.uniform() < self.config.lost_share:
            self._unseen(actor, ms, hour)
        draft = self.writer.original(actor, hour)
        post = self.publisher.original(actor, ms, draft)
        self._urns[post.camp].add(post, self._tickets[actor])
        if not draft.entities.keys() & {"mentions", "urls"} and self.uniform() < 0.01:
            delay = 60_000 * (2 + int(20 * self.uniform()))
            self.agenda.plan(ms + delay, lambda now: self.publisher.edit(post, now), posts=False)
        if actor < self._public:
            self._own[actor] = post
            if self._role[actor] in {0, STATE_MEDIA} and post.camp < 2:
                self.headlines[post.camp] = post
                self._amplify(post, ms)

    def comment(self, actor: int, ms: int, target: Post, *, kind: str) -> Post:
        """Let an account answer or quote `target`; a few quotes answer something else as well."""
        if kind == "reply":
            draft = self.writer.comment(actor, "reply", target)
            post = self.publisher.comment(actor, ms, draft, answered=target)
            if self.uniform() < 0.3:
                self._urns[post.camp].add(post)
        else:
            both = self.choose(actor, REPLY) if self.uniform() < 0.02 else None
            draft = self.writer.comment(actor, "quote", both)
            version = self.publisher.version(target)
            self.writer.status_link(draft, target, version[0])
            post = self.publisher.comment(actor, ms, draft, answered=both, quoted=(target, version))
            self._urns[post.camp].add(post)
        self._urns[target.camp].add(target)
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

    def _unseen(self, actor: int, ms: int, hour: int) -> None:
        """Let somebody of the same camp write a post that is not collected, a third of it lost."""
        author = self.sampler.citizen(self._camp[actor], self.uniform())
        status = "lost" if self.uniform() < 0.33 else "included"
        post = self.publisher.original(
            author, ms, self.writer.original(author, hour), status=status
        )
        self._urns[post.camp].add(post, self._tickets[author])

    def _amplify(self, post: Post, ms: int) -> None:
        """Let embassies of the same camp share a headline within the hour."""
        for embassy in self._embassies[post.camp]:
            if self.uniform() < 0.25:
                delay = int(-720_000 * np.log(1 - self.uniform())) + 5_000
                self.agenda.plan(ms + delay, self._sharing(embassy, post))

    def _sharing(self, account: int, post: Post) -> Callable[[int], None]:
        def act(ms: int) -> None:
            if account in post.sharers:
                self.write(account, ms)
            else:
                self.publisher.share(account, ms, post)
                self._urns[post.camp].add(post)

        return act
