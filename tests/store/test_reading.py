"""A graph in pieces: the same rows, whatever the cuts, whatever the letters of the ids."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.stores import emptied
from workbench.errors import StoreError
from workbench.store import reading
from workbench.store.bolt import Bolt
from workbench.store.graphs import Question
from workbench.store.reading import answer, bounds

WROTE = Question(
    "(a:Account)-[r:RETWEETED]->(b:Account)",
    ("r.weight > $least",),
    {
        "source": "a.account_id",
        "target": "b.account_id",
        "weight": "r.weight",
        "first_ms": "r.first_ms",
        "last_ms": "r.last_ms",
    },
    {"least": 0},
)


@pytest.fixture(scope="module")
def bolt():
    """Open a database with a ring of accounts, some of whose names no order agrees upon."""
    opened = Bolt(emptied())
    opened.run("CREATE CONSTRAINT account_key IF NOT EXISTS FOR (n:Account) "
               "REQUIRE n.account_id IS UNIQUE")  # fmt: skip
    names = [f"x:{i}" for i in range(40)] + [
        "",
        "é",
        "x:\uffff",
        "x:😀",
        "~",
        "\U0010ffff",
        "A",
        "a",
    ]
    opened.run(
        "UNWIND range(0, size($names) - 1) AS i "
        "MERGE (a:Account {account_id: $names[i]}) "
        "MERGE (b:Account {account_id: $names[(i + 1) % size($names)]}) "
        "MERGE (a)-[r:RETWEETED]->(b) "
        "SET r.weight = toFloat(i + 1), r.last_ms = i, "
        "r.first_ms = CASE WHEN i % 3 = 0 THEN NULL ELSE i END",
        {"names": names},
    )
    yield opened
    opened.close()


def rows(table):
    return sorted(map(tuple, (row.values() for row in table.to_pylist())), key=repr)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@given(cuts=st.lists(st.text(st.characters(max_codepoint=127), max_size=4), max_size=12))
def test_every_row_comes_once_wherever_the_accounts_are_cut(bolt, cuts):
    whole = bolt.rows(WROTE.text, WROTE.parameters)
    assert whole.num_rows == 48
    assert rows(answer(bolt, WROTE, cuts=sorted(set(cuts)))) == rows(whole)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_nothing_is_a_table_with_types_and_what_is_missing_is_said(bolt):
    none = Question(WROTE.pattern, ("r.weight < 0",), WROTE.columns)
    found = answer(bolt, none, cuts=["x:2"])
    assert found.num_rows == 0
    assert found.schema.field("weight").type == pa.float64()
    assert found.schema.field("first_ms").type == pa.int64()
    lost = Question(WROTE.pattern, ("r.weight > 0",), {**WROTE.columns, "weight": "r.first_ms"})
    with pytest.raises(StoreError, match=r"values are missing in the database: source.*push"):
        answer(bolt, lost)


@given(names=st.lists(st.text(max_size=6), unique=True, max_size=300), pieces=st.integers(0, 12))
def test_bounds_are_plain_names_in_order_and_about_as_many_as_pieces(names, pieces):
    found = bounds(pa.chunked_array([pa.array(names, pa.string())]), rows=pieces * reading.PIECE)
    assert found == sorted(set(found))
    assert all(name.isascii() and name in names for name in found)
    assert len(found) <= 2 * pieces
    plain = sum(name.isascii() for name in names)
    assert bool(found) == (pieces >= 2 and plain >= pieces)
