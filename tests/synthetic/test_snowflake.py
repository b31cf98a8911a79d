from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from workbench.synthetic.snowflake import EPOCH_MS, Clock, milliseconds, snowflake, stamp, time_ms

moments = st.integers(EPOCH_MS, EPOCH_MS + 2**41 - 1)


@given(moments, st.integers(0, 2**22 - 1))
def test_an_id_gives_its_time_back(ms, sequence):
    identity = snowflake(ms, sequence)
    assert time_ms(identity) == ms
    assert identity & (2**22 - 1) == sequence


@given(st.lists(moments, min_size=1))
def test_ids_grow_with_time_and_never_repeat(times):
    clock = Clock()
    ids = [clock.next(ms) for ms in sorted(times)]
    assert ids == sorted(set(ids))
    assert [time_ms(i) for i in ids] == sorted(times)


@given(moments)
def test_stamp_has_whole_seconds_in_utc(ms):
    expected = datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert stamp(ms) == expected


def test_the_first_id_is_made_at_the_epoch():
    assert snowflake(EPOCH_MS) == 0
    assert stamp(EPOCH_MS) == "2010-11-04T01:42:54.000Z"


def test_milliseconds_reads_utc_unless_told_otherwise():
    assert milliseconds("1970-01-02") == 86_400_000
    assert milliseconds("1970-01-01T01:00:00+01:00") == 0
