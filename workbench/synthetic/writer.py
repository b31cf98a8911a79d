"""What accounts write: texts of the grammars with hashtags, links and mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.synthetic.draft import Draft
from workbench.synthetic.phrases import (
    DOMAINS,
    ENGLISH,
    FRENCH,
    SHORTENERS,
    TAG_KEYS,
    TAGS,
    grammar,
)
from workbench.synthetic.snowflake import snowflake

if TYPE_CHECKING:
    from workbench.synthetic.config import Config
    from workbench.synthetic.draws import Uniforms
    from workbench.synthetic.live import Post
    from workbench.synthetic.names import Names
    from workbench.synthetic.population import Population

__all__ = ["Writer"]

_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_TWO_CLAUSES = 0.5
_PICTURED = 0.07
_MENTION_SHARE = {"original": 0.18, "quote": 0.12, "reply": 0.06}


class Writer:
    """Compose drafts for the accounts of a population.

    Parameters
    ----------
    population, names
        Who writes, and what they are called now.
    config
        Mixing of mentions.
    uniform
        Source of uniform numbers in [0, 1).
    """

    def __init__(
        self, population: Population, names: Names, *, config: Config, uniform: Uniforms
    ) -> None:
        self._names = names
        self._config = config
        self._uniform = uniform
        self._grammars = [[grammar(camp, language) for language in (0, 1)] for camp in range(3)]
        # Plain Python numbers: reading single elements of arrays is ten times slower.
        self._camp: list[int] = population.camp.tolist()
        self._language: list[int] = population.language.tolist()
        self._ids = population.ids
        self._public: list[list[int]] = [[], [], []]
        for account in range(len(population.public)):
            self._public[self._camp[account]].append(account)

    def language(self, account: int) -> str:
        """Return ``fr`` or ``en``."""
        return "en" if self._language[account] == ENGLISH else "fr"

    def body(self, account: int, ms: int) -> str:
        """Return plain words in the account's language and for its camp, written at `ms`."""
        language = self._language[account]
        voice = self._grammars[self._camp[account]][language]
        if self._uniform() < 0.5:
            opening = self.pick(voice.openings)
        else:
            hour, minute = divmod(ms // 60_000 % 1440, 60)
            opening = f"{hour:02}{'h' if language == FRENCH else ':'}{minute:02} –"
        text = f"{opening} {self.pick(voice.clauses)}"
        if self._uniform() < _TWO_CLAUSES:
            text += f" {self.pick(voice.links)} {self.pick(voice.clauses)}"
        closing = self.pick(voice.closings)
        return f"{text} {closing}" if closing else text

    def pick(self, choices: tuple[str, ...]) -> str:
        """Return one of `choices`, each equally likely."""
        return choices[int(self._uniform() * len(choices))]

    def original(self, account: int, ms: int) -> Draft:
        """Return an original: perhaps a mention in front, then words, hashtags, perhaps a link."""
        draft = Draft(account, ms)
        mention = self._uniform() < _MENTION_SHARE["original"]
        front = mention and self._uniform() < 0.4
        if front:
            self._appeal(draft)
        draft.words(self.body(account, ms))
        if mention and not front:
            self._appeal(draft)
        self._decorate(draft)
        if self._uniform() < 0.3:
            self.article(draft, self._camp[account])
        if self._uniform() < _PICTURED:
            draft.media.append(self._picture(draft))
        return draft

    def plain(self, account: int, ms: int) -> Draft:
        """Return words only."""
        draft = Draft(account, ms)
        draft.words(self.body(account, ms))
        return draft

    def answer(self, account: int, ms: int, answered: Post | None) -> Draft:
        """Return a draft that starts with the names an answer goes to, as the platform has it."""
        draft = Draft(account, ms)
        if answered is not None:
            people = [answered.author]
            if answered.kind == "reply":
                people += answered.mentioned[:1]
            for person in dict.fromkeys(people):
                if person != account:
                    self.mention(draft, person, origin="reply_prefix")
        return draft

    def reply(self, account: int, ms: int, answered: Post) -> Draft:
        """Return an answer: the names it goes to, words, now and then a mention."""
        draft = self.answer(account, ms, answered)
        draft.words(self.body(account, ms))
        if self._uniform() < _MENTION_SHARE["reply"]:
            self._appeal(draft)
        return draft

    def quote(self, account: int, ms: int, answered: Post | None) -> Draft:
        """Return a quote's own words, without the link to what it quotes."""
        draft = self.answer(account, ms, answered)
        draft.words(self.body(account, ms))
        if self._uniform() < _MENTION_SHARE["quote"]:
            self._appeal(draft)
        self._decorate(draft)
        return draft

    def status_link(self, draft: Draft, post: Post, identity: str) -> None:
        """Append the link that makes a post a quote; the host writes handles in any case."""
        handle = post.handle.lower() if self._uniform() < 0.1 else post.handle
        draft.link(self.short(), f"https://twitter.com/{handle}/status/{identity}")

    def article(self, draft: Draft, camp: int) -> str:
        """Append a link to an article of the camp's media and return its address.

        A few articles a day are linked by many; some links carry tracking parameters, some pass
        through a shortener that the platform did not unwind.
        """
        host = self.pick(DOMAINS[camp])
        day = (draft.ms - self._config.start_ms) // 86_400_000
        number = int(self._uniform() ** 3 * 40)
        address = f"https://{host}/d{day:03}/{number:02}"
        style = self._uniform()
        if style < 0.2:
            address += "?utm_source=sim&utm_medium=social"
        if style < 0.85:
            draft.link(self.short(), address)
        else:
            hidden = f"https://{self.pick(SHORTENERS)}/{camp}{day:03}{number:02}"
            draft.link(self.short(), hidden, address if style < 0.93 else None)
        return address

    def _picture(self, draft: Draft) -> str:
        """Return the key of one of the pictures that go round in the camp on that day."""
        day = draft.ms // 86_400_000 * 86_400_000
        number = self._camp[draft.author] << 8 | int(self._uniform() ** 2 * 60)
        return f"3_{snowflake(day, number)}"

    def short(self) -> str:
        """Return a fresh short address, as the platform wraps every link."""
        number, letters = int(self._uniform() * 2**53), []
        for _ in range(8):
            number, letter = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[letter])
        return f"https://short.example/{''.join(letters)}"

    def _decorate(self, draft: Draft) -> None:
        """Append a hashtag of the camp to half of the texts, and a different one to some."""
        if self._uniform() < 0.5:
            tags = TAGS[self._camp[draft.author]]
            first = tags[int(self._uniform() ** 2 * len(tags))]
            draft.tag(first)
            second = self.pick(tags)
            if self._uniform() < 0.3 and TAG_KEYS[second] != TAG_KEYS[first]:
                draft.tag(second)

    def _appeal(self, draft: Draft) -> None:
        """Append a mention somebody chose to write: institutions and journalists, often across."""
        camp = self._camp[draft.author]
        chance = self._uniform()
        if chance < self._config.neutral_share or camp == 2:
            side = 2 if chance < self._config.neutral_share else int(self._uniform() * 2)
        else:
            side = 1 - camp if self._uniform() < self._config.cross_mention else camp
        others = self._public[side]
        target = others[int(self._uniform() ** 2 * len(others))]
        if target != draft.author:
            self.mention(draft, target, origin="authored")

    def mention(self, draft: Draft, target: int, *, origin: str) -> None:
        """Append a mention of `target`, now and then without its id."""
        identity = None if self._uniform() < 0.03 else str(self._ids.item(target))
        draft.mention(target, self._names.handle(target), identity, origin=origin)
