"""A notebook, read and executed from top to bottom in a kernel of its own."""

from __future__ import annotations

import os
import re
import warnings
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, NotFoundError, UsageError, WorkbenchError, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["cell_name", "execute_notebook", "read_notebook"]

#: The tag of the cell whose assignments can be given from outside, and of the cell that gives them.
PARAMETERS, INJECTED = "parameters", "injected-parameters"
_SETUP = "workbench-setup"
#: Figures as a page needs them. Nothing here is seen in the notebook.
_FIGURES = (
    "%config InlineBackend.figure_formats = ['png']\n"
    "%config InlineBackend.print_figure_kwargs = "
    "{'bbox_inches': 'tight', 'dpi': 200, 'metadata': {'Software': None}}"
)
#: What the reader of notebooks raises on other files.
_NO_NOTEBOOK = (ValueError, KeyError, AttributeError, TypeError, OSError)
_LABEL = re.compile(r"^#\|\s*label:\s*[\"']?([\w-]+)", re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def read_notebook(path: Path) -> Any:
    """Return a notebook.

    Raises
    ------
    NotFoundError
        There is no such file.
    InputError
        The file is no notebook, or a cell of it lacks what every cell has.
    """
    import nbformat
    from nbformat.warnings import MissingIDFieldWarning

    if not path.is_file():
        raise NotFoundError("no such notebook", value=str(path))
    try:
        read: Any = nbformat.read  # has no types
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingIDFieldWarning)
            book = read(path, as_version=4)
    except (*_NO_NOTEBOOK, nbformat.ValidationError) as error:
        raise InputError("this file is no notebook", value=str(path),
                         allowed="an .ipynb of version 4") from error  # fmt: skip
    for i, cell in enumerate(book.cells, start=1):
        if not _is_whole(cell):
            raise InputError("a cell of this notebook lacks its source, metadata or outputs",
                             value=str(path), where=f"cell {i}",
                             remedy="open it in JupyterLab and save it")  # fmt: skip
    return book


def _is_whole(cell: Any) -> bool:
    """Return whether a cell has what this package reads of it; the reader only logs what lacks."""
    about, outputs = cell.get("metadata"), cell.get("outputs")
    return (
        isinstance(cell.get("source"), str)
        and isinstance(about, dict)
        and isinstance(about.get("tags", []), list)
        and (cell.get("cell_type") != "code" or isinstance(outputs, list))
    )


def execute_notebook(
    path: Path, *, parameters: Mapping[str, Any] | None = None, offered: str = ""
) -> Any:
    """Return a notebook with the outputs of a fresh run; the file stays as it is.

    Parameters
    ----------
    path
        The notebook; it runs in its folder.
    parameters
        Values that take the place of those in its cell tagged ``parameters``.
    offered
        Language of the report, given to the notebook as its parameter ``lang`` if it has one.

    Raises
    ------
    NotFoundError
        There is no such file, or no kernel that it asks for.
    InputError
        The file is no notebook.
    UsageError
        The notebook has no parameter of a name that was given.
    WorkbenchError
        A cell raised; the error names it, its label and the message.
    """
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    book = read_notebook(path)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    given = dict(parameters or {})
    if offered and "lang" in _parameters(book):
        given.setdefault("lang", offered)
    _inject(book, given)
    _prepend(book, _FIGURES)
    client = NotebookClient(
        book,
        timeout=None,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    try:
        _run(client)
    except CellExecutionError as error:
        raise _raised(book, error) from error
    except (DeadKernelError, CellTimeoutError) as error:
        raise WorkbenchError("the kernel of the notebook died", value=str(path),
                             remedy="it may have been out of memory") from error  # fmt: skip
    except NoSuchKernel as error:
        raise NotFoundError("no such kernel", value=error.name, where=str(path),
                            allowed="python3") from error  # fmt: skip
    book.cells = [cell for cell in book.cells if _SETUP not in _tags(cell)]
    return book


def _run(client: Any) -> None:
    """Execute the notebook of a client; Ctrl-C is an interruption, and no dead kernel."""
    own = {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "WORKBENCH_PROGRESS": "off",
    }
    try:
        client.execute(env={**os.environ, **own})
    except Exception as error:
        # On a signal the client stops its kernel, and then trips over that in several ways.
        if "_async_cleanup_kernel_future" in vars(client):
            raise KeyboardInterrupt from error
        raise


def cell_name(book: Any, cell: Any) -> str:
    """Return what a code cell is called: its place among the code cells, and its label."""
    own = [c for c in book.cells if c.cell_type == "code" and not _is_ours(c)]
    place = next((i for i, other in enumerate(own, start=1) if other is cell), None)
    if place is None:
        return "the parameters given"
    label = _LABEL.search(cell.source)
    return f"code cell {place}" + (f", {label[1]}" if label else "")


def _parameters(book: Any) -> list[str]:
    """Return the names that the cell of parameters assigns."""
    names = []
    for cell in book.cells:
        if cell.cell_type == "code" and PARAMETERS in _tags(cell):
            names += re.findall(r"^(\w+)(?:\s*:[^=\n]+)?\s*=(?!=)", cell.source, re.MULTILINE)
    return names


def _inject(book: Any, given: dict[str, Any]) -> None:
    """Put a cell that assigns the given values behind the cell of parameters."""
    known = _parameters(book)
    for name in given:
        if name not in known:
            raise UsageError(
                "the notebook has no such parameter",
                value=name,
                allowed=", ".join(known) or "none: no cell has the tag parameters",
            )
    if given:
        place = next(i for i, cell in enumerate(book.cells) if PARAMETERS in _tags(cell))
        lines = "\n".join(f"{name} = {value!r}" for name, value in given.items())
        book.cells.insert(place + 1, _cell(lines, INJECTED))


def _prepend(book: Any, source: str) -> None:
    book.cells.insert(0, _cell(source, _SETUP))


def _cell(source: str, tag: str) -> Any:
    from nbformat.v4 import new_code_cell

    made: Any = new_code_cell  # has no types
    return made(source, id=tag, metadata={"tags": [tag]})


def _tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _is_ours(cell: Any) -> bool:
    return bool({_SETUP, INJECTED} & set(_tags(cell)))


def _raised(book: Any, error: Any) -> WorkbenchError:
    """Return the error of a cell: which one, and its message."""
    failed = next(
        cell
        for cell in reversed(book.cells)  # cells before it may raise on purpose
        if cell.cell_type == "code" and any(o.output_type == "error" for o in cell.outputs)
    )
    message = _COLOURS.sub("", f"{error.ename}: {error.evalue}")
    where = cell_name(book, failed)
    return WorkbenchError("the notebook raises", value=shorten(message), where=where,
                          remedy="run it in JupyterLab to see more")  # fmt: skip
