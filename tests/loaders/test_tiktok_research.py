"""TikTok Research API: the facts of the shared answer, every shape and trap, any defect."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench.loaders.source import Head
from workbench.loaders.tiktok_research import LOADER, sniff

ID = 7300000000000000001


def video(number, **values):
    return {"id": ID + number, "username": "Maker", "create_time": 1700000000} | values


def comment(number, **values):
    return {"id": ID + number, "video_id": ID, "create_time": 1700000000, "text": "c"} | values


def load(*pages, indent=None):
    data = b"\n".join(json.dumps(page, indent=indent).encode() for page in pages)
    return load_bytes(LOADER, data)


def rows(corpus, name):
    return corpus.table(name).to_pylist()


def primary(corpus):
    return [post for post in rows(corpus, "posts") if post["seen_as"] == "primary"]


@pytest.mark.reference
def test_the_shared_answer_gives_its_published_facts():
    folder = reference_data("loaders/synthetic")
    wanted = json.loads((folder / "expected.json").read_text("utf-8"))["tiktok_research.json"]
    corpus, sink = load_bytes(LOADER, (folder / "tiktok_research.json").read_bytes())
    (made,) = primary(corpus)
    acts = rows(corpus, "interactions")
    tags = [row["value"] for row in rows(corpus, "attachments") if row["kind"] == "hashtag"]
    assert (sink.read, sink.rejected, sink.duplicates) == (1, 0, 0)
    assert len(primary(corpus)) == wanted["posts"]
    assert "username only" in wanted["author_key"]
    assert made["author_id"] == f"handle:tiktok:{made['author_handle']}"
    assert tags == wanted["hashtags_authored"]
    assert [(act["kind"], act["origin"]) for act in acts] == [("mention", "authored")]
    assert len(acts) == wanted["mention_authored"]
    assert wanted["id_exceeds_2_53"]
    assert made["post_id"] == f"tiktok:{ID}"
    assert int(made["post_id"].removeprefix("tiktok:")) > 2**53


SHAPES = [
    lambda videos: [{"data": {"videos": videos, "cursor": 1}, "error": {"code": "ok"}}],
    lambda videos: [{"data": {"videos": [entry]}} for entry in videos],
    lambda videos: [{"videos": videos}],
    lambda videos: videos,
    lambda videos: [videos],
    lambda videos: [[{"data": {"videos": [entry]}} for entry in videos]],
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("indent", [None, 1])
def test_every_shape_gives_the_same(shape, indent):
    videos = [video(n, hashtag_names=["Élan"], like_count=n) for n in range(3)]
    wanted, _ = load(*videos)
    made, sink = load(*shape(videos), indent=indent)
    assert (sink.read, sink.rejected) == (3, 0)
    for name in ("posts", "attachments", "accounts"):
        drop = ["source_id"]
        assert made.table(name).drop(drop).equals(wanted.table(name).drop(drop))


def test_tags_and_mentions_are_told_once():
    corpus, _ = load(
        video(
            1, hashtag_names=["Élan", "élan", "війна", "", None],
            hashtag_info_list=[{"hashtag_name": "ÉLAN"}, None, {}],
            video_mention_list=["@Friend", "friend", "", None, "other"],
        )
    )  # fmt: skip
    assert [row["value"] for row in rows(corpus, "attachments")] == ["élan", "війна"]
    assert [act["target_id"] for act in rows(corpus, "interactions")] == [
        "handle:tiktok:friend", "handle:tiktok:other",
    ]  # fmt: skip


def test_a_mention_by_a_display_name_is_unresolved():
    names = ["Prime Time", "friend.one", "Other Name"]
    corpus, sink = load(
        video(1, video_mention_list=names, video_description="@Other Name @Prime Time @friend.one")
    )
    found = [(act["target_id"], act["start"]) for act in rows(corpus, "interactions")]
    assert found == [(None, 12), ("handle:tiktok:friend.one", None), (None, 0)]
    assert sink.stats["unresolved"] == 2
    assert any("display name" in note for note in sink.notes)


def test_a_display_name_of_one_word_is_no_username():
    names = ["Мария", "x", "a" * 25, "tag-name", "@Some_one.2"]
    text = " ".join(f"@{name}" for name in names)
    corpus, sink = load(video(1, video_mention_list=names, video_description=text))
    found = [act["target_id"] for act in rows(corpus, "interactions")]
    assert found == [None, None, None, None, "handle:tiktok:some_one.2"]
    assert sink.stats["unresolved"] == 4


def test_missing_is_null_and_music_is_a_medium():
    corpus, _ = load(video(1), video(2, music_id=ID, like_count=0, favorites_count=2))
    first, second = rows(corpus, "posts")
    assert first["likes"] is first["views"] is first["text"] is None
    assert (second["likes"], second["bookmarks"]) == (0, 2)
    assert [row["value"] for row in rows(corpus, "attachments")] == [f"music:{ID}"]


def test_a_video_without_username_has_no_author():
    corpus, sink = load(video(1, username=None, video_mention_list=["friend"]), video(2))
    assert [post["author_id"] for post in rows(corpus, "posts")] == [None, "handle:tiktok:maker"]
    assert [act["actor_id"] for act in rows(corpus, "interactions")] == [None]
    assert sink.rejected == 0


def test_comments_are_replies_of_nobody():
    first, second = comment(1, parent_comment_id=ID), comment(2, parent_comment_id=ID + 1)
    corpus, sink = load({"data": {"comments": [first, second, comment(3)]}}, comment(4))
    found = [(act["actor_id"], act["target_post_id"]) for act in rows(corpus, "interactions")]
    assert found == [(None, f"tiktok:{ID + more}") for more in (0, 1, 0, 0)]
    assert {post["conversation_id"] for post in primary(corpus)} == {f"tiktok:{ID}"}
    assert sink.read == 4


@pytest.mark.parametrize("nothing", [0, "0", "", None])
def test_an_answered_comment_of_zero_is_none(nothing):
    corpus, sink = load(
        comment(1, parent_comment_id=nothing), comment(2, parent_comment_id=nothing, video_id=0)
    )
    found = [act["target_post_id"] for act in rows(corpus, "interactions")]
    assert found == [f"tiktok:{ID}", None]
    assert [post["conversation_id"] for post in primary(corpus)] == [f"tiktok:{ID}", None]
    assert sink.rejected == 0


def test_a_comment_alone_needs_no_video():
    told = comment(1, parent_comment_id=ID + 7)
    del told["video_id"]
    corpus, _ = load(told)
    (post,) = primary(corpus)
    assert (post["kind"], post["text"]) == ("reply", "c")
    assert [act["target_post_id"] for act in rows(corpus, "interactions")] == [f"tiktok:{ID + 7}"]


def test_videos_beside_an_empty_data_are_read():
    corpus, sink = load({"data": {}, "videos": [video(1)], "comments": [comment(2)]})
    assert len(primary(corpus)) == sink.read == 2


def test_a_video_on_two_pages_is_a_duplicate():
    page = {"data": {"videos": [video(1), video(2)]}}
    _, sink = load(page, page)
    assert (sink.read, sink.duplicates) == (4, 2)


@pytest.mark.parametrize("defect", [b"\x01", b"\\x"])
def test_one_broken_video_does_not_reject_its_page(defect):
    page = {"data": {"videos": [video(n, video_description=f"<{n}>") for n in range(100)]}}
    corpus, sink = load_bytes(LOADER, json.dumps(page).encode().replace(b"<40>", defect))
    assert (sink.read, sink.rejected) == (100, 1)
    assert len(primary(corpus)) == 99


def test_pages_without_content_are_counted():
    corpus, sink = load(
        {"data": {}, "error": {"code": "rate_limit_exceeded"}}, {"error": {"code": "x"}},
        {"data": {"videos": []}}, {"videos": []}, {"odd": 1},
    )  # fmt: skip
    assert (sink.read, sink.rejected) == (5, 1)
    assert [event["kind"] for event in rows(corpus, "events")] == ["control"] * 4


def test_impossible_graphs_are_refused():
    _, sink = load(video(1))
    assert set(sink.refused) == {
        "retweet", "co_share", "quote", "reply", "account_url", "account_domain", "co_url",
        "co_domain",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "certainty"),
    [
        (b'{"data": {"videos": [{"id": 1, "video_description": "' + b"x" * 99, 0.95),
        (b'{"data": {"comments": [{"id": 1, "video_id": 2, "create_time": 3', 0.95),
        (b'{"data": {"videos": [{"id": 1, "like_count": 2}], "search_id": "7"}}', 0.6),
        (json.dumps(video(1, hashtag_names=[])).encode(), 0.95),
        (json.dumps([video(1, region_code="FR", video_description="")]).encode(), 0.95),
        (json.dumps(comment(1, parent_comment_id=1)).encode(), 0.95),
        (json.dumps(video(1)).encode(), 0.0), (b'{"videos": [{"id": "x", "title": "y"}]}', 0.0),
        (b"id,video_description\n", 0.0), (b"[]", 0.0),
    ],
)  # fmt: skip
def test_answers_are_recognised_by_their_keys(data, certainty):
    assert sniff(Head("x", data, whole=False)) == certainty


FULL = video(
    1, region_code="FR", video_description="d", hashtag_names=["a"], music_id=1, like_count=1,
    hashtag_info_list=[{"hashtag_name": "b"}], video_mention_list=["c"],
)  # fmt: skip
BASE = json.dumps({"data": {"videos": [FULL], "comments": [comment(2)]}}).encode()
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)


def complete(sink, corpus):
    control = [event for event in rows(corpus, "events") if event["kind"] == "control"]
    return sink.rejected + len(primary(corpus)) + len(control) == sink.read


@few(80)
@given(st.lists(st.tuples(st.integers(0, len(BASE) - 1), st.integers(0, 255)), max_size=4))
def test_flipped_bytes_are_counted_and_never_a_crash(flips):
    data = bytearray(BASE)
    for place, value in flips:
        data[place] = value
    corpus, sink = load_bytes(LOADER, bytes(data) + b"\n" + BASE)
    assert complete(sink, corpus)


@few(80)
@given(st.dictionaries(st.sampled_from([*FULL, "data", "videos", "error"]), ODD, max_size=3))
def test_values_of_other_types_are_counted_and_never_a_crash(values):
    corpus, sink = load({"data": {"videos": [FULL | values]}}, comment(2) | values, FULL | values)
    assert complete(sink, corpus)
    assert sink.read >= 3
