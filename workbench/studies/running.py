"""Running a curated study: compute once, check every claim, then write it in every language."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, MissingDependencyError, UsageError
from workbench.language import check_language
from workbench.model.shown import Tabular
from workbench.provenance import Stopwatch, canonical_json
from workbench.rng import resolve
from workbench.studies import pandoc
from workbench.studies.claims import check
from workbench.studies.curated import Subject, curated_study
from workbench.studies.document import Picture
from workbench.studies.exhibits import write_figure, write_table
from workbench.studies.manifest import FILE, Exhibit, Manifest
from workbench.studies.study import Study
from workbench.studies.telling import Computed, document, exhibits_in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from workbench.studies.claims import Claim
    from workbench.studies.curated import CuratedStudy
    from workbench.studies.document import Document

__all__ = ["FORMATS", "StudyRun", "available_formats", "maker_of", "run", "run_study"]

FORMATS = ("html", "pdf", "docx")
RESULTS = "results.json"


@dataclass(frozen=True, repr=False)
class StudyRun(Tabular):
    """What a run of a curated study wrote.

    Attributes
    ----------
    name
        Of the study.
    out
        The folder: ``brief.<language>.<format>``, ``figures/``, ``tables/``, ``results.json``,
        ``manifest.json``.
    claims
        Every one holds.
    languages
        In the order asked for.
    outputs
        Paths in the folder, sorted.
    searched
        Whether the outputs were searched for people; False where the key of the study is lost.
    manifest
        How they were made.
    world
        Everything that was computed.
    """

    name: str
    out: Path
    claims: tuple[Claim, ...]
    languages: tuple[str, ...]
    outputs: tuple[str, ...]
    searched: bool
    manifest: Manifest
    world: Any = field(repr=False)

    def _words(self) -> str:
        claims, files = len(self.claims), len(self.outputs)
        return f"{self.name}: {claims} claims hold, {files} files, {', '.join(self.languages)}"

    def findings(self, language: str | None = None) -> list[str]:
        """Return the key findings in a language, the first asked for by default."""
        chosen = self.languages[0] if language is None else check_language(language)
        return [claim.told(chosen) for claim in self.claims if claim.finding]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench study run``."""
        return {
            "name": self.name,
            "out": str(self.out),
            "languages": list(self.languages),
            "claims": [claim.to_dict(self.languages[0]) for claim in self.claims],
            "outputs": list(self.outputs),
            "searched": self.searched,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a claim: ``id section sentence value unit low high holds``."""
        import pandas as pd

        rows = [claim.to_dict(self.languages[0]) for claim in self.claims]
        names = ["id", "section", "sentence", "value", "unit", "low", "high", "holds"]
        return pd.DataFrame([{n: row[n] for n in names} for row in rows], columns=names)


def available_formats() -> tuple[str, ...]:
    """Return the formats that the installed report tools can write; HTML needs none of them."""
    if not pandoc.there():
        return ("html",)
    return FORMATS if find_spec("typst") is not None else ("html", "docx")


def run_study(
    name: str,
    study: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    languages: Sequence[str] = (),
    formats: Sequence[str] | None = None,
    nulls: int | None = None,
    seed: int | None = None,
) -> StudyRun:
    """Run a curated study on the study in a folder, as ``workbench study run`` does.

    Parameters
    ----------
    name
        Of the curated study, such as ``crisis_brief``.
    study, out
        Folder of the data, and folder to write.
    languages, seed
        Empty, or None, takes that of the study.
    formats
        Some of ``html pdf docx``; None takes all that the report tools can write.
    nulls
        Random graphs beside each index; None leaves it to the curated study.

    Raises
    ------
    NotFoundError
        There is no such curated study, or no study in the folder.
    ClaimError
        A claim is not true.
    InputError, UsageError, MissingDependencyError
        As ``run``.
    """
    curated, opened = curated_study(name), Study.open(study)
    used = resolve(opened.seed if seed is None else seed)
    return run(
        curated,
        # Its name only: a report says no path of the machine that made it.
        Subject.of(opened, folder=opened.folder.resolve().name),
        Path(out),
        config=curated.config(seed=used, nulls=nulls),
        languages=languages or (opened.language,),
        formats=formats,
    )


def run(
    study: CuratedStudy,
    subject: Subject,
    out: Path,
    *,
    config: Any = None,
    languages: Sequence[str] = ("en",),
    formats: Sequence[str] | None = None,
    made_by: str | None = None,
    commands: Sequence[str] | None = None,
    names: Callable[[str, str], str] | None = None,
    watch: Stopwatch | None = None,
) -> StudyRun:
    """Run a study on its subject and write it.

    Everything is computed once; a claim that is not true stops the run before anything is written.
    What is written replaces what an earlier run of the same study wrote there. Two runs of the same
    give the same bytes, but for times, memory and platform in the manifest.

    Parameters
    ----------
    config
        Choices; None takes the study's own.
    languages
        Of the reports; the first is that of the figures without a language in their name.
    formats
        Some of ``html pdf docx``; None takes those that the report tools can write.
    made_by, commands
        The command that the manifest names, and the lines that make the outputs again; None takes
        those of ``workbench study run``.
    names
        Language and format → file name of a report; None takes ``brief.<language>.<format>``.

    Raises
    ------
    ClaimError
        A claim is not true.
    UsageError
        A language or format does not exist, or is asked for twice.
    MissingDependencyError
        A format needs report tools that are not installed.
    InputError
        The folder cannot be written, holds something else, or somebody would be shown.
    """
    asked = _languages(languages)
    kinds = _formats(formats)
    settings = study.config() if config is None else config
    lap = watch or Stopwatch()
    maker = made_by or f"workbench study run {study.name}"
    _refuse_others(out, maker)
    with lap.of("compute"):
        world = study.compute(subject, settings)
    claims = tuple(study.claims(world))
    check(claims, language=asked[0])
    done = Computed(study, subject, world.config, world, claims, study.sheets(world),
                    study.drawings(world))  # fmt: skip
    named = names or (lambda language, kind: f"brief.{language}.{kind}")
    with _staging(out) as fresh:
        told = _write(done, fresh, asked, kinds, named, lap)
        with lap.of("scan"):
            searched = subject.guard.check(fresh, told)
        again = commands or [_command(done, asked, kinds)]
        manifest = _manifest(done, maker, again, {"languages": asked, "formats": kinds}).write(
            fresh, exhibits=_exhibits(told[0], fresh), watch=lap
        )
        _move(fresh, out)
    outputs = (*sorted(manifest.outputs), FILE)
    return StudyRun(study.name, out, claims, asked, outputs, searched, manifest, world)


def _languages(languages: Sequence[str]) -> tuple[str, ...]:
    found = tuple(check_language(language) for language in languages)
    if not found or len(set(found)) < len(found):
        raise UsageError("name each language once", value=", ".join(found) or None,
                         allowed="en, fr")  # fmt: skip
    return found


def _formats(formats: Sequence[str] | None) -> tuple[str, ...]:
    there = available_formats()
    if formats is None:
        return there
    for kind in formats:
        if kind not in FORMATS:
            raise UsageError("no such format", value=kind, allowed=", ".join(FORMATS))
        if kind not in there:
            raise MissingDependencyError(
                "this format needs the report tools", value=kind, remedy=pandoc.REMEDY
            )
    if not formats:
        raise UsageError("no format was named", allowed=", ".join(FORMATS))
    return tuple(dict.fromkeys(formats))


def _refuse_others(out: Path, maker: str) -> None:
    """Refuse a folder that holds the outputs of something else, or that is a file."""
    if out.exists() and not out.is_dir():
        raise InputError("cannot write here", value=str(out), where="a file is in the way")
    held = out / FILE
    if held.is_file() and maker_of(held) != maker:
        raise InputError(
            "this folder holds something else", value=str(out),
            remedy="choose an empty or new folder with --out",
        )  # fmt: skip


def maker_of(manifest: Path) -> str | None:
    """Return what made a folder, by its manifest; None where that is of something else."""
    try:
        content = json.loads(manifest.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content.get("made_by") if isinstance(content, dict) else None


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """Give a folder inside the outputs that is gone after the block: no half report stays."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(".brief-*"):  # of a run that was killed
            shutil.rmtree(left)
        fresh = Path(tempfile.mkdtemp(prefix=".brief-", dir=out))
    except OSError as error:
        raise InputError(
            "cannot write here", value=str(out), where=error.strerror,
            remedy="choose a folder you may write to",
        ) from error  # fmt: skip
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(
    done: Computed, folder: Path, languages: Sequence[str], formats: Sequence[str],
    named: Callable[[str, str], str], lap: Stopwatch,
) -> list[Document]:  # fmt: skip
    """Write tables, figures and reports, and return the reports as documents."""
    told = []
    for sheet in done.sheets:
        write_table(sheet, folder / "tables")
    for place, language in enumerate(languages):
        with lap.of("figures"):
            suffix = f".{language}" if place else ""
            pictures = [write_figure(drawing, folder / "figures", language=language, suffix=suffix)
                        for drawing in done.drawings]  # fmt: skip
        report = document(done, pictures, language)
        for kind in formats:
            with lap.of(kind):
                _writer(kind)(report, folder / named(language, kind))
        told.append(report)
    (folder / RESULTS).write_text(canonical_json(_results(done)), "utf-8", newline="")
    return told


def _writer(kind: str) -> Callable[[Document, Path], None]:
    """Return what writes a format; each is imported when it is used."""
    if kind == "pdf":
        from workbench.studies.pdf import write_pdf

        return write_pdf
    if kind == "docx":
        from workbench.studies.word import write_docx

        return write_docx
    from workbench.studies.web import write_html

    return write_html


def _results(done: Computed) -> dict[str, Any]:
    """Return every number of the study with its unit."""
    return {
        "study": done.study.name,
        "question": dict(done.study.question),
        "config": asdict(done.config),
        "claims": [
            {
                **{key: value for key, value in claim.to_dict("en").items() if key != "sentence"},
                "sentences": {language: claim.told(language) for language in claim.sentence},
                "numbers": {name: amount.to_dict() for name, amount in claim.places.items()},
            }
            for claim in done.claims
        ],
        "behind": {label: asdict(behind) for label, behind in done.behind().items()},
        "tables": {
            sheet.name: {
                "units": {column.name: column.unit for column in sheet.columns},
                "rows": [
                    dict(zip([c.name for c in sheet.columns], row, strict=True))
                    for row in sheet.cells("en")
                ],
            }
            for sheet in done.sheets
        },
    }


def _command(done: Computed, languages: Sequence[str], formats: Sequence[str]) -> str:
    nulls = getattr(done.config, "nulls", None)
    return (
        f"workbench study run {done.study.name} --study $STUDY --out $OUT --lang "
        f"{','.join(languages)} --format {','.join(formats)} --seed {done.config.seed}"
        + ("" if nulls is None else f" --nulls {nulls}")
    )


def _manifest(
    done: Computed, maker: str, commands: Sequence[str], written: dict[str, Any]
) -> Manifest:
    made = Manifest.of(
        maker,
        commands=commands,
        corpus=done.subject.corpus,
        graphs=done.study.graphs(done.world),
        parameters=asdict(done.config) | written,
        seeds={"seed": done.config.seed},
        methods=done.study.methods(done.world),
    )
    free = done.subject.guard.names_nobody
    inputs = (one if free(one["name"]) else one | {"name": one["sha256"]} for one in made.inputs)
    return replace(made, inputs=tuple(inputs))


def _exhibits(report: Document, folder: Path) -> list[Exhibit]:
    """Return the figures and tables of a report with the files that hold them."""
    found = []
    for _, _, block in exhibits_in_order(report.blocks):
        name = block.label.partition("-")[2]
        place = "figures" if isinstance(block, Picture) else "tables"
        files = sorted((folder / place).glob(f"{name}.*"))
        found.append(Exhibit(block.label, block.caption,
                             tuple(f"{place}/{file.name}" for file in files)))  # fmt: skip
    return found


def _move(fresh: Path, out: Path) -> None:
    """Replace what an earlier run wrote, the manifest first: it says what a run cut off lacks."""
    earlier = set(Manifest.read(out).outputs) if (out / FILE).is_file() else set()
    new = [file.relative_to(fresh) for file in fresh.rglob("*") if file.is_file()]
    _refuse_to_overwrite(out, new, earlier)
    for old in earlier:
        (out / old).unlink(missing_ok=True)
    for name in sorted(new, key=lambda path: (path != Path(FILE), path)):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).replace(out / name)


def _refuse_to_overwrite(out: Path, new: Sequence[Path], earlier: set[str]) -> None:
    """Refuse, before anything is moved, what is somebody else's or cannot be replaced."""
    for name in sorted(new):
        target = out / name
        if name != Path(FILE) and name.as_posix() not in earlier and target.exists():
            raise InputError("this folder holds something else", value=str(target),
                             remedy="choose an empty or new folder with --out")  # fmt: skip
        if target.parent.exists() and not os.access(target.parent, os.W_OK):
            raise InputError("cannot write here", value=str(target.parent),
                             remedy="choose a folder you may write to")  # fmt: skip
