from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from workbench.graphs.encoding import encode, encode_pair

texts = st.lists(st.sampled_from(["", "a", "b", "été", "x:10", "x:9"]), max_size=4)
columns = st.lists(texts, max_size=4).map(lambda chunks: pa.chunked_array(chunks, pa.string()))


@given(columns)
def test_codes_lead_back_to_the_texts(column):
    codes, distinct = encode(column)
    assert distinct.take(pa.array(codes)).to_pylist() == column.to_pylist()
    assert distinct.to_pylist() == list(dict.fromkeys(column.to_pylist()))


@given(columns, columns)
def test_two_columns_share_one_list_of_texts(first, second):
    left, right, distinct = encode_pair(first, second)
    assert distinct.take(pa.array(left)).to_pylist() == first.to_pylist()
    assert distinct.take(pa.array(right)).to_pylist() == second.to_pylist()
    assert distinct.to_pylist() == list(dict.fromkeys([*first.to_pylist(), *second.to_pylist()]))


def test_chunks_that_come_with_dictionaries_of_their_own():
    column = pa.chunked_array(
        [pa.array(["b", "a"]).dictionary_encode(), pa.array(["c", "a"]).dictionary_encode()]
    )
    codes, distinct = encode(column)
    assert distinct.take(pa.array(codes)).to_pylist() == ["b", "a", "c", "a"]
    left, right, _ = encode_pair(column, column)
    assert left.tolist() == right.tolist() == [0, 1, 2, 1]
