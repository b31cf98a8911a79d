"""Both memories of cells are sets: what is new is new once, in the same order."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.influence.seen import Bitmap, Hashed

PARTS = st.lists(st.lists(st.integers(0, 199), max_size=30), max_size=6)


@settings(max_examples=60, deadline=None)
@given(PARTS)
def test_both_equal_a_set(parts):
    bitmap, hashed, known = Bitmap(200), Hashed(), set()
    hashed._bits, hashed._table = 2, np.full(4, -1, dtype=np.int64)  # so that it has to grow
    for part in parts:
        cells = np.array(part, dtype=np.int64)
        expected = sorted(set(part) - known)
        known |= set(part)
        assert bitmap.fresh(cells).tolist() == expected
        assert hashed.fresh(cells).tolist() == expected
    everything = np.arange(200)
    assert sorted(set(range(200)) - set(bitmap.fresh(everything).tolist())) == sorted(known)
    bitmap.forget(everything)
    assert bitmap.fresh(everything).tolist() == everything.tolist()


def test_a_table_grows_past_its_first_size_and_holds_large_cells():
    hashed = Hashed()
    cells = np.arange(0, 10**12, 10**7, dtype=np.int64)
    assert (hashed.fresh(cells) == cells).all()
    assert len(hashed.fresh(cells[::3])) == 0
    assert hashed.fresh(np.array([10**15, 5, 10**15])).tolist() == [5, 10**15]
