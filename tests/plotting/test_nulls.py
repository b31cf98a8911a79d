"""The observed value stands among its null values, and the axis says which end is divided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.plotting.figures import rendered, untitled
from workbench.errors import InputError, UndefinedError
from workbench.model.index import IndexValue
from workbench.plotting import null_distribution

INDEX = IndexValue("ei_index", -0.8, null_mean=-0.5, null_sd=0.1, runs=4, seed=7, divided_is="low")
SAMPLES = [-0.62, -0.55, -0.44, -0.39]


def test_values_interval_axis_and_caption():
    ax = null_distribution(replace(INDEX, low=-0.9, high=-0.7), SAMPLES)
    assert sum(patch.get_height() for patch in ax.patches[:-1]) == 4
    assert ax.lines[0].get_xdata()[0] == -0.8
    assert ax.get_xlabel() == "E–I index   ← more divided"
    assert ax.get_ylabel() == "null graphs"
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sorted(labels) == ["4 null graphs", "95% interval", "observed"]
    assert untitled(ax)
    assert ax.get_gid() == (
        "Observed E–I index −0.800 (95% interval −0.900 to −0.700) beside 4 null graphs with mean "
        "−0.500 and sd 0.100. More divided is to the left. Seed 7."
    )
    assert rendered(ax) == rendered(null_distribution(replace(INDEX, low=-0.9, high=-0.7), SAMPLES))


def test_without_samples_a_band():
    ax = null_distribution(replace(INDEX, divided_is="high"))
    band = ax.patches[0].get_extents().transformed(ax.transData.inverted())
    assert (band.x0, band.x1) == pytest.approx((-0.7, -0.3))
    assert ax.get_xlabel().endswith("more divided →")


def test_what_cannot_be_drawn_is_refused():
    undefined = IndexValue("dip", None, reason="one side only")
    with pytest.raises(UndefinedError, match="the index is undefined: one side only"):
        null_distribution(undefined, SAMPLES)
    with pytest.raises(UndefinedError, match="no null to draw: ei_index"):
        null_distribution(IndexValue("ei_index", 0.1))
    with pytest.raises(InputError, match="not finite"):
        null_distribution(INDEX, [float("nan")])
