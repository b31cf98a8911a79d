"""Where the files beside the code are: in an installed package, or in a checkout."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "citation_file",
    "cypher_folder",
    "dataset_cards",
    "dataset_folders",
    "datasets_folder",
    "notebooks_folder",
    "verify_datasets",
]

_PACKAGE = Path(__file__).resolve().parent


def citation_file() -> Path:
    """Return ``CITATION.cff``: how the workbench wants to be cited."""
    return _place("CITATION.cff", Path.is_file)


def cypher_folder() -> Path:
    """Return the folder of the query library."""
    return _place("cypher")


def datasets_folder() -> Path:
    """Return the folder of the datasets that come with the package."""
    return _place("datasets")


def notebooks_folder() -> Path:
    """Return the folder of the curated notebooks."""
    return _place("notebooks")


def dataset_folders() -> dict[str, Path]:
    """Return the datasets by their short name."""
    found = sorted(file.parent for file in datasets_folder().glob("*/card.toml"))
    return {folder.name: folder for folder in found}


def _place(name: str, there: Callable[[Path], bool] = Path.is_dir) -> Path:
    """Return a resource, file or folder: first that of the wheel, then that of the checkout.

    Raises
    ------
    NotFoundError
        The installation lacks it.
    """
    for place in (_PACKAGE / "_resources" / name, _PACKAGE.parent / name):
        if there(place):
            return place
    raise NotFoundError(
        "the installation is incomplete",
        value=name,
        where=str(_PACKAGE),
        remedy="install the package again",
    )


def dataset_cards() -> dict[str, dict[str, Any]]:
    """Return the card of each dataset by its short name."""
    return {
        name: tomllib.loads((folder / "card.toml").read_text("utf-8"))
        for name, folder in dataset_folders().items()
    }


def verify_datasets() -> list[dict[str, Any]]:
    """Compare every file of every dataset with the SHA-256 on its card.

    Returns
    -------
    list of dict
        ``dataset``, ``file`` and ``ok``; a missing file is not ok.
    """
    from workbench.provenance import sha256_file

    rows = []
    for name, folder in dataset_folders().items():
        for entry in dataset_cards()[name]["files"]:
            file = folder / entry["path"]
            good = file.is_file() and sha256_file(file) == entry["sha256"]
            rows.append({"dataset": name, "file": entry["path"], "ok": good})
    return rows
