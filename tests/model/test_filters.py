from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.model.filters import Filters, instant_ms, iso


def test_dates_are_midnight_utc_and_naive_times_are_utc():
    expected = 1_930_867_200_000
    assert instant_ms("2031-03-10") == instant_ms(date(2031, 3, 10)) == expected
    assert instant_ms("2031-03-10T00:00:00Z") == instant_ms(datetime(2031, 3, 10)) == expected  # noqa: DTZ001
    paris = datetime(2031, 3, 10, 1, tzinfo=timezone(timedelta(hours=1)))
    assert instant_ms(paris) == expected
    assert instant_ms(None) is None


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_iso_keeps_milliseconds(at):
    ms = round(at.replace(tzinfo=UTC).timestamp() * 1000)
    assert instant_ms(iso(ms)) == ms
    assert iso(ms).endswith("Z")


def test_only_what_was_chosen_is_recorded():
    filters = Filters.parse(since="2031-03-01", lang="fr", accounts=["b", "a", "a"])
    assert filters.choices() == {"since": "2031-03-01T00:00:00.000Z", "lang": "fr", "accounts": 2}
    assert filters.accounts == ("a", "b")
    assert Filters.parse().choices(mentions=True) == {"origin": "authored"}
    assert Filters.parse(origin="all").choices(mentions=True) == {"origin": "all"}
    assert filters.windowed
    assert filters.needs_posts


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"since": "soon"}, "since is not a time"),
        ({"until": "2031-13-01"}, "until is not a time"),
        ({"min_weight": 0}, "min_weight must be > 0"),
        ({"origin": "nobody"}, "no such origin"),
        ({"origin": ""}, "no such origin"),
        ({"accounts": "x:1"}, "accounts must be a list"),
        ({"since": "2031-01-02", "until": "2031-01-02"}, "the window is empty"),
    ],
)
def test_bad_filters_are_refused(given_, message):
    with pytest.raises(UsageError, match=message):
        Filters.parse(**given_)
