"""The knobs of a synthetic crisis."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from workbench.errors import UsageError
from workbench.synthetic.snowflake import milliseconds

__all__ = ["MAX_POSTS", "MIN_POSTS", "Config"]

MIN_POSTS = 1_000
MAX_POSTS = 10_000_000


@dataclass(frozen=True)
class Config:
    """What kind of crisis is made; every share lies in [0, 1].

    Attributes
    ----------
    start
        First day (ISO, UTC). The default lies in the future, so that no id can be a real one.
    days
        Length of the collection (days, at least 7).
    cross_retweet, cross_quote, cross_reply, cross_mention
        Of the acts between the two camps, the share that crosses the line.
    neutral_share
        Share of acts whose target belongs to neither camp.
    french
        Share of accounts that write French; the others write English.
    campaign_share, cascade_share, pile_on_share
        Share of all posts that belong to the planted campaign, cascades and pile-on.
    lost_share
        Share of source posts that the collection refers to and does not contain.
    page_posts
        Posts on a page (one line of a file), 10 to 500.
    file_posts
        Posts in a file.
    compression
        gzip level, 1 (fast) to 9 (small).
    """

    start: str = "2031-03-03"
    days: int = 21
    cross_retweet: float = 0.06
    cross_quote: float = 0.55
    cross_reply: float = 0.60
    cross_mention: float = 0.50
    neutral_share: float = 0.10
    french: float = 0.5
    campaign_share: float = 0.03
    cascade_share: float = 0.06
    pile_on_share: float = 0.012
    lost_share: float = 0.08
    page_posts: int = 500
    file_posts: int = 50_000
    compression: int = 3

    def __post_init__(self) -> None:
        """Refuse what no crisis can be made of, all faults at once."""
        faults = [
            f"{name}={value} is no share" for name, value in self._shares() if not 0 <= value <= 1
        ]
        if self.campaign_share + self.cascade_share + self.pile_on_share > 0.5:
            faults.append("the planted shares exceed half of all posts")
        limits = {"days": (7, 366), "page_posts": (10, 500), "compression": (1, 9)}
        limits["file_posts"] = (self.page_posts, MAX_POSTS)
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                faults.append(f"{name}={getattr(self, name)} is not in {low}..{high}")
        if faults:
            raise UsageError("no crisis can be made of this configuration", value="; ".join(faults))

    def _shares(self) -> list[tuple[str, float]]:
        names = [field.name for field in fields(self) if field.type == "float"]
        return [(name, getattr(self, name)) for name in names]

    @property
    def start_ms(self) -> int:
        """The first instant of the collection (epoch milliseconds)."""
        return milliseconds(self.start)

    @property
    def hours(self) -> int:
        """The number of hours of the collection."""
        return 24 * self.days

    @property
    def middle_ms(self) -> int:
        """The hour in the middle of the collection (epoch milliseconds)."""
        return self.start_ms + self.hours // 2 * 3_600_000

    @property
    def end_ms(self) -> int:
        """The first instant after the collection (epoch milliseconds)."""
        return self.start_ms + self.hours * 3_600_000

    def to_dict(self) -> dict[str, Any]:
        """Return the knobs as JSON values."""
        return asdict(self)
