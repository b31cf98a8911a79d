from __future__ import annotations

import json

import msgspec
import pytest

from tests.loaders.making import fill, source_of
from workbench.loaders.base import Head
from workbench.loaders.drift import known_keys
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.recorder import PostFacts, Recorder


class _Post(msgspec.Struct):
    id: str
    text: str | None = None


class _Page(msgspec.Struct):
    items: list[msgspec.Raw] | None = None


_post, _page = decoder(_Post), decoder(_Page)
KNOWN = known_keys([_Post, _Page])


def load(data, arrays=(), **options):
    """Read posts, or pages of posts, one by one."""
    source = source_of(data)

    def read(sink):
        with Recorder(sink, "x") as recorder:
            pages = [("items",)]
            records = JsonRecords(source, recorder, known=KNOWN, arrays=arrays, pages=pages)

            def take(data):
                post = _post(data)
                recorder.post(PostFacts(post_id=recorder.id(post.id), text=post.text))
                if post.text == "odd":
                    raise ValueError("an odd text")

            def visit(piece):
                page = _page(piece.data)
                if page.items is None:
                    records.record(piece, take, piece.data)
                for item in page.items or ():
                    records.record(piece, take, item)

            records.each(visit)

    return fill(source, read, **options)


def rejects(corpus):
    table = corpus.table("rejects")
    return list(zip(table["line"].to_pylist(), table["reason"].to_pylist(), strict=True))


def test_lines_pages_and_what_cannot_be_read():
    lines = [
        b'{"id": "1", "text": "a", "new": 1}', b"", b'{"items": [{"id": "2"}, {"text": "b"}]}',
        b'{"id": "3"} {"id": "4"} rest', b'{"id": 5}', b'{"id": "6', b"no JSON",
        b'{"id": "7", "text": "odd"}', b'{"id": "8", "text": "\\ud83d!"}', b'{"id": "\xff"}',
        b'{"id": "1"}',
    ]  # fmt: skip
    corpus, sink = load(b"\n".join(lines))
    posts = corpus.table("posts")
    assert posts["post_id"].to_pylist() == ["x:1", "x:2", "x:3", "x:4", "x:8", "x:1"]
    assert posts["text"].to_pylist()[4] == "\ufffd!"
    assert rejects(corpus) == [
        (3, "unexpected content: Object missing required field `id`"),
        (4, "broken JSON: not a complete object"),
        (5, "unexpected content: Expected `str`, got `int` - at `$.id`"),
        (6, "broken JSON: not a complete object"),
        (7, "broken JSON: not a complete object"),
        (8, "an odd text"),
        (10, "not UTF-8"),
    ]
    keys = corpus.table("rejects")["keys_seen"].to_pylist()
    assert keys[0] == ["text"]
    assert keys[2] == ["id"]
    assert (sink.read, sink.rejected, sink.duplicates) == (13, 7, 1)
    assert sink.unknown_keys == {"new": 1}
    numbers = [
        number
        for name in ("posts", "rejects")
        for number in corpus.table(name)["record"].to_pylist()
    ]
    assert sorted(numbers) == list(range(1, 14))


@pytest.mark.parametrize("bad", [b'"\x01"', b'"\\x"', b"01", b'"\\u12G4"'])
@pytest.mark.parametrize("at", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)])
def test_one_broken_item_does_not_reject_its_page(bad, at):
    items = [b'{"id": "%d", "text": %s}' % (i, bad if i in at else b'"\\ud83d"') for i in range(3)]
    data = b'{"id": "0"}\n{"items": [' + b" , ".join(items) + b"]}\n"
    corpus, sink = load(data)
    good = [f"x:{i}" for i in range(3) if i not in at]
    assert corpus.table("posts")["post_id"].to_pylist() == ["x:0", *good]
    assert (sink.read, sink.rejected) == (4, len(at))
    table = corpus.table("rejects")
    places = zip(table["byte_offset"].to_pylist(), table["line"].to_pylist(), strict=True)
    assert list(places) == [(data.index(items[i]), 2) for i in at]
    assert all(reason.startswith("broken JSON") for _, reason in rejects(corpus))


@pytest.mark.parametrize(
    "page", [b'{"items": [{"id": "1"}], "z": 01}', b'{"items": [{"id": 01}], "z": 01}']
)
def test_a_page_that_is_broken_beside_its_items_is_rejected_whole(page):
    _, sink = load(page + b'\n{"id": "1"}')
    assert (sink.read, sink.rejected) == (2, 1)


def test_what_a_record_holds_in_a_list_is_no_item():
    _, sink = load(b'{"id": "1", "other": [{"a": 01}, {"a": 1}]}\n{"id": "2"}')
    assert (sink.read, sink.rejected) == (2, 1)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_gives_the_same_as_lines(indent):
    entries = [{"id": str(i), "text": f"t{i}"} for i in range(5)]
    by_line, _ = load("\n".join(map(json.dumps, entries)).encode())
    whole, _ = load(json.dumps(entries, indent=indent).encode())
    nested, _ = load(json.dumps({"list": entries}, indent=indent).encode(), [("list",)])
    for corpus in (whole, nested):
        drop = ["source_id"]
        assert corpus.table("posts").drop(drop).equals(by_line.table("posts").drop(drop))


@pytest.mark.parametrize("between", [",\n", "\n,", "\n,\n"])
@pytest.mark.parametrize("many", [2, 40])
def test_an_array_with_its_objects_in_lines_has_nothing_to_reject(between, many):
    entries = [{"id": str(i), "text": f"t{i}"} for i in range(many)]
    _, sink = load(f"[\n{between.join(map(json.dumps, entries))}\n]\n".encode())
    assert (sink.read, sink.rejected) == (many, 0)


def test_deep_nesting_is_rejected_and_not_a_crash():
    deep = b'{"id": "1", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    corpus, sink = load(deep + b'\n{"id": "2"}')
    assert corpus.table("posts")["post_id"].to_pylist() in (["x:2"], ["x:1", "x:2"])
    assert sink.read == 2


def test_the_head_shows_its_first_objects():
    def of(data):
        return first_objects(Head("x", data), 2)

    assert of(b'[{"a": 1}, {"b": {"c": 2}}, {"d": 3}]') == [{"a": 1}, {"b": {"c": 2}}]
    assert of(b'{"a": 1}\n{"b": ') == [{"a": 1}]
    assert of(b"a,b\n1,2") == of(b'{"a": ') == []


def test_what_is_made_is_written_by_the_loader_and_rejected_if_it_cannot_be_made():
    source = source_of(b'{"id": "1"}\n{"id": 2}\n{"id": "3", "text": "odd"}\n{"id": "4"} {"id"')

    def make(data):
        post = _post(data)
        if post.text == "odd":
            raise ValueError("an odd text")
        return post.id

    made = []

    def read(sink):
        with Recorder(sink, "x") as recorder:
            records = JsonRecords(source, recorder, known=KNOWN)

            def visit(piece):
                found = records.made(piece, make, piece.data)
                if found is not None:
                    made.append((sink.record(), found))

            records.each(visit)

    corpus, sink = fill(source, read)
    assert made == [(1, "1"), (4, "4")]
    assert (sink.read, sink.rejected) == (5, 3)
    assert [reason for _, reason in rejects(corpus)] == [
        "unexpected content: Expected `str`, got `int` - at `$.id`", "an odd text",
        "broken JSON: not a complete object",
    ]  # fmt: skip
