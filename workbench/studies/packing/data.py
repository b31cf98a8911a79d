"""The data of a pseudonymous study in a package."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from workbench.errors import InputError, UsageError
from workbench.model.corpus import write_listing
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from workbench.studies.study import Study

__all__ = ["check_data", "write_data"]

_ACTORS = "public_actors.csv"


def check_data(study: Study | None) -> None:
    """Refuse to pack the data of a study that names people.

    Raises
    ------
    UsageError
        No study is named.
    InputError
        The study is raw.
    """
    if study is None:
        raise UsageError("whose data?", where="--with-data", remedy="name the study: --study DIR")
    if study.privacy != "pseudonymous":
        raise InputError(
            "the data of a raw study stay here: they hold handles, ids and posts of people",
            value=str(study.folder), where="--with-data", allowed="a pseudonymous study",
            remedy=f"workbench privacy pseudonymise --study {study.folder} --into DIR, "
            "run on that study, and pack it; or pack without data",
        )  # fmt: skip


def write_data(study: Study, folder: Path) -> None:
    """Write a study's settings and corpus; without its store, and without paths of this machine."""
    actors = _ACTORS if study.public_actors else ""
    replace(study, folder=folder, public_actors=actors).save()
    if actors:
        shutil.copyfile(study.folder / study.public_actors, folder / actors)
    corpus = study.corpus()
    target = folder / "corpus"
    target.mkdir()
    for table in TABLES:
        for part in corpus.parts(table):
            (target / table).mkdir(exist_ok=True)
            if table == "sources":
                _without_paths(part, target / table / part.name)
            else:
                shutil.copyfile(part, target / table / part.name)
    write_listing(target, corpus.listing)


def _without_paths(part: Path, target: Path) -> None:
    """Copy a part of the sources table, of each path the name of the file only."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(part)
    names = [path and PureWindowsPath(path).name for path in table.column("path").to_pylist()]
    column = table.schema.get_field_index("path")
    field = table.schema.field("path")
    pq.write_table(table.set_column(column, field, pa.array(names, field.type)), target)
