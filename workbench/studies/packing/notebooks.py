"""Notebooks in a package: without outputs, and which cell makes which figure or table."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, NotFoundError
from workbench.studies.manifest import Exhibit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["PROGRAMS", "Notebook", "read_notebooks"]

PROGRAMS = "programs"
_OPTION = re.compile(r"^#\|\s*([\w-]+):\s*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Notebook:
    """A program.

    Attributes
    ----------
    place
        Its path in the package.
    text
        The notebook as JSON, without outputs and execution counts.
    exhibits
        Figures and tables by the ``#| label:`` of their cells, which are counted from 1.
    """

    place: str
    text: str
    exhibits: tuple[Exhibit, ...]


def read_notebooks(files: Iterable[Path]) -> tuple[Notebook, ...]:
    """Return notebooks, sorted by name.

    Raises
    ------
    NotFoundError
        A file is not there.
    InputError
        A file is no notebook, or two have the same name.
    """
    found: dict[str, Notebook] = {}
    for file in sorted(files, key=lambda one: one.name):
        place = f"{PROGRAMS}/{file.name}"
        if place in found:
            raise InputError("two notebooks have the same name", value=file.name,
                             remedy="rename one")  # fmt: skip
        found[place] = _read(file, place)
    return tuple(found.values())


def _read(file: Path, place: str) -> Notebook:
    if not file.is_file():
        raise NotFoundError("no such notebook", value=str(file))
    try:
        content = json.loads(file.read_text("utf-8"))
        cells = content["cells"]
        exhibits = tuple(
            one for number, cell in enumerate(cells, 1) for one in _labelled(cell, place, number)
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("this is no notebook", value=str(file), where=str(error)) from error
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    return Notebook(place, text, exhibits)


def _labelled(cell: dict[str, Any], place: str, number: int) -> list[Exhibit]:
    if cell["cell_type"] != "code":
        return []
    said = dict(_OPTION.findall("".join(cell["source"])))
    if "label" not in said:
        return []
    caption = said.get("fig-cap") or said.get("tbl-cap") or ""
    return [Exhibit(said["label"], caption.strip("\"'"), (), place, number)]
