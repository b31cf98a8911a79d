"""A pseudonymous study of a raw one: the same corpus without anybody in it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from workbench.errors import InputError, UsageError
from workbench.model.corpus import Corpus, part_name
from workbench.model.parts import PartWriter, corpus_lock, pieces
from workbench.model.schema import TABLES
from workbench.studies.study import FILE, Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.privacy import Pseudonymiser

__all__ = ["pseudonymise"]


def pseudonymise(
    study: Study, into: Path, *, advance: Callable[[int], None] | None = None
) -> tuple[Study, int]:
    """Write the corpus of a raw study into a pseudonymous one, with a key of its own.

    What it holds is what ``load`` with ``privacy="pseudonymous"`` would have written. A source that
    it has already stays as it is, so a second call goes on where the first was stopped.

    Parameters
    ----------
    into
        Folder of the study to make or to extend.
    advance
        Is told the rows that are done.

    Returns
    -------
    tuple
        The study, and how many sources were added.

    Raises
    ------
    UsageError
        The study is pseudonymous already, or `into` is of another mode or the study itself.
    """
    if study.privacy != "raw":
        raise UsageError("this study is pseudonymous already", value=str(study.folder))
    if into.resolve() == study.folder.resolve():
        raise UsageError("a study is not changed in place", value=str(into), allowed="another DIR")
    corpus = study.corpus()
    target = _made(study, into)
    names = target.pseudonymiser()
    added = 0
    with corpus_lock(target.corpus_folder):
        filled = Corpus.create(target.corpus_folder)
        for source in corpus.sources:
            if source not in filled.listing:
                filled = _written(corpus, source, filled, names=names, advance=advance)
                added += 1
    return target, added


def _made(study: Study, into: Path) -> Study:
    """Return the study to write to, about the same question and with the same public actors."""
    if (into / FILE).is_file():
        return Study.create(into, privacy="pseudonymous")
    target = Study.create(into, privacy="pseudonymous")
    listed = Path(study.public_actors).name if study.public_actors else ""
    if listed:
        try:
            shutil.copyfile(study.folder / study.public_actors, into / listed)
        except OSError as error:
            with suppress(OSError):
                (into / FILE).unlink()
            raise InputError(
                "cannot copy the list of public actors",
                value=str(study.folder / study.public_actors),
                where=error.strerror,
            ) from error
    target = replace(study, folder=into, id=target.id, privacy="pseudonymous", public_actors=listed)
    target.save()
    return target


def _written(
    corpus: Corpus,
    source: str,
    target: Corpus,
    *,
    names: Pseudonymiser,
    advance: Callable[[int], None] | None,
) -> Corpus:
    """Return the target with a source added."""
    entry = corpus.listing[source]
    with PartWriter(target, source) as writer:
        for table in TABLES:
            for rows in _rows(corpus, source, table):
                made = names.table(table, rows)
                if table == "sources":
                    place = made.column_names.index("privacy")
                    mode = pa.repeat(pa.scalar("pseudonymous"), made.num_rows)
                    made = made.set_column(place, "privacy", mode)
                writer.write(table, made)
                if advance is not None:
                    advance(rows.num_rows)
        return writer.commit(entry.get("stats"))


def _rows(corpus: Corpus, source: str, table: str) -> Iterator[pa.Table]:
    entry = corpus.listing[source]
    if corpus.path is not None and entry["tables"].get(table):
        yield from pieces(corpus.path / table / part_name(entry, table, source))
