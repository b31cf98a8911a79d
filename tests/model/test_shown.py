from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from workbench.model import InteractionGraph, NodeScores, Partition
from workbench.model.shown import COLUMNS, ROWS, OneLine, Tabular, facts_html, table_html

NASTY = "<script>alert('1')</script>\n\"&\u202e"
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(), st.text(max_size=90),
    st.just(NASTY), st.lists(st.text(max_size=5), max_size=3),
)  # fmt: skip


class Reader(HTMLParser):
    """Collects the cells of a table, and checks that every element is closed in its order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.cells, self.heads, self.caption = [], [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")
        if tag == "th":
            self.heads.append(dict(attrs)["scope"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] in {"td", "th"}:
            self.cells[-1] += data
        if self.open[-1] == "caption":
            self.caption += data


@few(60)
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=30), VALUES)
def test_whatever_is_in_it_stays_text(rows, name):
    frame = pd.DataFrame(rows, columns=["a", str(name), NASTY])
    text = table_html(frame, caption=NASTY + str(name))
    read = Reader(text)
    assert "<script" not in text
    assert set(read.open) == set()
    assert read.caption.startswith("<script>alert('1')</script> \"&")
    seen = len(rows) if len(rows) <= ROWS + 5 else ROWS
    assert read.heads == ["col"] * 3 + ["row"] * seen
    assert len(read.cells) == 3 + 3 * seen + (len(rows) > seen)
    assert len(text.encode()) < 50_000
    assert text == table_html(frame.copy(), caption=NASTY + str(name))


@few(30)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=400), max_size=5))
def test_facts_are_escaped_and_cut(facts):
    read = Reader(facts_html({**facts, "x": NASTY}, caption="c"))
    assert read.heads == ["row"] * len({*facts, "x"})
    assert max(map(len, read.cells)) <= 300


def test_what_is_left_out_is_counted():
    frame = pd.DataFrame(np.zeros((1_234, COLUMNS + 3)), columns=map(str, range(COLUMNS + 3)))
    assert (
        Reader(table_html(frame, caption="c")).cells[-1] == "… 1,214 more rows and 3 more columns"
    )
    one = pd.DataFrame({str(i): [0] for i in range(COLUMNS + 1)})
    assert Reader(table_html(one, caption="c")).cells[-1] == "… 1 more column"
    wide = pd.DataFrame({str(i): ["\U0001f54a" * 60] * 19 for i in range(COLUMNS)})
    text = table_html(wide, caption="c")
    assert len(text.encode()) < 50_000
    assert re.fullmatch(r"… \d+ more rows", Reader(text).cells[-1])


def test_numbers_of_a_column_have_the_same_digits():
    frame = pd.DataFrame(
        {
            "whole": [1234.0, 5.0, None],
            "share": [0.5, 0.25, None],
            "tiny": [0.00012345, 0.000002, 0.0],
            "large": [123456.78, 1.0, 2.5],
            "mixed": ["a", 1, None],
            "yes": [True, False, None],
            "when": pd.to_datetime(["2031-03-08 14:30", None, "2031-03-09 00:00"]),
            "nullable": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    cells = Reader(table_html(frame, caption="c")).cells[8:]
    assert cells[:8] == [
        "1,234", "0.500", "0.000123", "123,456.8", "a", "yes", "2031-03-08 14:30", "1",
    ]  # fmt: skip
    assert cells[8:16] == ["5", "0.250", "0.000002", "1.0", "1", "no", "–", "–"]
    assert cells[16:] == ["–", "–", "0.000000", "2.5", "–", "–", "2031-03-09 00:00", "3"]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([0.51, 0.0004], ["0.5100", "0.0004"]),
        ([2000.5, 0.01], ["2,000.50", "0.01"]),
        ([0.5, 1e-12], ["0.500", "0.000"]),
    ],
)
def test_what_is_not_0_does_not_look_like_it(numbers, told):
    shown = table_html(pd.DataFrame({"n": numbers}), caption="")
    assert re.findall(r">([\d,.]+)</th>", shown) == told


def test_rows_with_labels_are_headed_by_them():
    matrix = pd.DataFrame([[1, 2]], index=["east"], columns=["east", "west"])
    text = table_html(matrix, caption="c")
    assert Reader(text).cells == ["", "east", "west", "east", "1", "2"]
    assert '<th scope="row">east</th><td class="number">1</td>' in text


@dataclass(frozen=True, repr=False)
class Found(Tabular):
    """What ``this`` is."""

    rows: pd.DataFrame
    by: str = NASTY
    p: float = 0.123456
    many: int = 12_345
    seed: int = 12_345
    exact: bool = True
    off: bool = False
    none: None = None
    graph_fingerprint: str = "abc"
    names: tuple[str, ...] = ("x",)
    graph: dict = field(default_factory=lambda: {"kind": "retweet"})

    def to_pandas(self):
        return self.rows


def test_the_line_says_sizes_and_choices():
    found = Found(pd.DataFrame({"a": [1, 2]}))
    assert repr(found) == (
        "Found(2 rows, by <script>alert('1')</script> \"& , p 0.1235, many 12,345, "
        "seed 12345, exact, 1 name)"
    )
    caption = Reader(found._repr_html_()).caption
    assert caption.startswith("Found: What this is. 2 rows, by <script>")
    assert caption.endswith("an edge points from the account that retweets (reposts, boosts, "
                            "forwards) to the other.")  # fmt: skip


def test_a_class_without_fields_is_its_name():
    class Bare(OneLine):
        def _words(self):
            return ""

    assert repr(Bare()) == "Bare()"


@pytest.fixture(scope="module")
def large():
    """Return a graph of a million edges."""
    drawn = np.random.default_rng(1)
    source, target = drawn.integers(200_000, size=(2, 1_000_000))
    ids = [f"x:{i:06}" for i in range(200_000)]
    return InteractionGraph.from_codes(ids, source, target)


def test_a_graph_of_a_million_edges_is_shown_at_once(large):
    sides = Partition.from_labels(large, np.arange(large.nodes) % 5_000, method="given")
    scores = NodeScores.from_values(large, large.in_strength(), name="in_strength")
    for noun in (large, sides, scores):
        start = perf_counter()
        text = noun._repr_html_() + repr(noun)
        assert perf_counter() - start < 1.0
        assert len(text) < 10_000
        assert "x:0" not in text
