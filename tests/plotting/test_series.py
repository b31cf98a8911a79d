"""The series shows every window: its value, its null, and that it has none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.plotting.figures import legend, rendered, untitled
from workbench.errors import UndefinedError
from workbench.plotting import over_time

ROWS = pd.DataFrame(
    {
        "window": ["2031-03-03", "2031-03-10", "2031-03-17"],
        "measure": "ei_index",
        "value": pd.array([-0.8, None, -0.5], "Float64"),
        "null_mean": pd.array([0.1, None, -0.1], "Float64"),
        "null_sd": pd.array([0.05, None, 0.1], "Float64"),
        "low": pd.array([-0.9, None, None], "Float64"),
        "high": pd.array([-0.6, None, None], "Float64"),
        "divided_is": "low",
    }
)


def test_values_gaps_and_words():
    ax = over_time(ROWS)
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert np.array_equal(lines["observed"].get_ydata(), [-0.8, np.nan, -0.5], equal_nan=True)
    assert lines["undefined"].get_xdata().tolist() == [1]
    assert set(legend(ax)) == {"null, mean ± 2 sd", "observed", "undefined"}
    boxes = [(box.get_y(), box.get_y() + box.get_height()) for box in ax.patches]
    assert np.allclose(boxes, [(0, 0.2), (-0.3, 0.1)])
    assert "divided ↓" in ax.get_ylabel()
    assert untitled(ax)
    assert "in 3 windows from 2031-03-03 to 2031-03-17, undefined in 1; low is" in ax.get_gid()
    assert rendered(ax) == rendered(over_time(ROWS))


def test_without_a_value_there_is_nothing_to_draw():
    with pytest.raises(UndefinedError, match="undefined in every window"):
        over_time(ROWS.iloc[1:2])
