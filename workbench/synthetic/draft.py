"""A text under way, with the entities that point into it."""

from __future__ import annotations

from typing import Any

__all__ = ["SHARE_LIMIT", "Draft", "Entities", "share_text"]

#: A retweet's text is cut here, and what lies beyond loses its entities.
SHARE_LIMIT = 140

Entities = dict[str, list[dict[str, Any]]]


class Draft:
    """Words, mentions, hashtags and links in order, each with its place in the text.

    Offsets count code points, as the interface does.

    Parameters
    ----------
    author
        The account that writes.
    ms
        When it writes (epoch milliseconds).

    Attributes
    ----------
    text, entities
        What is written so far.
    media
        Keys of the pictures that go with it.
    mentioned, origins
        Accounts mentioned, in order, and for each whether the author chose to (``authored``) or
        the platform put it in front of an answer (``reply_prefix``).
    """

    __slots__ = ("author", "entities", "media", "mentioned", "ms", "origins", "text")

    def __init__(self, author: int, ms: int) -> None:
        self.author = author
        self.ms = ms
        self.text = ""
        self.entities: Entities = {}
        self.media: list[str] = []
        self.mentioned: list[int] = []
        self.origins: list[str] = []

    def words(self, words: str) -> None:
        """Append plain words."""
        if words:
            self._place(words)

    def mention(self, account: int, handle: str, identity: str | None, *, origin: str) -> None:
        """Append ``@handle``; older exports lack the `identity`."""
        start, end = self._place("@" + handle)
        entity = {"start": start, "end": end, "username": handle}
        if identity is not None:
            entity["id"] = identity
        self.entities.setdefault("mentions", []).append(entity)
        self.mentioned.append(account)
        self.origins.append(origin)

    def tag(self, tag: str) -> None:
        """Append ``#tag``."""
        start, end = self._place("#" + tag)
        self.entities.setdefault("hashtags", []).append({"start": start, "end": end, "tag": tag})

    def link(self, short: str, expanded: str, unwound: str | None = None) -> None:
        """Append a link as the platform shortens it; `unwound` is where a shortener leads."""
        start, end = self._place(short)
        entity = {
            "start": start,
            "end": end,
            "url": short,
            "expanded_url": expanded,
            "display_url": expanded.removeprefix("https://")[:26],
        }
        if unwound is not None:
            entity["unwound_url"] = unwound
        self.entities.setdefault("urls", []).append(entity)

    def _place(self, piece: str) -> tuple[int, int]:
        if self.text:
            self.text += " "
        start = len(self.text)
        self.text += piece
        return start, len(self.text)


def share_text(handle: str, identity: str | None, record: dict[str, Any]) -> tuple[str, Entities]:
    """Return the text and entities of a retweet of `record`: headed, cut, entities with them.

    Parameters
    ----------
    handle, identity
        Of the author in the head ``RT @handle:``; without an identity the head is no entity.
    record
        The post that is shared.
    """
    head = f"RT @{handle}: "
    shift, text = len(head), head + record["text"]
    limit = len(text)
    if limit > SHARE_LIMIT:
        limit = SHARE_LIMIT - 1
        text = text[:limit] + "…"
    entities: Entities = {}
    if identity is not None:
        entities["mentions"] = [
            {"start": 3, "end": shift - 2, "username": handle, "id": identity},
        ]
    for kind, found in record.get("entities", {}).items():
        for entity in found:
            if entity["end"] + shift <= limit:
                moved = {**entity, "start": entity["start"] + shift, "end": entity["end"] + shift}
                entities.setdefault(kind, []).append(moved)
    return text, entities
