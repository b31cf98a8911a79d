"""Rows look the same whichever store they come from."""

from __future__ import annotations

import datetime as dt
import warnings
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from workbench.errors import CutWarning, UsageError
from workbench.store.library import queries
from workbench.store.results import normalised, within_own_limit


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


ACCOUNTS = "MATCH (a:Account) RETURN a.account_id AS id ORDER BY id"


def test_a_limit_that_cuts_says_so(filled):
    whole = filled.cypher(ACCOUNTS)
    assert whole.attrs["cut"] is False
    for limit, cut in ((0, True), (len(whole) - 1, True), (len(whole), False), (10**6, False)):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            frame = filled.cypher(ACCOUNTS, limit=limit)
        assert frame["id"].tolist() == whole["id"].tolist()[:limit]
        assert frame.attrs["cut"] is cut
        assert [(w.category, w.filename) for w in said] == [(CutWarning, __file__)] * cut
    assert filled.cypher(f"{ACCOUNTS} LIMIT 3", limit=3).attrs["cut"] is False


@pytest.mark.parametrize("limit", [-1, 2.5, True, "3"])
def test_a_limit_is_a_number_of_rows(filled, limit):
    with pytest.raises(UsageError, match="the limit is no number of rows"):
        filled.cypher(ACCOUNTS, limit=limit)


def test_a_query_of_the_library_says_whether_its_own_limit_cut(filled):
    for name, query in queries().items():
        if not any(parameter.name == "limit" for parameter in query.parameters):
            continue
        whole = filled.query(name, limit=10**6)
        assert whole.attrs["cut"] is False, name
        for limit in {len(whole) - 1, len(whole), len(whole) + 1} - {-1}:
            frame = filled.query(name, limit=limit)
            assert len(frame) == min(limit, len(whole)), name
            assert frame.attrs["cut"] is (limit < len(whole)), name
            if limit >= len(whole):
                pd.testing.assert_frame_equal(frame, whole)


def test_of_another_form_of_query_nobody_knows():
    asked = []

    def run(text, values):
        asked.append(values)
        return pa.table({"n": list(range(values["limit"]))})

    for text in ("RETURN 1 AS n LIMIT $limit // x", "WITH $limit AS l RETURN l AS n LIMIT $limit"):
        frame = within_own_limit(text, {"limit": 3}, run)
        assert frame.attrs["cut"] is None
        assert len(frame) == 3
    assert within_own_limit("RETURN 1 AS n limit  $limit ;", {"limit": 3}, run).attrs["cut"] is True
    assert asked == [{"limit": 3}, {"limit": 3}, {"limit": 4}]


def test_numbers_beyond_what_a_store_holds_are_not_made_larger():
    seen = []

    def run(text, values):
        seen.append(values["limit"])
        return pa.table({"n": [1]})

    for limit in (2**63 - 1, -1):
        assert within_own_limit("RETURN 1 AS n LIMIT $limit", {"limit": limit}, run).attrs == {
            "cut": False
        }
    assert seen == [2**63 - 1, -1]
