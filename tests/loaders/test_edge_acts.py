from __future__ import annotations

import pyarrow as pa
import pytest

from workbench.loaders import edge_acts
from workbench.loaders.edge_acts import Accounts, interactions


def edges(*pairs, act=None):
    rows = len(pairs)
    return pa.table(
        {
            "source": pa.array([s for s, _ in pairs], pa.string()),
            "target": pa.array([t for _, t in pairs], pa.string()),
            "weight": pa.repeat(1.0, rows),
            "us": pa.array([1_500_000] * rows, pa.int64()),
            "precision": pa.repeat("ms", rows),
            "act": pa.array([act] * rows, pa.string()),
        }
    )


def numbers(count, first=1):
    return pa.array(range(first, first + count), pa.int64())


@pytest.mark.parametrize(("act", "kind"), [(None, "reply"), ("share", "share")])
def test_the_row_says_its_kind_or_the_caller_does(act, kind):
    (row,) = interactions(edges(("a", "b"), act=act), numbers(1), "reply").to_pylist()
    assert (row["kind"], row["actor_id"], row["target_id"]) == (kind, "a", "b")
    assert (row["created_ms"], row["record"], row["resolved_by"]) == (1500, 1, "id_field")


def test_every_account_is_written_once_and_first_as_author():
    seen = Accounts()
    rows = seen.new(edges(("a", "b"), ("a", "c"), ("c", "a")), numbers(3)).to_pylist()
    assert [(r["account_id"], r["seen_as"], r["record"]) for r in rows] == [
        ("a", "author", 1), ("c", "author", 3), ("b", "mentioned", 1)
    ]  # fmt: skip
    assert seen.new(edges(("a", "b")), numbers(1, 4)).num_rows == 0
    assert seen.new(edges(("b", "a")), numbers(1, 5)).to_pylist() == [
        {"account_id": "b", "seen_as": "author", "record": 5}
    ]


def test_with_too_many_accounts_some_are_written_again(monkeypatch):
    monkeypatch.setattr(edge_acts, "_SEEN", 1)
    seen = Accounts()
    for number in (1, 2):
        rows = seen.new(edges(("a", "b")), numbers(1, number))
        assert set(rows.column("account_id").to_pylist()) <= {"a", "b"}
