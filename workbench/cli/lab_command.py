"""``workbench lab``."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import note, say, show
from workbench.errors import InputError, MissingDependencyError, NotFoundError

#: Opened unless another notebook is named.
FIRST = "01_first_walk"


def lab(
    *,
    study: Annotated[
        Path | None,
        typer.Option("--study", help="Folder of the study; by default that around this folder."),
    ] = None,
    notebook: Annotated[
        str, typer.Option("--notebook", help="Which notebook to open, by its name or number.")
    ] = FIRST,
    port: Annotated[
        int, typer.Option("--port", help="Port; the next free one where it is taken.")
    ] = 8888,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the command, change nothing.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Open JupyterLab in the study, with the curated notebooks copied in.

    The notebooks ask their questions of the study they lie in, and of the invented crisis outside
    of one. Notebooks that are there already stay as they are.
    """
    folder, is_study = _folder(study)
    copies = _copies(folder)
    opened = _named(notebook, folder)
    command = _command(folder, opened, port=port, browser=not no_browser)
    if dry_run:
        facts = {"ok": True, "study": is_study, **copies, "opens": opened, "command": command}
        if not show(facts, as_json=json):
            say(shlex.join(command))
        return
    from importlib.util import find_spec

    if find_spec("jupyterlab") is None:
        raise MissingDependencyError("JupyterLab is not installed", remedy="pip install jupyterlab")
    _copy(folder, copies["copied"])
    for line in _said(copies, is_study=is_study):
        note(line)
    _become(command)


def _become(command: list[str]) -> None:
    """Hand this process over to a command, so that Ctrl-C and signals reach it undivided."""
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606  our own words
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603


def _folder(study: Path | None) -> tuple[Path, bool]:
    """Return the folder to open, and whether it is a study.

    Raises
    ------
    NotFoundError
        A folder was named and holds no study.
    """
    from workbench.studies.study import Study

    if study is not None:
        return Study.open(study).folder, True
    around = Study.around()
    return (Path(), False) if around is None else (around.folder, True)


def _copies(folder: Path) -> dict[str, list[str]]:
    """Return the names of the curated notebooks: to be copied, and kept though they differ."""
    from workbench.resources import notebooks_folder

    there = folder / "notebooks"
    curated = sorted(notebooks_folder().glob("*.ipynb"))
    present = {file.name for file in curated if (there / file.name).exists()}
    differing = [
        file.name
        for file in curated
        if file.name in present and _code(there / file.name) != _code(file)
    ]
    return {"copied": [f.name for f in curated if f.name not in present], "kept": differing}


def _code(notebook: Path) -> list[str] | None:
    """Return the cells of a notebook without what an execution adds; None when unreadable."""
    import json

    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _named(notebook: str, folder: Path) -> str:
    """Return the file of a notebook, curated or of the user's own, by its name or number.

    Raises
    ------
    NotFoundError
        There is none, or more than one.
    """
    from workbench.resources import notebooks_folder

    places = (notebooks_folder(), folder / "notebooks")
    names = sorted({file.stem for place in places for file in place.glob("*.ipynb")})
    wanted = notebook.removesuffix(".ipynb")
    number = f"{wanted.zfill(2)}_"
    found = [wanted] if wanted in names else [name for name in names if name.startswith(number)]
    if len(found) != 1:
        raise NotFoundError("no such notebook", value=notebook, allowed=", ".join(names))
    return f"{found[0]}.ipynb"


def _command(folder: Path, notebook: str, *, port: int, browser: bool) -> list[str]:
    root = folder.resolve()
    command = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", f"--port={port}",
        f"--LabApp.default_url=/lab/tree/notebooks/{notebook}",
    ]  # fmt: skip
    return command if browser else [*command, "--no-browser"]


def _copy(folder: Path, names: list[str]) -> None:
    """Copy curated notebooks into ``<folder>/notebooks``."""
    from workbench.resources import notebooks_folder

    target = folder / "notebooks"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(notebooks_folder() / name, target / name)
    except OSError as error:
        raise InputError(
            "cannot copy the notebooks", value=str(target), where=error.strerror
        ) from error


def _said(copies: dict[str, list[str]], *, is_study: bool) -> list[str]:
    """Return what is told before JupyterLab starts."""
    lines = []
    if not is_study:
        lines.append("no study here: the notebooks use the invented crisis")
    if copies["copied"]:
        lines.append(f"copied {len(copies['copied'])} notebooks")
    lines += [
        f"notebooks/{name} differs from that of this version and was kept; "
        "rename it to get the new one"
        for name in copies["kept"]
    ]
    return lines
