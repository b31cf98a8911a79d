"""Post and account ids that carry their time, as the platform makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

__all__ = ["EPOCH_MS", "Clock", "milliseconds", "snowflake", "stamp", "time_ms"]

EPOCH_MS = 1_288_834_974_657
_SEQUENCE_BITS = 22
_MINUTE_MS = 60_000


def snowflake(ms: int, sequence: int = 0) -> int:
    """Return the id made at `ms` (epoch milliseconds, UTC): 42 bits of time, 22 of `sequence`."""
    return (ms - EPOCH_MS) << _SEQUENCE_BITS | sequence


def time_ms(identity: int) -> int:
    """Return the epoch milliseconds at which a snowflake id was made."""
    return (identity >> _SEQUENCE_BITS) + EPOCH_MS


def milliseconds(text: str) -> int:
    """Return an ISO date or datetime, read as UTC, in epoch milliseconds."""
    when = datetime.fromisoformat(text)
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return round(when.timestamp() * 1000)


def stamp(ms: int) -> str:
    """Return `ms` as the platform writes it: whole seconds, always ``.000Z``."""
    minute, rest = divmod(ms, _MINUTE_MS)
    return f"{_minute(minute)}:{rest // 1000:02}.000Z"


@lru_cache(maxsize=4096)
def _minute(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).isoformat()[:16]


class Clock:
    """Hand out ids in time order; two posts of one millisecond get different sequence numbers."""

    def __init__(self) -> None:
        self._ms = 0
        self._sequence = 0

    def next(self, ms: int) -> int:
        """Return a new id for a post at `ms`, which must not lie before the last one."""
        self._sequence = self._sequence + 1 if ms == self._ms else 0
        self._ms = ms
        return snowflake(ms, self._sequence)
