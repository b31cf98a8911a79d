"""A figure as files: a picture, a drawing whose text stays text, and the numbers behind it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from workbench.errors import InputError
from workbench.plotting.facts import alt_of, data_of
from workbench.plotting.style import save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["write"]

DPI = 300


def write(ax: Axes, folder: str | Path, name: str) -> dict[str, Path]:
    """Write the figure as ``<name>.png``, ``<name>.svg`` and ``<name>.csv``, and return the paths.

    The picture has 300 dots an inch, the SVG its alt text as title, the table the numbers that are
    drawn. Equal figures give equal bytes. The folder is made if it is not there; files of that name
    are replaced.

    Parameters
    ----------
    ax
        As a function of ``workbench.plotting`` returned it.
    name
        File name without a suffix.

    Returns
    -------
    dict
        ``png``, ``svg`` and ``csv`` → the path.

    Raises
    ------
    InputError
        The name is not one of a file, or the folder cannot be written.
    UsageError
        No figure function of the workbench drew these axes.
    """
    if not name or name != Path(name).name or name in {".", ".."} or "\\" in name or "\0" in name:
        raise InputError("a figure needs the name of a file", value=name,
                         allowed="a name without folders and without a suffix")  # fmt: skip
    drawn = cast("Figure", ax.get_figure(root=True))
    contents = {}
    for kind in ("png", "svg"):
        buffer = BytesIO()
        save(drawn, buffer, kind=kind, dpi=DPI, title=alt_of(ax))
        contents[kind] = buffer.getvalue()
    contents["csv"] = data_of(ax).to_csv(index=False, lineterminator="\n").encode()
    target = Path(folder)
    paths = {kind: target / f"{name}.{kind}" for kind in contents}
    try:
        target.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            paths[kind].write_bytes(content)
    except OSError as error:
        raise InputError(
            "the figure cannot be written", value=str(error.filename or target),
            remedy=f"{(error.strerror or 'write to another folder').lower()}; choose a folder "
            "that can be written",
        ) from error  # fmt: skip
    return paths
