from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.loaders.making import source_of
from workbench.loaders import source as module
from workbench.loaders.source import BOM, Head, read_head

TEXT = st.lists(st.sampled_from([b"a", b"bb", b"\n", b"\r\n", b"\r", b" ", "é".encode()])).map(
    b"".join
)


def expected_lines(data: bytes) -> list[bytes]:
    lines = data.removeprefix(BOM).split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


@given(TEXT, st.booleans(), st.integers(3, 9))
@example(b"a\n\n", True, 3)
def test_lines_and_blocks_give_every_byte_with_its_place(data, marked, size):
    data = BOM + data if marked else data
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", size)
        source = source_of(data)
        lines = list(source.lines())
        blocks = list(source.blocks(size))
    assert [line.data for line in lines] == expected_lines(data)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert data[line.byte_offset :].startswith(line.data)
        assert data[: line.byte_offset].count(b"\n") == line.number - 1
    assert b"".join(block.data for block in blocks) == data.removeprefix(BOM)
    for block in blocks:
        assert data[: block.byte_offset].count(b"\n") == block.number - 1
        assert data[block.byte_offset :].startswith(block.data)


def test_all_blocks_but_the_last_are_whole_lines():
    data = b"12345\n" * 100 + b"rest"
    blocks = list(source_of(data).blocks(64))
    assert len(blocks) > 5
    assert all(block.data.endswith(b"\n") for block in blocks[:-1])
    assert blocks[-1].data.endswith(b"rest")


def test_an_endless_line_is_cut_and_the_next_one_is_found(monkeypatch):
    monkeypatch.setattr(module, "MAX_LINE", 1000)
    monkeypatch.setattr(module, "BLOCK", 64)
    lines = list(source_of(b"x" * 5000 + b"\nnext\n").lines())
    assert [len(line.data) for line in lines] == [1000, 4]
    assert lines[1] == (2, 5001, b"next")


def test_a_head_shows_complete_lines_only():
    assert Head("n", b"a\nb\r\n\nhalf", whole=False).lines() == [b"a", b"b"]
    assert Head("n", b"a\nb\r\n\nlast").lines() == [b"a", b"b", b"last"]
    assert Head("n", b"one endless", whole=False).lines() == [b"one endless"]
    assert not Head("n", b"a\0b").text
    assert not Head("n", b"").text


def test_a_head_drops_the_byte_order_mark_and_knows_whether_it_is_all():
    head = read_head("n", source_of(BOM + b"a\n").opener)
    assert (head.data, head.whole) == (b"a\n", True)
    head = read_head("n", source_of(b"a" * (module.HEAD + 1)).opener)
    assert (len(head.data), head.whole) == (module.HEAD, False)


def test_an_input_that_cannot_seek_is_spooled():
    with source_of(b"0123456789").seekable() as handle:
        handle.seek(7)
        assert handle.read() == b"789"
