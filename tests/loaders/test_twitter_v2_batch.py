"""The parts of the path by columns, each against its counterpart in the path by rows."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import source_of
from workbench.loaders import twitter_v2_parse
from workbench.loaders.columnar import UnusualError
from workbench.loaders.source import BOM, Block
from workbench.loaders.twitter_v2_acts import acts
from workbench.loaders.twitter_v2_batch import QUOTE, SHARE, Batch, times, usual_lines
from workbench.loaders.twitter_v2_carried import attachments, events
from workbench.loaders.twitter_v2_memory import Memory, observation, observations
from workbench.loaders.twitter_v2_people import new_posts
from workbench.loaders.twitter_v2_posts import posts
from workbench.loaders.twitter_v2_rows import HEAD
from workbench.loaders.twitter_v2_targets import folded, heads, targets
from workbench.loaders.twitter_v2_time import milliseconds

PAGE = {
    "data": [
        {"id": "11", "author_id": "1", "text": "a #B", "referenced_tweets": [
            {"type": "quoted", "id": "13"}, {"type": "retweeted", "id": "14"}]},
        {"id": "12", "author_id": "2", "text": "b", "edit_history_tweet_ids": ["10", "12"],
         "entities": {"hashtags": [{"tag": "B", "start": 2, "end": 4}]}},
    ],
    "includes": {"tweets": [{"id": "13", "text": "c", "author_id": "3"}],
                 "users": [{"id": "1", "username": "Ann"}]},
}  # fmt: skip
TIMES = st.one_of(
    st.none(),
    st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"),
    st.sampled_from(["2031-03-01T00:00:00Z", "2031-03-01", "x", "", "2031-03-01T00:00:00+02:00"]),
)
HANDLES = st.text("aZ_9é: @", max_size=8)


def parsed(*pages):
    data = b"".join(json.dumps(page).encode() + b"\n" for page in pages)
    return twitter_v2_parse.parse(Block(1, 0, data), columns=True)


@pytest.fixture
def batch():
    return Batch(parsed(PAGE, PAGE).table)


def test_pages_are_opened_up(batch):
    assert batch.primaries == 4
    assert batch.line.tolist() == [0, 0, 1, 1, 0, 1]
    assert batch.record.tolist() == [1, 2, 3, 4, 2, 4]
    assert batch.kind.tolist()[:2] == [SHARE, 3]
    assert batch.original.tolist() == [4, -1, 5, -1]
    assert batch.reference_kind.tolist() == [QUOTE, SHARE] * 2
    assert batch.posts.to_pylist()[:2] == ["twitter:11", "twitter:10"]


def test_what_is_no_page_of_tweets_is_not_usual():
    table = parsed(PAGE, {"data": []}, {"meta": {}}, {**PAGE, "action": "delete"}, PAGE).table
    assert usual_lines(table).tolist() == [True, False, False, False, True]
    with pytest.raises(UnusualError):
        Batch(parsed({"data": [{"id": "1", "author": "2"}]}).table)
    assert parsed({"data": [{"id": "1", "author": {"id": "2"}}]}).table is None


def test_tables(batch):
    memory = Memory({})
    rows = new_posts(batch, memory)
    assert rows.tolist() == [0, 1, 2, 3, 4]
    assert posts(batch, rows).column("author_handle").to_pylist()[:2] == ["Ann", None]
    done = acts(batch, targets(batch)).table.to_pylist()
    assert [(row["kind"], row["target_id"], row["resolved_by"]) for row in done[:2]] == [
        ("quote", "twitter:3", "expanded"), ("share", None, "none")
    ]  # fmt: skip
    carried = attachments(batch, rows).to_pylist()
    assert [(row["post_id"], row["value"]) for row in carried] == [("twitter:10", "b")] * 2
    assert {row["kind"] for row in events(batch, rows).to_pylist()} == {"edit"}
    memory.keep()
    assert new_posts(batch, memory).tolist() == [0, 1, 2, 3]


@given(st.lists(TIMES, max_size=5))
def test_times_are_read_as_by_rows(texts):
    assert times(pa.array(texts, pa.string())).to_pylist() == [milliseconds(t) for t in texts]


@given(st.lists(st.one_of(st.none(), HANDLES, HANDLES.map("RT @{}: x".format)), max_size=5))
def test_heads_are_read_as_by_rows(texts):
    column = pa.array(texts, pa.string())
    found = [HEAD.match(text or "") for text in texts]
    assert heads(column).to_pylist() == [match[1] if match else None for match in found]
    assert folded(column).to_pylist() == [t if t is None else t.casefold() for t in texts]


NUMBERS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(st.tuples(st.one_of(st.none(), HANDLES), NUMBERS, st.none() | st.booleans())))
def test_observations_are_compared_as_by_rows(rows):
    texts, numbers, flags = zip(*rows, strict=True) if rows else ((), (), ())
    shown = observations(
        [pa.array(texts, pa.string()), pa.array(texts, pa.string())],
        [pa.array(numbers, pa.int64()), pa.array(flags, pa.bool_())],
    )
    assert shown.tolist() == [observation((t, t), (n, f)) for t, n, f in rows]


def test_memory_keeps_the_last_observation_of_a_key():
    memory = Memory({"a": 1})
    keys = pa.array(["a", "b", "a", "b", "a"])
    shown = np.array([1, 5, 2, 5, 1], np.uint64)
    assert memory.fresh(keys, shown).tolist() == [False, True, True, False, True]
    assert memory.fresh(keys, shown, np.array([4, 3, 2, 1, 0])).tolist() == [
        True, False, True, True, False
    ]  # fmt: skip


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=9))
def test_blocks_are_whole_lines_with_their_places(lines):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(twitter_v2_parse, "_BLOCK", 40)
        data = BOM + b"\n".join(lines)
        for block in twitter_v2_parse.blocks(source_of(data)):
            assert data[block.byte_offset :].startswith(block.data)
            assert block.number == data.count(b"\n", 0, block.byte_offset) + 1
        found = b"".join(block.data for block in twitter_v2_parse.blocks(source_of(data)))
        assert found == data.removeprefix(BOM)


def test_lines_of_a_block():
    block = Block(7, 100, b'{"data": [{"id": "1"}]}\r\n\n  \n{"data": []}')
    found = twitter_v2_parse.parse(block, columns=True)
    assert found.table.num_rows == 2
    assert found.line(0) == (7, 100, b'{"data": [{"id": "1"}]}')
    assert found.line(1) == (10, 129, b'{"data": []}')
    assert twitter_v2_parse.parse(block, columns=False).table is None
