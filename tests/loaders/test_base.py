from __future__ import annotations

import hashlib

import pyarrow as pa
import pytest

from tests.loaders.making import fill, source_of
from workbench.errors import InputError, SchemaError
from workbench.loaders import base
from workbench.loaders.base import STATISTICS
from workbench.model.schema import TABLES


def row(table: str, record: int, **values) -> tuple:
    names = [column.name for column in TABLES[table] if column.name != "source_id"]
    return tuple({**values, "record": record}.get(name) for name in names)


def post(sink, post_id, *, version=None, seen="primary", availability="full"):
    record = sink.record()
    sink.rows["posts"].append(
        row(
            "posts",
            record,
            post_id=post_id,
            version_id=version or post_id,
            seen_as=seen,
            availability=availability,
        )
    )


def test_rows_get_their_source_and_keep_their_record():
    source = source_of(b"data")
    corpus, sink = fill(source, lambda sink: [post(sink, "a"), post(sink, "b")])
    table = corpus.table("posts")
    assert table.column("record").to_pylist() == [1, 2]
    assert set(table.column("source_id").to_pylist()) == {source.source_id}
    assert (sink.read, sink.rejected, sink.duplicates) == (2, 0, 0)
    assert set(sink.stats) == set(STATISTICS)


def test_repeated_posts_are_duplicates_but_versions_and_references_are_not():
    def read(sink):
        post(sink, "a")
        post(sink, "a")
        post(sink, "b", version="b1")
        post(sink, "b", version="b2")
        post(sink, "c", seen="referenced")
        post(sink, "c", seen="referenced")
        post(sink, "a", seen="referenced", availability="stub")

    _, sink = fill(source_of(b"x"), read)
    assert sink.duplicates == 1
    assert sink.stats["duplicate_posts"] == 2
    assert sink.stats["promoted_posts"] == 3


def test_a_table_may_say_itself_what_makes_records_the_same():
    def read(sink):
        sink.identify([])
        post(sink, "a")
        post(sink, "a")
        post(sink, "a")
        sink.identify([("a", 1), ("a", 2)])
        sink.identify([("a", 1)])

    _, sink = fill(source_of(b"x"), read)
    assert sink.duplicates == 1
    assert sink.stats["duplicate_posts"] == 2


def test_statistics_tell_the_views_what_needs_work():
    def read(sink):
        acts = [
            {"target_id": None, "post_id": "p", "actor_id": "handle:x:b"},
            {"target_id": "handle:x:a", "post_id": "p"},
            {"target_id": "x:1", "retracted_ms": 5},
            {"target_id": "x:1", "target_post_id": "x:p"},
        ]
        for act in acts:
            sink.rows["interactions"].append(row("interactions", sink.record(), **act))
        for kind in ("edit", "delete"):
            sink.rows["events"].append(row("events", sink.record(), kind=kind))
        sink.rows["aliases"].append(row("aliases", sink.record(), handle="a"))

    _, sink = fill(source_of(b"x"), read)
    counted = {name: count for name, count in sink.stats.items() if count}
    assert counted == {
        "unresolved": 1,
        "handle_targets": 1,
        "handle_authors": 1,
        "retracted": 1,
        "acts_without_post": 2,
        "acts_by_target": 1,
        "edits": 1,
        "handles": 1,
    }


def test_a_reject_says_where_it_is_and_not_what_it_says():
    data = b'{"secret": 1'
    corpus, sink = fill(
        source_of(b"0123" + data, "here.jsonl"),
        lambda sink: sink.reject(
            line=2, byte_offset=4, data=data, reason="truncated JSON", keys=["secret"]
        ),
    )
    stored = corpus.table("rejects").to_pylist()[0]
    assert stored.pop("source_id") == sink.source.source_id
    assert stored == {
        "path": "here.jsonl",
        "line": 2,
        "byte_offset": 4,
        "byte_length": len(data),
        "reason": "truncated JSON",
        "keys_seen": ["secret"],
        "sha1": hashlib.sha1(data).hexdigest(),
        "record": 1,
    }
    assert (sink.read, sink.rejected) == (1, 1)


def test_a_strict_sink_stops_at_the_first_reject():
    with pytest.raises(InputError, match=r"no source \(here.csv:7\)"):
        fill(
            source_of(b"x", "here.csv"),
            lambda sink: sink.reject(line=7, byte_offset=0, data=b"", reason="no source"),
            strict=True,
        )


def test_a_line_that_was_cut_is_rejected_for_its_length(monkeypatch):
    monkeypatch.setattr(base, "MAX_LINE", 1 << 20)
    corpus, _ = fill(
        source_of(b"x"),
        lambda sink: sink.reject(line=1, byte_offset=0, data=b"x" * (1 << 20), reason="JSON"),
    )
    assert corpus.table("rejects").column("reason").to_pylist() == ["line longer than 1 MiB"]


@pytest.mark.parametrize("value", ["\ud83d", 7])
def test_a_value_that_fits_no_column_is_one_line_of_error(value):
    with pytest.raises(SchemaError, match="does not fit column post_id of posts"):
        fill(source_of(b"x"), lambda sink: post(sink, value))


def test_big_buffers_are_written_before_the_end(monkeypatch):
    monkeypatch.setattr(base, "_FLUSH_ROWS", 10)
    pending = []
    steps = []

    def read(sink):
        for i in range(25):
            post(sink, str(i))
            sink.checkpoint(i + 1)
            pending.append(len(sink.rows["posts"]))

    corpus, _ = fill(source_of(b"x" * 25), read, advance=steps.append)
    assert max(pending) < 10
    assert steps == list(range(1, 26))
    assert corpus.table("posts").column("post_id").to_pylist() == [str(i) for i in range(25)]


def test_pseudonyms_are_made_before_anything_is_written():
    seen = []

    def hide(name: str, table: pa.Table) -> pa.Table:
        seen.append((name, table.schema.equals(TABLES[name])))
        place = table.column_names.index("post_id")
        return table.set_column(place, "post_id", pa.array(["hidden"] * table.num_rows))

    corpus, sink = fill(
        source_of(b"x"), lambda sink: [post(sink, "a"), post(sink, "a")], pseudonymise=hide
    )
    assert corpus.table("posts").column("post_id").to_pylist() == ["hidden", "hidden"]
    assert seen == [("posts", True)]
    assert sink.duplicates == 1


def test_notes_refusals_and_unknown_keys_are_kept_once():
    def read(sink):
        for _ in range(2):
            sink.note("mind this")
            sink.refuse("quote", "no quotes")
            sink.unknown(["a.b"])
            sink.record()
            sink.duplicate()

    _, sink = fill(source_of(b"x"), read)
    assert (sink.notes, sink.refused) == (["mind this"], {"quote": "no quotes"})
    assert sink.unknown_keys == {"a.b": 2}
    assert (sink.read, sink.duplicates, sink.records(5), sink.read) == (2, 2, 3, 7)
