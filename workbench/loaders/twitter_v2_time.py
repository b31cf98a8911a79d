"""Times of Twitter records: the id's own milliseconds where it has them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from workbench.loaders.moments import UNKNOWN, Moment

__all__ = [
    "FIRST_SNOWFLAKE",
    "SNOWFLAKE_EPOCH_MS",
    "milliseconds",
    "moment",
    "snowflake_ms",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
#: Digits of the largest id of 64 bits; a longer one is no snowflake.
MAX_DIGITS = 20
#: Smaller ids were counted, not timed (before November 2010).
FIRST_SNOWFLAKE = 29_700_859_247


@lru_cache(maxsize=1 << 14)
def milliseconds(text: str | None) -> int | None:
    """Return an ISO 8601 time in epoch milliseconds; None when it is missing or no time."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round((at - _EPOCH).total_seconds() * 1000)


def snowflake_ms(post_id: str) -> int | None:
    """Return the time in a snowflake id in epoch milliseconds; None when the id has none."""
    if not (post_id.isascii() and post_id.isdigit() and len(post_id) <= MAX_DIGITS):
        return None
    number = int(post_id)
    if number <= FIRST_SNOWFLAKE:
        return None
    return (number >> 22) + SNOWFLAKE_EPOCH_MS


def moment(post_id: str, created_at: str | None) -> Moment:
    """Return the time of a post.

    The id carries milliseconds where the record has whole seconds. A record that contradicts its
    id by a second or more is believed instead: then the id is not what it seems.
    """
    stated, coded = milliseconds(created_at), snowflake_ms(post_id)
    if coded is not None and (stated is None or abs(coded - stated) < 1000):
        return Moment(coded * 1000, coded, "ms", "snowflake")
    if stated is not None:
        return Moment(stated * 1000, stated, "ms" if stated % 1000 else "s", "record")
    return UNKNOWN
