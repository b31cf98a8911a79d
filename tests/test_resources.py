"""Files beside the code are found in a checkout and in an installed package."""

from __future__ import annotations

import pytest

from workbench import resources
from workbench.errors import NotFoundError


def test_in_a_checkout():
    assert list(resources.cypher_folder().glob("*/*.cypher"))
    assert list(resources.notebooks_folder().glob("*.ipynb"))
    assert resources.dataset_folders()["crisis_small"].is_dir()
    assert resources.dataset_cards()["crisis_small"]["files"]


def test_an_installed_package_brings_its_own(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "workbench"
    (package / "_resources" / "cypher").mkdir(parents=True)
    (package.parent / "cypher").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.cypher_folder() == package / "_resources" / "cypher"
    with pytest.raises(NotFoundError, match=r"incomplete: notebooks.*install the package again"):
        resources.notebooks_folder()


def test_changed_and_missing_files_are_found(tmp_path, monkeypatch):
    assert all(row["ok"] for row in resources.verify_datasets())
    package = tmp_path / "workbench"
    folder = package / "_resources" / "datasets" / "small"
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text(
        '[[files]]\npath = "a"\nsha256 = "00"\n[[files]]\npath = "b"\nsha256 = "00"\n'
    )
    (folder / "a").write_text("changed")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.verify_datasets() == [
        {"dataset": "small", "file": "a", "ok": False},
        {"dataset": "small", "file": "b", "ok": False},
    ]
