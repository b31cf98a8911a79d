"""The pages of ``docs/`` that come from the code: commands, numbers, formats, graph, Cypher.

``python -m workbench.cli.manual FOLDER`` writes them; a test holds the folder to them.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

__all__ = ["commands", "formats", "numbers", "pages"]

_EXITS = (
    "Exit codes: 0 ok, 1 analysis failed, 2 usage, 3 bad input, 4 missing optional dependency,\n"
    "5 store unreachable, 130 interrupted. With `--json` the result is one document on standard\n"
    "output, and an error is one object `{error: {what, value, where, allowed, remedy}}` on the\n"
    "last line of standard error; progress goes to standard error, and only to a terminal."
)


def pages() -> dict[str, str]:
    """Return file name → content of every page that comes from the code."""
    from workbench.cli.cypher_page import page
    from workbench.store.picture import svg
    from workbench.store.schema import markdown

    return {
        "cli.md": commands(),
        "cypher.md": page(),
        "formats.md": formats(),
        "numbers.md": numbers(),
        "property_graph.svg": svg(),
        "schema.md": markdown(),
    }


def commands() -> str:
    """Return the page of the command line: every command with every argument and option."""
    import typer

    from workbench.cli.app import build

    group: Any = typer.main.get_command(build())
    lines = ["# Commands", "", "Rendered from the command line itself.", "", _EXITS, ""]
    for name, command in group.commands.items():
        below = getattr(command, "commands", None)
        entries = {name: command} if below is None else _below(name, below)
        if below is not None:
            lines += [f"## `workbench {name}`", "", str(command.help or "").strip(), ""]
        level = "##" if below is None else "###"
        for path, entry in entries.items():
            lines += [f"{level} `workbench {path}`", "", *_described(entry), ""]
    return "\n".join(lines)


def _below(name: str, commands: dict[str, Any]) -> dict[str, Any]:
    return {f"{name} {child}": command for child, command in commands.items()}


def _described(command: Any) -> list[str]:
    shown = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    lines = [inspect.cleandoc(command.help or "").partition("\f")[0].strip(), ""]
    if shown:
        lines += ["| | | default |", "|---|---|---|"]
        lines += [f"| {_spelled(p)} | {_cell(p.help or '')} | {_default(p)} |" for p in shown]
    return lines


def _spelled(parameter: Any) -> str:
    if not parameter.opts[0].startswith("-"):
        many = "…" if parameter.nargs == -1 else ""
        return f"`{parameter.name.upper()}{many}`"
    names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
    if getattr(parameter, "is_flag", False):
        return names
    values = " ".join(["VALUE"] * max(parameter.nargs, 1))
    return f"{names} {values}" + (" (repeatable)" if parameter.multiple else "")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, False, ()) or callable(parameter.default):
        return "–"
    return f"`{parameter.default}`"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def numbers() -> str:
    """Return the page of the measures: what each is, its bounds, its reference."""
    from workbench.communities import METHODS
    from workbench.influence import MEASURES
    from workbench.polarisation import INDICES
    from workbench.polarisation.measures import ORDER

    lines = [
        "# Numbers",
        "",
        "Rendered from the registries of measures. Every function's docstring has the definition",
        "with its formula and what happens to direction, weights, self-loops, isolates and empty",
        "graphs. An edge points from the one who acts to the one acted upon.",
        "",
        "## Polarisation indices",
        "",
        "All have the choices `direction`, `weights` and `component`. Compare topics by what an",
        "index has above its null, never raw.",
        "",
        "| index | is | bounds | divided when | sides | own choices | reference |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{m.name}` | {_meaning(m)} | {_bounds(m)} | {m.divided_is} | {m.sides or '2 or more'} "
        f"| {', '.join(f'`{choice}`' for choice in m.choices) or '–'} | {m.reference} |"
        for m in (INDICES[name] for name in ORDER)
    ]
    lines += [
        "",
        "## Influence measures",
        "",
        "On top are the `amplified` (whom others act upon), the `amplifiers` (who act), or",
        "accounts for which the direction of edges does not matter (`both`).",
        "",
        "| name | is | bounds | on top | weights | seed | reference |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{m.name}` | {_meaning(m)} | {_bounds(m)} | {m.ranks or '–'} | "
        f"{'yes' if m.weighted else 'no'} | {'yes' if m.stochastic else 'no'} | {m.reference} |"
        for m in MEASURES.values()
    ]
    lines += ["", "## Community methods", "", "| name | is | bounds | seed | reference |"]
    lines += ["|---|---|---|---|---|"]
    lines += [
        f"| `{m.name}` | {_meaning(m)} | {_bounds(m)} | {'yes' if m.stochastic else 'no'} | "
        f"{m.reference} |"
        for m in METHODS.values()
    ]
    return "\n".join([*lines, ""])


def formats() -> str:
    """Return the page of the formats: what each is, how it is read, what it cannot know."""
    from workbench.loaders import FORMATS

    lines = [
        "# Formats",
        "",
        "Rendered from the loaders. `workbench load` recognises a format by the content of a file;",
        "`--format` names it. Files may be plain, gzip, zstd or in a zip archive.",
        "",
        "| format | is |",
        "|---|---|",
        *(f"| [`{name}`](#{name}) | {_cell(each.description)} |" for name, each in FORMATS.items()),
    ]
    for name, each in FORMATS.items():
        told = inspect.getdoc(inspect.getmodule(each.read)) or ""
        lines += ["", f"## `{name}`", "", told.replace("``", "`").replace("::\n", ":\n")]
    return "\n".join([*lines, ""])


def _meaning(measure: Any) -> str:
    return _cell(str(measure.meaning).removeprefix("Return ").rstrip("."))


def _bounds(measure: Any) -> str:
    low, high = measure.bounds
    if low is None and high is None:
        return "–"
    return f"{'…' if low is None else f'{low:g}'} to {'…' if high is None else f'{high:g}'}"


def _write(folder: Path) -> None:
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8", newline="")


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
