"""A figure on disk: three files, the same bytes twice, text that stays text, refused paths."""

from __future__ import annotations

import os
import struct
from io import StringIO

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tests.plotting.examples import DRAWINGS
from workbench.errors import InputError, UsageError
from workbench.plotting import alt_of, data_of, mixing_matrix, write
from workbench.plotting.style import WIDTHS


@pytest.fixture
def ax():
    return mixing_matrix([[50, 5], [15, 30]], ["left <&>", "droite é"])


def test_picture_drawing_and_numbers(ax, tmp_path):
    folder = tmp_path / "für später" / "a b"
    paths = write(ax, folder, "mixing é")
    assert paths == {kind: folder / f"mixing é.{kind}" for kind in ("png", "svg", "csv")}
    width, _ = struct.unpack(">II", paths["png"].read_bytes()[16:24])
    assert width == pytest.approx(WIDTHS["single"] * 300, abs=1)
    svg = paths["svg"].read_text("utf-8")
    assert "<title>" + alt_of(ax).replace("<", "&lt;").replace("&>", "&amp;&gt;") in svg
    assert "<text" in svg
    assert "droite é" in svg
    table = pd.read_csv(StringIO(paths["csv"].read_text("utf-8")))
    pd.testing.assert_frame_equal(table, data_of(ax), check_dtype=False)
    assert b"\r" not in paths["csv"].read_bytes()


@pytest.mark.parametrize("name", ["network", "timeline", "alluvial"])
def test_equal_figures_give_equal_files(name, tmp_path, monkeypatch):
    first = write(DRAWINGS[name][0](), tmp_path / "one", name)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    second = write(DRAWINGS[name][0](), tmp_path / "two", name)
    for kind, path in first.items():
        assert path.read_bytes() == second[kind].read_bytes(), kind
    again = write(DRAWINGS[name][0](), tmp_path / "one", name)
    assert again == first
    assert again["svg"].read_bytes() == second["svg"].read_bytes()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a\\b", "a\0"])
def test_a_name_is_the_name_of_a_file(ax, tmp_path, name):
    with pytest.raises(InputError, match=r"needs the name of a file.*without folders"):
        write(ax, tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file(ax, tmp_path):
    (tmp_path / "file").write_text("here")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match=r"cannot be written: .*file.*choose a folder"):
            write(ax, folder, "a")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_read_only(ax, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="permission denied; choose a folder"):
        write(ax, tmp_path, "a")


def test_axes_of_others_are_refused(tmp_path):
    _, ax = plt.subplots()
    with pytest.raises(UsageError, match="carry no facts"):
        write(ax, tmp_path, "a")
