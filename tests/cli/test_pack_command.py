"""``workbench pack``: a run in, a zip out, and errors that say what to do."""

from __future__ import annotations

import zipfile

import pytest

from tests.studies.packing.conftest import make


@pytest.fixture
def made(tmp_path):
    return make(tmp_path / "s")


def test_a_study_is_packed(run, made, tmp_path):
    words = ("pack", "--study", made.study.folder, "--out", tmp_path / "p.zip",
             "--author", "A. Nyone", "--date", "2026-11-27")  # fmt: skip
    done = run(*words, "--with-data", "--licence", "CC-BY-4.0", "--json")
    assert done.code == 0, done.err
    told = done.json
    assert (told["ok"], told["data"], told["runs"]) == (True, "pseudonymous", ["outputs"])
    assert told["bytes"] == (tmp_path / "p.zip").stat().st_size
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == told["files"]
        assert "By A. Nyone." in archive.read("README.md").decode()
    said = run(*words)
    assert "data by hash" in said.out
    assert "No licence is stated" in said.out


def test_errors_say_what_to_do(run, made, tmp_path):
    out = ("--out", tmp_path / "p.zip", "--json")
    assert run("pack", *out).error["allowed"] == "--run DIR, --study DIR, or both"
    alone = run("pack", "--run", made.run, *out)
    assert (alone.code, alone.error["remedy"]) == (2, "name it: --study DIR")
    (made.run / "edges.csv").write_text("changed")
    changed = run("pack", "--run", made.run, "--study", made.study.folder, *out)
    assert (changed.code, changed.error["value"]) == (3, "edges.csv (changed)")
    (made.run / "manifest.json").unlink()
    assert run("pack", "--study", made.study.folder, *out).error["what"] == "no manifest here"
    assert not (tmp_path / "p.zip").exists()
