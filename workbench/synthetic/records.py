"""The objects of the Twitter API v2: posts, what is said of missing ones, and their metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.synthetic.snowflake import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.synthetic.draft import Entities

__all__ = ["Record", "post_record", "problem"]

Record = dict[str, Any]
#: (type, id) of a post that a post refers to.
Reference = tuple[str, str]


def post_record(
    identity: str,
    author: str,
    ms: int,
    *,
    text: str,
    entities: Entities,
    language: str,
    references: list[Reference],
    media: Sequence[str] = (),
    views: int = 0,
    answers: tuple[str, str | None] | None = None,
) -> Record:
    """Return a post object; keys that do not apply are absent, as the interface leaves them out.

    Parameters
    ----------
    identity, author
        Ids of the post and its author.
    ms
        When it was written (epoch milliseconds).
    text, entities, language
        What it says.
    references
        Type and id of the posts it refers to.
    media
        Keys of its pictures.
    views
        Impressions; one in fifty likes it.
    answers
        For a reply: id of the first post of the thread and, where known, of the account answered.
    """
    conversation, reply_to = answers or (identity, None)
    record: Record = {
        "id": identity,
        "author_id": author,
        "created_at": stamp(ms),
        "text": text,
        "lang": language,
        "conversation_id": conversation,
    }
    if reply_to is not None:
        record["in_reply_to_user_id"] = reply_to
    if references:
        record["referenced_tweets"] = [{"type": kind, "id": other} for kind, other in references]
    if entities:
        record["entities"] = entities
    if media:
        record["attachments"] = {"media_keys": list(media)}
    record["edit_history_tweet_ids"] = [identity]
    record["possibly_sensitive"] = False
    record["public_metrics"] = {
        "retweet_count": 0,
        "reply_count": 0,
        "like_count": views // 50,
        "quote_count": 0,
        "impression_count": views,
    }
    return record


def problem(identity: str, reason: str) -> Record:
    """Return what the interface says about a post that is ``deleted`` or ``protected``."""
    gone = reason == "deleted"
    detail = "Could not find" if gone else "Sorry, you are not authorized to see"
    kind = "resource-not-found" if gone else "not-authorized-for-resource"
    return {
        "value": identity,
        "detail": f"{detail} tweet with referenced_tweets.id: [{identity}].",
        "title": "Not Found Error" if gone else "Authorization Error",
        "resource_type": "tweet",
        "parameter": "referenced_tweets.id",
        "resource_id": identity,
        "type": f"https://api.example/2/problems/{kind}",
    }
