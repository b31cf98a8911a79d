"""Tables that the tests of the CSV formats make and spoil."""

from __future__ import annotations

import csv
import io

from hypothesis import strategies as st

from tests.loaders.making import load_bytes

#: What stands in a spoilt cell.
ODD = (
    *("", " ", "nan", "1e18", "9.06E+17", "-1", "1,234", "9" * 30, "inf", "True", "no", "#", "R"),
    *(
        "['a",
        "[['a']]",
        "[1, {[]: 2}]",
        '["\\ud800"]',
        "['\\d']",
        "a|b||",
        "@@",
        "RT @",
        "http://[",
    ),
    *("2031-02-30", "2031-03-01 10:00", "31/31/2031", "9999-12-31T23:59:59-23:59", "0001-01-01"),
)
CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.sampled_from(ODD),
)


def sheet(rows, header=None):
    """Return rows as the bytes of a CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@st.composite
def spoilt(draw, data):
    """Return a table whose cells and bytes have been changed; its header stands."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.integers(1, len(rows) - 1))
        column = draw(st.integers(0, len(rows[row]) - 1))
        rows[row][column] = draw(CELLS)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows[1:])
    body = bytearray(text.getvalue().encode())
    for _ in range(draw(st.integers(0, 3))):
        body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return data.splitlines(keepends=True)[0] + bytes(body)


def check_survives(loader, data):
    """Check that a table is read to its end and every record of it is counted once."""
    corpus, sink = load_bytes(loader, data)
    assert corpus.table("rejects").num_rows == sink.rejected
    assert sink.rejected + sink.duplicates <= sink.read
    kept = {
        number
        for name in ("posts", "accounts", "events")
        for row in [corpus.table(name)]
        for number in row["record"].to_pylist()
    }
    refused = set(corpus.table("rejects")["record"].to_pylist())
    assert not kept & refused
    every = set(range(1, sink.read + 1))
    assert kept | refused <= every
    # Of what is read more than once, only accounts and context are not kept again.
    assert len(every - kept - refused) <= sink.duplicates
