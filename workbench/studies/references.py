"""Citations and cross-references: what they may lead to, and what they say without pandoc."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.language import listed
from workbench.studies.document_terms import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workbench.studies.document import Document

__all__ = ["Entry", "check_key", "check_label", "citation_arguments", "entries"]

_START = re.compile(r"@(\w+)\s*[{(]\s*([^,\s{}]+)\s*,")
_FILE = "references.bib"
_NO_ENTRIES = {"comment", "preamble", "string"}


@dataclass(frozen=True)
class Entry:
    """One entry of BibTeX, as far as a citation without a style needs it."""

    key: str
    authors: tuple[str, ...]
    year: str
    title: str
    where: str

    def cited(self, language: str) -> tuple[str, str]:
        """Return authors and year as a sentence names them."""
        last = [author.split(",")[0].split()[-1] for author in self.authors if author.split()]
        if len(last) > 2:
            last = [f"{last[0]} et al."]
        return listed(last, language) or self.key, self.year or TERMS["undated"][language]


def entries(bibtex: str) -> dict[str, Entry]:
    """Return the entries of BibTeX by their key."""
    starts = [m for m in _START.finditer(bibtex) if m[1].lower() not in _NO_ENTRIES]
    ends = [start.start() for start in starts[1:]] + [len(bibtex)]
    return {
        start[2]: _entry(start[2], bibtex[start.end() : end])
        for start, end in zip(starts, ends, strict=False)
    }


def check_key(key: str, known: Iterable[str]) -> None:
    """Refuse a citation key that the references do not have.

    Raises
    ------
    InputError
        The key is not among the known ones.
    """
    if key not in known:
        allowed = ", ".join(sorted(known)) or "none, for there are no references"
        raise InputError("a citation key is not among the references", value=key, allowed=allowed,
                         remedy=f"write \\@{key} if it is no citation")  # fmt: skip


def check_label(label: str, known: Iterable[str]) -> None:
    """Refuse a reference to a figure or table that is not there.

    Raises
    ------
    InputError
        No figure or table has the label.
    """
    if label not in known:
        allowed = ", ".join(f"@{name}" for name in known) or "none, for nothing has a label"
        raise InputError("a reference leads to no figure or table", value=f"@{label}",
                         allowed=allowed)  # fmt: skip


def citation_arguments(document: Document, folder: Path) -> list[str]:
    """Return the options that make pandoc cite, with the references as a file of `folder`."""
    said = [f"--metadata=lang:{document.language}"]
    if not document.bibtex.strip():
        return said
    (folder / _FILE).write_text(document.bibtex, "utf-8")
    return [*said, "--citeproc", f"--bibliography={_FILE}", "--metadata=link-citations:true"]


def _entry(key: str, fields: str) -> Entry:
    authors = _field(fields, "author") or _field(fields, "editor")
    return Entry(
        key,
        tuple(re.split(r"\s+and\s+", authors)) if authors else (),
        _field(fields, "year") or _field(fields, "date")[:4],
        _field(fields, "title"),
        next(filter(None, (_field(fields, f) for f in ("journal", "booktitle", "publisher"))), ""),
    )


def _field(fields: str, name: str) -> str:
    """Return the value of a field without its braces; empty when it is not there."""
    start = re.search(rf"(?<!\w){name}\s*=\s*", fields, re.IGNORECASE)
    if start is None:
        return ""
    rest = fields[start.end() :]
    if not rest.startswith(("{", '"')):
        return re.match(r"\w*", rest)[0]  # type: ignore[index]  # the empty text matches, too
    depth = 0
    for i, letter in enumerate(rest):
        depth += (letter == "{") - (letter == "}")
        closed = letter == "}" if rest[0] == "{" else letter == '"' and i > 0
        if closed and depth == 0:
            return re.sub(r"[{}]", "", rest[1:i]).strip()
    return ""
