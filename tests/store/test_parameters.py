"""Rows as parameters: the server reads exactly what was sent, however it travelled."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.stores import emptied
from workbench.store import parameters
from workbench.store.bolt import Bolt
from workbench.store.parameters import Parameters

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

#: Texts that hold the characters at which others are divided, and all that texts may hold.
TEXTS = st.one_of(
    st.sampled_from(
        ["", "\x1f", "\x1e", "a\x1fb", "\x1f\x1e", "\ue000", "\0", ".", "$i", "a" * 99]
    ),
    st.text(st.characters(exclude_categories=["Cs"])),
)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.none() | TEXTS,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.sampled_from([0.0, -0.0, float("inf")]) | st.floats(allow_nan=False),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=30,
)
NAMES = ("whole", "holed", "number", "measure", "flag")
TYPES = (pa.string(), pa.string(), pa.int64(), pa.float64(), pa.bool_())


@pytest.fixture(scope="module")
def bolt():
    opened = Bolt(emptied())
    yield opened
    opened.close()


def echoed(bolt, rows, size=10_000):
    """Return what the server reads, batch after batch, and how many rows each has."""
    made = Parameters(rows)
    told = ", ".join(f"{made.value(name)} AS {name}" for name in rows.column_names)
    text = f"{made.opening}RETURN {told}"
    counts, found = [], {name: [] for name in rows.column_names}
    for count, values in made.batches(size):
        counts.append(count)
        answer = bolt.rows(text, values)
        for name in rows.column_names:
            found[name] += answer.column(name).to_pylist()
    return counts, found


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 40))
def test_what_is_read_is_what_was_sent(bolt, values, size):
    rows = pa.table(
        {
            name: pa.array(column, kind)
            for name, column, kind in zip(NAMES, zip(*values, strict=True), TYPES, strict=True)
        }
    )
    counts, found = echoed(bolt, rows, size)
    assert sum(counts) == len(values)
    assert max(counts) <= size
    assert repr(found) == repr(rows.to_pydict())  # 0.0 and -0.0 are equal


def test_one_value_travels_once_and_nothing_not_at_all():
    rows = pa.table({"k": ["a", "b"], "same": ["x", "x"], "no": pa.nulls(2, pa.string())})
    made = Parameters(rows)
    assert made.opening == "WITH split($k, $between) AS k UNWIND range(0, $rows - 1) AS i "
    assert [made.value(name) for name in rows.column_names] == ["k[i]", "$same", "$no"]
    ((count, values),) = made.batches(10)
    assert count == 2
    assert values == {
        "k": "a\x1fb", "same": "x", "no": None, "rows": 2, "between": "\x1f", "missing": "\x1e",
    }  # fmt: skip


def test_times_travel_as_milliseconds():
    at = datetime(2031, 3, 1, 10, 0, 0, 123_000, tzinfo=UTC).replace(tzinfo=None)
    rows = pa.table({"two": pa.array([at, None], pa.timestamp("us")), "one": [at, at]})
    ((_, values),) = Parameters(rows).batches(10)
    assert values["two"] == [1_930_125_600_123, None]
    assert values["one"] == 1_930_125_600_123


def test_no_rows_make_no_batch():
    assert list(Parameters(pa.table({"k": pa.array([], pa.string())})).batches(10)) == []


def test_texts_in_several_chunks_are_one_batch(bolt):
    rows = pa.table({"k": pa.chunked_array([["a", "b"], ["c", None], ["d"]])})
    assert echoed(bolt, rows.slice(1, 4), 3) == ([3, 1], {"k": ["b", "c", None, "d"]})


def test_long_texts_make_small_batches(monkeypatch):
    monkeypatch.setattr(parameters, "_BATCH_BYTES", 1_000)
    rows = pa.table({"k": ["a" * 400, "b" * 5_000, "c", "d", "e"]})
    assert [count for count, _ in Parameters(rows).batches(10)] == [1, 1, 3]


def test_no_value_stands_in_the_log_of_the_driver():
    rows = pa.table({"k": ["secret", "other"], "n": [12_345, 67_890], "t": [1.5, None]})
    ((_, values),) = Parameters(rows).batches(10)
    told = repr(values)
    assert "<12 characters>" in told
    assert told.count("<2 values>") == 2
    assert not [word for word in ("secret", "12345", "1.5") if word in told]


@pytest.mark.parametrize("texts", [["secret"], ["secret", "secret"]])
def test_a_lone_text_does_not_stand_there_either(texts):
    ((_, values),) = Parameters(pa.table({"k": texts})).batches(10)
    assert values["k"] == "secret"
    assert "secret" not in repr(values)


def test_zeros_of_two_signs_are_two_values(bolt):
    rows = pa.table({"w": [0.0, -0.0]})
    assert repr(echoed(bolt, rows)[1]["w"]) == "[0.0, -0.0]"


def test_texts_that_leave_no_character_to_divide_them_travel_as_lists(bolt, monkeypatch):
    monkeypatch.setattr(parameters, "_SEPARATORS", (range(0x1F, 0x1D, -1),))
    rows = pa.table({"k": ["a\x1fb", None, "c"]})
    assert echoed(bolt, rows)[1] == rows.to_pydict()


def test_texts_are_searched_in_pieces(monkeypatch):
    monkeypatch.setattr(parameters, "_SEARCHED", 3)
    rows = pa.table({"k": ["0", "abcdefg\x1f", "h"]}).slice(1)
    ((_, values),) = Parameters(rows).batches(10)
    assert values["between"] == "\x1e"
    assert values["k"] == "abcdefg\x1f\x1eh"
