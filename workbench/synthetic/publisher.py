"""From an act to a record on a page and a line in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.synthetic.draft import Draft, share_text
from workbench.synthetic.live import Post, Version
from workbench.synthetic.pages import Entry
from workbench.synthetic.phrases import TAG_KEYS
from workbench.synthetic.records import post_record, problem
from workbench.synthetic.snowflake import Clock, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.synthetic.draws import Uniforms
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.names import Names
    from workbench.synthetic.pages import PageWriter
    from workbench.synthetic.population import Population
    from workbench.synthetic.records import Record

__all__ = ["PLATFORM", "Publisher"]

#: Prefix of every id in the truth tables, as a corpus shows them.
PLATFORM = "twitter"

_NOT_EXPANDED = 0.02  # references to collected posts that a page nevertheless leaves out
_PLAIN_HEAD = 0.02  # retweets whose head is no entity
_LANGUAGES = ("fr", "en")

#: How a post refers to another, which post, and which version of it.
Reference = tuple[str, Post, Version]


class Publisher:
    """Make records of acts, hand them to the pages and book what they truly are.

    Parameters
    ----------
    population, names
        Who acts, and under which handle.
    ledger, pages
        Where the truth and the records go.
    uniform
        Source of uniform numbers in [0, 1).

    Attributes
    ----------
    posts, edits
        Primary posts and later versions published so far.
    by_account
        Primary posts of each account.
    """

    def __init__(
        self,
        population: Population,
        names: Names,
        *,
        ledger: Ledger,
        pages: PageWriter,
        uniform: Uniforms,
    ) -> None:
        self.posts = 0
        self.edits = 0
        self.by_account = [0] * population.size
        self._names = names
        self._ledger = ledger
        self._pages = pages
        self._uniform = uniform
        self._clock = Clock()
        self._ids = population.ids
        self._camp: list[int] = population.camp.tolist()
        self._language: list[int] = population.language.tolist()
        self._followers: list[int] = population.followers.tolist()
        self._tags = {key: code for code, key in enumerate(dict.fromkeys(TAG_KEYS.values()))}

    def account_id(self, account: int) -> str:
        """Return the account's id as the truth tables show it."""
        return f"{PLATFORM}:{self._ids.item(account)}"

    def original(self, draft: Draft, *, status: str = "primary") -> Post:
        """Publish a post of its own; with another status it exists and is not collected."""
        record = self._record(draft, [])
        if status == "primary":
            self._book("original", draft)
            self._enter(draft.author, record, draft.mentioned)
        return self._post(draft, record, kind="original", status=status)

    def comment(
        self,
        draft: Draft,
        *,
        answered: Post | None = None,
        quoted: tuple[Post, Version] | None = None,
    ) -> Post:
        """Publish a reply, a quote, or a post that is both."""
        references: list[Reference] = []
        if answered is not None:
            references.append(("replied_to", answered, self.version(answered)))
            answered.count("reply_count")
            self._ledger.graphs["reply"].add(draft.author, answered.author)
        if quoted is not None:
            references.append(("quoted", *quoted))
            quoted[0].count("quote_count")
            self._ledger.graphs["quote"].add(draft.author, quoted[0].author)
        record = self._record(draft, references, answered=answered)
        kind = "reply" if quoted is None else "quote"
        self._book(kind, draft)
        people = draft.mentioned if answered is None else [*draft.mentioned, answered.author]
        self._enter(draft.author, record, people, references=references)
        return self._post(draft, record, kind=kind)

    def orphan_reply(self, draft: Draft) -> None:
        """Publish a reply to a post of which nothing but the id is left."""
        ghost = str(self._clock.next(draft.ms))
        record = self._record(draft, [], orphan=ghost)
        self._ledger.graphs["reply"].unresolved += 1
        self._ledger.note("missing", f"{PLATFORM}:{ghost}", "", "deleted")
        self._book("reply", draft)
        self._enter(draft.author, record, draft.mentioned, errors=[problem(ghost, "deleted")])

    def share(self, account: int, ms: int, target: Post) -> str:
        """Publish a retweet and return its id."""
        version = self.version(target)
        handle = target.handle if self._uniform() < 0.5 else self._names.handle(target.author)
        plain = target.status == "primary" and self._uniform() < _PLAIN_HEAD
        text, entities = share_text(
            handle, None if plain else str(self._ids.item(target.author)), version[1]
        )
        target.sharers.add(account)
        target.count("retweet_count")
        identity = str(self._clock.next(ms))
        record = post_record(
            identity,
            str(self._ids.item(account)),
            ms,
            text=text,
            entities=entities,
            language=version[1]["lang"],
            references=[("retweeted", version[0])],
        )
        record["public_metrics"]["retweet_count"] = version[1]["public_metrics"]["retweet_count"]
        kept = target.mentioned[: len(entities.get("mentions", ())) - (not plain)]
        self._book_share(account, target.author, kept, plain=plain)
        people = kept if plain else [target.author, *kept]
        reference: Reference = ("retweeted", target, version)
        self._enter(account, record, people, references=[reference], expand=plain)
        return identity

    def edit(self, post: Post, ms: int) -> None:
        """Publish a later version of a post; only words after its entities change."""
        old = post.record
        identity = str(self._clock.next(ms))
        record = old | {
            "id": identity,
            "created_at": stamp(ms),
            "text": old["text"] + " (edit)",
            "edit_history_tweet_ids": [*old["edit_history_tweet_ids"], identity],
            "public_metrics": dict(old["public_metrics"]),
        }
        post.versions.append((identity, record))
        self.edits += 1
        self._pages.add(Entry(record, [post.author], [], []))

    def withheld(self, draft: Draft) -> None:
        """Publish a post whose words the platform withholds in two (invented) countries."""
        draft.words("This post has been withheld in XV, XT in response to a legal demand.")
        record = self._record(draft, [])
        record["withheld"] = {"copyright": False, "country_codes": ["XV", "XT"]}
        self._book("original", draft)
        self._enter(draft.author, record, [])

    def version(self, post: Post) -> Version:
        """Return the version of a post that somebody reacts to: mostly the newest."""
        if len(post.versions) > 1 and self._uniform() < 0.4:
            return post.versions[0]
        return post.versions[-1]

    def _record(
        self,
        draft: Draft,
        references: Sequence[Reference],
        *,
        answered: Post | None = None,
        orphan: str | None = None,
    ) -> Record:
        named = [(kind, version[0]) for kind, _, version in references]
        answers: tuple[str, str | None] | None = None
        if orphan is not None:
            named, answers = [("replied_to", orphan)], (orphan, None)
        if answered is not None:
            answers = answered.record["conversation_id"], str(self._ids.item(answered.author))
        return post_record(
            str(self._clock.next(draft.ms)),
            str(self._ids.item(draft.author)),
            draft.ms,
            text=draft.text,
            entities=draft.entities,
            language=_LANGUAGES[self._language[draft.author]],
            references=named,
            media=draft.media,
            views=int(self._followers[draft.author] * self._uniform() ** 2),
            answers=answers,
        )

    def _post(self, draft: Draft, record: Record, *, kind: str, status: str = "primary") -> Post:
        handle, camp = self._names.handle(draft.author), self._camp[draft.author]
        return Post(draft, record, kind=kind, camp=camp, handle=handle, status=status)

    def _book(self, kind: str, draft: Draft) -> None:
        ledger = self._ledger
        ledger.kinds[kind] += 1
        for person, origin in zip(draft.mentioned, draft.origins, strict=True):
            ledger.mention(draft.author, person, origin)
        for entity in draft.entities.get("hashtags", ()):
            ledger.graphs["account_hashtag"].add(draft.author, self._tags[TAG_KEYS[entity["tag"]]])

    def _book_share(self, account: int, author: int, kept: list[int], *, plain: bool) -> None:
        ledger = self._ledger
        ledger.kinds["share"] += 1
        ledger.graphs["retweet"].add(account, author)
        if not plain:
            ledger.mention(account, author, "share_head")
        for person in kept:
            ledger.mention(account, person, "inherited_share")

    def _enter(
        self,
        account: int,
        record: Record,
        people: list[int],
        *,
        references: Sequence[Reference] = (),
        errors: list[dict[str, Any]] | None = None,
        expand: bool = False,
    ) -> None:
        """Hand the record to the pages with what the interface would include."""
        people, included, errors = [account, *people], [], errors or []
        for _, post, (identity, target) in references:
            if post.status == "lost":
                errors.append(self._missing(post, identity))
            elif expand or post.status == "included" or self._uniform() >= _NOT_EXPANDED:
                included.append(target)
                people.append(post.author)
        self.posts += 1
        self.by_account[account] += 1
        self._pages.add(Entry(record, people, included, errors))

    def _missing(self, post: Post, identity: str) -> dict[str, Any]:
        reason = "deleted" if post.author % 2 else "protected"
        if not post.declared:
            post.declared = True
            author = self.account_id(post.author)
            self._ledger.note("missing", f"{PLATFORM}:{identity}", author, reason)
        return problem(identity, reason)
