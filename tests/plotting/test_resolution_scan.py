"""The scan shows every resolution, its runs, and the plateaus."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.plotting.figures import legend, rendered, untitled
from workbench.errors import InputError, UndefinedError
from workbench.plotting import resolution_scan

TABLE = pd.DataFrame(
    {
        "resolution": [0.5, 1.0, 2.0],
        "communities": [2, 4, 4],
        "fewest": [1, 4, 3],
        "most": [3, 4, 6],
        "ami_mean": pd.array([0.4, None, 0.9], "Float64"),
    }
)
PLATEAUS = pd.DataFrame({"low": [1.0], "high": [2.0], "communities": [4]})


def test_values_bands_and_words():
    ax = resolution_scan(TABLE, PLATEAUS)
    assert ax.get_lines()[0].get_ydata().tolist() == [2, 4, 4]
    right = ax.figure.axes[1]
    assert np.array_equal(right.get_lines()[0].get_ydata(), [0.4, np.nan, 0.9], equal_nan=True)
    assert set(legend(ax)) == {"plateau", "communities", "agreement of runs"}
    assert (ax.patches[0].get_x(), ax.patches[0].get_width()) == (1.0, 1.0)
    assert ax.get_xlabel() == "resolution γ"
    assert untitled(ax)
    assert "3 resolutions from 0.5 to 2: 2 to 4" in ax.get_gid()
    assert ax.get_gid().endswith("Plateaus: 1 to 2.")
    assert rendered(ax) == rendered(resolution_scan(TABLE, PLATEAUS))
    assert resolution_scan(TABLE).get_gid().endswith("Plateaus: none.")


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(InputError, match="lacks a column: ami_mean"):
        resolution_scan(TABLE.drop(columns="ami_mean"))
    with pytest.raises(UndefinedError, match="no resolution was scanned"):
        resolution_scan(TABLE.iloc[:0])
    with pytest.raises(InputError, match="must be > 0"):
        resolution_scan(TABLE.assign(resolution=[0.0, 1.0, 2.0]))
