from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import source_of
from workbench.loaders import edge_rows
from workbench.loaders.edge_rows import (
    Fault,
    Layout,
    column_meaning,
    is_comment,
    layout_of,
    parse_line,
    parse_rows,
)
from workbench.loaders.source import Head

ACTIVITY = ("source", "target", "time", "act")
WEIGHTED = ("source", "target", "weight")


def layout(text: str) -> Layout | None:
    return layout_of(Head("n", text.encode()))


@pytest.mark.parametrize(
    ("text", "separator", "columns", "header"),
    [
        ("1 2 1341100972 RT\n3 4 1341100972 MT\n", " ", ACTIVITY, False),
        ("# SNAP\n# a b\n1\t2\n2\t3\n", "\t", ("source", "target"), False),
        ("a,b\nc,d\n", ",", ("source", "target"), False),
        ("a;b;2\nc;d;1,5\n", ";", WEIGHTED, False),
        ("1  2   3\n4 5\t6\n", " ", WEIGHTED, False),
        ("source,target\na,b\n", ",", ("source", "target"), True),
        ("Weight;TO;From\n1;a;b\n", ";", ("weight", "target", "source"), True),
        ("id,from,to,note,time\n1,a,b,x,5\n", ",", ("", "source", "target", "", "time"), True),
        ("u,v,w\na,b,1\n", ",", WEIGHTED, True),
        ("who,whom,often\na,b,1\nc,d,2\n", ",", WEIGHTED, True),
        ("a,b,2,2017-04-24\nc,d,1,2017-04-25\n", ",", (*WEIGHTED, "time"), False),
        ("a,b,\nc,d,2\n", ",", WEIGHTED, False),
        ('"a,x",b,1\n"c,y",d,1\n', ",", WEIGHTED, False),
    ],
)
def test_layouts(text, separator, columns, header):
    found = layout(text)
    assert (found.separator, found.columns) == (separator, columns)
    assert bool(found.header) is header


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alone\nwords\n",
        '{"a": 1}\n',
        "[1, 2]\n",
        "a,b,c,d,e\n" * 3,
        "\0a,b\n",
        "# only\n",
        "from,from,to\n1,2,3\n",
    ],
)
def test_what_is_no_edge_list(text):
    assert layout(text) is None


def test_header_names_mean_something_in_any_case():
    assert [column_meaning(name) for name in (" Source", "TO", "w", "time", "colour")] == [
        "source",
        "target",
        "weight",
        "time",
        "",
    ]
    assert is_comment(b"  # x")
    assert is_comment(b" \r\n")
    assert not is_comment(b"a#,b")


CELL = st.sampled_from(
    ["a", "b", "ë", "12345678901234567890", "x y", "9.06e+17", "nan", "", '"q"', " s "]
)
WEIGHT = st.sampled_from(["1", "2.5", "", "0", "-1", "nan", "inf", "many", "1e3", " 3"])
LINE = st.one_of(
    st.tuples(CELL, CELL, WEIGHT).map(lambda cells: ",".join(cells).encode()),
    st.sampled_from(
        [
            b"",
            b"# note",
            b"%",
            b"a,b",
            b"a,b,1,2",
            b'"a,b,1',
            b"\xff,b,1",
            b"a,\0,1",
            b"good,edge,1",
        ]
    ),
)


def slowly(data: bytes, layout: Layout) -> list[tuple]:
    """Read line by line, with the plain definition of an edge."""
    found = []
    offset = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if not is_comment(line):
            try:
                row = parse_line(line, layout)
                weight = float(row["weight"].strip() or 1)
                found.append(("edge", row["source"].strip(), row["target"].strip(), weight))
            except ValueError as error:
                found.append(("fault", number, offset, line.rstrip(b"\r"), str(error)))
        offset += len(line) + 1
    return found


def quickly(data: bytes, layout: Layout, block: int) -> list[tuple]:
    found = []
    for part in parse_rows(source_of(data).blocks(block), layout):
        if isinstance(part, Fault):
            found.append(("fault", *part))
        elif not isinstance(part, int):
            rows = zip(*(part.column(name).to_pylist() for name in WEIGHTED), strict=True)
            found.extend(("edge", *row) for row in rows)
    return found


@given(
    st.lists(LINE, max_size=40),
    st.sampled_from([b"\n", b"\r\n"]),
    st.integers(5, 200),
    st.booleans(),
)
def test_blocks_give_the_same_edges_and_faults_as_lines(lines, end, block, closed):
    data = end.join(lines) + (end if closed else b"")
    layout = Layout(",", WEIGHTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge_rows, "_SMALL", 2)
        assert quickly(data, layout, block) == slowly(data, layout)


@given(st.lists(st.tuples(*[st.integers(0, 10**19)] * 2, st.floats(0.001, 1e9)), min_size=1))
def test_well_formed_edges_come_back_exactly(edges):
    for separator in (",", ";", "\t", " "):
        text = "\n".join(separator.join(map(str, edge)) for edge in edges)
        found = quickly(text.encode(), Layout(separator, WEIGHTED), 1 << 20)
        assert found == [("edge", str(u), str(v), w) for u, v, w in edges]


def test_a_bad_line_does_not_cost_the_good_ones_around_it():
    lines = [f"{i},{i + 1},1" for i in range(5000)]
    lines[2500] = "rounded,9.06E+17,1"
    parts = list(parse_rows(source_of("\n".join(lines).encode()).blocks(), Layout(",", WEIGHTED)))
    faults = [part for part in parts if isinstance(part, Fault)]
    assert [(fault.number, fault.data) for fault in faults] == [(2501, b"rounded,9.06E+17,1")]
    assert faults[0].reason == "the target is a rounded number, not an id"
    tables = [part for part in parts if not isinstance(part, Fault | int)]
    assert sum(table.num_rows for table in tables) == 4999
    assert max(table.num_rows for table in tables) > 2000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a,b", "2 cells where 3 are expected"),
        (b",b,1", "no source"),
        (b"a,,1", "no target"),
        (b"a,b,x", "the weight is not a positive number"),
        (b"a,b,NaN", "the weight is not a positive number"),
        (b"nan,b,1", "the source is a rounded number, not an id"),
        (b"1234567890123456.0,b,1", "the source is a rounded number, not an id"),
        (b'"a,b,1', "a quote is not closed"),
        (b"\xe9,b,1", "not UTF-8"),
        (b"a\0,b,1", "binary data"),
    ],
)
def test_every_fault_has_its_reason(line, reason):
    with pytest.raises(ValueError, match=reason):
        parse_line(line, Layout(",", WEIGHTED))


def test_activity_needs_a_time_and_a_known_act():
    activity = Layout(" ", ACTIVITY)
    assert parse_line(b"1 2 1341100972 RE", activity)["act"] == "RE"
    for line, reason in [
        (b"1 2 x RT", "time"),
        (b"1 2 3 XX", "RT, MT, RE"),
        (b"1 2 134", "3 cells"),
    ]:
        with pytest.raises(ValueError, match=reason):
            parse_line(line, activity)
