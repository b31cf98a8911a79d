"""What every figure function owes: words, data, style, bytes that repeat, and nobody's name."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.text import Text

from tests.plotting.examples import DRAWINGS, SECRET
from tests.plotting.figures import rendered, words
from workbench import plotting
from workbench.errors import UsageError
from workbench.influence import MEASURES
from workbench.plotting import FIGURES, alt_of, caption_of, data_of, in_language
from workbench.plotting.facts import score_column
from workbench.plotting.style import WIDTHS

#: What a column of numbers may end in.
UNITS = {
    "accounts", "acts", "ami", "communities", "layout", "lean", "posts", "rank", "resolution",
    "score", "share", "utc", "value",
}  # fmt: skip
CASES = [
    pytest.param(draw, language, id=f"{name}-{i}-{language}")
    for name, variants in DRAWINGS.items()
    for i, draw in enumerate(variants)
    for language in ("en", "fr")
]


def drawn(draw, language):
    with in_language(language):
        return draw()


def test_every_figure_function_is_registered_and_drawn_here():
    returning = {
        name
        for name in plotting.__all__
        if getattr(getattr(plotting, name), "__annotations__", {}).get("return") == "Axes"
    }
    assert returning == set(FIGURES) == set(DRAWINGS)
    assert all(getattr(plotting, name) is function for name, function in FIGURES.items())


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_words_and_data(draw, language):
    ax = drawn(draw, language)
    assert isinstance(ax, Axes)
    caption, alt, data = caption_of(ax), alt_of(ax), data_of(ax)
    assert ax.get_gid() == caption
    for text in (caption, alt):
        assert len(text) > 30
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith(".")
        assert not re.search(r"nan\b|None|\{|\}|  |\.\.|_", text), text
        assert re.search(r"\d", text)
    assert ("graine" if language == "fr" else "seed") in caption.casefold() or (
        ("filtres" if language == "fr" else "filters") in caption.casefold()
    ) or "UTC" in caption  # fmt: skip
    assert len(data)
    for column in data.select_dtypes("number"):
        assert re.fullmatch(r"[a-z0-9_]+", column)
        assert column.rpartition("_")[2] in UNITS, column
    data["mine"] = 1
    assert "mine" not in data_of(ax), "a copy"


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_style_and_room(draw, language):
    ax = drawn(draw, language)
    figure = ax.figure
    assert any(figure.get_figwidth() == pytest.approx(width) for width in WIDTHS.values())
    figure.canvas.draw()
    page = figure.bbox.padded(1.0)
    unseen = hidden(figure)
    texts = [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in unseen
    ]
    for text in texts:
        box = Text.get_window_extent(text)
        where = text.get_text(), box, page
        assert page.x0 <= box.x0, where
        assert box.x1 <= page.x1, where
        assert page.y0 <= box.y0, where
        assert box.y1 <= page.y1, where
        assert text.get_fontsize() >= 6.5
        assert text.get_fontfamily()[0] == "DejaVu Sans"
    flat = [(text.get_text(), Text.get_window_extent(text)) for text in texts if not slanted(text)]
    for i, (one, box) in enumerate(flat):
        for other, beside in flat[:i]:
            assert not box.padded(-0.6).overlaps(beside.padded(-0.6)), (one, other)


def hidden(figure):
    """Return the texts that are not drawn: ticks beyond the axes, and those of axes without any."""
    found = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            if not axes.axison:
                found |= set(axis.findobj(Text))
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low <= tick.get_loc() <= high:
                    found |= {tick.label1, tick.label2}
    return found


def slanted(text):
    return text.get_rotation() % 90 != 0


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_the_same_bytes_twice_and_the_users_language_after_it(draw, language):
    first = rendered(drawn(draw, language), "svg")
    assert rendered(drawn(draw, language), "svg") == first
    assert plotting.texts.spoken() == "en"
    plt.close("all")


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_no_id_is_shown_or_carried(draw, language):
    ax = drawn(draw, language)
    told = [*words(ax), caption_of(ax), alt_of(ax), data_of(ax).to_csv()]
    told.append(without_pixels(rendered(ax, "svg").decode()))
    assert not [text for text in told if SECRET in text or re.search(r"\bstar\d", text)]


def without_pixels(svg):
    """Return the text of an SVG: in the letters of its pictures any short word may stand."""
    return re.sub(r"(data:image/png;base64,)[^\"]+", r"\1", svg)


@pytest.mark.parametrize("name", ["network", "rank_intervals"])
def test_names_are_carried_as_they_are_shown(name):
    data = data_of(DRAWINGS[name][1]())
    labels = data["label"].dropna().tolist()
    assert 0 < len(labels) <= 8
    assert all(label.isupper() for label in labels)
    assert list(data["label"])[: len(labels)] == labels
    assert "label" not in data_of(DRAWINGS[name][0]())


def test_axes_of_others_carry_no_facts():
    _, ax = plt.subplots()
    for asked in (caption_of, alt_of, data_of):
        with pytest.raises(UsageError, match="carry no facts: Axes; allowed: the axes that"):
            asked(ax)
        with pytest.raises(UsageError, match="carry no facts: NoneType"):
            asked(None)


@given(st.sampled_from(sorted(MEASURES)))
def test_the_column_of_a_measure_names_its_unit(name):
    assert score_column(name).startswith(name)
    assert score_column(name).rpartition("_")[2] in UNITS
