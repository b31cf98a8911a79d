"""BibTeX: entries read from a file, written again, and spelled as the docstrings spell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Reference", "read_bibtex"]

_OPENS = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_FIELD = re.compile(r"\s*([\w-]+)\s*=\s*\{")
_BETWEEN = re.compile(r"\s*,?\s*")
#: A field of ours, which no reader of BibTeX is told.
_METHODS = "methods"


@dataclass(frozen=True)
class Reference:
    """An entry.

    Attributes
    ----------
    key
        What ``[@key]`` cites.
    kind
        ``article``, ``inproceedings``, ``incollection`` or ``software``.
    fields
        In order, with BibTeX's braces and escapes.
    methods
        Names of the measures and methods that it defines or that rest on it.
    """

    key: str
    kind: str
    fields: Mapping[str, str]
    methods: tuple[str, ...] = ()

    @property
    def doi(self) -> str | None:
        """Its DOI, without a prefix."""
        return self.fields.get("doi")

    @property
    def authors(self) -> list[str]:
        """Family names in order; ``others`` for those that are not listed."""
        names = re.split(r"\s+and\s+", self.fields.get("author", ""))
        return [_bare(name.partition(",")[0]) for name in names if name]

    def bibtex(self) -> str:
        """Return the entry as BibTeX."""
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in self.fields.items())
        return f"@{self.kind}{{{self.key},\n{lines}}}\n"

    def text(self) -> str:
        """Return one line: authors (year) title. Where it appeared. DOI."""
        title = _bare(self.fields.get("title", ""))
        said = [f"{_and(self.authors)} ({self.fields.get('year', 'n.d.')}) {title}", self._venue()]
        line = " ".join(part if part.endswith("?") else f"{part}." for part in said if part)
        if self.doi:
            return f"{line} doi:{self.doi}"
        return f"{line} {self.fields['url']}" if "url" in self.fields else line

    def _venue(self) -> str:
        """Return the journal, book or version, with volume, number and pages."""
        field = self.fields
        if self.kind == "software":
            return f"Version {field['version']}" if "version" in field else ""
        place = _bare(field.get("journal") or field.get("booktitle") or "")
        if self.kind == "incollection":
            place = f"In {place}"
        if "volume" in field:
            place += f" {field['volume']}"
        if "number" in field:
            place += f"({_bare(field['number'])})"
        if "pages" in field:
            joint = ", " if "volume" in field or self.kind != "article" else " "
            place += joint + _bare(field["pages"])
        return place


def read_bibtex(text: str, *, where: str | None = None) -> list[Reference]:
    """Return the entries of BibTeX whose values stand in braces.

    Parameters
    ----------
    where
        The file, for the error.

    Raises
    ------
    SchemaError
        A brace does not close, or something stands where a field should.
    """
    found = []
    place = 0
    while opening := _OPENS.search(text, place):
        kind, key = opening.groups()
        fields: dict[str, str] = {}
        place = opening.end()
        while field := _FIELD.match(text, place):
            end = _closing(text, field.end(), where)
            fields[field[1].lower()] = " ".join(text[field.end() : end].split())
            place = _after(text, end + 1)
        place = _after(text, place)
        if text[place : place + 1] != "}":
            raise _damaged(text, place, where)
        methods = [name.strip() for name in fields.pop(_METHODS, "").split(",")]
        found.append(Reference(key, kind.lower(), fields, tuple(filter(None, methods))))
    return found


def _closing(text: str, start: int, where: str | None) -> int:
    """Return where the brace closes that opened before `start`."""
    depth = 1
    for brace in _braces(text, start):
        depth += 1 if text[brace] == "{" else -1
        if depth == 0:
            return brace
    raise _damaged(text, start, where)


def _braces(text: str, start: int) -> Iterator[int]:
    return (m.start() for m in re.compile(r"(?<!\\)[{}]").finditer(text, start))


def _after(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _damaged(text: str, place: int, where: str | None) -> SchemaError:
    line = text.count("\n", 0, place) + 1
    return SchemaError(
        "this is no BibTeX that can be read", value=text[place : place + 40],
        where=f"{where}:{line}" if where else f"line {line}",
        allowed="@kind{key, field = {value}, …}",
    )  # fmt: skip


def _bare(value: str) -> str:
    """Return a value without BibTeX's braces and escapes."""
    plain = re.sub(r"(?<!\\)[{}]", "", value)
    return re.sub(r"\\([&%$#_{}])", r"\1", plain).replace("--", "–").strip()


def _and(names: list[str]) -> str:
    """Return names as the docstrings list them: A, B & C, or A et al."""
    if names and names[-1] == "others":
        return f"{', '.join(names[:-1])} et al."
    return " & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
