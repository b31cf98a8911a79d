"""``workbench lab``."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show
from workbench.errors import InputError, MissingDependencyError


def lab(
    *,
    study: Annotated[Path, typer.Option("--study", help="Folder to open.")] = Path(),
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the command, change nothing.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Open JupyterLab in the study, with the curated notebooks copied in."""
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={study}"]
    if no_browser:
        command.append("--no-browser")
    if dry_run:
        copied = [notebook.name for notebook in _missing(study)]
        if not show({"ok": True, "copied": copied, "command": command}, as_json=json):
            say(shlex.join(command))
        return
    _copy(study)
    from importlib.util import find_spec

    if find_spec("jupyterlab") is None:
        raise MissingDependencyError("JupyterLab is not installed", remedy="pip install jupyterlab")
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603  our own words


def _missing(study: Path) -> list[Path]:
    """Return the curated notebooks that are not in ``<study>/notebooks``."""
    from workbench.resources import notebooks_folder

    there = study / "notebooks"
    curated = sorted(notebooks_folder().glob("*.ipynb"))
    return [notebook for notebook in curated if not (there / notebook.name).exists()]


def _copy(study: Path) -> None:
    """Copy the curated notebooks into ``<study>/notebooks``; those already there stay."""
    target = study / "notebooks"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for notebook in _missing(study):
            shutil.copy(notebook, target / notebook.name)
    except OSError as error:
        raise InputError(
            "cannot copy the notebooks", value=str(target), where=error.strerror
        ) from error
