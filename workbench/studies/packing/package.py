"""A replication package as one zip, whose bytes depend on what is in it and on its date only."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812  `date` is an argument
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, UsageError
from workbench.provenance import sha256_file, whole_file
from workbench.studies.citing import bibliography
from workbench.studies.leaks import search_files
from workbench.studies.manifest import FILE, Manifest, runs_in, verify
from workbench.studies.packing.contents import OUTPUTS, UNSTATED, Contents, Run
from workbench.studies.packing.crate import CRATE, crate
from workbench.studies.packing.data import check_data, write_data
from workbench.studies.packing.notebooks import read_notebooks
from workbench.studies.packing.readme import readme
from workbench.studies.packing.script import constraints, script

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbench.studies.leaks import Searched
    from workbench.studies.study import Study

__all__ = ["Packed", "pack"]

#: The first moment a zip can hold; every entry has it.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_README, _CHECKSUMS = "README.md", "checksums.sha256"


@dataclass(frozen=True)
class Packed:
    """A package that was written.

    Attributes
    ----------
    out, sha256
        The file and its hash.
    files
        The files in it.
    runs
        The folders of its outputs.
    with_data
        Whether it holds the corpus.
    searched
        What was searched for people; None for runs that no study stands behind.
    """

    out: Path
    sha256: str
    files: tuple[str, ...]
    runs: tuple[str, ...]
    with_data: bool
    searched: Searched | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench pack``."""
        told = None if self.searched is None else self.searched.to_dict()
        return {
            "ok": True,
            "out": str(self.out),
            "sha256": self.sha256,
            "bytes": self.out.stat().st_size,
            "files": list(self.files),
            "runs": list(self.runs),
            "data": "pseudonymous" if self.with_data else "by hash",
            "searched": told and told["searched"],
            "unread": told["unread"] if told else [],
        }


def pack(
    folder: Path,
    out: Path,
    *,
    study: Study | None = None,
    with_data: bool = False,
    notebooks: Iterable[Path] = (),
    authors: Sequence[str] = (),
    licence: str = UNSTATED,
    date: str,
) -> Packed:
    """Write the replication package of a run, or of every run in a folder.

    Parameters
    ----------
    folder
        Holds a manifest, or has folders below it that do.
    out
        The zip.
    study
        The study that the runs read: its people are searched for in what is packed.
    with_data
        Whether its corpus goes in; only of a pseudonymous study.
    notebooks
        Programs to add, without their outputs.
    authors, licence, date
        What the authors say of the package; the date is ISO 8601.

    Raises
    ------
    NotFoundError
        There is no manifest, or no such notebook.
    InputError
        Outputs changed since they were made, the study is raw or not the one that was read,
        somebody would be shown, or the file cannot be written; then there is none.
    UsageError
        The date is none, or data were asked for without a study.
    """
    if with_data:
        check_data(study)
    contents = Contents(
        title=(study.title if study is not None else "") or _made_by(folder),
        runs=_runs(folder, study), study=study, with_data=with_data, authors=tuple(authors),
        licence=licence, date=_checked_date(date), notebooks=read_notebooks(notebooks),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="workbench-pack-") as scratch:
        place = Path(scratch)
        _write(place, contents)
        searched = None if study is None else _searched(study, place)
        files = tuple(sorted(_sizes(place)))
        _zip(place, files, out)
    return Packed(
        out, sha256_file(out), files, tuple(run.place() for run in contents.runs), with_data,
        searched,
    )  # fmt: skip


def _runs(folder: Path, study: Study | None) -> tuple[Run, ...]:
    """Return the runs, each as its manifest says and of this study."""
    found = []
    for place in runs_in(folder):
        changed = verify(place)
        if changed:
            raise InputError(
                "outputs are not as they were made",
                value=", ".join(f"{name} ({what})" for name, what in sorted(changed.items())),
                where=str(place / FILE), remedy="run what made them again",
            )  # fmt: skip
        found.append(Run(place.relative_to(folder).as_posix(), place, Manifest.read(place)))
    if len(found) == 1:
        found = [replace(found[0], name="")]
    _check_study(found, study)
    _check_versions(found)
    return tuple(found)


def _check_study(runs: list[Run], study: Study | None) -> None:
    """Refuse outputs that cannot be searched for the people of their study."""
    read = {run.manifest.fingerprints["corpus"]: run for run in runs
            if "corpus" in run.manifest.fingerprints}  # fmt: skip
    if not read:
        return
    if study is None:
        raise UsageError(
            "the outputs cannot be searched for people without their study",
            remedy="name it: --study DIR",
        )
    now = study.corpus().fingerprint
    for fingerprint, run in read.items():
        if fingerprint != now:
            raise InputError(
                "this study is not what the run read", value=str(study.folder),
                where=str(run.folder / FILE), remedy="run it again, or name the right study",
            )  # fmt: skip


def _check_versions(runs: list[Run]) -> None:
    """Refuse runs of different installations, which no single one could repeat."""
    first = runs[0].manifest
    for run in runs:
        other = run.manifest
        if (other.versions, other.commit) != (first.versions, first.commit):
            differ = sorted(
                name for name in {*first.versions, *other.versions}
                if first.versions.get(name) != other.versions.get(name)
            )  # fmt: skip
            raise InputError(
                "the runs were made with different versions", value=", ".join(differ or ["commit"]),
                where=f"{runs[0].folder}, {run.folder}",
                remedy="run them again with one installation, or pack each with --run",
            )  # fmt: skip
        if not other.commands:
            raise InputError("nothing says how the outputs were made", where=str(run.folder / FILE),
                             remedy="pack a run whose manifest has commands")  # fmt: skip


def _made_by(folder: Path) -> str:
    return Manifest.read(runs_in(folder)[0]).made_by


def _checked_date(date: str) -> str:
    try:
        return Date.fromisoformat(date).isoformat()
    except ValueError as error:
        raise UsageError("this is no date", value=date, where="--date",
                         allowed="ISO 8601, such as 2026-11-27") from error  # fmt: skip


def _write(place: Path, contents: Contents) -> None:
    """Write every file of the package into a folder."""
    sums = []
    for run in contents.runs:
        for name, digest in sorted(run.manifest.outputs.items()):
            _copy(run.folder / name, place / run.place(name))
            sums.append(f"{digest}  {Path(run.place(name)).relative_to(OUTPUTS).as_posix()}\n")
        _copy(run.folder / FILE, place / run.place(FILE))
    _text(place / "outputs.sha256", "".join(sums))
    if contents.study is not None and contents.with_data:
        (place / contents.data).mkdir(parents=True)
        write_data(contents.study, place / contents.data)
    for notebook in contents.notebooks:
        _text(place / notebook.place, notebook.text)
    _text(place / "constraints.txt", constraints(contents))
    _text(place / "references.bib", bibliography(contents.methods))
    _text(place / "run.sh", script(contents))
    _text(place / _README, readme(contents, _sizes(place)))
    _text(place / CRATE, crate(contents, _sizes(place)))
    listed = [f"{sha256_file(place / name)}  {name}\n" for name in sorted(_sizes(place))]
    _text(place / _CHECKSUMS, "".join(listed))


def _searched(study: Study, place: Path) -> Searched:
    """Return what was searched for in everything that is packed, and that nothing was found."""
    searched = search_files(study, place)
    if searched.scan.findings:
        first = searched.scan.findings[0]
        raise InputError(
            f"this would show the {first.kind} of somebody who is not on the list of public actors",
            where=f"{first.file}:{first.line or first.where}",
            remedy="nothing was packed; make the outputs of a pseudonymous study, or name the "
            "account in the list",
        )
    return searched


def _sizes(place: Path) -> dict[str, int]:
    return {
        file.relative_to(place).as_posix(): file.stat().st_size
        for file in place.rglob("*") if file.is_file()
    }  # fmt: skip


def _zip(place: Path, files: Sequence[str], out: Path) -> None:
    try:
        with whole_file(out) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in files:
                entry = zipfile.ZipInfo(name, _MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix, wherever it is made
                entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
                archive.writestr(entry, (place / name).read_bytes())
    except OSError as error:
        raise InputError("cannot write the package", value=str(out), where=error.strerror,
                         remedy="choose a place you may write to") from error  # fmt: skip


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _text(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="")
