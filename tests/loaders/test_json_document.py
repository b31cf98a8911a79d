from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import source_of
from tests.loaders.test_json_objects import things
from workbench.loaders import json_document
from workbench.loaders.json_document import document, is_document

MESSAGES = ("messages",)
LISTED = ("chats", "list", "messages")
HEADS = st.dictionaries(
    st.sampled_from(["name", "type", "id", 'a"b', "é"]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    max_size=3,
)
BLOCKS = st.sampled_from([1, 2, 7, 64, 1 << 20])


def read(data, arrays=(), block=None, monkeypatch=None):
    """Return the pieces of a document, read in blocks of `block` bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_document, "BLOCK", block or 1 << 20)
        return list(document(source_of(data), arrays))


def check_places(data, pieces):
    for piece in pieces:
        assert data[piece.byte_offset :].startswith(piece.data)
        assert piece.number == data.count(b"\n", 0, piece.byte_offset) + 1


@given(
    st.lists(things, max_size=4), st.sampled_from(["", " ", "\n", ",\r\n"]), st.booleans(), BLOCKS
)
def test_outermost_objects(entries, between, in_array, block):
    text = between.join(json.dumps(entry, ensure_ascii=False, indent=1) for entry in entries)
    data = (f"\ufeff[{text}]" if in_array else text).encode()
    pieces = read(data, block=block)
    assert [json.loads(piece.data) for piece in pieces] == entries
    assert not any(piece.reason for piece in pieces)
    check_places(data, pieces)


@given(HEADS, st.lists(things, max_size=3), HEADS, st.sampled_from([None, 0, 2]), BLOCKS)
def test_records_of_one_array_with_what_stands_before_it(head, entries, tail, indent, block):
    content = {**head, "messages": entries, "after": tail}
    data = json.dumps(content, ensure_ascii=False, indent=indent).encode()
    pieces = read(data, [MESSAGES, LISTED], block)
    assert [json.loads(piece.data) for piece in pieces] == entries
    assert all(piece.header == head for piece in pieces)
    assert not any(piece.reason for piece in pieces)
    check_places(data, pieces)


@given(st.lists(st.tuples(HEADS, st.lists(things, max_size=3)), max_size=3), BLOCKS)
def test_records_of_many_arrays(chats, block):
    listed = [{**head, "messages": entries} for head, entries in chats]
    content = {"about": "x", "contacts": {"list": [{"messages": [{"no": 1}]}]}}
    content |= {"chats": {"about": "y", "list": listed}}
    data = json.dumps(content, indent=1).encode()
    pieces = read(data, [MESSAGES, LISTED], block)
    wanted = [(head, entry) for head, entries in chats for entry in entries]
    assert [(piece.header, json.loads(piece.data)) for piece in pieces] == wanted


@pytest.mark.parametrize("block", [1, 5, 1 << 20])
def test_what_is_no_record_is_told(block):
    data = b'{"messages": [1, {"a": "]}\\""}, "x", {"b": [{}]} null, {"c": {"d": '
    pieces = read(data, [MESSAGES], block)
    found = [(piece.data, piece.reason is None) for piece in pieces]
    assert found == [
        (b"1", False), (b'{"a": "]}\\""}', True), (b'"x"', False), (b'{"b": [{}]}', True),
        (b"null", False), (b'{"c": {"d": ', False),
    ]  # fmt: skip
    check_places(data, pieces)


@pytest.mark.parametrize("block", [7, 64, 1 << 20])
@pytest.mark.parametrize("many", [0, 63, 64, 65, 500])
def test_any_number_of_blanks_may_stand_around_a_colon(many, block):
    blanks = " " * many
    data = f'{{"type"{blanks}: {blanks}"p", "messages"{blanks}:\n{blanks}[{{"id": 1}}]}}'.encode()
    (piece,) = read(data, [MESSAGES], block)
    assert (json.loads(piece.data), piece.header, piece.reason) == ({"id": 1}, {"type": "p"}, None)


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        (b'{"messages": [{"a": 1}', [None, "the document is cut off"]),
        (b'{"messages": [{"a": 1}], "b": "x', [None, "the document is cut off"]),
        (b'{"messages": [{"a": "x', ["broken JSON: not a complete object"]),
        (b'{"name": , "messages": [{"a": 1}]}', [None]),
        (b'{"name" "x", "messages": [{"a": 1}]}', [None]),
        (b'{"name": "\xff", "id": 1e, "messages": [{"a": 1}]}', [None]),
        (b"", []),
    ],
)
@pytest.mark.parametrize("block", [1, 1 << 20])
def test_broken_documents(data, reasons, block):
    assert [piece.reason for piece in read(data, [MESSAGES], block)] == reasons


@pytest.mark.parametrize("sign", ["}", "]"])
@pytest.mark.parametrize("block", [1, 1 << 20])
def test_a_bracket_too_many_hides_nothing(sign, block):
    data = f'{{"name": "x", "messages": [{{"a": 1}}{sign}, {{"a": 2}}, {{"a": 3}}]}}'.encode()
    pieces = read(data, [MESSAGES], block)
    assert [piece.reason for piece in pieces if piece.reason] == [
        "broken JSON: a bracket that closes nothing"
    ]
    if sign == "}":
        assert [json.loads(piece.data) for piece in pieces if not piece.reason] == [
            {"a": 1}, {"a": 2}, {"a": 3},
        ]  # fmt: skip
    check_places(data, pieces)


@pytest.mark.parametrize("block", [16, 1 << 10, 1 << 20])
def test_what_is_too_long_is_one_piece_and_the_rest_is_read(monkeypatch, block):
    monkeypatch.setattr(json_document, "MAX_LINE", 256)
    long = b'{"long": [' + b", ".join([b'"word"'] * 200) + b"]}"
    data = b"[" + b'{"a": 1}, ' + long + b', {"b": 2}]'
    pieces = read(data, (), block)
    assert [piece.data for piece in pieces if piece.reason is None][-1] == b'{"b": 2}'
    assert [piece.reason is None for piece in pieces].count(True) == 2
    check_places(data, pieces)


def test_a_text_without_end_ends_the_document(monkeypatch):
    monkeypatch.setattr(json_document, "MAX_LINE", 256)
    pieces = read(b'[{"a": 1}, {"b": "' + b"x" * 10_000, (), 64)
    assert [piece.reason is None for piece in pieces] == [True, False]
    assert sum(len(piece.data) for piece in pieces) < 1000


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b'{"a": 1}\n{"a": 2}\n', False),
        (b'{"a": 1}', False),
        (b'[{"a": 1},\n{"a": 2}]', True),
        (b'{\n "a": 1\n}\n', True),
        (b"[" + b'{"a": 1}, ' * (1 << 15) + b'{"a": 2}]\n', True),
        (b'{"a": [' + b"1, " * (1 << 17) + b'1]}\n{"a": 2}\n', False),
    ],
)
def test_a_document_is_told_from_lines(data, wanted):
    assert is_document(source_of(data).head()) is wanted
