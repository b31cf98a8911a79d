"""Normal forms of what posts carry: hashtags, links, domains."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from workbench.model.kinds import hashtag

__all__ = ["canonical_url", "domain_of", "hashtag"]

#: Query parameters that say where a reader came from, not what is read.
_TRACKING = {
    "fbclid", "gclid", "dclid", "msclkid", "twclid", "igshid", "igsh", "mc_cid", "mc_eid",
    "ref_src", "ref_url", "spm",
}  # fmt: skip
#: ``mailto:`` and the like, but not a host with a port.
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)

#: A link that already is in its one spelling, but for a slash at the end; and its host.
_PLAIN = re.compile(
    r"(https?://(?!\S*xn--)([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:/[\w~-][\w.~-]*)*)/?", re.ASCII
)
_HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+")
_BLANK = re.compile(r"\s")


@lru_cache(maxsize=1 << 16)
def canonical_url(text: str) -> str | None:
    """Return one spelling for all links to the same page; None if `text` is no web address.

    Scheme and host in lower case, no user, no default port, no fragment, no tracking parameters,
    no slash at the end; the other parameters keep their order.
    """
    plain = _PLAIN.fullmatch(text)
    return plain[1] if plain else _canonical(text)


def _canonical(text: str) -> str | None:
    from ural import canonicalize_url

    text = text.partition("#")[0].strip()
    if _OTHER_SCHEME.match(text) or _BLANK.search(text):
        return None
    try:
        parts = urlsplit(canonicalize_url(text))
        port = parts.port
    except (ValueError, AttributeError, TypeError):  # no web address: ural needs a host
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.casefold() not in _TRACKING and not name.casefold().startswith("utm_")
    ]
    path = _BLANK.sub(lambda blank: quote(blank[0]), parts.path.rstrip("/"))
    place = host if port in {None, 80, 443} else f"{host}:{port}"
    return str(urlunsplit((parts.scheme, place, path, urlencode(kept), "")))


@lru_cache(maxsize=1 << 16)
def domain_of(url: str) -> str | None:
    """Return the registrable domain of a link (``bbc.co.uk``); None if it has none.

    Under a suffix that the Public Suffix List does not know, the last two labels, as the list's own
    default rule has it. Addresses by number and hosts of one label have no domain.
    """
    plain = _PLAIN.fullmatch(url)
    return _domain(f"https://{plain[2]}" if plain else url)


@lru_cache(maxsize=1 << 16)
def _domain(url: str) -> str | None:
    from ural import get_domain_name

    try:
        domain: str | None = get_domain_name(url)
        host = (urlsplit(url).hostname or "").rstrip(".")
    except (ValueError, AttributeError, TypeError):
        return None
    if domain:
        return domain.casefold()
    labels = host.casefold().split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(labels):
        return None
    return ".".join(labels[-2:])
