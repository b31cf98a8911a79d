"""Posts that can still be shared, quoted and answered, and the urn they are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.synthetic.draft import Draft
    from workbench.synthetic.records import Record

__all__ = ["Post", "Urn", "Version"]

#: The id and the record of one version of a post.
Version = tuple[str, "Record"]


class Post:
    """A post while others can still react to it.

    Parameters
    ----------
    draft
        What was written, by whom and when.
    record
        The post object made of it.
    kind
        ``original``, ``quote`` or ``reply``.
    camp, handle
        The author's camp code, and handle at that time.
    status
        ``primary`` (collected), ``included`` (known only as the target of others) or ``lost``.

    Attributes
    ----------
    mentioned
        Accounts behind the mentions of its record, in the same order.
    versions
        The post and its edits, oldest first.
    sharers
        Accounts that have shared it.
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
        "sharers",
        "status",
        "versions",
    )

    def __init__(
        self,
        draft: Draft,
        record: Record,
        *,
        kind: str,
        camp: int,
        handle: str,
        status: str = "primary",
    ) -> None:
        self.author = draft.author
        self.camp = camp
        self.kind = kind
        self.handle = handle
        self.mentioned = draft.mentioned
        self.versions: list[Version] = [(record["id"], record)]
        self.sharers: set[int] = set()
        self.status = status
        self.declared = False

    @property
    def id(self) -> str:
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

    A new post puts in tickets by its author's audience, every reaction puts in more; drawing
    prefers recent tickets. That gives heavy-tailed attention at constant memory.

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
