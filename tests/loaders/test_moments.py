from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.moments import parse_time, parse_times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@given(st.datetimes(timezones=st.just(UTC)))
def test_iso_times_come_back_to_the_microsecond(moment):
    assert parse_time(moment.isoformat())[0] == us(moment)
    assert parse_time(moment.isoformat().replace("+00:00", "Z"))[0] == us(moment)
    assert parse_time(moment.isoformat(" ").removesuffix("+00:00"))[0] == us(moment)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("1341100972", 1341100972 * 10**6, "s"),
        ("1341100972.0", 1341100972 * 10**6, "s"),
        ("1606451170.518101", 1606451170518101, "us"),
        ("1606451170.5", 1606451170500000, "ms"),
        ("1606451170518", 1606451170518000, "ms"),
        ("1606451170518101", 1606451170518101, "us"),
        ("-1.5", -1500000, "ms"),
        (" 2017-08-19 15:13 ", us(datetime(2017, 8, 19, 15, 13, tzinfo=UTC)), "min"),
        ("2017-08-19", us(datetime(2017, 8, 19, tzinfo=UTC)), "day"),
        ("2017-08-19T15:13:01+02:00", us(datetime(2017, 8, 19, 13, 13, 1, tzinfo=UTC)), "s"),
        ("2017-08-19T15:13+02:00", us(datetime(2017, 8, 19, 13, 13, tzinfo=UTC)), "min"),
        (
            "2017-08-19T15:13:01.250Z",
            us(datetime(2017, 8, 19, 15, 13, 1, 250000, tzinfo=UTC)),
            "ms",
        ),
    ],
)
def test_known_writings(text, expected, precision):
    assert parse_time(text) == (expected, precision)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "NaN",
        "inf",
        "10/24/2016 0:00",
        "2017-13-01",
        "1e9",
        "9" * 18,
        "9" * 30,
        "--1",
        "١٢",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="time is"):
        parse_time(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_zone_does_not_move_a_time_out_of_the_years_of_a_column(text):
    with pytest.raises(ValueError, match="outside the years"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("20171001", "2017-10-01", "day"),
        ("20171001.0", "2017-10-01", "day"),  # a float column, because other rows have no time
        ("201710011230", "2017-10-01T12:30", "min"),
        ("20171001123015", "2017-10-01T12:30:15", "s"),
        ("20171001123015.0", "2017-10-01T12:30:15", "s"),
        ("19900101", "1990-01-01", "day"),
        ("20991231235959", "2099-12-31T23:59:59", "s"),
        ("20160229", "2016-02-29", "day"),
    ],
)
def test_dates_without_separators_are_dates(text, expected, precision):
    zone = ZoneInfo("Europe/Paris")
    assert parse_time(text, zone=zone) == (parse_time(expected, zone=zone)[0], precision)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("19891231", 10**6),  # before 1990
        ("21000101", 10**6),
        ("20170229", 10**6),  # no such day
        ("20171301", 10**6),
        ("201710012460", 10**3),
        ("20171001240001", 10**3),
        ("0020171001", 10**6),
        ("2017100112", 10**6),
        ("1506859200", 10**6),
        ("1506859200000", 10**3),
    ],
)
def test_digits_that_are_no_date_are_a_unix_time(text, unit):
    assert parse_time(text)[0] == int(text) * unit
    assert parse_times(pa.array([text]))[0].to_pylist() == [int(text) * unit]


COMPACT = st.one_of(
    st.builds(
        lambda seconds, form: datetime.fromtimestamp(seconds, UTC).strftime(form),
        st.integers(600_000_000, 4_200_000_000),  # 1989 to 2103
        st.sampled_from(["%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%Y%m%d.0"]),
    ),
    *(
        st.integers(1990 * 10**n, 2100 * 10**n).map(lambda n, form=form: form.format(n))
        for n, form in ((4, "{}"), (4, "{:010}"), (8, "{}"), (10, "{}"))
    ),
)


@given(st.lists(st.one_of(COMPACT, st.integers(0, 10**14 - 1).map(str))))
def test_many_dates_without_separators_are_the_same_as_one_by_one(texts):
    zone = ZoneInfo("Europe/Paris")
    micros, precision = parse_times(pa.array(texts, pa.string()), zone=zone)
    expected = [parse_time(text, zone=zone) for text in texts]
    assert list(zip(micros.to_pylist(), precision.to_pylist(), strict=True)) == expected


def test_a_time_without_zone_is_in_the_zone_of_the_table():
    paris = parse_time("2017-07-01T12:00:00", zone=ZoneInfo("Europe/Paris"))
    assert paris == parse_time("2017-07-01T10:00:00Z")


@given(
    st.lists(
        st.one_of(
            st.integers(0, 10**14 - 1).map(str),
            st.datetimes(timezones=st.just(UTC)).map(str),
            st.just(""),
        )
    )
)
def test_many_times_are_the_same_as_one_by_one(texts):
    micros, precision = parse_times(pa.array(texts, pa.string()))
    expected = [parse_time(text) if text else (None, None) for text in texts]
    assert list(zip(micros.to_pylist(), precision.to_pylist(), strict=True)) == expected
