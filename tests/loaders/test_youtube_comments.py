"""Comments of YouTube Data Tools: both versions of the table, every trap, any defect."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.making import load_bytes
from workbench.engine import session, views
from workbench.errors import InputError
from workbench.loaders.source import Head
from workbench.loaders.youtube_comments import LOADER, sniff

NEW = (
    "id", "replyCount", "likeCount", "publishedAt", "authorName", "text", "authorChannelId",
    "authorChannelUrl", "isReply", "isReplyTo", "isReplyToName",
)  # fmt: skip
OLD = ("id", "isReplyTo", "authorName", "text", "publishedAt")
ANN, BEN = "UC" + "a" * 22, "UC" + "b" * 22


def table(*comments, columns=NEW, **options):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n", **options)
    writer.writeheader()
    for entry in comments:
        writer.writerow({"publishedAt": "2023-11-14 22:13:20"} | entry)
    return out.getvalue().encode()


def load(*comments, columns=NEW, **options):
    return load_bytes(LOADER, table(*comments, columns=columns, **options))


def rows(corpus, name):
    return corpus.table(name).to_pylist()


def primary(corpus):
    return [post for post in rows(corpus, "posts") if post["seen_as"] == "primary"]


def test_replies_find_the_author_of_the_first_comment():
    corpus, sink = load(
        {"id": "x.1", "authorName": "@ben", "authorChannelId": BEN, "isReplyTo": "x"},
        {"id": "x", "authorName": "@Ann", "authorChannelId": ANN, "isReply": "0"},
    )  # fmt: skip
    with session(corpus) as engine:
        (act,) = engine.collect(views.interactions(engine)).to_pylist()
    assert (act["actor_id"], act["target_id"]) == (f"youtube:{BEN}", f"youtube:{ANN}")
    assert (act["target_post_id"], act["resolved_by"]) == ("youtube:x", "in_file_join")
    assert {post["conversation_id"] for post in primary(corpus)} == {"youtube:x"}
    assert [(row["account_id"], row["handle"]) for row in rows(corpus, "aliases")] == [
        (f"youtube:{BEN}", "ben"), (f"youtube:{ANN}", "ann"),
    ]  # fmt: skip
    assert any("two levels" in note for note in sink.notes)


@pytest.mark.parametrize(
    ("author", "account", "handle"),
    [
        ({"authorName": "Ann B", "authorChannelId": ANN}, f"youtube:{ANN}", None),
        ({"authorName": "@ann", "authorChannelId": ANN}, f"youtube:{ANN}", "ann"),
        ({"authorName": "Ann B", "authorChannelUrl": f"http://www.youtube.com/channel/{ANN}"},
         f"youtube:{ANN}", None),
        ({"authorName": "@Ann"}, "handle:youtube:ann", "Ann"),
        ({"authorName": "Ann B"}, "youtube:name:Ann B", None),
        ({"authorName": "@ann b"}, "youtube:name:@ann b", None),
        ({"authorName": ""}, None, None),
    ],
)  # fmt: skip
def test_who_wrote_a_comment(author, account, handle):
    corpus, sink = load({"id": "x", **author})
    (made,) = rows(corpus, "posts")
    assert (made["author_id"], made["author_handle"]) == (account, handle)
    named = account is not None and account.startswith("youtube:name:")
    assert any("display name" in note for note in sink.notes) == named


def test_the_older_table():
    corpus, sink = load(
        {"id": "x", "authorName": "Ann", "text": "a"},
        {"id": "y", "authorName": "Ben", "isReplyTo": "x", "text": "b"},
        {"id": "z", "authorName": "Ben", "isReplyTo": "0"},
        columns=OLD,
    )
    with session(corpus) as engine:
        (act,) = engine.collect(views.interactions(engine)).to_pylist()
    assert act["target_id"] == "youtube:name:Ann"
    assert [post["likes"] for post in primary(corpus)] == [None, None, None]
    assert "reply" not in sink.refused


def test_a_reply_to_an_unknown_comment_is_unresolved():
    corpus, sink = load({"id": "x", "authorName": "A", "isReply": "1"})
    assert [act["target_post_id"] for act in rows(corpus, "interactions")] == [None]
    assert sink.stats["unresolved"] == 1
    columns = [name for name in NEW if name != "isReplyTo"]
    _, other = load({"id": "x", "authorName": "A", "isReply": "1"}, columns=columns)
    assert "reply" in other.refused


def test_rows_that_cannot_be_read_are_rejected_with_their_place():
    data = table(
        {"id": "x", "authorName": "A", "text": 'two\nlines, "quoted"', "likeCount": "7"},
        {"id": ""}, {"id": "y", "likeCount": "many"}, {"id": "z", "publishedAt": "then"},
        {"id": "1e18"}, {"id": "x", "authorName": "A"},
    )  # fmt: skip
    corpus, sink = load_bytes(LOADER, data + b"short,row\n")
    assert (sink.read, sink.rejected, sink.duplicates) == (7, 5, 1)
    places = [(row["line"], row["reason"]) for row in rows(corpus, "rejects")]
    assert places == [
        (4, "no id"), (5, "likeCount is not a number"),
        (6, "the time is neither unix nor ISO 8601"), (7, "an id is a rounded number"),
        (9, "2 cells where 11 are expected"),
    ]  # fmt: skip
    assert rows(corpus, "posts")[0]["text"] == 'two\nlines, "quoted"'


def test_only_replies_are_possible_and_other_columns_are_told():
    _, sink = load({"id": "x", "odd": "1"}, columns=(*NEW, "odd"))
    assert "reply" not in sink.refused
    assert {"retweet", "mention", "account_hashtag", "co_url"} <= set(sink.refused)
    assert sink.unknown_keys == {"odd": 1}


@pytest.mark.parametrize("columns", [NEW, OLD, [name.upper() for name in OLD]])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_tables_are_recognised_by_their_columns(columns, separator):
    head = f"{separator.join(columns)}\n{separator.join('1' for _ in columns)}\n".encode()
    assert sniff(Head("x", head)) == 0.95


@pytest.mark.parametrize("data", [b"id,text\n1,a\n", b"", b'{"id": 1}', b"a,b,c\n"])
def test_other_tables_are_not_it(data):
    assert sniff(Head("x", data)) == 0.0


def test_another_table_is_an_error():
    with pytest.raises(InputError, match="not a table of YouTube comments"):
        load_bytes(LOADER, b"id,text\n1,a\n")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
COMMENTS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(NEW, CELLS)), max_size=6)


@few(80)
@given(COMMENTS)
def test_any_cells_are_counted_and_never_a_crash(comments):
    corpus, sink = load({"id": "first"}, *comments)
    assert sink.rejected + len(primary(corpus)) == sink.read


@few(80)
@given(st.lists(st.tuples(st.integers(150, 400), st.integers(1, 255)), max_size=4))
def test_flipped_bytes_are_counted_and_never_a_crash(flips):
    entry = {"id": "x", "authorName": "A", "text": "é", "isReply": "1", "isReplyTo": "y"}
    data = bytearray(table(*[entry | {"id": f"x{n}"} for n in range(6)]))
    for place, value in flips:
        if place < len(data):
            data[place] = value
    corpus, sink = load_bytes(LOADER, bytes(data))
    assert sink.rejected + len(primary(corpus)) == sink.read
