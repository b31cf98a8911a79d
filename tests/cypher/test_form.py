"""Every file of the library: its header, its form, and that it runs as it stands on every store."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from workbench.resources import cypher_folder
from workbench.store.library import queries

LIBRARY = queries()
TYPES = {
    "text": str,
    "integer": (int, np.integer),
    "float": (float, np.floating),
    "boolean": (bool, np.bool_),
}
UNITS = {"rows", "account id", "run id", "posts", "acts", "epoch milliseconds"}


def listed(frame):
    """Return rows as tuples of plain values; what is missing is None."""
    whole = frame.astype(object).where(frame.notna(), None)
    return [
        tuple(v.item() if isinstance(v, np.generic) else v for v in row)
        for row in whole.itertuples(index=False, name=None)
    ]


def test_the_library_answers_what_researchers_ask():
    assert 27 <= len(LIBRARY) <= 40
    assert {name.partition("/")[0] for name in LIBRARY} == {
        "accounts", "cascades", "communities", "evidence", "hashtags", "influence", "languages",
        "media", "polarisation", "posts", "runs", "timelines", "urls",
    }  # fmt: skip
    titles = [query.title for query in LIBRARY.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_header_says_what_the_query_needs_and_gives(name):
    query = LIBRARY[name]
    assert query.question.endswith("?")
    assert not query.title.endswith(".")
    assert query.reads.startswith("(:")
    assert {p.unit for p in query.parameters} <= UNITS
    assert query.parameters[-1].name == "limit"
    for meaning in query.columns.values():
        kind, _, rest = meaning.partition(",")
        assert kind in TYPES
        assert len(rest) > 3
    text = (cypher_folder() / f"{name}.cypher").read_text("utf-8")
    assert all(re.match(r"// (@|\w+: )", line) for line in text.splitlines() if line[:2] == "//")


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_queries_run_as_they_stand_and_return_their_columns(store, name):
    query = LIBRARY[name]
    found = store.query(name)
    assert list(found.columns) == list(query.columns)
    assert len(found) > 0
    assert not found.duplicated(list(query.key)).any()
    for column, meaning in query.columns.items():
        values = found[column].dropna()
        assert len(values), column
        assert isinstance(values.iloc[0], TYPES[meaning.partition(",")[0]]), column
    if len(found) > 1:
        assert listed(store.query(name, limit=1)) == listed(found)[:1]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_both_stores_give_the_same_rows_in_the_same_order(pair, name):
    one, other = (listed(store.query(name, limit=100_000)) for store in pair)
    assert one == other
    assert one


def test_missing_values_are_missing():
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None]})
    assert listed(frame) == [(1.0, "x"), (None, None)]
