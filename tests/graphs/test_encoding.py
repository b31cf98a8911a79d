from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.graphs.encoding import encode, encode_pair

#: Beside plain numbers of one platform: what only looks like them, and what is not like them.
NUMBERS = ("x:0", "x:9", "x:10", "x:123456789012345678")
ODD = (
    "x:010", "x:00", "x:+9", "x:-0", "x:-5", "x: 9", "x:0x9", "x:0x8000000000", "x:0xFFFFFFFFFFFF",
    "x:", "x:٣", "x:9223372036854775808", "y:9",
)  # fmt: skip
OTHER = ("", "a", "b", "été", "9")


def columns_of(*words: str) -> st.SearchStrategy[pa.ChunkedArray]:
    chunks = st.lists(st.lists(st.sampled_from(words), max_size=4), max_size=4)
    return chunks.map(lambda texts: pa.chunked_array(texts, pa.string()))


columns = columns_of(*NUMBERS) | columns_of(*NUMBERS, *ODD) | columns_of(*NUMBERS, *ODD, *OTHER)


@given(columns)
def test_codes_lead_back_to_the_texts(column):
    codes, distinct = encode(column)
    assert distinct.take(pa.array(codes)).to_pylist() == column.to_pylist()
    assert sorted(distinct.to_pylist()) == sorted(set(column.to_pylist()))


@given(columns_of(*NUMBERS))
def test_numbers_of_one_platform_come_in_shortlex_order(column):
    distinct = encode(column)[1].to_pylist()
    assert distinct == sorted(distinct, key=lambda text: (len(text), text))


@pytest.mark.parametrize("odd", ODD)
def test_what_only_looks_like_a_number_keeps_its_text(odd):
    """Also an id whose other spelling is as long: 0x8000000000 and 549755813888."""
    names = ["x:549755813888", odd, "x:9"]
    codes, distinct = encode(pa.chunked_array([names]))
    assert distinct.take(pa.array(codes)).to_pylist() == names


@given(columns, columns)
def test_two_columns_share_one_list_of_texts(first, second):
    left, right, distinct = encode_pair(first, second)
    assert distinct.take(pa.array(left)).to_pylist() == first.to_pylist()
    assert distinct.take(pa.array(right)).to_pylist() == second.to_pylist()
    assert sorted(distinct.to_pylist()) == sorted({*first.to_pylist(), *second.to_pylist()})


def test_chunks_that_come_with_dictionaries_of_their_own():
    column = pa.chunked_array(
        [pa.array(["b", "a"]).dictionary_encode(), pa.array(["c", "a"]).dictionary_encode()]
    )
    codes, distinct = encode(column)
    assert distinct.take(pa.array(codes)).to_pylist() == ["b", "a", "c", "a"]
    left, right, _ = encode_pair(column, column)
    assert left.tolist() == right.tolist() == [0, 1, 2, 1]
