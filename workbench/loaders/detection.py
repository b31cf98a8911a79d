"""Which format an input has: every loader looks at its beginning, the surest one reads it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from workbench.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.loaders.base import Head, Loader

__all__ = ["check_readable", "detect", "named", "scores"]

#: Below this nobody is sure enough.
_SURE = 0.5

#: The longer marks first: that of UTF-32 begins with that of UTF-16.
_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

logger = logging.getLogger(__name__)


def scores(head: Head, formats: Mapping[str, Loader]) -> dict[str, float]:
    """Return how sure each format is, from 0 to 1, the surest first; ties keep their order."""
    found: dict[str, float] = {}
    for name, loader in formats.items():
        try:
            found[name] = loader.sniff(head)
        except (ValueError, RecursionError) as error:  # not readable at all is not this format
            logger.debug("%s: %s cannot be it: %s", head.name, name, error)
            found[name] = 0.0
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def check_readable(head: Head) -> None:
    """Check that an input holds anything, in an encoding and with line ends that are read here.

    Raises
    ------
    InputError
        The input is empty, encoded in UTF-16 or UTF-32, or a text whose lines end with CR alone.
    """
    content = head.data.strip()
    if not content:
        raise InputError("the file is empty", value=head.name)
    if head.data.startswith(b"PAR1") and not head.columns and not head.text:
        raise InputError("the Parquet file is broken", value=head.name)
    for mark, encoding in _ENCODINGS.items():
        if head.data.startswith(mark):
            raise InputError(
                f"the file is encoded in {encoding}",
                value=head.name,
                allowed="UTF-8",
                remedy="convert it first, e.g. with iconv",
            )
    # Between the tokens of JSON and XML a CR is a blank.
    lines = head.text and not content.startswith((b"{", b"[", b"<"))
    if lines and b"\r" in content and b"\n" not in content:
        raise InputError(
            "the lines end with CR alone",
            value=head.name,
            allowed="LF or CR LF",
            remedy="convert it first, e.g. with: tr '\\r' '\\n'",
        )


def detect(head: Head, formats: Mapping[str, Loader]) -> Loader:
    """Return the loader that reads inputs beginning with `head`.

    Raises
    ------
    InputError
        The input is empty, encoded otherwise than in UTF-8, or of no known format.
    """
    check_readable(head)
    ranking = scores(head, formats)
    best = next(iter(ranking))
    if ranking[best] < _SURE:
        raise InputError(
            "the file is of no format known here" if head.text else "the file is binary",
            value=head.name,
            allowed=", ".join(formats),
            remedy="name the format (format=, --format) or describe the columns (column_map=, "
            "--map)",
        )
    return formats[best]


def named(name: str, formats: Mapping[str, Loader]) -> Loader:
    """Return the loader called `name`.

    Raises
    ------
    UsageError
        No format has that name.
    """
    if name not in formats:
        raise UsageError("no such format", value=name, allowed=", ".join(formats))
    return formats[name]
