"""What labels are about, in the spelling in which posts carry it: domains, hosts, pages, accounts.

A rating of a whole site is about its registrable domain, the value of the attachments of kind
``domain``. A list that names a host below one (``blog.example.com``) or a page says nothing about
the rest of the domain: its subject is a ``host`` or a ``url``, never the ``domain``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.loaders.moments import UNKNOWN, Moment, moment_of
from workbench.loaders.objects import canonical_url, domain_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["account", "day", "page", "score_in", "site"]

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HANDLE = re.compile(r"[\w.-]{1,64}(?:@[\w.-]+)?")
_PLATFORMS = {"x": "twitter"}


def site(text: str) -> tuple[str, str]:
    """Return the type and the subject of a site: ``domain``, ``host``, or ``url``.

    A ``host`` is below a domain, or an address by number.

    Raises
    ------
    ValueError
        The text is no web address.
    """
    text = text.strip()
    link = canonical_url(text if _SCHEME.match(text) else f"https://{text}")
    if link is None or "@" in text.partition("/")[0]:
        raise ValueError("no web address")
    parts = urlsplit(link)
    if parts.path.strip("/") or parts.query:
        return "url", link
    host = (parts.hostname or "").removeprefix("www.")
    return ("domain" if host == domain_of(link) else "host"), host


def page(text: str) -> str:
    """Return the one spelling of a link.

    Raises
    ------
    ValueError
        The text is no web address.
    """
    link = canonical_url(text.strip())
    if link is None:
        raise ValueError("no web address")
    return link


def account(row: Mapping[str, str]) -> str:
    """Return the account of a row with ``account_id``, or with ``platform`` and ``handle``.

    Raises
    ------
    ValueError
        It has neither.
    """
    platform = row.get("platform", "").casefold()
    platform = _PLATFORMS.get(platform, platform)
    given = row.get("account_id", "")
    if given:
        return f"{platform}:{given}" if platform and ":" not in given else given
    handle = row.get("handle", "").removeprefix("@").casefold()
    if not _HANDLE.fullmatch(handle):
        raise ValueError("no account")
    if not platform:
        raise ValueError("no platform")
    return f"handle:{platform}:{handle}"


def day(text: str) -> Moment:
    """Return the time that a row states, also as ``31.12.2024`` or ``20241231``.

    Raises
    ------
    ValueError
        It is no time.
    """
    text = text.strip()
    dotted, digits = _DOTTED.fullmatch(text), _DIGITS.fullmatch(text)
    if dotted:
        text = f"{dotted[3]}-{int(dotted[2]):02d}-{int(dotted[1]):02d}"
    elif digits:
        text = "-".join(digits.groups())
    elif re.fullmatch(r"[\d.]{1,8}", text):
        raise ValueError("the time is neither unix nor ISO 8601")  # a year is no unix time
    return moment_of(text) if text else UNKNOWN


def score_in(text: str, low: float, high: float) -> float | None:
    """Return a score; None for an empty cell.

    Raises
    ------
    ValueError
        It is no number, or outside its bounds.
    """
    text = text.strip()
    if not text or text.casefold() in {"na", "nan"}:
        return None
    try:
        score = float(text)
    except ValueError:
        raise ValueError("the score is not a number") from None
    if not low <= score <= high:
        raise ValueError(f"the score is outside {low:g} to {high:g}")
    return score
