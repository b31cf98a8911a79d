from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.twitter_v2_time import milliseconds, moment, snowflake_ms


@given(st.integers(1_288_900_000_000, 4_000_000_000_000), st.integers(0, 2**22 - 1))
def test_the_id_holds_its_milliseconds(ms, rest):
    number = ((ms - 1_288_834_974_657) << 22) + rest
    assert snowflake_ms(str(number)) == ms


def test_the_id_wins_unless_the_record_contradicts_it():
    number = str((1_930_000_000_123 - 1_288_834_974_657) << 22)
    same = moment(number, "2031-02-27T23:06:40.000Z")
    assert same == (1_930_000_000_123_000, 1_930_000_000_123, "ms", "snowflake")
    other = moment(number, "2031-02-27T23:06:45.000Z")
    assert (other.ms, other.precision, other.source) == (1_930_000_005_000, "s", "record")
    assert moment("17", "2008-01-01T00:00:00Z").source == "record"
    assert moment("17", None).ms is None


@pytest.mark.parametrize("text", [None, "", "yesterday", "2031-99-01"])
def test_no_time_is_none(text):
    assert milliseconds(text) is None


def test_zones_are_converted():
    assert milliseconds("2031-03-10T01:00:00+01:00") == milliseconds("2031-03-10T00:00:00Z")


@pytest.mark.parametrize("post_id", ["", "²", "٣" * 18, "9" * 21, "9" * 5000, "-26905906867129548"])
def test_ids_that_are_no_snowflakes_have_no_time(post_id):
    assert snowflake_ms(post_id) is None
