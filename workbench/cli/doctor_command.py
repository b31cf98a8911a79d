"""``workbench doctor``."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer

from workbench.cli import options
from workbench.cli.output import show, table

Row = dict[str, Any]
LEAST_DISK_GB, LEAST_MEMORY_GB = 2.0, 2.0


def doctor(*, json: options.Json = False) -> None:
    """Check what the workbench needs here, each with a remedy."""
    rows = [
        _python(), _version(), *_libraries(), _canary(), *_neo4j(), *_report_tools(), _resources(),
        _disk(), _memory(),
    ]  # fmt: skip
    good = all(row["ok"] for row in rows if row["needed"])
    if not show({"ok": good, "rows": rows}, as_json=json):
        table(
            ["check", "found", "ok", "remedy"],
            [[r["check"], r["found"], r["ok"], "" if r["ok"] else r["remedy"]] for r in rows],
        )
    if not good:
        raise typer.Exit(1)


def _row(check: str, found: object, ok: bool, remedy: str, *, needed: bool = True) -> Row:
    return {"check": check, "found": str(found), "ok": ok, "remedy": remedy, "needed": needed}


def _python() -> Row:
    good = sys.version_info >= (3, 11)
    return _row("python", platform.python_version(), good, "install Python 3.11 or newer")


def _version() -> Row:
    from workbench.provenance import package_version

    return _row("workbench", package_version(), ok=True, remedy="")


def _libraries() -> list[Row]:
    rows = []
    for name in (
        "duckdb",
        "igraph",
        "ladybug",
        "matplotlib",
        "narwhals",
        "numpy",
        "pyarrow",
        "scipy",
    ):
        try:
            rows.append(_row(name, metadata.version(name), ok=True, remedy=""))
        except metadata.PackageNotFoundError:
            rows.append(_row(name, "missing", ok=False, remedy=f"pip install {name}"))
    return rows


def _canary() -> Row:
    from workbench.store.canary import failures

    wrong = failures()
    found = "gives right answers" if not wrong else "; ".join(wrong)
    return _row("embedded store", found, not wrong, "pip install 'ladybug==0.18.3'")


def _neo4j() -> list[Row]:
    """Say how the Neo4j server at NEO4J_URI is; none is needed."""
    uri = os.environ.get("NEO4J_URI")
    if not uri:
        remedy = "set NEO4J_URI, or use the embedded store, which needs no server"
        return [_row("neo4j", "NEO4J_URI is not set", ok=False, remedy=remedy, needed=False)]
    from workbench.store.server_checks import server_checks

    return [
        _row(check, found, ok=ok, remedy=remedy, needed=False)
        for check, found, ok, remedy in server_checks(uri)
    ]


def _report_tools() -> list[Row]:
    remedy = "pip install 'workbench[report]'"
    return [
        _row(name, "found" if find_spec(name) else "missing", find_spec(name) is not None, remedy,
             needed=False)
        for name in ("pypandoc", "typst")
    ]  # fmt: skip


def _resources() -> Row:
    from workbench.errors import NotFoundError
    from workbench.resources import cypher_folder, datasets_folder, notebooks_folder

    try:
        for folder in (cypher_folder, datasets_folder, notebooks_folder):
            folder()
    except NotFoundError as error:
        return _row("resources", error.value, ok=False, remedy="install the package again")
    return _row("resources", "cypher, datasets, notebooks", ok=True, remedy="")


def _disk() -> Row:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return _row("disk", f"{free:.1f} GB free", free >= LEAST_DISK_GB, "free some space")


def _memory() -> Row:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return _row("memory", "unknown", ok=True, remedy="", needed=False)
    return _row("memory", f"{total:.1f} GB", total >= LEAST_MEMORY_GB, "use a larger machine")
