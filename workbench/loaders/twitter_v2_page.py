"""What the tweets of one page may refer to: its users, their handles, its other tweets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.loaders.twitter_v2_records import Failure, Line, Tweet, User

__all__ = ["Page", "page_of", "text_id"]


@dataclass
class Page:
    """One line of the export, opened up.

    Attributes
    ----------
    tweets
        The primary tweets.
    included
        Other tweets by id: from ``includes``, or from inside flattened ones.
    users
        Users by id.
    handles
        Case-folded handle → user id; None for a handle that two users bear.
    failures
        What could not be had, with the reason.
    retrieved_at
        When the page was collected, as stated.
    truncated
        Ids of tweets whose text is known to be cut.
    """

    tweets: list[Tweet]
    included: dict[str, Tweet] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    handles: dict[str, str | None] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    retrieved_at: str | None = None
    truncated: set[str] = field(default_factory=set)

    def add_user(self, user: User | None) -> None:
        """Note a user by id and handle."""
        if user is None or user.id is None:
            return
        key = text_id(user.id)
        if key not in self.users or user.public_metrics is not None:
            self.users[key] = user
        if user.username:
            handle = user.username.casefold()
            if self.handles.setdefault(handle, key) != key:
                self.handles[handle] = None

    def add_tweets(self, tweets: Iterable[Tweet] | None) -> None:
        """Note other tweets, and what flattening has put inside them, however deep it stands."""
        waiting = list(tweets or ())[::-1]
        while waiting:
            tweet = waiting.pop()
            if tweet.id is not None and (tweet.text is not None or tweet.author_id is not None):
                self.included.setdefault(text_id(tweet.id), tweet)
            self._add_people(tweet)
            if tweet.referenced_tweets:
                waiting += tweet.referenced_tweets[::-1]

    def open_up(self, tweet: Tweet) -> None:
        """Note the users and references that stand inside a flattened tweet."""
        self._add_people(tweet)
        if tweet.referenced_tweets:
            self.add_tweets(tweet.referenced_tweets)

    def _add_people(self, tweet: Tweet) -> None:
        self.add_user(tweet.author)
        self.add_user(tweet.in_reply_to_user)
        if tweet.entities is not None:
            for mention in tweet.entities.mentions or ():
                if mention.name is not None:
                    self.add_user(mention)


def page_of(line: Line, tweets: list[Tweet]) -> Page:
    """Return the page of a decoded line and of those of its tweets that can be read."""
    page = Page(tweets, failures=line.errors or [])
    if line.collector is not None:
        page.retrieved_at = line.collector.retrieved_at
    if line.includes is not None:
        for user in line.includes.users or ():
            page.add_user(user)
        page.add_tweets(line.includes.tweets)
    for tweet in tweets:
        page.open_up(tweet)
    return page


def text_id(value: str | int) -> str:
    """Return an id as text."""
    return value if type(value) is str else str(value)
