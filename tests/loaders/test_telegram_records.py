from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.telegram_records import KNOWN, Message, message_of, parts, text_of

PIECES = st.lists(
    st.tuples(st.sampled_from(["plain", "hashtag", "mention", "bold"]), st.text(max_size=8)),
    max_size=6,
)


def message(**values) -> Message:
    return message_of(json.dumps({"id": 1, **values}).encode())


@given(PIECES)
def test_both_forms_of_a_text_are_one(pieces):
    entities = [{"type": kind, "text": text} for kind, text in pieces]
    mixed = [e["text"] if e["type"] == "plain" else e for e in entities]
    new, old = message(text=mixed, text_entities=entities), message(text=mixed)
    wanted = "".join(text for _, text in pieces)
    assert text_of(new) == text_of(old) == wanted
    for found in (parts(new), parts(old)):
        assert [p.type for p in found] == [kind for kind, _ in pieces if kind != "plain"]
        assert all(wanted[p.start : p.start + len(p.text)] == p.text for p in found)


def test_texts_without_entities():
    assert text_of(message(text="a", text_entities=[])) == "a"
    assert text_of(message(text="", text_entities=[])) == ""
    assert text_of(message(text_entities=[])) == ""
    assert text_of(message()) is None
    assert parts(message(text="#a")) == parts(message()) == []


def test_a_forward_is_known_by_its_keys():
    assert not message().is_forward
    assert not message(forwarded_from_id=None).is_forward
    assert message(forwarded_from=None).is_forward
    assert message(forwarded_from_id="channel1").is_forward


@given(st.text(max_size=12))
def test_control_characters_are_read_as_telegram_writes_them(text):
    written = json.dumps(text, ensure_ascii=False)
    for code in range(32):
        telegram = f"\\x{code:02X}"
        for escape in (f"\\u{code:04x}", {8: "\\b", 12: "\\f"}.get(code, "?" * 9)):
            written = written.replace(escape, telegram)
    assert message_of(f'{{"id": 1, "text": {written}}}'.encode()).text == text


def test_a_backslash_before_x_is_no_control_character():
    assert message_of(rb'{"id": 1, "text": "a\\x0B \x0b \"\x1F\""}').text == 'a\\x0B \x0b "\x1f"'


@pytest.mark.parametrize(
    "data", [b"{}", b'{"id": [1]}', b'{"id": 1, "text": 5}', b'{"id"', b"\xff"]
)
def test_what_is_no_message(data):
    with pytest.raises((msgspec.MsgspecError, ValueError)):
        message_of(data)


def test_keys_that_nothing_reads_are_told():
    data = b'{"id": 1, "new": 2, "poll": {"x": 1}, "text": [{"type": "bold", "odd": 1}]}'
    assert KNOWN.unknown(data) == {"new", "odd"}
