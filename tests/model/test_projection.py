from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import CannotBuildError
from workbench.model import projection
from workbench.model.projection import shared_objects

uses = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=25)


@given(uses, st.none() | st.integers(1, 4))
def test_equal_to_counting_pairs(rows, most):
    members = np.array([m for m, _ in rows], np.int32)
    objects = np.array([o for _, o in rows], np.int32)
    expected, left_out = Counter(), 0
    for thing in set(objects.tolist()):
        users = sorted({m for m, o in rows if o == thing})
        if most is not None and len(users) > most:
            left_out += 1
            continue
        expected.update(combinations(users, 2))
    first, second, count, dropped = shared_objects(members, objects, max_members=most)
    assert (
        dict(zip(zip(first.tolist(), second.tolist(), strict=True), count, strict=True)) == expected
    )
    assert dropped == left_out


def test_a_projection_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(projection, "MAX_PAIRS", 10)
    members, objects = np.arange(6, dtype=np.int32), np.zeros(6, np.int32)
    with pytest.raises(CannotBuildError, match=r"too many pairs: 15 pairs.*6 users.*max_accounts"):
        shared_objects(members, objects)
    assert shared_objects(members, objects, max_members=5)[3] == 1
