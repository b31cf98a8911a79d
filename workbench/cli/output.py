"""What commands print: one JSON document, or tables that a person reads."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.provenance import whole_file

if TYPE_CHECKING:
    import pandas as pd

    from workbench.studies.study import Study

__all__ = [
    "UNSEARCHED",
    "listing",
    "note",
    "plain",
    "say",
    "show",
    "table",
    "tell_words",
    "write_csv",
]

#: What is said of an output of a pseudonymous study that could not be searched.
UNSEARCHED = "not searched for people: the key of the study is not on this machine"

#: Rows that ``listing`` prints.
_LISTED = 20


def show(content: Any, *, as_json: bool) -> bool:
    """Print `content` as JSON when asked for; return whether it was."""
    if as_json:
        sys.stdout.write(json.dumps(plain(content), ensure_ascii=False, allow_nan=False) + "\n")
    return as_json


def plain(value: Any) -> Any:
    """Return JSON values: whole floats as integers, unknown as null, arrays as lists."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(entry) for entry in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, float):
        whole = math.isfinite(value) and value.is_integer() and abs(value) < 2**53
        return int(value) if whole else value if math.isfinite(value) else None
    if isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def say(text: str = "") -> None:
    """Print a line of results."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Print a line that is no result, on standard error."""
    sys.stderr.write(text + "\n")


def tell_words(content: dict[str, Any]) -> None:
    """Print what a result says in prose, where it was asked for."""
    if "words" in content:
        say()
        say(content["words"])


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print a table; numbers are aligned to the right, unknown values are a dash."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    listed = [list(row) for row in rows]
    made = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for i, name in enumerate(columns):
        numbers = all(isinstance(row[i], int | float | type(None)) for row in listed)
        made.add_column(name, justify="right" if numbers and listed else "left", overflow="fold")
    for row in listed:
        made.add_row(*[_cell(value) for value in row])
    wide = Console(file=sys.stdout, markup=False, highlight=False, soft_wrap=False)
    if not wide.is_terminal:
        wide = Console(file=sys.stdout, markup=False, highlight=False, width=160)
    wide.print(made)


def listing(
    title: str, rows: Sequence[dict[str, Any]], *, columns: Sequence[str] | None = None
) -> None:
    """Print rows of a JSON object as a table, the first twenty, and say how many more there are."""
    if not rows:
        say(f"{title}: none")
        return
    names = columns or list(rows[0])
    table(names, [[row[name] for name in names] for row in rows[:_LISTED]], title=title)
    if len(rows) > _LISTED:
        say(f"and {len(rows) - _LISTED:,} more, which --json lists")


def _cell(value: Any) -> str:
    value = plain(value)
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4f}" if abs(value) < 1000 else f"{value:,.1f}"
    return str(value)


def write_csv(frame: pd.DataFrame, file: Path, *, study: Study | None = None) -> None:
    """Write a table of accounts as CSV, their ids as cells that a spreadsheet leaves alone.

    Raises
    ------
    InputError
        The file cannot be written, or an account of a pseudonymous study would be shown; nothing
        is left behind.
    """
    from workbench.model.cells import safe_cell

    if study is not None:
        from workbench.studies.leaks import guard

        guard(study, frame["account"].astype(str), where=str(file))
    safe = frame.assign(account=frame["account"].map(safe_cell))
    try:
        with whole_file(file) as fresh:
            fresh.write_text(safe.to_csv(index=False, lineterminator="\n"), "utf-8")
    except OSError as error:
        raise InputError("cannot write the table", value=str(file), where=error.strerror) from error
