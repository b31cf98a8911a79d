"""Which acts enter a graph: one set of filters for corpus, store and command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Self

from workbench.errors import UsageError
from workbench.model.kinds import ORIGINS
from workbench.model.kinds import hashtag as normal_hashtag

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Filters", "instant_ms", "iso"]

Instant = str | date | datetime | None


@dataclass(frozen=True)
class Filters:
    """The filters of ``graph``, checked.

    Attributes
    ----------
    since_ms, until_ms
        Window [since, until) on the acting post's stored time, epoch milliseconds.
    min_weight
        Edges of less weight are left out, after summing.
    origins
        Origins of mentions that count; None means all. Other kinds have one origin.
    lang, hashtag, text
        What the acting post must have: a language tag, a hashtag (in its normal form; also an
        inherited one), a piece of text in any case (for shares also in the shared post, whose text
        is not truncated).
    accounts
        At least one end of the act must be among them.
    max_accounts
        Objects used by more accounts are left out of projections, and counted.
    """

    since_ms: int | None = None
    until_ms: int | None = None
    min_weight: float | None = None
    origins: tuple[str, ...] | None = ("authored",)
    lang: str | None = None
    hashtag: str | None = None
    text: str | None = None
    accounts: tuple[str, ...] | None = None
    max_accounts: int | None = None

    @classmethod
    def parse(
        cls,
        *,
        since: Instant = None,
        until: Instant = None,
        min_weight: float | None = None,
        origin: str | Iterable[str] | None = None,
        lang: str | None = None,
        hashtag: str | None = None,
        text: str | None = None,
        accounts: Iterable[str] | None = None,
        max_accounts: int | None = None,
    ) -> Self:
        """Return the checked filters.

        Raises
        ------
        UsageError
            A time cannot be read, the window is empty, a number is not positive, or an origin does
            not exist.
        """
        first, last = instant_ms(since, name="since"), instant_ms(until, name="until")
        if first is not None and last is not None and first >= last:
            raise UsageError(
                "the window is empty",
                value=f"since {iso(first)} until {iso(last)}",
                allowed="since < until; the window is [since, until)",
            )
        if min_weight is not None and not min_weight > 0:
            raise UsageError("min_weight must be > 0", value=min_weight)
        if max_accounts is not None and max_accounts < 1:
            raise UsageError("max_accounts must be at least 1", value=max_accounts)
        if isinstance(accounts, str):
            raise UsageError("accounts must be a list of ids", value=accounts)
        return cls(
            first,
            last,
            min_weight,
            _origins(origin),
            lang,
            None if hashtag is None else normal_hashtag(hashtag),
            text,
            None if accounts is None else tuple(sorted(set(accounts))),
            max_accounts,
        )

    @property
    def window(self) -> tuple[int | None, int | None]:
        """The window in epoch milliseconds."""
        return self.since_ms, self.until_ms

    @property
    def windowed(self) -> bool:
        """Whether a bound of the window is set."""
        return self.since_ms is not None or self.until_ms is not None

    @property
    def needs_posts(self) -> bool:
        """Whether a filter looks into the acting posts."""
        return any(value is not None for value in (self.lang, self.hashtag, self.text))

    def choices(self, *, mentions: bool = False) -> dict[str, Any]:
        """Return what was chosen, for the record: only filters that are set."""
        chosen: dict[str, Any] = {
            "since": None if self.since_ms is None else iso(self.since_ms),
            "until": None if self.until_ms is None else iso(self.until_ms),
            "min_weight": self.min_weight,
            "lang": self.lang,
            "hashtag": self.hashtag,
            "text": self.text,
            "accounts": None if self.accounts is None else len(self.accounts),
            "max_accounts": self.max_accounts,
        }
        if mentions:
            chosen["origin"] = "all" if self.origins is None else ",".join(self.origins)
        return {name: value for name, value in chosen.items() if value is not None}


def instant_ms(value: Instant, *, name: str = "time") -> int | None:
    """Return a time in epoch milliseconds; a date means 00:00 UTC, a time without zone is UTC.

    Raises
    ------
    UsageError
        The text is no ISO 8601 date or time.
    """
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise UsageError(
                f"{name} is not a time",
                value=value,
                allowed="ISO 8601, such as 2031-03-08 or 2031-03-08T14:30:00Z",
            ) from error
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return round(value.timestamp() * 1000)


def iso(ms: int) -> str:
    """Return epoch milliseconds as ISO 8601 UTC with milliseconds."""
    at = datetime.fromtimestamp(ms // 1000, tz=UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def _origins(origin: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if origin is None:
        return ("authored",)
    names = origin.split(",") if isinstance(origin, str) else list(origin)
    names = [name.strip() for name in names if name.strip()]
    if names == ["all"]:
        return None
    unknown = sorted(set(names) - set(ORIGINS))
    if unknown or not names:
        raise UsageError(
            "no such origin",
            value=", ".join(unknown) or origin,
            allowed=f"{', '.join(ORIGINS)}, all",
        )
    return tuple(sorted(set(names)))
