"""Echo chambers are corners of the density; a profile shows what k does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.plotting.figures import rendered, untitled
from workbench.errors import InputError, UndefinedError
from workbench.plotting import joint_density, k_profile

GRID = np.linspace(-1, 1, 3)
DENSITY = [[0.5, 0.1], [0.0, 0.4]]


def test_own_lean_is_across_and_that_of_contacts_up():
    ax = joint_density(DENSITY, GRID)
    cells = ax.collections[0].get_array()
    # Rows of the drawing are the contacts' lean, from the bottom up.
    assert cells.filled(0).reshape(2, 2).tolist() == [[50, 0], [10, 40]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("own lean", "mean lean of contacts")
    assert "2 x 2 cells; the fullest has 50%" in ax.get_gid()
    assert untitled(ax)
    assert rendered(ax) == rendered(joint_density(DENSITY, GRID))


def test_a_density_must_fit_its_grid():
    with pytest.raises(InputError, match=r"B x B shares.*\(2, 2\) for 4 edges"):
        joint_density(DENSITY, np.linspace(-1, 1, 4))
    with pytest.raises(InputError, match="B x B shares"):
        joint_density([[1, -1], [0, 1]], GRID)
    with pytest.raises(UndefinedError, match="no account"):
        joint_density(np.zeros((2, 2)), GRID)


def profile():
    return pd.DataFrame(
        {
            "k": [10, 1, 0.05, 99],
            "kind": ["count", "count", "share", "count"],
            "value": pd.array([0.6, 0.2, 0.8, None], "Float64"),
        }
    )


def test_counts_come_before_shares_and_unknown_is_a_gap():
    ax = k_profile(profile(), name="random_walk_controversy")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "10", "99", "0.05"]
    counts, shares = ax.lines
    assert counts.get_ydata()[:2].tolist() == [0.2, 0.6]
    assert np.isnan(counts.get_ydata()[2])
    assert shares.get_ydata().tolist() == [0.8]
    assert shares.get_xdata().tolist() == [3]
    assert ax.get_ylabel() == "random-walk controversy"
    assert ax.get_gid() == (
        "Random-walk controversy for 4 sizes of the elite: 0.20 to 0.80; 1 undefined."
    )
    assert untitled(ax)


def test_a_profile_without_values_is_refused():
    with pytest.raises(UndefinedError, match="undefined for every k"):
        k_profile(profile().assign(value=pd.array([None] * 4, "Float64")))
    with pytest.raises(InputError, match="lacks a column: kind"):
        k_profile(profile().drop(columns="kind"))
