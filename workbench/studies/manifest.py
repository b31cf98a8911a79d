"""The manifest of a run: from what, by which commands, with which versions, to which bytes."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from workbench import provenance
from workbench.errors import InputError, NotFoundError, SchemaError
from workbench.provenance import canonical_json, peak_mb, sha256_file, versions, whole_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    from workbench.model import Corpus, InteractionGraph
    from workbench.provenance import Stopwatch

__all__ = ["FILE", "VARYING", "Exhibit", "Manifest", "methods_of", "runs_in", "verify"]

FILE = "manifest.json"
VERSION = 1
#: What two runs of the same may differ in.
VARYING = ("peak_mb", "platform", "timings")


@dataclass(frozen=True)
class Exhibit:
    """A figure or table and what made it.

    Attributes
    ----------
    label
        ``fig-`` or ``tbl-`` and a name.
    caption
        What it shows.
    files
        Outputs of the run that hold it.
    program
        What made it: a notebook, or a command; empty when the commands of the run did.
    cell
        Of a notebook, counted from 1; None for a command.
    """

    label: str
    caption: str
    files: tuple[str, ...] = ()
    program: str = ""
    cell: int | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """How the files of a folder were made.

    Everything but ``timings`` (seconds), ``peak_mb`` and ``platform`` is the same for two runs of
    the same: no clock is asked, no path of a machine is kept.

    Attributes
    ----------
    made_by
        The command, without its options.
    commands
        Command lines that make the outputs again; the study is ``$STUDY``, the folder of the
        outputs ``$OUT``.
    inputs
        What was read: ``name``, ``sha256``, ``bytes`` and, of the sources of a corpus, ``format``
        and the records ``read``, ``rejected`` and ``duplicate``; their hash is of the decompressed
        content.
    parameters, seeds
        By name.
    fingerprints
        Content hashes of the corpus and of each graph.
    queries
        Cypher that was run: ``name``, ``text``, ``sha256``.
    methods
        Names of the measures and methods used, which ``workbench cite`` knows.
    versions, commit
        Of Python, the workbench and the libraries; and of the checkout, None for an installation.
    exhibits
        The figures and tables.
    outputs
        SHA-256 of each file by its path in the folder.
    timings, peak_mb, platform
        What it cost, and where.
    """

    made_by: str
    commands: tuple[str, ...] = ()
    inputs: tuple[dict[str, Any], ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    seeds: dict[str, int] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    queries: tuple[dict[str, str], ...] = ()
    methods: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    commit: str | None = None
    exhibits: tuple[Exhibit, ...] = ()
    outputs: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    peak_mb: float | None = None
    platform: str = ""

    @classmethod
    def of(
        cls,
        made_by: str,
        *,
        commands: Sequence[str] = (),
        corpus: Corpus | None = None,
        files: Iterable[Path] = (),
        graphs: Mapping[str, InteractionGraph] | None = None,
        queries: Mapping[str, str] | None = None,
        parameters: Mapping[str, Any] | None = None,
        seeds: Mapping[str, int] | None = None,
        methods: Iterable[str] = (),
    ) -> Self:
        """Return the manifest of a run before it has outputs; ``write`` completes it.

        Parameters
        ----------
        corpus, files
            What was read: a corpus, whose sources are listed with their record counts, and other
            files.
        graphs
            The graphs that numbers come from, by name.
        queries
            Text of each Cypher query that was run, by name.
        """
        fingerprints = {} if corpus is None else {"corpus": corpus.fingerprint}
        fingerprints |= {name: graph.fingerprint for name, graph in (graphs or {}).items()}
        sources = [] if corpus is None else _sources(corpus)
        return cls(
            made_by=made_by,
            commands=tuple(commands),
            inputs=tuple(sources + _files(files)),
            parameters=_plain(parameters or {}),
            seeds={name: int(seed) for name, seed in (seeds or {}).items()},
            fingerprints=fingerprints,
            queries=tuple(
                {"name": name, "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
                for name, text in sorted((queries or {}).items())
            ),
            methods=tuple(sorted(set(methods))),
            versions=versions(),
            commit=_commit(),
            platform=platform.platform(),
        )

    def write(
        self,
        folder: str | os.PathLike[str],
        *,
        outputs: Iterable[str] | None = None,
        exhibits: Iterable[Exhibit] = (),
        watch: Stopwatch | None = None,
    ) -> Self:
        """Write ``manifest.json`` beside the outputs and return the manifest it holds.

        Parameters
        ----------
        outputs
            Paths in the folder; None for every file there but the manifest.
        watch
            The times of the run.

        Raises
        ------
        InputError
            The folder cannot be written.
        NotFoundError
            An output is not there.
        """
        place = Path(folder)
        names = sorted(_inside(place) if outputs is None else set(outputs))
        for name in names:
            if not (place / name).is_file():
                raise NotFoundError("an output is not there", value=name, where=str(place))
        whole = replace(
            self,
            outputs=provenance.outputs(place, names),
            exhibits=tuple(exhibits),
            timings={} if watch is None else dict(watch.seconds),
            peak_mb=peak_mb(),
        )
        try:
            with whole_file(place / FILE) as fresh:
                fresh.write_text(canonical_json(whole.to_dict()), "utf-8", newline="")
        except OSError as error:
            raise InputError(
                "cannot write the manifest", value=str(place), where=error.strerror,
                remedy="choose a folder you may write to",
            ) from error  # fmt: skip
        return whole

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Self:
        """Return the manifest in a folder.

        Raises
        ------
        NotFoundError
            There is none.
        SchemaError
            It cannot be read, or is of something else or of another version.
        """
        file = Path(folder) / FILE
        if not file.is_file():
            raise NotFoundError(
                "no manifest here", value=str(folder), allowed=f"a folder with {FILE}",
                remedy="name the folder that a run wrote, as that of: workbench demo --out DIR",
            )  # fmt: skip
        try:
            content = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SchemaError("cannot read the manifest", value=str(error),
                              where=str(file)) from error  # fmt: skip
        return cls(**_checked(content, file))

    def to_dict(self) -> dict[str, Any]:
        """Return the content of ``manifest.json``."""
        return {"manifest": VERSION, **_plain(asdict(self))}

    def lasting(self) -> dict[str, Any]:
        """Return what is the same for every run of the same."""
        return {name: value for name, value in self.to_dict().items() if name not in VARYING}


def verify(folder: str | os.PathLike[str]) -> dict[str, str]:
    """Return the outputs that are not as the manifest says: path → ``changed`` or ``missing``.

    Files that the manifest does not name are not its business.

    Raises
    ------
    NotFoundError
        There is no manifest.
    SchemaError
        It cannot be read.
    """
    place = Path(folder)
    found = {}
    for name, wanted in Manifest.read(place).outputs.items():
        if not (place / name).is_file():
            found[name] = "missing"
        elif sha256_file(place / name) != wanted:
            found[name] = "changed"
    return found


def runs_in(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the folders that hold a manifest: this one, or those below it, sorted.

    A ``manifest.json`` of something else, such as of a dataset, is passed over.

    Raises
    ------
    NotFoundError
        There is none.
    """
    place = Path(folder)
    if (place / FILE).is_file():
        return [place]
    found = sorted(file.parent for file in place.rglob(FILE) if _is_ours(file))
    if not found:
        Manifest.read(place)  # says that there is none
    return found


def methods_of(folder: str | os.PathLike[str]) -> list[str]:
    """Return the measures and methods that the runs in a folder used.

    Raises
    ------
    NotFoundError
        There is no manifest.
    SchemaError
        One cannot be read.
    """
    return sorted({name for run in runs_in(folder) for name in Manifest.read(run).methods})


def _is_ours(file: Path) -> bool:
    return b'"manifest":' in file.read_bytes()


def _sources(corpus: Corpus) -> list[dict[str, Any]]:
    rows = sorted(corpus.table("sources").to_pylist(), key=lambda row: row["source_id"])
    return [
        {
            "name": PureWindowsPath(row["path"] or "").name,  # knows both kinds of separators
            "sha256": row["source_id"],
            "bytes": row["bytes"],
            "format": row["format"],
            "read": row["records_read"],
            "rejected": row["records_rejected"],
            "duplicate": row["records_duplicate"],
        }
        for row in rows
    ]


def _files(files: Iterable[Path]) -> list[dict[str, Any]]:
    return [
        {"name": file.name, "sha256": sha256_file(file), "bytes": file.stat().st_size}
        for file in sorted(files)
    ]


def _inside(folder: Path) -> list[str]:
    found = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
    return [file.as_posix() for file in found if file != Path(FILE)]


def _plain(value: Any) -> Any:
    """Return content as JSON gives it back: tuples as lists, NumPy's numbers as Python's."""
    return json.loads(json.dumps(value, default=_scalar))


def _scalar(value: Any) -> Any:
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Path):
        return value.name
    return str(value)


def _commit() -> str | None:
    """Return the commit of the checkout the package runs from, ``-dirty`` when it was changed."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    asked = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40",
             "--exclude=*"]  # fmt: skip
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:  # no git here
        return None
    return told.stdout.strip() or None


def _checked(content: Any, file: Path) -> dict[str, Any]:
    """Return the fields of a manifest from JSON.

    Raises
    ------
    SchemaError
        It is of another kind or version, or names a file outside its folder.
    """
    known = {one.name for one in fields(Manifest)}
    if not isinstance(content, dict) or content.get("manifest") != VERSION:
        raise SchemaError(
            "this manifest is of something else, or of another version", where=str(file),
            allowed=f"manifest {VERSION}", remedy="run what made it again",
        )  # fmt: skip
    given = {name: value for name, value in content.items() if name in known}
    try:
        given["exhibits"] = tuple(
            Exhibit(**{**one, "files": tuple(one["files"])}) for one in given.get("exhibits", ())
        )
        for name in ("commands", "inputs", "queries", "methods"):
            given[name] = tuple(given.get(name, ()))
        named = [*given["outputs"], *(name for one in given["exhibits"] for name in one.files)]
        outside = [name for name in named if not _is_inside(name)]
    except (TypeError, KeyError, AttributeError) as error:
        raise SchemaError("the manifest is damaged", value=str(error), where=str(file),
                          remedy="run what made it again") from error  # fmt: skip
    if outside:
        raise SchemaError("the manifest names a file outside its folder", value=outside[0],
                          where=str(file))  # fmt: skip
    if not isinstance(given.get("made_by"), str):
        raise SchemaError("the manifest lacks a key", value="made_by", where=str(file))
    return given


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts
