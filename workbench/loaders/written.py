"""What is written into a text: hashtags, mentions, short links, and who is addressed first."""

from __future__ import annotations

import re

__all__ = [
    "HASHTAG",
    "HEAD",
    "LINK",
    "MENTION",
    "SHORT_LINK",
    "STATUS",
    "TAG_IN_PROSE",
    "addressed",
]

#: In any script; what precedes the sign does not matter.
HASHTAG = re.compile(r"#(\w+)")
#: Stricter: it begins a word and has a letter (``item #1``, ``&#39;`` and ``a#b`` are none).
TAG_IN_PROSE = re.compile(r"(?<![\w&])[#＃](\w*[^\W\d_]\w*)")
#: A handle of Twitter; not in an address of a mailbox. Letters of other scripts end it.
MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{1,15})")
#: The head of a retweet.
HEAD = re.compile(r"RT @(\w{1,50}):?", re.ASCII)
#: Every link in a text of Twitter is one of these, unless the export has expanded it.
SHORT_LINK = re.compile(r"https?://t\.co/\w+")
LINK = re.compile(r"https?://[^\s<>\"«»]+")
#: The address of a post of Twitter: whose, and which.
STATUS = re.compile(r"(?i)//(?:[\w-]+\.)?(?:twitter|x)\.com/(\w{1,50})/status(?:es)?/(\d+)")

_ADDRESSED = re.compile(r"@(\w{1,50})", re.ASCII)


def addressed(text: str) -> list[str]:
    """Return the handles, case-folded, with which a text begins, one character between them."""
    found: list[str] = []
    place = 0
    while (match := _ADDRESSED.match(text, place)) is not None:
        found.append(match[1].casefold())
        place = match.end() + 1
    return found
