"""Rows look the same whichever store they come from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from workbench.store.results import normalised


def test_sums_times_and_missing_values():
    at = dt.datetime(2031, 3, 8, 12)  # noqa: DTZ001
    frame = normalised(
        pa.table(
            {
                "sum": pa.array([Decimal(2**60 + 1), Decimal(3)], pa.decimal128(38, 0)),
                "at": pa.array([at, None], pa.timestamp("us")),
                "count": pa.array([2**53 + 1, None], pa.int64()),
                "text": ["a", None],
                "share": pa.array([Decimal("0.5"), None], pa.decimal128(5, 1)),
            }
        )
    )
    assert frame["sum"].tolist() == [2**60 + 1, 3]
    assert str(frame["at"].dt.tz) == "UTC"
    assert frame["at"][0].hour == 12
    assert frame["count"].isna().tolist() == [False, True]
    assert frame["count"][0] == 2**53 + 1
    assert frame["text"].isna().tolist() == [False, True]
    assert float(frame["share"][0]) == 0.5


def test_no_rows():
    frame = normalised(pa.table({"n": pa.array([], pa.int64())}))
    assert list(frame.columns) == ["n"]
    assert frame.empty
