"""Where the files beside the code are found: in a checkout, and in a wheel that stands alone."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

import workbench
from tests.corpora import ROOT
from workbench import resources
from workbench.errors import NotFoundError

FOLDERS = {
    "cypher": resources.cypher_folder,
    "datasets": resources.datasets_folder,
    "notebooks": resources.notebooks_folder,
}


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return the package folder of an installation, made as the wheel is built."""
    package = tmp_path / "site-packages" / "workbench"
    package.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    for inside in build["targets"]["wheel"]["force-include"].values():
        (package.parent / inside).mkdir(parents=True)
    return package


def dataset(package, name, **files):
    """Write a dataset whose card tells the truth about its files."""
    folder = package / "_resources" / "datasets" / name
    folder.mkdir(parents=True)
    card = [f'title = "{name}"']
    for file, text in files.items():
        (folder / file).write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        card += ["[[files]]", f'path = "{file}"', f'sha256 = "{digest}"']
    (folder / "card.toml").write_text("\n".join(card) + "\n")
    return folder


@pytest.mark.parametrize("name", FOLDERS)
def test_a_checkout_has_them_beside_the_package(name):
    assert FOLDERS[name]() == Path(workbench.__file__).resolve().parent.parent / name
    assert any(FOLDERS[name]().iterdir())


def test_how_to_cite_stands_in_the_checkout_and_in_the_wheel(installed):
    inside = installed / "_resources" / "CITATION.cff"
    with pytest.raises(NotFoundError, match=r"installation is incomplete: CITATION\.cff"):
        resources.citation_file()
    inside.rmdir()
    inside.write_text("title: workbench")
    assert resources.citation_file() == inside


@pytest.mark.parametrize("name", FOLDERS)
def test_a_wheel_has_them_inside_the_package(installed, name):
    assert FOLDERS[name]() == installed / "_resources" / name


@pytest.mark.parametrize("name", FOLDERS)
def test_what_belongs_to_the_wheel_comes_before_a_neighbour_of_that_name(installed, name):
    stranger = installed.parent / name
    stranger.mkdir()
    assert FOLDERS[name]() == installed / "_resources" / name


@pytest.mark.parametrize("name", FOLDERS)
def test_an_incomplete_installation_says_what_it_lacks_and_what_to_do(installed, name):
    (installed / "_resources" / name).rmdir()
    (installed / "_resources" / name).write_text("a file is no folder")
    expected = rf"installation is incomplete: {name} \(.*workbench\); install the package again"
    with pytest.raises(NotFoundError, match=expected) as caught:
        FOLDERS[name]()
    assert caught.value.exit_code == 3
    others = [folder for other, folder in FOLDERS.items() if other != name]
    assert all(folder().is_dir() for folder in others)


def test_datasets_are_folders_with_a_card_in_order_of_name(installed):
    made = {name: dataset(installed, name, a="1") for name in ("wave", "canal", "strait")}
    (installed / "_resources" / "datasets" / "no_card").mkdir()
    (installed / "_resources" / "datasets" / "card.toml").write_text("")
    assert list(resources.dataset_folders()) == ["canal", "strait", "wave"]
    assert resources.dataset_folders() == made
    cards = resources.dataset_cards()
    assert {name: card["title"] for name, card in cards.items()} == {name: name for name in made}
    assert [entry["path"] for entry in cards["wave"]["files"]] == ["a"]


def test_files_that_changed_or_went_missing_are_told(installed):
    strait = dataset(installed, "strait", kept="1", changed="2", missing="3", replaced="4")
    dataset(installed, "wave", kept="5")
    assert all(row["ok"] for row in resources.verify_datasets())
    (strait / "changed").write_text("22")
    (strait / "missing").unlink()
    (strait / "replaced").unlink()
    (strait / "replaced").mkdir()
    assert resources.verify_datasets() == [
        {"dataset": "strait", "file": "kept", "ok": True},
        {"dataset": "strait", "file": "changed", "ok": False},
        {"dataset": "strait", "file": "missing", "ok": False},
        {"dataset": "strait", "file": "replaced", "ok": False},
        {"dataset": "wave", "file": "kept", "ok": True},
    ]


def test_no_dataset_is_no_row(installed):
    assert resources.dataset_folders() == {}
    assert resources.verify_datasets() == []


def test_the_datasets_of_the_package_are_whole():
    rows = resources.verify_datasets()
    assert {row["dataset"] for row in rows} == set(resources.dataset_cards())
    assert len(rows) > 3
    assert [row for row in rows if not row["ok"]] == []
