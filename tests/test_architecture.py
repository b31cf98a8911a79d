"""Layers: a module imports only from lower ones; heavy engines are opened in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "workbench"
LAYERS = {
    0: {"errors", "rng", "provenance", "resources", "progress", "language"},
    1: {"model"},
    2: {"engine"},
    3: {"loaders", "store", "graphs", "privacy", "synthetic"},
    4: {
        "communities", "influence", "polarisation", "diffusion", "coordination", "narratives",
        "diplomacy", "plotting",
    },
    5: {"studies"},
    6: {"cli", "__main__"},
}  # fmt: skip
LEVEL = {name: level for level, names in LAYERS.items() for name in names}
#: What layer 4 may use of layer 3, and who may import what else.
SIDEWAYS = {"graphs"}
ONLY = {
    "duckdb": {"engine"},
    "pyspark": {"engine"},
    "ladybug": {"store"},
    "neo4j": {"store"},
    "matplotlib": {"plotting", "studies", "cli"},
    "msgspec": {"loaders", "synthetic"},
    "typer": {"cli"},
    "community": {"communities"},
}


def modules():
    return sorted(ROOT.rglob("*.py"))


def package_of(file):
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(file):
    """Yield the dotted names a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield node.module or ""
            if node.module == "workbench":
                yield from (f"workbench.{alias.name}" for alias in node.names)


def violations(file, names):
    own = package_of(file)
    if own == "__init__":
        return []
    found = []
    for name in names:
        parts = name.split(".")
        if parts[0] == "workbench" and len(parts) > 1 and parts[1] in LEVEL:
            other = parts[1]
            below = LEVEL[other] < LEVEL[own] or LEVEL[other] == LEVEL[own] in {0, 6}
            if other != own and not below:
                found.append(f"{own} (layer {LEVEL[own]}) imports {other} ({LEVEL[other]})")
            if LEVEL[own] == 4 and LEVEL[other] == 3 and other not in SIDEWAYS:
                found.append(f"analysis {own} imports {other}")
        if parts[0] in ONLY and own not in ONLY[parts[0]]:
            found.append(f"{own} imports {parts[0]}, which only {sorted(ONLY[parts[0]])} may")
    return found


@pytest.mark.parametrize("file", modules(), ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_point_downwards(file):
    assert violations(file, imported(file)) == []


def test_every_package_has_a_layer():
    packages = {package_of(file) for file in modules()} - {"__init__"}
    assert packages <= set(LEVEL)


def test_the_check_sees_a_wrong_import():
    wrong = ROOT / "model" / "partition.py"
    assert violations(wrong, ["workbench.polarisation"])
    assert violations(ROOT / "store" / "schema.py", ["workbench.graphs.build"])
    assert violations(ROOT / "influence" / "ranking.py", ["workbench.loaders"])
    assert violations(ROOT / "graphs" / "build.py", ["duckdb"])
    assert not violations(
        ROOT / "influence" / "ranking.py", ["workbench.graphs", "workbench.model"]
    )


def test_analyses_do_not_open_files_or_print():
    for file in modules():
        if LEVEL.get(package_of(file)) != 4:
            continue
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not calls & {"open", "print", "input"}, file
