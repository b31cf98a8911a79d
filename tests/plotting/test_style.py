"""One style: colours for everybody, widths that journals print, bytes that repeat."""

from __future__ import annotations

import re
import struct
from io import BytesIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tests.plotting.figures import isolates, rendered
from workbench.model import Partition
from workbench.plotting import network
from workbench.plotting.layout import Layout
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style, save

OKABE_ITO = {"E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7"}


def drawn(width=2.0):
    with house_style():
        _, ax = plt.subplots(figsize=(width, 1.5))
        ax.plot([1, 2, 3], [3, 1, 2], label='acts <&> "posts"')
        ax.scatter([1, 2], [2, 2], rasterized=True)
        ax.legend()
    return ax


def test_the_palette_is_okabe_and_ito_without_black():
    assert {colour.lstrip("#") for colour in PALETTE} == OKABE_ITO
    assert len(PALETTE) == len(OKABE_ITO)
    red, green, blue = (int(OTHER[i : i + 2], 16) for i in (1, 3, 5))
    assert max(red, green, blue) - min(red, green, blue) < 16, "other must look grey"


def test_widths_are_one_and_two_columns():
    assert WIDTHS["single"] * 25.4 == pytest.approx(89)
    assert WIDTHS["double"] * 25.4 == pytest.approx(183)


def test_the_style_holds_inside_and_the_users_settings_come_back():
    with mpl.rc_context({"font.size": 21.0, "axes.spines.top": True}):
        with house_style():
            assert mpl.rcParams["font.size"] == 7.5
            assert not mpl.rcParams["axes.spines.top"]
            assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["font.size"] == 21.0
        assert mpl.rcParams["axes.spines.top"]


def test_the_users_settings_come_back_after_an_error():
    before = dict(mpl.rcParams)
    with pytest.raises(RuntimeError, match="in the middle"), house_style():
        raise RuntimeError("in the middle")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_equal_figures_give_equal_bytes(kind, monkeypatch):
    first = rendered(drawn(), kind)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert rendered(drawn(), kind) == first
    with mpl.rc_context({"svg.hashsalt": "another", "font.size": 20.0, "pdf.fonttype": 3}):
        assert rendered(drawn(), kind) == first
    assert rendered(drawn(2.5), kind) != first


@pytest.mark.parametrize(
    ("kind", "start", "told"),
    [
        ("png", b"\x89PNG", rb"Software|tIME|tEXt"),
        ("svg", b"<?xml", rb"<dc:date>|Matplotlib v"),
        ("pdf", b"%PDF", rb"/CreationDate|Matplotlib"),
    ],
)
def test_files_do_not_say_when_or_with_what_they_were_made(kind, start, told):
    content = rendered(drawn(), kind)
    assert content.startswith(start)
    assert not re.search(told, content)


def test_text_stays_text_in_svg():
    assert 'acts &lt;&amp;&gt; "posts"' in rendered(drawn(), "svg").decode()


def test_resolution_and_target(tmp_path):
    ax, buffer = drawn(), BytesIO()
    save(ax.figure, buffer, dpi=100)
    assert struct.unpack(">II", buffer.getvalue()[16:24]) == (200, 150)
    save(ax.figure, tmp_path / "figure.png", dpi=100)
    assert (tmp_path / "figure.png").read_bytes() == buffer.getvalue()
    save(ax.figure, tmp_path / "default.png")
    assert struct.unpack(">II", (tmp_path / "default.png").read_bytes()[16:24]) == (400, 300)


def test_a_backend_that_is_loaded_by_the_first_figure_stays_interactive():
    before = mpl.is_interactive()
    try:
        mpl.interactive(False)
        with house_style():
            mpl.interactive(True)  # as the backend of notebooks does when it is loaded
        assert mpl.is_interactive()
        with house_style():
            mpl.interactive(False)
        assert not mpl.is_interactive()
        assert mpl.rcParams["font.size"] == mpl.rcParamsDefault["font.size"]
    finally:
        mpl.interactive(before)


@pytest.mark.parametrize("dpi", [96, 150, 300])
def test_words_beside_square_axes_have_room(dpi):
    graph = isolates(300)
    places = np.random.default_rng(1).normal(size=(300, 2)) * (1.3, 1)
    colour = Partition.from_labels(graph, np.arange(300) % 9, method="made")
    drawn = Layout(places, graph.fingerprint, 1, 1, float("nan"))
    buffer = BytesIO()
    save(network(graph, colour=colour, layout=drawn).figure, buffer, dpi=dpi)
    picture = np.asarray(Image.open(buffer).convert("L"))
    inked = np.flatnonzero((picture < 128).any(axis=0))
    assert picture.shape[1] - 1 - inked[-1] >= 0.05 * dpi
