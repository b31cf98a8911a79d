"""Times as exports write them: unix seconds, milliseconds or microseconds, dates, or ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["UNKNOWN", "Moment", "moment_of", "parse_time", "parse_times"]

#: A unix time from here on is in milliseconds (1e11 s is the year 5138, 1e11 ms is 1973).
_MILLISECONDS = 10**11
_MICROSECONDS = 10**14
_EARLIEST = -62135596800 * 10**6  # the year 1, in microseconds
_LATEST = 253402300800 * 10**6  # the year 10000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NUMBER = re.compile(r"([+-]?\d{1,18})(?:\.(\d+))?", re.ASCII)
#: Dates without separators, from year, month, day on; ``.0`` is what a float column adds.
_COMPACT = re.compile(r"((?:199\d|20\d\d)\d{4})(?:(\d{4})(\d\d)?)?(?:\.0+)?", re.ASCII)
#: Between which numbers such a date can lie, by its digits.
_COMPACT_NUMBERS = tuple((1990 * 10**n, 2100 * 10**n) for n in (4, 8, 10))
_MINUTE = re.compile(r"\d[T ]\d\d:?\d\d(?!:?\d)")


class Moment(NamedTuple):
    """When a post was made, how exactly, and who says so.

    Attributes
    ----------
    us, ms
        Microseconds and milliseconds since 1970, UTC.
    precision
        us, ms, s, min or day.
    source
        record, snowflake, indexed or collector.
    """

    us: int | None
    ms: int | None
    precision: str | None
    source: str | None


#: No time is known.
UNKNOWN = Moment(None, None, None, None)


def moment_of(value: str | float | None, *, zone: tzinfo = UTC, source: str = "record") -> Moment:
    """Return the time that a record states, as ``parse_time`` reads it; an empty one is unknown.

    Raises
    ------
    ValueError
        It is no time.
    """
    text = "" if value is None else str(value).strip()
    if not text:
        return UNKNOWN
    us, precision = parse_time(text, zone=zone)
    return Moment(us, us // 1000, precision, source)


def parse_time(text: str, *, zone: tzinfo = UTC) -> tuple[int, str]:
    """Return microseconds since 1970 (UTC) and the precision (us ms s min day) of `text`.

    8, 12 or 14 digits that are a day of the years 1990 to 2099, with or without hour, minute and
    second (``20171001``, ``201710011200``, ``20171001120000``), are this time in `zone`. Any other
    number is a unix time: seconds below 1e11, milliseconds below 1e14, microseconds from there.
    Anything else is ISO 8601, with ``T`` or a blank; a time without zone is in `zone`.

    Raises
    ------
    ValueError
        The text is neither, or outside the years 1 to 9999.
    """
    text = text.strip()
    number = None if text[4:5] == "-" else _NUMBER.fullmatch(text)
    if number:
        return _compact(text, zone) or _within(*_unix(number[1], number[2] or ""))
    try:
        microseconds = _in_zone(text, zone)
    except (ValueError, OverflowError):
        raise ValueError("the time is neither unix nor ISO 8601") from None
    return _within(microseconds, _precision(text))


def parse_times(
    texts: pa.Array | pa.ChunkedArray, *, zone: tzinfo = UTC
) -> tuple[pa.Array, pa.Array]:
    """Return microseconds (int64) and precisions (text) of many times; empty ones are null.

    Raises
    ------
    ValueError
        One of them is not a time; ``parse_time`` says which.
    """
    plain = _plain(texts)
    if plain is not None:
        return plain
    parsed = [parse_time(text, zone=zone) if text else (None, None) for text in texts.to_pylist()]
    return (
        pa.array([us for us, _ in parsed], pa.int64()),
        pa.array([precision for _, precision in parsed], pa.string()),
    )


def _plain(texts: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array] | None:
    """Return the times if all are unix times in whole seconds or milliseconds, without a loop."""
    if texts.null_count or not len(texts):
        return None
    try:
        whole = pc.cast(texts, pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    if whole.min() < 0 or whole.max() >= _MICROSECONDS:
        return None
    if any(((low <= whole) & (whole < high)).any() for low, high in _COMPACT_NUMBERS):
        return None  # these may be dates
    seconds = whole < _MILLISECONDS
    precision = pc.if_else(pa.array(seconds), "s", "ms")
    return pa.array(whole * np.where(seconds, 10**6, 10**3), pa.int64()), precision


def _in_zone(text: str, zone: tzinfo) -> int:
    """Return the microseconds of an ISO 8601 text; one without zone is in `zone`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return (moment - _EPOCH) // _MICROSECOND


def _compact(text: str, zone: tzinfo) -> tuple[int, str] | None:
    """Return the time in a date without separators; None if the digits are no such date."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    day, minute, second = found.groups()
    try:
        microseconds = _in_zone(f"{day}T{minute or '0000'}{second or ''}", zone)
    except ValueError:
        return None
    return microseconds, "s" if second else "min" if minute else "day"


def _unix(digits: str, fraction: str) -> tuple[int, str]:
    whole = int(digits)
    if abs(whole) < _MILLISECONDS:
        microseconds = whole * 10**6 + _sign(digits) * int(f"{fraction:0<6}"[:6])
        precision = "s" if not fraction.strip("0") else "ms" if len(fraction) <= 3 else "us"
    elif abs(whole) < _MICROSECONDS:
        microseconds = whole * 10**3 + _sign(digits) * int(f"{fraction:0<3}"[:3])
        precision = "us" if fraction.strip("0") else "ms"
    else:
        microseconds, precision = whole, "us"
    return microseconds, precision


def _within(microseconds: int, precision: str) -> tuple[int, str]:
    """Return a time as it is; its zone too may move it out of the years that a column can hold."""
    if not _EARLIEST <= microseconds < _LATEST:
        raise ValueError("the time is outside the years 1 to 9999")
    return microseconds, precision


def _sign(digits: str) -> int:
    return -1 if digits.startswith("-") else 1


def _precision(text: str) -> str:
    """Return how finely an ISO 8601 text says the time."""
    if len(text) == 24 and text[19] + text[23] == ".Z":  # most exports: 2031-03-01T10:00:00.250Z
        return "ms"
    if len(text) <= 10:
        return "day"
    if _MINUTE.search(text):
        return "min"
    fraction = re.search(r"[.,](\d+)", text)
    if fraction is None:
        return "s"
    return "ms" if len(fraction[1]) <= 3 else "us"
