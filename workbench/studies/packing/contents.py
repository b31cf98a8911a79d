"""What a replication package holds, before it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from workbench.studies.manifest import Exhibit

if TYPE_CHECKING:
    from workbench.studies.manifest import Manifest
    from workbench.studies.packing.notebooks import Notebook
    from workbench.studies.study import Study

__all__ = ["OUTPUTS", "UNSTATED", "Contents", "Run"]

#: Folders of a package.
DATA, OUTPUTS = "data", "outputs"
#: The licence of a package whose authors named none.
UNSTATED = "Not stated: ask the authors before you use or pass on the data and outputs."
_PICTURES = {".png", ".svg", ".pdf"}
_TABLES = {".csv", ".parquet"}


@dataclass(frozen=True)
class Run:
    """A run whose outputs are packed.

    Attributes
    ----------
    name
        Its folder below ``outputs``; empty for the only one.
    folder
        Where its outputs are now.
    manifest
        How they were made.
    """

    name: str
    folder: Path
    manifest: Manifest

    def place(self, output: str = "") -> str:
        """Return the path of an output in the package, or of the folder of all."""
        return str(PurePosixPath(OUTPUTS, self.name, output))

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The figures and tables: those of the manifest, or what the outputs' names tell."""
        if self.manifest.exhibits:
            return self.manifest.exhibits
        groups: dict[str, list[str]] = {}
        for name in self.manifest.outputs:
            path = PurePosixPath(name)
            if path.suffix in _PICTURES | _TABLES:
                groups.setdefault(str(path.with_suffix("")), []).append(name)
        found = []
        for stem, names in groups.items():
            drawn = any(PurePosixPath(name).suffix in _PICTURES for name in names)
            label = f"{'fig' if drawn else 'tbl'}-{PurePosixPath(stem).name}"
            found.append(Exhibit(label, "", tuple(names)))
        return tuple(found)


@dataclass(frozen=True)
class Contents:
    """A package.

    Attributes
    ----------
    title, authors, licence, date
        What the authors say of it; `date` is ISO 8601.
    runs
        At least one.
    study
        The study the runs are of; None for runs on files of edges.
    with_data
        Whether its corpus is in the package.
    notebooks
        Programs beside the command lines.
    """

    title: str
    runs: tuple[Run, ...]
    study: Study | None = None
    with_data: bool = False
    authors: tuple[str, ...] = ()
    licence: str = UNSTATED
    date: str = ""
    notebooks: tuple[Notebook, ...] = ()

    @property
    def data(self) -> str:
        """The folder of the study in the package: it keeps its name, which outputs may show."""
        name = "study" if self.study is None else self.study.folder.resolve().name
        return f"{DATA}/{name}"

    @property
    def needs_study(self) -> bool:
        """Whether a command reads the study."""
        return any("$STUDY" in command for run in self.runs for command in run.manifest.commands)

    @property
    def methods(self) -> tuple[str, ...]:
        """The measures and methods of all runs."""
        return tuple(sorted({name for run in self.runs for name in run.manifest.methods}))

    def exhibits(self) -> list[Exhibit]:
        """Return all figures and tables, their files as they lie in the package."""
        found = [
            replace(one, files=tuple(run.place(name) for name in one.files))
            for run in self.runs
            for one in run.exhibits
        ]
        return found + [one for notebook in self.notebooks for one in notebook.exhibits]
