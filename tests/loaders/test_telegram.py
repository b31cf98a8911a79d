"""Telegram exports: the facts of the shared export, every trap of the format, any defect."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.making import load_bytes, source_of
from tests.reference import reference_data
from workbench.engine import session, views
from workbench.loaders import json_document
from workbench.loaders.base import Options, Sink
from workbench.loaders.source import Head
from workbench.loaders.telegram import LOADER, sniff
from workbench.model import Corpus
from workbench.model.parts import PartWriter

U1, U2 = {"from": "Ann", "from_id": "user1"}, {"from": "Ben", "from_id": "user2"}


def message(number, *, entities=None, **values):
    made = {"id": number, "type": "message", "date": "2031-03-01T12:00:00"}
    made |= {"date_unixtime": str(1930000000 + number)}
    if entities is not None:
        made |= {"text": entities, "text_entities": entities}
    return made | values


def chat(*messages, kind="public_channel", number=9, name="Own"):
    return {"name": name, "type": kind, "id": number, "messages": list(messages)}


def load(document, **options):
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return load_bytes(LOADER, data, **options)


def rows(corpus, name):
    return corpus.table(name).to_pylist()


def seen(corpus, view):
    with session(corpus) as engine:
        return engine.collect(view(engine)).to_pylist()


def primary(corpus):
    return [post for post in rows(corpus, "posts") if post["seen_as"] == "primary"]


@pytest.mark.reference
def test_the_shared_export_gives_its_published_facts():
    folder = reference_data("loaders/synthetic")
    wanted = json.loads((folder / "expected.json").read_text("utf-8"))["telegram_result.json"]
    corpus, sink = load((folder / "telegram_result.json").read_bytes())
    acts = seen(corpus, views.interactions)
    kinds = Counter(act["kind"] for act in acts)
    shares = [act for act in acts if act["kind"] == "share"]
    events = Counter(event["kind"] for event in rows(corpus, "events"))
    authored = {
        kind: sorted(
            {
                row["value"]
                for row in rows(corpus, "attachments")
                if row["kind"] == kind and row["origin"] == "authored"
            }
        )
        for kind in ("hashtag", "url")
    }
    mentioned = sorted(act["target_id"] for act in acts if act["kind"] == "mention")
    assert (sink.read, sink.rejected, sink.duplicates) == (4, 0, 0)
    assert len(primary(corpus)) == wanted["posts"]
    assert events["service"] == wanted["service_messages"]
    assert {post["container_id"] for post in primary(corpus)} == {f"telegram:{wanted['container']}"}
    assert kinds["share"] == wanted["forward"]
    assert {act["subtype"] for act in shares} == {"forward"}
    assert sorted(act["target_id"] or "" for act in shares) == [
        "",
        f"telegram:{wanted['forward_target_id']}",
    ]
    assert wanted["forward_target_by_name_only"] == 1
    assert kinds["reply"] == wanted["reply"]
    (reply,) = [act for act in acts if act["kind"] == "reply"]
    assert reply["target_id"] == f"telegram:{wanted['container']}"
    assert reply["resolved_by"] == "in_file_join"
    assert mentioned == [f"handle:telegram:{name}" for name in wanted["channel_link_mentions"]]
    assert authored["hashtag"] == wanted["hashtags_authored"]
    assert authored["url"] == wanted["urls_authored"]
    assert {post["created_ms"] for post in primary(corpus)} == {
        1706781600000, 1706785200000, 1706787000000,
    }  # fmt: skip


@pytest.mark.parametrize("block", [1, 2, 3, 17, 256, 1 << 20])
@pytest.mark.parametrize("indent", [None, 1])
def test_an_export_read_in_blocks_of_any_size_is_the_same(block, indent, monkeypatch):
    document = {
        "about": 'a "quoted" {text}', "chats": {"list": [
            chat(message(1, text="a}"), message(2, text="ü]", **U1), name='N"[', number=5),
            chat(message(1, text="own"), kind="personal_chat", number=1),
        ]}, "left_chats": {"list": [chat(message(1, text="left"), number=6)]},
    }  # fmt: skip
    data = json.dumps(document, ensure_ascii=False, indent=indent).encode()
    whole, sink = load(data)
    monkeypatch.setattr(json_document, "BLOCK", block)
    pieces, other = load(data)
    for name in ("posts", "rejects", "containers", "accounts"):
        assert rows(pieces, name) == rows(whole, name)
    assert (sink.read, sink.rejected) == (other.read, other.rejected) == (4, 1)
    assert [post["post_id"] for post in rows(whole, "posts")] == [
        "telegram:channel5/1", "telegram:channel5/2", "telegram:channel6/1",
    ]  # fmt: skip


PRIVATE = (
    "personal_chat", "bot_chat", "saved_messages", "private_group", "private_supergroup",
    "private_channel", "replies", "verify_codes", "", None, "something_new", 7,
)  # fmt: skip


@pytest.mark.parametrize("kind", PRIVATE)
def test_private_chats_are_rejected_and_nothing_else(kind):
    public = chat(message(1, text="a", **U1), kind="public_supergroup", number=5)
    private = chat(message(1, text="b", **U2), message(2, text="c", **U1), kind=kind, number=6)
    corpus, sink = load({"chats": {"list": [private, public, private]}})
    assert (sink.read, sink.rejected) == (5, 4)
    assert all(row["reason"].startswith("private: ") for row in rows(corpus, "rejects"))
    assert [post["post_id"] for post in rows(corpus, "posts")] == ["telegram:channel5/1"]
    assert [row["account_id"] for row in rows(corpus, "accounts")] == ["telegram:user1"]
    assert [row["container_id"] for row in rows(corpus, "containers")] == ["telegram:channel5"]


def test_a_chat_whose_type_stands_behind_its_messages_may_be_private():
    document = {"messages": [message(1, text="a")], "type": "public_channel", "id": 9}
    corpus, sink = load(document)
    assert (sink.read, sink.rejected) == (1, 1)
    assert "no type before the messages" in rows(corpus, "rejects")[0]["reason"]


def test_who_posts_in_a_channel_and_in_a_group():
    own = [message(1), message(2, **{"from": "Own"}), message(3, **U1), message(4, **{"from": "X"})]
    channel, sink = load(chat(*own))
    group, _ = load(chat(*own, kind="public_supergroup"))
    found = [[post["author_id"] for post in rows(corpus, "posts")] for corpus in (channel, group)]
    assert found[0] == [
        "telegram:channel9", "telegram:channel9", "telegram:user1", "telegram:name:channel9:X",
    ]  # fmt: skip
    assert found[1] == [
        None, "telegram:name:channel9:Own", "telegram:user1", "telegram:name:channel9:X",
    ]  # fmt: skip
    assert any("display name within their chat" in note for note in sink.notes)


def test_a_forward_inherits_what_it_carries():
    entities = [
        {"type": "hashtag", "text": "#Tag"}, {"type": "mention", "text": "@someone"},
        {"type": "link", "text": "t.me/another/1"},
    ]  # fmt: skip
    corpus, _ = load(chat(message(1, entities=entities, forwarded_from=None)))
    assert {row["origin"] for row in rows(corpus, "attachments")} == {"inherited_share"}
    mentions = [act for act in rows(corpus, "interactions") if act["kind"] == "mention"]
    assert [act["origin"] for act in mentions] == ["inherited_share", "inherited_share"]


def test_forwards_by_name_never_become_an_account():
    told = {"forwarded_from": "Ben"}
    corpus, sink = load(chat(message(1, **told), message(2, **told, forwarded_from_id="user2")))
    acts = rows(corpus, "interactions")
    assert [act["target_id"] for act in acts] == [None, "telegram:user2"]
    assert [act["resolved_by"] for act in acts] == ["none", "id_field"]
    assert sink.stats["unresolved"] == 1
    assert any("no target account" in note for note in sink.notes)
    included = [row for row in rows(corpus, "accounts") if row["seen_as"] == "included"]
    assert [(row["account_id"], row["name"]) for row in included] == [("telegram:user2", "Ben")]


def test_offsets_are_code_points():
    entities = [{"type": "plain", "text": "😀é "}, {"type": "mention", "text": "@someone"}]
    corpus, _ = load(chat(message(1, entities=entities)))
    (act,) = rows(corpus, "interactions")
    assert act["start"] == 3


def test_replies_find_their_author_in_any_file_and_topics_are_none():
    group = chat(
        {"id": 1, "type": "service", "action": "topic_created", "date_unixtime": "1930000000"},
        message(2, reply_to_message_id=1, **U1), message(3, reply_to_message_id=2, **U2),
        message(4, reply_to_message_id=9, reply_to_peer_id="channel6", **U1),
        message(5, reply_to_message_id=0, **U1), message(6, reply_to_message_id=99, **U1),
        kind="public_supergroup",
    )  # fmt: skip
    corpus, _ = load({"chats": {"list": [group, chat(message(9, text="x"), number=6)]}})
    found = {
        act["post_id"].rpartition("/")[2]: (act["target_post_id"], act["target_id"])
        for act in seen(corpus, views.interactions)
    }
    assert found == {
        "3": ("telegram:channel9/2", "telegram:user1"),
        "4": ("telegram:channel6/9", "telegram:channel6"),
        "6": ("telegram:channel9/99", None),
    }
    posts = {post["post_id"]: post for post in seen(corpus, views.posts)}
    assert posts["telegram:channel9/2"]["conversation_id"] == "telegram:channel9/1"
    assert posts["telegram:channel9/2"]["kind"] == "original"
    assert posts["telegram:channel9/99"]["availability"] == "stub"


def test_the_chat_of_an_answered_message_is_read_or_the_message_rejected():
    _, sink = load(chat(message(1, reply_to_message_id=2, reply_to_peer_id="nobody")))
    assert (sink.read, sink.rejected) == (1, 1)


def test_mentions_with_which_a_reply_begins_are_its_prefix():
    blank = {"type": "plain", "text": " "}
    text = [
        {"type": "mention", "text": "@annab"}, blank,
        {"type": "mention_name", "text": "Bé", "user_id": 7}, blank,
        {"type": "link", "text": "https://t.me/catch"}, {"type": "plain", "text": " hello "},
        {"type": "mention", "text": "@danny"},
    ]  # fmt: skip
    late = [blank, *text[:2]]
    corpus, _ = load(
        chat(
            message(1, entities=text),
            message(2, entities=text, reply_to_message_id=1),
            message(3, entities=late, reply_to_message_id=1),
            message(4, entities=text, reply_to_message_id=1, forwarded_from=None),
        )
    )
    found: dict[str, list[str]] = {}
    for act in rows(corpus, "interactions"):
        if act["kind"] == "mention":
            found.setdefault(act["post_id"][-1], []).append(act["origin"])
    assert found == {
        "1": ["authored"] * 4, "2": ["reply_prefix"] * 3 + ["authored"], "3": ["authored"],
        "4": ["inherited_share"] * 4,
    }  # fmt: skip
    links = [row for row in rows(corpus, "attachments") if row["kind"] == "url"]
    assert {row["origin"] for row in links} == {"authored", "inherited_share"}


def test_local_times_are_good_for_the_day_only():
    old = {"id": 1, "type": "message", "date": "2019-05-01T10:00:00", "text": "a"}
    corpus, sink = load(chat(old | {"edited": "1970-01-01T01:00:00"}, number=(1 << 33) + 9))
    (post,) = rows(corpus, "posts")
    assert post["post_id"] == "telegram:channel9/1"
    assert (post["created_precision"], post["created_ms"]) == ("day", 1556704800000)
    assert any("local time" in note for note in sink.notes)
    assert rows(corpus, "events") == []


def test_edits_service_messages_and_what_telegram_cannot_export_are_events():
    corpus, sink = load(
        chat(
            message(1, edited_unixtime="1930000100"), {"id": 2, "type": "unsupported"},
            message(3, action="pin_message") | {"type": "service"}, message(4) | {"type": "odd"},
        )
    )  # fmt: skip
    found = [
        (event["kind"], event["subject"].rpartition("/")[2], event["reason"])
        for event in rows(corpus, "events")
    ]
    assert found == [
        ("edit", "1", None), ("unavailable", "2", "unsupported"), ("service", "3", "pin_message"),
    ]  # fmt: skip
    assert (sink.read, sink.rejected, len(primary(corpus))) == (4, 1, 1)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("unix", [True, False])
def test_all_messages_of_an_export_stand_in_the_same_chat(unix, first):
    number = (1 << 33) + 9
    gone, told = {"id": 2, "type": "unsupported"}, message(1)
    if not unix:
        del told["date_unixtime"]
    both = [gone, told] if first else [told, gone]
    corpus, _ = load(chat(*both, number=number))
    key = f"telegram:channel{number if unix else 9}"
    (event,) = rows(corpus, "events")
    (post,) = rows(corpus, "posts")
    (container,) = rows(corpus, "containers")
    assert (event["subject"], post["post_id"]) == (f"{key}/2", f"{key}/1")
    assert container["container_id"] == key


@pytest.mark.parametrize("late", ["a", "b", "c"])
def test_of_two_exports_the_later_edit_tells_the_text(late):
    early = message(1, entities=[{"type": "hashtag", "text": "#old"}])
    again = early | {"edited_unixtime": "1930000100"}
    last = message(
        1, entities=[{"type": "hashtag", "text": f"#new{late}"}], edited_unixtime="1930000200"
    )
    for others in ((early, again, last), (last, again, early)):
        corpus = Corpus.empty()
        for each in others:
            source = source_of(json.dumps(chat(each)).encode())
            with PartWriter(corpus, source.source_id) as writer:
                sink = Sink(source, writer)
                LOADER.read(source, sink, Options())
                sink.finish()
                corpus = writer.commit(dict(sink.stats))
        (post,) = seen(corpus, views.posts)
        assert (post["text"], post["retrieved_ms"]) == (f"#new{late}", 1930000200000)
        assert [row["value"] for row in seen(corpus, views.attachments)] == [f"new{late}"]


def test_media_are_told_by_kind_and_files_that_were_not_exported_have_no_path():
    left = "(File not included. Change data exporting settings to download.)"
    corpus, _ = load(
        chat(
            message(1, photo="photos/1.jpg"), message(2, photo=left), message(3, file=left),
            message(4, file="v.mp4", media_type="video_file"), message(5, text="none"),
        )
    )  # fmt: skip
    assert [(row["value"], row["value_raw"]) for row in rows(corpus, "attachments")] == [
        ("photo", "photos/1.jpg"), ("photo", "photo"), ("file", "file"), ("video_file", "v.mp4"),
    ]  # fmt: skip


def test_impossible_graphs_are_refused():
    _, sink = load(chat(message(1)))
    assert set(sink.refused) == {"quote", "co_share"}


@pytest.mark.parametrize(
    ("data", "certainty"),
    [
        (json.dumps(chat(message(1, text="x" * 400_000))).encode()[: 1 << 18], 0.95),
        (b'{\n "about": "Here", \n "contacts": {"list": [', 0.95),
        (b'{"messages": [{"id": 1, "from_id": "user1"', 0.6),
        (b'{"messages": [{"sender_name": "x"}]}', 0.0),
        (b'[{"type": "personal_chat", "messages": []}]', 0.0),
        (b'{"about": "a page", "items": []}', 0.0),
        (b"id,type\n1,personal_chat\n", 0.0),
    ],
)
def test_exports_are_recognised_by_their_keys(data, certainty):
    assert sniff(Head("x", data, whole=False)) == certainty


ENTITIES = [{"type": "link", "text": "t.me/someone"}, {"type": "hashtag", "text": "#a"}]
FORWARD = {"forwarded_from": "N", "forwarded_from_id": "channel3", "reply_to_message_id": 4}
FIRST = message(1, entities=ENTITIES, photo="p", **FORWARD, **U1)
BASE = json.dumps(chat(FIRST, message(2, text="b", edited_unixtime="1930000100"))).encode()
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)


def complete(sink, corpus):
    good = {
        row["record"]
        for name in ("posts", "events")
        for row in rows(corpus, name)
        if row.get("seen_as") != "referenced"
    }
    return sink.rejected + len(good) == sink.read


@few(80)
@given(st.lists(st.tuples(st.integers(0, len(BASE) - 1), st.integers(0, 255)), max_size=4))
def test_flipped_bytes_are_counted_and_never_a_crash(flips):
    data = bytearray(BASE)
    for place, value in flips:
        data[place] = value
    corpus, sink = load(bytes(data))
    assert complete(sink, corpus)


@few(80)
@given(st.dictionaries(st.sampled_from(sorted(json.loads(BASE)["messages"][0])), ODD, max_size=3))
def test_values_of_other_types_are_counted_and_never_a_crash(values):
    corpus, sink = load(chat(message(1, text="a") | values, message(2)))
    assert sink.read == 2
    assert complete(sink, corpus)
