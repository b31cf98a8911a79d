from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.graphs.chance import RUNS_FOR_P, holm, standing

chances = st.lists(st.none() | st.floats(0, 1), max_size=8)


def test_p_needs_199_samples_and_counts_those_that_are_equal():
    null = np.arange(199.0)
    assert standing(197.0, null).p == 3 / 200
    assert standing(197.0 + 1e-11, null).p == 3 / 200
    assert standing(500.0, null).p == 1 / 200
    assert standing(-1.0, null).p == 1.0
    assert standing(197.0, null[:198]).p is None
    assert RUNS_FOR_P == 199


def test_mean_sd_and_z():
    found = standing(5.0, [1.0, 3.0])
    assert (found.mean, found.sd) == (2.0, pytest.approx(np.sqrt(2)))
    assert found.z == pytest.approx(3 / np.sqrt(2))
    alike = standing(5.0, [0.1 + 0.2, 0.3])
    assert (alike.sd, alike.z) == (0.0, None)
    assert standing(5.0, [1.0]).sd is None
    assert standing(5.0, []).mean is None


def test_a_worked_example_of_holm():
    assert holm([0.01, None, 0.04, 0.03]) == pytest.approx([0.03, None, 0.06, 0.06])
    assert holm([]) == []


@given(chances)
def test_holm_rejects_what_stepping_down_by_hand_rejects(values):
    adjusted = holm(values)
    assert [a is None for a in adjusted] == [v is None for v in values]
    known = sorted(v for v in values if v is not None)
    for level in (0.01, 0.05, 0.3):
        rejected = 0
        while rejected < len(known) and known[rejected] <= level / (len(known) - rejected):
            rejected += 1
        told = sum(a <= level for a in adjusted if a is not None)
        assert told == pytest.approx(rejected) or any(
            abs(a - level) < 1e-12 for a in adjusted if a is not None
        )
