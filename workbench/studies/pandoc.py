"""Pandoc, run as a program of its own: Markdown to a tree, and a tree to a format."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, MissingDependencyError, WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["REMEDY", "Node", "Reading", "default_file", "read", "there", "write"]

#: A node of pandoc's tree: ``t`` is what it is, ``c`` what it holds.
Node = dict[str, Any]
#: How the report tools are installed.
REMEDY = "pip install 'workbench[report]'"
#: Markdown as notebooks show it, with pandoc's citations, footnotes and attributes.
_FORMAT = (
    "markdown+lists_without_preceding_blankline-blank_before_header-implicit_figures"
    "-yaml_metadata_block-pandoc_title_block-fancy_lists-subscript-superscript"
)
_API = "pandoc-api-version"
_MARK = "workbench-part-"


@dataclass(frozen=True)
class Reading:
    """What pandoc read: the blocks of each text, and the version of its tree."""

    texts: list[list[Node]]
    version: tuple[int, ...]


def there() -> bool:
    """Return whether pandoc comes with this installation."""
    return find_spec("pypandoc") is not None


def read(texts: Sequence[str]) -> Reading:
    """Return the blocks of each Markdown text; all are read in one run.

    Footnotes belong to their text, as they belong to their cell in a notebook.

    Raises
    ------
    InputError
        A text opens a box or an HTML element that it does not close.
    MissingDependencyError
        Pandoc is not installed.
    """
    parts = [
        f"::: {{#{_MARK}{i}}}\n:::\n\n{_with_own_notes(text, i)}" for i, text in enumerate(texts)
    ]
    tree = json.loads(_run(["--from", _FORMAT, "--to", "json"], "\n\n".join(parts).encode()))
    found: list[list[Node]] = []
    for block in tree["blocks"]:
        if _is_mark(block, len(found)):
            found.append([])
        elif found:
            found[-1].append(block)
    if len(found) != len(texts):
        raise InputError("a Markdown text opens a box or element that it does not close",
                         value=texts[len(found) - 1],
                         remedy="close it in the same cell")  # fmt: skip
    return Reading(found, tuple(tree[_API]))


def write(
    reading: Reading,
    to: str,
    *,
    folder: Path,
    arguments: Sequence[str] = (),
    output: str = "",
) -> str:
    """Return all texts, one after the other, in a format of pandoc.

    Equal texts give equal bytes: pandoc is told the time, which is always the same.

    Parameters
    ----------
    reading, to
        The texts, and pandoc's name of the format.
    folder
        Where pandoc runs: pictures and references are files of it, named without it, since some
        formats keep the names.
    arguments
        Further options of pandoc.
    output
        File of the folder to write instead, for formats that are no text.

    Raises
    ------
    MissingDependencyError
        Pandoc is not installed.
    WorkbenchError
        Pandoc failed.
    """
    blocks = [block for text in reading.texts for block in text]
    tree = json.dumps({_API: reading.version, "meta": {}, "blocks": blocks})
    place = [f"--output={output}"] if output else []
    given = ["--from", "json", "--to", to, *arguments, *place]
    return _run(given, tree.encode(), folder=folder).decode()


def default_file(name: str) -> bytes:
    """Return a file that pandoc brings along, such as ``reference.docx``.

    Raises
    ------
    MissingDependencyError
        Pandoc is not installed.
    """
    return _run(["--print-default-data-file", name], b"")


def _with_own_notes(text: str, part: int) -> str:
    """Return a text whose footnotes cannot be taken for those of another text."""
    for name in re.findall(r"^\[\^([^\]\s]+)\]:", text, re.MULTILINE):
        text = text.replace(f"[^{name}]", f"[^{part}-{name}]")
    return text


def _is_mark(block: Node, part: int) -> bool:
    return bool(block["t"] == "Div" and block["c"][0][0] == f"{_MARK}{part}")


@cache
def _program() -> str:
    """Return the path of the pandoc that comes with its Python package.

    Raises
    ------
    MissingDependencyError
        The package is not installed, or has no pandoc inside.
    """
    found = find_spec("pypandoc")
    if found is None or found.origin is None:
        raise MissingDependencyError("pandoc is not installed", remedy=REMEDY)
    inside = Path(found.origin).parent / "files"
    for name in ("pandoc", "pandoc.exe"):
        if (inside / name).is_file():  # finding it by an import of the package takes a while
            return str(inside / name)
    raise MissingDependencyError("the package pypandoc has no pandoc inside", value=str(inside),
                                 remedy="pip install pypandoc_binary")  # fmt: skip


def _run(arguments: list[str], given: bytes, *, folder: Path | None = None) -> bytes:
    done = subprocess.run(  # noqa: S603  the program of the package, our own arguments
        [_program(), *arguments],
        input=given,
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise WorkbenchError("pandoc failed", value=said, remedy="look at the Markdown")
    return done.stdout
