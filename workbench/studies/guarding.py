"""The guard of a report: nothing leaves that shows somebody who is no public actor.

A report is prose, so it holds words that somebody may bear as a handle. Three kinds of text are
held to three rules: terms from the data (hashtags, domains) must not be known at all; texts of
public actors must not hold a known id, or a known handle that could not be a plain word; and whole
files must not hold anything known but the words that every report consists of, those of the public
actors' names, and the plain words of quoted texts.
"""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.privacy.files import Told, UnreadableError, texts
from workbench.privacy.known import KnownPseudonyms
from workbench.privacy.scan import candidates, search
from workbench.studies.leaks import known_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.privacy import PublicActors
    from workbench.privacy.known import Known
    from workbench.studies.document import Document
    from workbench.studies.study import Study

__all__ = ["Guard", "own_words"]

#: Pictures inside a page are files of their own, too, and searched there.
_PICTURE = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+|^[A-Za-z0-9+/=]{60,}$")
#: What in a PDF is no text that somebody typed: packed pictures and fonts.
_BINARY = re.compile(r"[^\x20-\x7e]+")
#: What in an SVG is its own language: names of tags and attributes, styles.
_DRAWING = re.compile(r'\sstyle="[^"]*"|</?[\w:-]+|\s[\w:-]+=(?=")')
_RUN = re.compile(r"\S+")
_PART = re.compile(r"[^\W_]+")
_SOURCES = ("*.py", "*.toml", "*.css", "*.typ", "*.bib", "*.js", "*.html", "*.json")


@cache
def own_words() -> frozenset[str]:
    """Return the words that reports of the workbench consist of: those of its own sources."""
    package = Path(__file__).resolve().parent.parent
    found: set[str] = set()
    for part in ("studies", "plotting"):
        for pattern in _SOURCES:
            for file in sorted((package / part).rglob(pattern)):
                found |= _words(file.read_text("utf-8"))
    return frozenset(found)


def _words(text: str) -> set[str]:
    return {word.casefold() for run in set(_RUN.findall(text)) for word in candidates(run)}


class Guard:
    """What knows the people of a study and holds texts and files against them.

    Parameters
    ----------
    known
        The words, or pseudonyms, of the people; None where the key of the study is lost, and then
        nothing can be told.
    public
        The public actors, whose names are allowed.
    """

    def __init__(self, known: Known | None, public: PublicActors) -> None:
        self.known = known
        self._allowed = {w for name in public.names.values() for w in _words(name)}

    @classmethod
    def of(cls, study: Study) -> Guard:
        """Return the guard of a study."""
        return cls(None if study.has_lost_key else known_of(study), study.actors())

    @property
    def needs_key(self) -> bool:
        """Whether only the key of the study tells who is shown."""
        return self.known is None or isinstance(self.known, KnownPseudonyms)

    def shows_nobody(self, term: str) -> bool:
        """Return whether a term from the data is nobody's handle, id or name."""
        return next(self._found([Told(term)]), None) is None

    def names_nobody(self, file: str) -> bool:
        """Return whether no part of a file's name is known: exports are named after people."""
        parts = list(_PART.finditer(file))
        within = (file[one.start() : other.end()] for i, one in enumerate(parts)
                  for other in parts[i:])  # fmt: skip
        return self.shows_nobody(" ".join(within))

    def quotable(self, text: str) -> bool:
        """Return whether the text of a public actor may be quoted, and remember its words.

        What was mentioned must have been replaced before; a known handle that is a plain word and
        has no @ before it is taken for the word.
        """
        plain = {word for word in _words(text) if word.isalpha()}
        for _, _, kind, word in self._found([Told(text)]):
            if kind in {"account", "post", "name"} or word not in plain:
                return False
        self._allowed |= plain
        return True

    def check(self, folder: Path, documents: Iterable[Document] = ()) -> bool:
        """Search every file of a folder, and the texts that are drawn by glyph in its PDFs.

        Returns
        -------
        bool
            False when nothing could be told, because the key of the study is not here.

        Raises
        ------
        InputError
            Somebody is shown; the error says where and of what kind, never the word.
        """
        if self.known is None:
            return False
        allowed = self._allowed | own_words()
        written = sorted(file for file in folder.rglob("*") if file.is_file())
        for file in written:
            self._refuse(_told(file), allowed, str(file.relative_to(folder)))
        for document in documents:
            told = (Told(text) for text in _strings(document))
            self._refuse(told, allowed, f"the text of the report, {document.language}")
        return True

    def _refuse(self, told: Iterable[Told], allowed: set[str], where: str) -> None:
        for line, place, kind, word in self._found(told):
            if all(part in allowed for part in (word.split() if kind == "name" else [word])):
                continue
            raise InputError(
                f"the report would show the {kind} of somebody who is not on the list of public "
                "actors",
                where=f"{where}:{line or place or ''}".rstrip(":"),
                remedy="nothing was written; if it stands in the title of the study or the name of "
                "its folder, change that, else please report it",
            )

    def _found(self, told: Iterable[Told]) -> Iterator[tuple[int | None, str | None, str, str]]:
        return iter(()) if self.known is None else search(told, self.known)


def _told(file: Path) -> Iterator[Told]:
    """Yield the texts of a file and its name; what a PDF draws by glyph is in its document."""
    yield Told(file.name, None, "the name of the file")
    drop = _BINARY if file.suffix == ".pdf" else _PICTURE
    try:
        for told in texts(file):
            text = drop.sub(" ", told.text)
            yield told._replace(text=_DRAWING.sub(" ", text) if file.suffix == ".svg" else text)
    except UnreadableError:
        if drop is _PICTURE:
            raise


def _strings(thing: Any) -> Iterator[str]:
    """Yield every text in a document, whatever holds it; pictures are files of their own."""
    if isinstance(thing, str):
        yield _PICTURE.sub("", thing)
    elif dataclasses.is_dataclass(thing):
        for entry in dataclasses.fields(thing):
            yield from _strings(getattr(thing, entry.name))
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from _strings(part)
