"""What stands in front of a notebook: YAML between lines of three dashes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from workbench.errors import InputError
from workbench.language import day

__all__ = ["FrontMatter", "front_matter"]

_FENCED = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class FrontMatter:
    """The front matter of a notebook; what it does not say is empty.

    Attributes
    ----------
    abstract, resume
        Summary in English and in French.
    echo
        Whether code is shown where its cell does not say.
    """

    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    date: str | dt.date = ""
    language: str = ""
    bibliography: tuple[str, ...] = ()
    abstract: str = ""
    resume: str = ""
    findings: tuple[str, ...] = ()
    provenance: str = ""
    echo: bool = True

    def day(self, language: str) -> str:
        """Return the date as a language writes it; text that is no date stays as it is."""
        if isinstance(self.date, dt.date):
            return day(self.date, language)
        return self.date


def front_matter(book: Any) -> tuple[FrontMatter, list[Any]]:
    """Return the front matter of a notebook, and its cells without it.

    Raises
    ------
    InputError
        It is no YAML, or an entry is of another kind.
    """
    cells = list(book.cells)
    if not cells or cells[0].cell_type not in {"markdown", "raw"}:
        return FrontMatter(), cells
    found = _FENCED.match(cells[0].source)
    if not found:
        return FrontMatter(), cells
    rest = type(cells[0])(cells[0], source=cells[0].source[found.end() :])
    return _read(found[1]), [rest, *cells[1:]]


def _read(text: str) -> FrontMatter:
    import yaml

    try:
        given = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2} of the first cell" if mark else "the first cell"
        raise InputError("the front matter is no YAML", value=getattr(error, "problem", None),
                         where=where) from error  # fmt: skip
    except ValueError as error:  # what looks like a date may be none
        raise InputError("the front matter holds a date that is none", value=str(error),
                         where="the first cell", remedy="put it in quotes") from error  # fmt: skip
    if not isinstance(given, dict):
        raise InputError("the front matter has no entries", value=text,
                         allowed="lines such as title: …")  # fmt: skip
    when = given.get("date")
    return FrontMatter(
        title=_text(given, "title"),
        subtitle=_text(given, "subtitle"),
        authors=_texts(given, "author", named=True),
        date=when if isinstance(when, dt.date) else _text(given, "date"),
        language=_text(given, "lang"),
        bibliography=_texts(given, "bibliography"),
        abstract=_text(given, "abstract"),
        resume=_text(given, "resume"),
        findings=_texts(given, "findings"),
        provenance=_text(given, "provenance"),
        echo=given.get("echo", True) is not False,
    )


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name, "")
    if isinstance(value, dict | list):
        raise InputError("an entry of the front matter is no text", value=value, where=name)
    return "" if value is None else str(value)


def _texts(given: dict[str, Any], name: str, *, named: bool = False) -> tuple[str, ...]:
    """Return a list, given as one or as a single text; `named` entries may have a ``name``."""
    value = given.get(name) or []
    entries = value if isinstance(value, list) else [value]
    texts = [
        entry["name"] if named and isinstance(entry, dict) and "name" in entry else entry
        for entry in entries
    ]
    for text in texts:
        if isinstance(text, dict | list):  # "Share: 5%" is an entry of YAML, and no text
            raise InputError("an entry of the front matter is no text", value=text, where=name,
                             remedy="put it in quotes if it holds a colon")  # fmt: skip
    return tuple(str(text) for text in texts if text)
