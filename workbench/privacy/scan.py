"""The search for what must not leave the machine: ids, handles and names that a study knows.

Every file is passed once. What could be an id or a handle in it is looked up among 64-bit hashes of
those that are known (chance of a false alarm: one in a million for ten million known words and a
million in the files), names of several words are followed word by word. In a pseudonymous study the
words are not known; there every candidate gets the pseudonyms that it would have, and these are
looked up: with the key, a leak is found without the original.

Words of fewer than five characters are not looked for, nor short names of letters in one word, nor
words that outputs of the workbench consist of: they cannot be told from other words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from workbench.privacy.files import Told, UnreadableError, spellings, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from workbench.privacy.known import Known

__all__ = ["Finding", "Scan", "scan", "search"]

_RUN = re.compile(r"[^\s\"'<>()\[\]{},;|`«»“”„]+")
_STEPS = re.compile(r"[/?#=&\\]+")
_WORDS = re.compile(r"\w+")
_DOTTED = re.compile(r"\w[\w.·-]*\w")
_EDGES = ".,:;!?*~@＠’…-"
#: Texts that are looked up together.
_TOGETHER = 1 << 14


class Finding(NamedTuple):
    """Something known in a file."""

    file: str
    line: int | None
    where: str | None
    kind: str
    word: str


@dataclass
class Scan:
    """What a search found.

    Attributes
    ----------
    findings
        In the order of files and lines; at most one for a word in a line.
    files
        How many files were looked into.
    unread
        Files of which not everything could be read, with the reason.
    """

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, int]:
        """How many findings of each kind."""
        return dict(sorted(Counter(found.kind for found in self.findings).items()))


def scan(folder: Path, known: Known, *, advance: Callable[[int], None] | None = None) -> Scan:
    """Search all files of a folder, or one file; their names are searched too.

    Parameters
    ----------
    advance
        Is told the bytes of each file that is done.
    """
    result = Scan()
    whole = [folder] if folder.is_file() else sorted(f for f in folder.rglob("*") if f.is_file())
    for file in whole:
        name = file.name if file == folder else str(file.relative_to(folder))
        result.files += 1
        told = _told(file, name, result)
        result.findings += [Finding(name, *found) for found in search(told, known)]
        if advance is not None:
            advance(file.stat().st_size)
    return result


def search(told: Iterable[Told], known: Known) -> Iterator[tuple[int | None, str | None, str, str]]:
    """Yield line, place, kind and word of everything known in texts."""
    seen: dict[str, list[tuple[str, str]]] = {}
    waiting: list[tuple[Told, list[str]]] = []
    for entry in told:
        runs = [run for text in spellings(entry.text) for run in _RUN.findall(text)]
        waiting.append((entry, runs))
        if len(waiting) >= _TOGETHER:
            yield from _found(waiting, known, seen)
            waiting = []
    yield from _found(waiting, known, seen)


def _found(
    waiting: list[tuple[Told, list[str]]], known: Known, seen: dict[str, list[tuple[str, str]]]
) -> Iterator[tuple[int | None, str | None, str, str]]:
    """Yield what is known in texts that waited, each distinct run of characters looked up once."""
    fresh = list({run for _, runs in waiting for run in runs if len(run) >= 5} - seen.keys())
    words = [(run, word) for run in fresh for word in candidates(run)]
    kinds = known.kinds([word for _, word in words])
    seen.update((run, []) for run in fresh)
    for (run, word), kind in zip(words, kinds, strict=True):
        if kind is not None:
            seen[run].append((kind, word.lstrip("@＠").casefold()))
    for entry, runs in waiting:
        hits = dict.fromkeys(hit for run in runs for hit in seen.get(run, ()))
        if known.has_phrases:
            for text in spellings(entry.text):
                hits |= dict.fromkeys(("name", phrase) for phrase in known.phrases(text))
        for kind, word in hits:
            yield entry.line, entry.where, kind, word
    if len(seen) > 1_000_000:
        seen.clear()


def candidates(run: str) -> set[str]:
    """Return what in characters without a blank may be an id or a handle."""
    found: set[str] = set()
    for part in {run, *_STEPS.split(run)}:
        plain = part.strip(_EDGES)
        # twitter:1 and handle:twitter:name begin with what is no part of the id.
        for whole in (part, plain, plain.partition(":")[2], plain.split(":", 2)[-1]):
            found.add(whole)
            found.add(whole.strip(_EDGES))
        found.update(_WORDS.findall(part))
        found.update(_DOTTED.findall(part))
        found.update(piece for piece in part.replace("＠", "@").split("@"))
    return {word for word in found if len(word) >= 5}


def _told(file: Path, name: str, result: Scan) -> Iterator[Told]:
    yield Told(name, None, "the name of the file")
    try:
        yield from texts(file)
    except UnreadableError as error:
        result.unread.append((name, str(error)))
    except OSError as error:
        result.unread.append((name, error.strerror or str(error)))
