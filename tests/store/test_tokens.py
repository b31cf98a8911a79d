"""A query in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import QueryError
from workbench.store.tokens import brackets, in_map, inside_relationship, place, tokens


@given(st.text(max_size=40))
def test_any_text_is_cut_into_pieces_or_refused(text):
    try:
        found = tokens(text)
    except QueryError:
        return
    for token in found:
        assert text[token.start : token.start + len(token.text)] == token.text


def test_where_a_piece_stands():
    text = "MATCH (a:Account {name: 'x'})\n-[r:RETWEETED]->(b)"
    pieces = tokens(text)
    at = {token.text: i for i, token in enumerate(pieces)}
    assert in_map(pieces, at["name"])
    assert not in_map(pieces, at["Account"])
    assert inside_relationship(pieces, at["RETWEETED"])
    assert not inside_relationship(pieces, at["b"])
    assert [pieces[i].text for i in brackets(pieces, at["name"])] == ["(", "{"]
    assert place(text, pieces[at["RETWEETED"]].start) == "line 2, column 5"


def test_what_does_not_end_is_refused_with_its_place():
    with pytest.raises(QueryError, match=r"does not end.*line 2, column 8"):
        tokens("MATCH (a)\nRETURN 'x AS y")
