"""The words of texts, in every script that puts a mark between them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["words"]

#: What is no word: links, whatever holds an @ (names, addresses), hashtags, HTML's entities.
_LEFT_OUT = (
    r"https?://\S+|www\.\S+|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/\S*|\S*[@＠]\S*"
    r"|[#＃][\p{L}\p{M}\p{N}_]+|&#?\w+;"
)
_BETWEEN = r"[^\p{L}\p{M}\p{N}]+"


def words(texts: pa.ChunkedArray | pa.Array) -> pa.Table:
    """Return the words of each text, case-folded and in NFKC.

    A word is a run of letters, marks and digits (Unicode categories L, M, N) with a letter and at
    least two characters; apostrophes and hyphens part words (*l'escorte* → *escorte*). Links, names
    with an @, e-mail addresses, hashtags and HTML entities are left out, and so is a word that
    stands against an @ without a space. Nothing is stemmed and no word is a stop word. Scripts
    without spaces (Chinese, Japanese, Thai) are not divided: there a run up to the next mark is one
    "word". A missing text has none.

    Returns
    -------
    Table
        ``line`` (position of the text) and ``word``, one row a word, in the order of the texts.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    flat = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    plain = pc.replace_substring_regex(flat, _LEFT_OUT, " ")
    pieces = pc.split_pattern_regex(plain, _BETWEEN)
    coded = pc.list_flatten(pieces).dictionary_encode()
    # Arrow does not compose what it normalises, so each distinct word is told by Python.
    distinct = pa.array([_normal(word) for word in coded.dictionary.to_pylist()], pa.string())
    found = distinct.take(coded.indices)
    kept = pc.is_valid(found)
    lines = pc.list_parent_indices(pieces)
    return pa.table({"line": lines.filter(kept), "word": found.filter(kept)})


def _normal(word: str) -> str | None:
    """Return a word as it is compared; None for what is none."""
    told = unicodedata.normalize("NFKC", word).casefold()
    return told if len(told) > 1 and any(sign.isalpha() for sign in told) else None
