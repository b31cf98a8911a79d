"""From an act to a record on a page and a line in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workbench.synthetic.draft import Draft, Entities, share_text
from workbench.synthetic.live import Post, Version
from workbench.synthetic.pages import Entry, PageWriter
from workbench.synthetic.phrases import TAG_KEYS
from workbench.synthetic.snowflake import Clock, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.population import Population
    from workbench.synthetic.writer import Names, Uniforms

__all__ = ["PLATFORM", "Publisher"]

#: Prefix of every id in the truth tables, as a corpus shows them.
PLATFORM = "twitter"

_NOT_EXPANDED = 0.02  # references to collected posts that a page nevertheless leaves out
_PLAIN_HEAD = 0.02  # retweets whose head is no entity
_CACHED_USERS = 50_000
_METRICS = ("retweet_count", "reply_count", "like_count", "quote_count", "impression_count")

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
        self._population = population
        self._names = names
        self._ledger = ledger
        self._pages = pages
        self._uniform = uniform
        self._clock = Clock()
        self._camp: list[int] = population.camp.tolist()
        self._users: dict[int, msgspec.Raw] = {}
        self._tags = {key: code for code, key in enumerate(dict.fromkeys(TAG_KEYS.values()))}

    def id_of(self, account: int) -> str:
        """Return the account's id as the truth tables show it."""
        return f"{PLATFORM}:{self._population.ids.item(account)}"

    def original(self, account: int, ms: int, draft: Draft, *, status: str = "primary") -> Post:
        """Publish a post of its own; with another status it exists and is not collected."""
        record = self._record(account, ms, draft.text, draft.entities)
        post = self._post(account, ms, record, draft, kind="original", status=status)
        if status == "primary":
            self._book("original", account, draft)
            self._enter(account, record, (), draft.mentioned)
        return post

    def comment(
        self,
        account: int,
        ms: int,
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
            self._ledger.graphs["reply"].add(account, answered.author)
        if quoted is not None:
            references.append(("quoted", *quoted))
            quoted[0].count("quote_count")
            self._ledger.graphs["quote"].add(account, quoted[0].author)
        record = self._record(account, ms, draft.text, draft.entities, references=references)
        kind = "quote" if quoted is not None else "reply"
        self._book(kind, account, draft)
        self._enter(account, record, references, draft.mentioned)
        return self._post(account, ms, record, draft, kind=kind)

    def orphan_reply(self, account: int, ms: int, draft: Draft) -> None:
        """Publish a reply to a post of which nothing but the id is left."""
        ghost = str(self._clock.next(ms))
        record = self._record(account, ms, draft.text, draft.entities, orphan=ghost)
        self._ledger.graphs["reply"].unresolved += 1
        self._ledger.note("missing", f"{PLATFORM}:{ghost}", "", "deleted")
        self._book("reply", account, draft)
        self._enter(account, record, (), draft.mentioned, errors=(_error(ghost, "deleted"),))

    def share(self, account: int, ms: int, target: Post) -> int:
        """Publish a retweet and return its id."""
        version = self.version(target)
        reference: Reference = ("retweeted", target, version)
        handle = target.handle if self._uniform() < 0.5 else self._names.handle(target.author)
        plain = target.status == "primary" and self._uniform() < _PLAIN_HEAD
        identity = None if plain else str(self._population.ids.item(target.author))
        text, entities = share_text(handle, identity, version[1])
        target.sharers.add(account)
        target.count("retweet_count")
        record = self._record(account, ms, text, entities, references=[reference])
        record["lang"] = version[1]["lang"]
        record["public_metrics"] |= {
            "retweet_count": target.record["public_metrics"]["retweet_count"],
            "like_count": 0,
            "impression_count": 0,
        }
        self._ledger.graphs["retweet"].add(account, target.author)
        self._ledger.kinds["share"] += 1
        kept = len(entities.get("mentions", ())) - (not plain)
        if not plain:
            self._ledger.mention(account, target.author, "share_head")
        for mentioned in target.mentioned[:kept]:
            self._ledger.mention(account, mentioned, "inherited_share")
        people = [*target.mentioned[:kept]] if plain else [target.author, *target.mentioned[:kept]]
        self._enter(account, record, [reference], people, expand=plain)
        return int(record["id"])

    def edit(self, post: Post, ms: int) -> None:
        """Publish a later version of a post; only words after its entities change."""
        old = post.record
        identity = str(self._clock.next(ms))
        history = [*old["edit_history_tweet_ids"], identity]
        record = old | {
            "id": identity,
            "created_at": stamp(ms),
            "text": old["text"] + " (edit)",
            "edit_history_tweet_ids": history,
            "public_metrics": dict(old["public_metrics"]),
        }
        post.versions.append((int(identity), record))
        self.edits += 1
        self._pages.add(Entry(record, (), {post.author: self._user(post.author)}))

    def withheld(self, account: int, ms: int) -> None:
        """Publish a post whose words the platform withholds in two (invented) countries."""
        text = "This post has been withheld in XV, XT in response to a legal demand."
        record = self._record(account, ms, text, {})
        record["withheld"] = {"copyright": False, "country_codes": ["XV", "XT"]}
        self._ledger.kinds["original"] += 1
        self._enter(account, record, (), ())

    def rename(self) -> None:
        """Give the renamed account its new handle from now on."""
        self._names.changed = True
        self._users.pop(self._names.renamed, None)

    def version(self, post: Post) -> Version:
        """Return the version of a post that somebody reacts to: mostly the newest."""
        if len(post.versions) > 1 and self._uniform() < 0.4:
            return post.versions[0]
        return post.versions[-1]

    def _record(
        self,
        account: int,
        ms: int,
        text: str,
        entities: Entities,
        *,
        references: Sequence[Reference] = (),
        orphan: str | None = None,
    ) -> dict[str, Any]:
        identity = str(self._clock.next(ms))
        record: dict[str, Any] = {
            "id": identity,
            "author_id": str(self._population.ids.item(account)),
            "created_at": stamp(ms),
            "text": text,
            "lang": "en" if self._population.language.item(account) else "fr",
            "conversation_id": identity,
        }
        named = [{"type": kind, "id": str(version[0])} for kind, _, version in references]
        if orphan is not None:
            named.append({"type": "replied_to", "id": orphan})
            record["conversation_id"] = orphan
        if references and references[0][0] == "replied_to":
            answered = references[0][1]
            record["conversation_id"] = answered.record["conversation_id"]
            record["in_reply_to_user_id"] = str(self._population.ids.item(answered.author))
        if named:
            record["referenced_tweets"] = named
        if entities:
            record["entities"] = entities
        audience = self._population.followers.item(account)
        views = int(audience * self._uniform() ** 2)
        record["edit_history_tweet_ids"] = [identity]
        record["possibly_sensitive"] = False
        record["public_metrics"] = dict.fromkeys(_METRICS, 0)
        record["public_metrics"]["like_count"] = int(views * 0.02)
        record["public_metrics"]["impression_count"] = views
        return record

    def _post(
        self, account: int, ms: int, record: dict[str, Any], draft: Draft, *, kind: str,
        status: str = "primary",
    ) -> Post:  # fmt: skip
        return Post(
            account,
            record,
            camp=self._camp[account],
            ms=ms,
            kind=kind,
            handle=self._names.handle(account),
            mentioned=draft.mentioned,
            status=status,
        )

    def _book(self, kind: str, account: int, draft: Draft) -> None:
        ledger = self._ledger
        ledger.kinds[kind] += 1
        for person, origin in zip(draft.mentioned, draft.origins, strict=True):
            ledger.mention(account, person, origin)
        for entity in draft.entities.get("hashtags", ()):
            ledger.graphs["account_hashtag"].add(account, self._tags[TAG_KEYS[entity["tag"]]])

    def _enter(
        self,
        account: int,
        record: dict[str, Any],
        references: Sequence[Reference],
        mentioned: Sequence[int],
        *,
        errors: tuple[dict[str, Any], ...] = (),
        expand: bool = False,
    ) -> None:
        """Hand the record to the pages with what the interface would include."""
        people = [account, *mentioned]
        included = []
        for kind, post, (identity, target) in references:
            if kind == "replied_to":
                people.append(post.author)
            if post.status == "lost":
                errors = (*errors, self._missing(post, identity))
            elif expand or post.status == "included" or self._uniform() >= _NOT_EXPANDED:
                included.append(target)
                people.append(post.author)
        users = {person: self._user(person) for person in people}
        self.posts += 1
        self.by_account[account] += 1
        self._pages.add(Entry(record, tuple(included), users, errors))

    def _missing(self, post: Post, identity: int) -> dict[str, Any]:
        reason = "deleted" if post.author % 2 else "protected"
        if not post.declared:
            post.declared = True
            author = self.id_of(post.author)
            self._ledger.note("missing", f"{PLATFORM}:{identity}", author, reason)
        return _error(str(identity), reason)

    def _user(self, account: int) -> msgspec.Raw:
        raw = self._users.get(account)
        if raw is None:
            if len(self._users) >= _CACHED_USERS:
                self._users.clear()
            user = self._population.user(account, self._names.handle(account))
            raw = self._users[account] = msgspec.Raw(msgspec.json.encode(user))
        return raw


def _error(identity: str, reason: str) -> dict[str, Any]:
    """Return what the interface says about a post it does not show."""
    gone = reason == "deleted"
    title = "Not Found Error" if gone else "Authorization Error"
    problem = "resource-not-found" if gone else "not-authorized-for-resource"
    detail = "Could not find" if gone else "Sorry, you are not authorized to see"
    return {
        "value": identity,
        "detail": f"{detail} tweet with referenced_tweets.id: [{identity}].",
        "title": title,
        "resource_type": "tweet",
        "parameter": "referenced_tweets.id",
        "resource_id": identity,
        "type": f"https://api.example/2/problems/{problem}",
    }
