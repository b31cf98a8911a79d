"""What accounts write: texts of the grammars with hashtags, links and mentions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.synthetic.draft import Draft
from workbench.synthetic.phrases import DOMAINS, ENGLISH, SHORTENERS, TAG_KEYS, TAGS, grammar
from workbench.synthetic.population import JOURNALIST, Population

if TYPE_CHECKING:
    from workbench.synthetic.config import Config
    from workbench.synthetic.live import Post

__all__ = ["Names", "Uniforms", "Writer"]

Uniforms = Callable[[], float]
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_MENTION_SHARE = {"original": 0.18, "quote": 0.12, "reply": 0.06}


class Names:
    """Handles as they are at the moment; one journalist is renamed half-way.

    Attributes
    ----------
    renamed
        The account that gets another handle.
    old, new
        Its handles before and after.
    """

    def __init__(self, population: Population) -> None:
        journalists = (population.role == JOURNALIST) & (population.camp == 2)
        self.renamed = int(journalists.nonzero()[0][-1])
        self.old = population.handle(self.renamed)
        self.new = "IslesWatch_sim"
        self.changed = False
        self._population = population

    def handle(self, account: int) -> str:
        """Return the present handle of an account."""
        if account == self.renamed and self.changed:
            return self.new
        return self._population.handle(account)


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
        self._population = population
        self._names = names
        self._config = config
        self._uniform = uniform
        self._grammars = [[grammar(camp, language) for language in (0, 1)] for camp in range(3)]
        # Plain Python numbers: reading single elements of arrays is ten times slower.
        self._camp: list[int] = population.camp.tolist()
        self._language: list[int] = population.language.tolist()
        self._ids: list[int] = population.ids.tolist()
        self._public: list[list[int]] = [[], [], []]
        for account in range(len(population.public)):
            self._public[self._camp[account]].append(account)

    def language(self, account: int) -> str:
        """Return ``fr`` or ``en``."""
        return "en" if self._language[account] == ENGLISH else "fr"

    def body(self, account: int) -> str:
        """Return plain words in the account's language and for its camp."""
        voice = self._grammars[self._camp[account]][self._language[account]]
        opening = self.pick(voice.openings)
        text = f"{opening} {self.pick(voice.clauses)}"
        closing = self.pick(voice.closings)
        return f"{text} {closing}" if closing else text

    def pick(self, choices: tuple[str, ...]) -> str:
        """Return one of `choices`, each equally likely."""
        return choices[int(self._uniform() * len(choices))]

    def original(self, account: int, hour: int) -> Draft:
        """Return an original: perhaps a mention in front, then words, hashtags, perhaps a link."""
        draft = Draft()
        mention = self._uniform() < _MENTION_SHARE["original"]
        front = self._uniform() < 0.4
        if mention and front:
            self._appeal(draft, account)
        draft.words(self.body(account))
        if mention and not front:
            self._appeal(draft, account)
        self._decorate(draft, account)
        if self._uniform() < 0.3:
            self.article(draft, self._camp[account], hour)
        return draft

    def plain(self, account: int) -> Draft:
        """Return words only."""
        draft = Draft()
        draft.words(self.body(account))
        return draft

    def address(self, account: int, answered: Post | None) -> Draft:
        """Return a draft that starts with the names an answer goes to, as the platform adds them."""
        draft = Draft()
        if answered is not None:
            people = [answered.author]
            if answered.kind == "reply":
                people += answered.mentioned[:1]
            for person in dict.fromkeys(people):
                if person != account:
                    self.mention(draft, person, origin="reply_prefix")
        return draft

    def comment(self, account: int, kind: str, answered: Post | None) -> Draft:
        """Return a quote's or reply's own words; an answer starts with the names it goes to."""
        draft = self.address(account, answered)
        draft.words(self.body(account))
        if self._uniform() < _MENTION_SHARE[kind]:
            self._appeal(draft, account)
        if kind == "quote":
            self._decorate(draft, account)
        return draft

    def status_link(self, draft: Draft, post: Post, identity: int) -> None:
        """Append the link that makes a post a quote; the host writes handles in any case."""
        handle = post.handle.lower() if self._uniform() < 0.1 else post.handle
        draft.link(self.short(), f"https://twitter.com/{handle}/status/{identity}")

    def article(self, draft: Draft, camp: int, hour: int) -> str:
        """Append a link to an article of the camp's media and return its address.

        A few articles a day are linked by many; some links carry tracking parameters, some pass
        through a shortener that the platform did not unwind.
        """
        host = self.pick(DOMAINS[camp])
        number = int(self._uniform() ** 3 * 40)
        address = f"https://{host}/d{hour // 24:03}/{number:02}"
        style = self._uniform()
        if style < 0.2:
            address += "?utm_source=sim&utm_medium=social"
        if style < 0.85:
            draft.link(self.short(), address)
        else:
            hidden = f"https://{self.pick(SHORTENERS)}/{camp}{hour // 24:03}{number:02}"
            draft.link(self.short(), hidden, address if style < 0.93 else None)
        return address

    def short(self) -> str:
        """Return a fresh short address, as the platform wraps every link."""
        number, letters = int(self._uniform() * 2**53), []
        for _ in range(8):
            number, letter = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[letter])
        return f"https://short.example/{''.join(letters)}"

    def _decorate(self, draft: Draft, account: int) -> None:
        tags = TAGS[self._camp[account]]
        first = self._uniform()
        if first < 0.5:
            chosen = tags[int((first * 2) ** 2 * len(tags))]
            draft.tag(chosen)
            second = self._uniform()
            other = tags[int(second * 3 % 1 * len(tags))]
            if second < 1 / 3 and TAG_KEYS[other] != TAG_KEYS[chosen]:
                draft.tag(other)

    def _appeal(self, draft: Draft, account: int) -> None:
        """Append a mention somebody chose to write: institutions and journalists, often across."""
        camp = self._camp[account]
        chance = self._uniform()
        if chance < self._config.neutral_share or camp == 2:
            side = 2 if chance < self._config.neutral_share else int(self._uniform() * 2)
        else:
            side = 1 - camp if self._uniform() < self._config.cross_mention else camp
        others = self._public[side]
        target = others[int(self._uniform() ** 2 * len(others))]
        if target != account:
            self.mention(draft, target, origin="authored")

    def mention(self, draft: Draft, target: int, *, origin: str) -> None:
        """Append a mention of `target`, now and then without its id."""
        identity = None if self._uniform() < 0.03 else str(self._ids[target])
        draft.mention(target, self._names.handle(target), identity, origin=origin)
