"""The house style, as far as a machine can see it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import workbench

ROOT = Path(workbench.__file__).parent
TESTS = Path(__file__).resolve().parent
MODULES = sorted(
    name
    for _, name, _ in pkgutil.walk_packages([str(ROOT)], "workbench.")
    if not name.endswith("__main__")
)
#: The filters of a graph, one word each on the command line, are more than seven.
MANY_PARAMETERS = {"graph", "load", "evidence"}
MOST_LINES = {
    "workbench.model.graph": 430,
    "workbench.store.embedded": 520,
}


def public(module):
    """Yield the functions and classes that a module defines and lists."""
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if getattr(thing, "__module__", None) == module.__name__:
            yield name, thing


def signatures():
    for dotted in MODULES:
        if dotted.startswith("workbench.cli"):
            continue
        module = importlib.import_module(dotted)
        for name, thing in public(module):
            if inspect.isfunction(thing):
                yield f"{dotted}.{name}", thing
            elif inspect.isclass(thing):
                for key, method in vars(thing).items():
                    function = getattr(method, "__func__", method)
                    if inspect.isfunction(function) and not key.startswith("_"):
                        yield f"{dotted}.{name}.{key}", function


SIGNATURES = dict(signatures())


@pytest.mark.parametrize("dotted", MODULES)
def test_modules_say_what_they_are_and_list_what_they_offer(dotted):
    module = importlib.import_module(dotted)
    first = (module.__doc__ or "").strip().splitlines()[0]
    assert first.endswith("."), first
    lines = Path(module.__file__).read_text("utf-8").count("\n")
    assert lines <= MOST_LINES.get(dotted, 420), f"{lines} lines"
    if not dotted.startswith("workbench.cli."):
        assert hasattr(module, "__all__") or lines < 10
    for name in getattr(module, "__all__", ()):
        assert hasattr(module, name), name


@pytest.mark.parametrize("name", SIGNATURES, ids=str)
def test_signatures(name):
    function = SIGNATURES[name]
    parameters = list(inspect.signature(function).parameters.values())
    owned = parameters and parameters[0].name in {"self", "cls"}
    parameters = parameters[1:] if owned else parameters
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert len(positional) <= 3, f"{len(positional)} positional arguments"
    keyword = [p for p in parameters if p.kind is not p.VAR_KEYWORD]
    if name.rpartition(".")[2] not in MANY_PARAMETERS and ".store." not in name:
        assert len(keyword) <= 10, f"{len(keyword)} parameters"
    for parameter in parameters:
        assert parameter.annotation is not parameter.empty, f"{parameter.name} has no type"
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            assert not isinstance(parameter.default, bool), (
                f"{parameter.name} is a boolean position"
            )
    documented = inspect.getdoc(function) or ""
    assert documented, "no docstring"
    assert documented.splitlines()[0].rstrip().endswith((".", ":")), documented.splitlines()[0]


def bodies():
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield file, node


def test_bodies_are_short():
    long = []
    for file, node in bodies():
        documented = ast.get_docstring(node) and len(node.body) > 1
        start = node.body[1].lineno if documented else node.body[0].lineno
        if node.end_lineno - start > 55:
            long.append(f"{file.name}:{node.lineno} {node.name}: {node.end_lineno - start} lines")
    assert long == []


def test_nothing_is_swallowed():
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = getattr(node.type, "id", "")
                reraised = any(isinstance(n, ast.Raise) for n in ast.walk(node))
                assert node.type is not None, f"{file}:{node.lineno} bare except"
                broad = caught in {"Exception", "BaseException"}
                assert not broad or reraised, f"{file}:{node.lineno} catches everything"


def test_stochastic_measures_take_a_seed_and_others_do_not():
    from workbench.communities import METHODS
    from workbench.influence import MEASURES
    from workbench.polarisation import INDICES

    for registry in (METHODS, MEASURES, INDICES):
        for name, measure in registry.items():
            has_seed = "seed" in inspect.signature(measure.function).parameters
            assert has_seed == measure.stochastic, name
            assert re.search(r"doi:10\.\S+", measure.reference), name


def test_every_module_is_tested_in_the_mirrored_place():
    missing = []
    for dotted in MODULES:
        parts = dotted.split(".")[1:]
        if (ROOT / "/".join(parts)).is_dir() or parts[0] == "cli":
            continue
        folder = TESTS.joinpath(*parts[:-1])
        mirrored = folder / f"test_{parts[-1]}.py"
        mentioned = any(
            f"{dotted} import" in text or f"import {parts[-1]}" in text or dotted in text
            for text in (file.read_text("utf-8") for file in folder.glob("*.py"))
        )
        if not mirrored.exists() and not mentioned:
            missing.append(dotted)
    assert missing == []
