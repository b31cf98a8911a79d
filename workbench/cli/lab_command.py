"""``workbench lab``."""

from __future__ import annotations

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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Copy and print the command.")] = False,
    json: options.Json = False,
) -> None:
    """Open JupyterLab in the study, with the curated notebooks copied in."""
    copied = copy_notebooks(study)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={study}"]
    if no_browser:
        command.append("--no-browser")
    if dry_run:
        if not show({"ok": True, "copied": copied, "command": command[2:]}, as_json=json):
            say("python -m " + " ".join(command[2:]))
        return
    from importlib.util import find_spec

    if find_spec("jupyterlab") is None:
        raise MissingDependencyError("JupyterLab is not installed", remedy="pip install jupyterlab")
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603  our own words


def copy_notebooks(study: Path) -> list[str]:
    """Copy the curated notebooks into ``<study>/notebooks``; those already there stay."""
    from workbench.resources import notebooks_folder

    target = study / "notebooks"
    copied = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for notebook in sorted(notebooks_folder().glob("*.ipynb")):
            if not (target / notebook.name).exists():
                shutil.copy(notebook, target / notebook.name)
                copied.append(notebook.name)
    except OSError as error:
        raise InputError(
            "cannot copy the notebooks", value=str(target), where=error.strerror
        ) from error
    return copied
