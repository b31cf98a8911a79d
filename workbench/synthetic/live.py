"""Posts that can still be shared, quoted and answered, and the urn they are drawn from."""

from __future__ import annotations

from typing import Any

__all__ = ["Post", "Urn", "Version"]

Record = dict[str, Any]
Version = tuple[int, Record]


class Post:
    """A post while others can still react to it.

    Attributes
    ----------
    author, camp, ms, kind
        Who wrote it, for which camp, when, and whether it is an original, quote or reply.
    handle
        The author's handle at that time.
    mentioned
        Accounts behind the mentions of its record, in the same order.
    versions
        (id, record) of the post and of its edits, oldest first.
    status
        ``primary`` (collected), ``included`` (only as the target of others) or ``lost``.
    declared
        Whether a lost post has been entered in the table of missing posts.
    """

    __slots__ = (
        "author",
        "camp",
        "declared",
        "handle",
        "kind",
        "mentioned",
        "ms",
        "sharers",
        "status",
        "versions",
    )

    def __init__(
        self,
        author: int,
        record: Record,
        *,
        camp: int,
        ms: int,
        kind: str,
        handle: str,
        mentioned: list[int],
        status: str = "primary",
    ) -> None:
        self.author = author
        self.camp = camp
        self.ms = ms
        self.kind = kind
        self.handle = handle
        self.mentioned = mentioned
        self.versions: list[Version] = [(int(record["id"]), record)]
        self.sharers: set[int] = set()
        self.status = status
        self.declared = False

    @property
    def id(self) -> int:
        """The id of the first version."""
        return self.versions[0][0]

    @property
    def record(self) -> Record:
        """The record of the newest version."""
        return self.versions[-1][1]

    def count(self, metric: str) -> None:
        """Count one more reaction in the public metrics of every version."""
        for _, record in self.versions:
            record["public_metrics"][metric] += 1


class Urn:
    """A ring of tickets: an urn with reinforcement and forgetting.

    A new post puts in tickets by its author's audience, every reaction one more; drawing prefers
    recent tickets. That gives heavy-tailed attention at constant memory.

    Parameters
    ----------
    capacity
        Number of tickets kept; older ones are forgotten.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._ring: list[Post] = []
        self._next = 0

    def __len__(self) -> int:
        """Return the number of tickets in the urn."""
        return len(self._ring)

    def add(self, post: Post, tickets: int = 1) -> None:
        """Put in tickets of `post`."""
        for _ in range(tickets):
            if len(self._ring) < self._capacity:
                self._ring.append(post)
            else:
                self._ring[self._next] = post
                self._next = (self._next + 1) % self._capacity

    def draw(self, uniform: float) -> Post | None:
        """Return the post that a uniform number in [0, 1) selects; None from an empty urn."""
        if not self._ring:
            return None
        back = 1 + int(uniform * uniform * len(self._ring))
        return self._ring[(self._next - back) % len(self._ring)]
