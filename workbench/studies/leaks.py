"""Whether outputs show people of a study: the search over files, and the guard of an export."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.model.revision import reader
from workbench.privacy.files import Told
from workbench.privacy.known import KnownPseudonyms, KnownWords
from workbench.privacy.scan import Scan, scan, search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workbench.model.corpus import Corpus
    from workbench.privacy.known import Known
    from workbench.privacy.public_actors import PublicActors
    from workbench.studies.study import Study

__all__ = ["Searched", "check_files", "guard", "guard_files", "known_of", "search_files"]


@dataclass(frozen=True)
class Searched:
    """What was searched for, and what was found.

    Attributes
    ----------
    scan
        The findings.
    counts
        How many accounts, posts, handles and names were looked for; ``left_out`` were not.
    by_key
        Whether words were found by their pseudonyms.
    """

    scan: Scan
    counts: dict[str, int]
    by_key: bool

    def to_dict(self, *, words: bool = False, limit: int | None = None) -> dict[str, Any]:
        """Return the JSON object of ``workbench privacy scan``.

        Parameters
        ----------
        words
            Whether the words that were found are shown.
        limit
            Findings at most; None for all.
        """
        rows = [
            {"file": f.file, "line": f.line, "where": f.where, "kind": f.kind}
            | ({"word": f.word} if words else {})
            for f in self.scan.findings[:limit]
        ]
        return {
            "ok": not self.scan.findings,
            "files": self.scan.files,
            "found": len(self.scan.findings),
            "kinds": self.scan.kinds,
            "searched": self.counts,
            "by_key": self.by_key,
            "unread": [{"file": file, "reason": reason} for file, reason in self.scan.unread],
            "rows": rows,
        }


def known_of(study: Study) -> Known:
    """Return what a study knows of people: words, or with the key their pseudonyms."""
    read = reader(study.corpus())
    if study.privacy == "pseudonymous":
        return KnownPseudonyms(read, study.pseudonymiser())
    return KnownWords(read, public=study.actors())


def search_files(study: Study, folder: Path, *, raw: Study | None = None) -> Searched:
    """Search the files of a folder for the people of a study.

    Parameters
    ----------
    raw
        A raw study of the same data: then its words are looked for, names of people as well; those
        of the public actors of either study are allowed.
    """
    known = known_of(study if raw is None else raw)
    found = scan(folder, known)
    if raw is not None:
        allowed = study.actors()
        names = {name.casefold() for name in allowed.names.values()} | allowed.handles
        names |= {one.partition(":")[2].casefold() for one in allowed.ids}
        found.findings = [f for f in found.findings if f.word.casefold() not in names]
    return Searched(found, known.counts, isinstance(known, KnownPseudonyms))


def check_files(corpus: Corpus, files: Iterable[Path], *, public: PublicActors | None) -> None:
    """Remove files made of a raw corpus, and refuse them, when they show who is not public.

    Raises
    ------
    InputError
        Something known stands in a file; the error says where and of what kind, never the word.
    """
    _check(KnownWords(reader(corpus), public=public), list(files))


def guard_files(study: Study, out: Path) -> bool:
    """Remove a file or folder made of a pseudonymous study, and refuse it, when it shows somebody.

    Returns
    -------
    bool
        False when it could not be told, because the key of the study is not on this machine.

    Raises
    ------
    InputError
        Something known stands there; the error says where and of what kind, never the word.
    """
    if study.privacy != "pseudonymous":
        return True
    if study.has_lost_key:
        return False
    _check(known_of(study), [out])
    return True


def _check(known: Known, written: list[Path]) -> None:
    for file in written:
        found = scan(file, known).findings
        if found:
            for each in written:
                shutil.rmtree(each) if each.is_dir() else each.unlink(missing_ok=True)
            raise InputError(
                f"this would show the {found[0].kind} of somebody who is not on the list of public "
                "actors",
                where=f"{found[0].file}:{found[0].line or found[0].where}",
                remedy="the files were removed again; please report it",
            )


def guard(study: Study, texts: Iterable[str], *, where: str, each: str = "name") -> bool:
    """Refuse to write texts of a pseudonymous study that show somebody; of others nothing is asked.

    Parameters
    ----------
    where
        What would be written, for the error.
    each
        What a text is, for the error: its number follows, from 1.

    Returns
    -------
    bool
        False when it could not be told, because the key of the study is not on this machine.

    Raises
    ------
    InputError
        Something known stands in a text; the error says what kind, never the word.
    """
    if study.privacy != "pseudonymous":
        return True
    if study.has_lost_key:
        return False
    told = (Told(text, number) for number, text in enumerate(texts, 1))
    first = next(search(told, known_of(study)), None)
    if first is not None:
        number, _, kind, _ = first
        raise InputError(
            f"this would show the {kind} of somebody who is not on the list of public actors",
            where=f"{where}, {each} {number}",
            remedy="nothing was written; load the data anew into a pseudonymous study, or name the "
            "account in the list",
        )
    return True
