"""Reddit dumps: the facts of the shared file, every trap of the format, any defect."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench.engine import session, views
from workbench.loaders.reddit import LOADER, sniff
from workbench.loaders.source import Head

ANN, BEN = ("ann", "t2_1"), ("ben", "t2_2")


def post(number, author=ANN, **values):
    name, key = author
    made = {"id": number, "author": name, "author_fullname": key, "subreddit": "Place"}
    return made | {"created_utc": 1700000000} | values


def submission(number, author=ANN, **values):
    return post(number, author, **{"title": "T", "selftext": "", "is_self": True} | values)


def comment(number, parent, author=ANN, **values):
    return post(number, author, **{"parent_id": parent, "link_id": "t3_a", "body": "b"} | values)


def load(*things):
    lines = [thing if isinstance(thing, bytes) else json.dumps(thing).encode() for thing in things]
    return load_bytes(LOADER, b"\n".join(lines))


def rows(corpus, name):
    return corpus.table(name).to_pylist()


def acts(corpus):
    with session(corpus) as engine:
        return engine.collect(views.interactions(engine)).to_pylist()


@pytest.mark.reference
def test_the_shared_dump_gives_its_published_facts():
    folder = reference_data("loaders/synthetic")
    wanted = json.loads((folder / "expected.json").read_text("utf-8"))["reddit.ndjson"]
    corpus, sink = load_bytes(LOADER, (folder / "reddit.ndjson").read_bytes())
    primary = [p for p in rows(corpus, "posts") if p["seen_as"] == "primary"]
    found = acts(corpus)
    shares = [act for act in found if act["kind"] == "share"]
    replies = [act for act in found if act["kind"] == "reply"]
    assert (sink.read, sink.rejected, sink.duplicates) == (3, 0, 0)
    assert len(primary) == wanted["posts"]
    assert [(act["target_id"], act["subtype"], act["resolved_by"]) for act in shares] == [
        (f"reddit:{wanted['share_target_author']}", "crosspost", "expanded")
    ]
    assert len(shares) == wanted["share"]
    assert len(replies) == wanted["reply"]
    known = [act for act in replies if act["target_id"] is not None]
    assert len(known) == wanted["reply_target_author_known"]
    assert {act["resolved_by"] for act in known} == {"in_file_join"}
    assert sum(p["author_id"] is None for p in primary) == wanted["deleted_authors"]
    assert {p["container_id"] for p in primary} == {f"reddit:r/{wanted['container']}"}


def test_nobody_is_no_account():
    corpus, _ = load(
        submission("a", ("[deleted]", None)), comment("b", "t3_a", ("[removed]", "t2_9")),
        comment("c", "t1_b", ("", None)), comment("d", "t1_b", (None, None)),
        comment("e", "t3_a", (None, "t2_5")),
    )  # fmt: skip
    written = [p["author_id"] for p in rows(corpus, "posts") if p["seen_as"] == "primary"]
    assert written == [None, None, None, None, "reddit:t2_5"]
    assert [row["account_id"] for row in rows(corpus, "accounts")] == ["reddit:t2_5"]
    assert all(act["target_id"] is None for act in acts(corpus))


def test_authors_without_an_id_are_handles_and_mentions_find_who_has_one():
    corpus, sink = load(
        submission("a", ("Cyd", None), selftext="u/ANN u/nobody_known"), submission("b", ANN)
    )
    assert rows(corpus, "posts")[0]["author_id"] == "handle:reddit:cyd"
    found = [(act["target_id"], act["resolved_by"]) for act in acts(corpus)]
    assert found == [("reddit:t2_1", "text"), ("handle:reddit:nobody_known", "text")]
    assert any("without an id are known by their name" in note for note in sink.notes)


def test_replies_to_authors_without_an_id_find_their_handle_or_who_bears_it():
    old = [submission("a", ("Cyd", None)), comment("b", "t3_a", ("Dee", None))]
    corpus, _ = load(*old)
    (act,) = acts(corpus)
    assert (act["actor_id"], act["target_id"]) == ("handle:reddit:dee", "handle:reddit:cyd")
    assert act["resolved_by"] == "in_file_join"
    corpus, _ = load(*old, submission("c", ("Cyd", "t2_7")))
    (act,) = acts(corpus)
    assert (act["target_id"], act["resolved_by"]) == ("reddit:t2_7", "in_file_join")
    corpus, _ = load(*old, submission("c", ("Dee", "t2_8")))
    (act,) = acts(corpus)
    assert (act["actor_id"], act["target_id"]) == ("reddit:t2_8", "handle:reddit:cyd")


@pytest.mark.parametrize(
    ("values", "text", "status", "availability", "event"),
    [
        ({"selftext": "[deleted]"}, "T", "removed", "deleted", ("delete", "deleted")),
        ({"selftext": "[removed]"}, "T", "removed", "withheld", ("withhold", "removed")),
        ({"selftext": "[ Removed by Reddit ]"}, "T", "removed", "withheld",
         ("withhold", "removed")),
        ({"selftext": "x", "removed_by_category": "moderator"}, "T\n\nx", "full", "full",
         ("withhold", "moderator")),
        ({"selftext": "x", "_meta": {"was_deleted_later": True}}, "T\n\nx", "full", "full",
         ("delete", None)),
        ({"title": None, "selftext": "x"}, "x", "full", "full", None),
        ({"selftext": "a &gt; b &amp;amp; c"}, "T\n\na > b &amp; c", "full", "full", None),
        ({"title": None, "selftext": None, "url": "https://x.example"}, None, "absent", "full",
         None),
    ],
)  # fmt: skip
def test_what_became_of_a_text(values, text, status, availability, event):
    corpus, _ = load(submission("a", **values))
    (made,) = rows(corpus, "posts")
    assert (made["text"], made["text_status"]) == (text, status)
    assert made["availability"] == availability
    found = [(e["kind"], e["reason"]) for e in rows(corpus, "events")]
    assert found == ([] if event is None else [event])


def test_a_removed_comment_has_no_text():
    corpus, _ = load(comment("b", "t3_a", body="[removed]"))
    made = rows(corpus, "posts")[0]
    assert (made["text"], made["text_status"]) == (None, "removed")


@pytest.mark.parametrize(
    ("values", "origins"),
    [
        ({"is_self": True, "url": "https://x.example"}, {}),
        ({"is_self": False, "url": "https://x.example?a&amp;b"},
         {"https://x.example?a=&b=": "authored"}),
        ({"is_self": None, "domain": "self.Place", "url": "https://x.example"}, {}),
        ({"is_self": None, "permalink": "/r/P/1", "url": "https://reddit.com/r/P/1"}, {}),
        ({"is_self": False, "url": "/r/P/1"}, {}),
        ({"is_self": False, "url": "https://x.example", "crosspost_parent": "t3_z"},
         {"https://x.example": "inherited_share"}),
        ({"selftext": "> https://x.example\n\nhttps://y.example"},
         {"https://x.example": "inherited_quote", "https://y.example": "authored"}),
    ],
)  # fmt: skip
def test_links(values, origins):
    corpus, _ = load(submission("a", **values))
    found = {r["value"]: r["origin"] for r in rows(corpus, "attachments") if r["kind"] == "url"}
    assert found == origins


def test_offsets_are_those_of_title_and_text():
    corpus, _ = load(submission("a", title="by u/someone", selftext="/u/other1 https://x.example"))
    text = rows(corpus, "posts")[0]["text"]
    starts = [act["start"] for act in rows(corpus, "interactions")]
    assert [text[start:] for start in starts] == [
        "u/someone\n\n/u/other1 https://x.example", "/u/other1 https://x.example",
    ]  # fmt: skip
    link = rows(corpus, "attachments")[0]
    assert text[link["start"] : link["end"]] == "https://x.example"


def test_a_crosspost_names_its_author_or_waits_for_it():
    original = submission("z", BEN, selftext="u/someone https://x.example", subreddit="Other")
    told = submission("a", crosspost_parent="t3_z", crosspost_parent_list=[original])
    corpus, _ = load(told)
    kinds = [(act["kind"], act["target_id"], act["resolved_by"]) for act in acts(corpus)]
    assert kinds == [("share", "reddit:t2_2", "expanded")]
    carried = rows(corpus, "attachments")
    assert {(r["post_id"], r["seen_as"]) for r in carried} == {("reddit:t3_z", "referenced")}
    places = sorted(row["container_id"] for row in rows(corpus, "containers"))
    assert places == ["reddit:r/other", "reddit:r/place"]
    bare = submission("a", crosspost_parent="t3_z")
    alone, _ = load(bare)
    assert [(act["target_id"], act["target_post_id"]) for act in acts(alone)] == [
        (None, "reddit:t3_z")
    ]
    for order in ((bare, original), (original, bare)):
        joined, _ = load(*order)
        shares = [act for act in acts(joined) if act["kind"] == "share"]
        assert [(act["target_id"], act["resolved_by"]) for act in shares] == [
            ("reddit:t2_2", "in_file_join")
        ]


@pytest.mark.parametrize(
    "listed",
    [[{}], [submission("other", BEN)], [{"id": "o"}], [{"name": "t3_o"}], [comment("o", "t3_a")]],
)
def test_what_a_crosspost_holds_is_read_only_if_it_is_what_it_names(listed):
    named = submission("c", crosspost_parent="t3_o", crosspost_parent_list=listed)
    corpus, sink = load(named)
    (original,) = [p for p in rows(corpus, "posts") if p["seen_as"] == "referenced"]
    (share,) = rows(corpus, "interactions")
    assert (original["post_id"], original["availability"]) == ("reddit:t3_o", "stub")
    assert original["author_id"] is original["text"] is None
    assert (share["target_id"], share["target_post_id"]) == (None, "reddit:t3_o")
    assert share["resolved_by"] == "none"
    assert any("another submission" in note for note in sink.notes)


def test_the_original_is_found_among_several_and_an_empty_one_rejects_nothing():
    both = [submission("other", BEN), submission("o", ("catch", "t2_3"))]
    corpus, sink = load(
        submission("c", crosspost_parent="t3_o", crosspost_parent_list=both),
        submission("d", crosspost_parent_list=[{}]),
    )
    found = [(act["target_post_id"], act["target_id"]) for act in rows(corpus, "interactions")]
    assert sink.rejected == 0
    assert found == [("reddit:t3_o", "reddit:t2_3"), (None, None)]


def test_nothing_of_a_private_original_is_kept():
    original = submission("z", BEN, subreddit_type="private", selftext="secret")
    corpus, _ = load(submission("a", crosspost_parent="t3_z", crosspost_parent_list=[original]))
    (stub,) = [p for p in rows(corpus, "posts") if p["post_id"] == "reddit:t3_z"]
    assert (stub["availability"], stub["text"], stub["author_id"]) == ("stub", None, None)


@pytest.mark.parametrize("parent", ["t2_x", "", None, 12345, "abc"])
def test_a_comment_is_a_reply_even_if_its_parent_is_not_known(parent):
    corpus, _ = load(comment("b", parent))
    (act,) = acts(corpus)
    assert (act["kind"], act["target_id"], act["target_post_id"]) == ("reply", None, None)
    assert len(rows(corpus, "posts")) == 1


@pytest.mark.parametrize(
    ("body", "origins"),
    [
        ("u/annab /u/benjy hi u/catch", ["reply_prefix", "reply_prefix", "authored"]),
        ("hi u/annab", ["authored"]),
        ("> u/annab\n\nu/benjy", ["inherited_quote", "authored"]),
        ("u/annab\n> u/benjy", ["reply_prefix", "inherited_quote"]),
    ],
)
def test_mentions_with_which_a_comment_begins_are_its_prefix(body, origins):
    corpus, _ = load(comment("b", "t3_a", body=body), submission("c", title="u/annab u/benjy"))
    found = [act for act in rows(corpus, "interactions") if act["kind"] == "mention"]
    assert [act["origin"] for act in found if act["post_id"] == "reddit:t1_b"] == origins
    assert {act["origin"] for act in found if act["post_id"] == "reddit:t3_c"} == {"authored"}


@pytest.mark.parametrize(
    ("parent", "link", "answered"),
    [
        ("a1", "t3_a1", "t3_a1"), (361, "t3_a1", "t3_a1"), ("a1", "a1", "t3_a1"),
        ("t1_c", "a1", "t1_c"), ("b1", "t3_a1", None), (362, "t3_a1", None), ("361", "t3_a1", None),
        (361, 361, None), ("", "", None), (0, None, None), ("nan", "nan", None),
    ],
)  # fmt: skip
def test_a_parent_without_its_kind_is_known_if_it_is_the_submission(parent, link, answered):
    corpus, sink = load(comment("b", parent, link_id=link))
    (act,) = rows(corpus, "interactions")
    assert act["target_post_id"] == (answered and f"reddit:{answered}")
    assert any("without t1_ or t3_" in note for note in sink.notes) == (answered is None)


def test_a_conversation_is_the_submission_also_without_its_kind():
    corpus, _ = load(comment("b", "t1_c", link_id="a1"), comment("d", "t1_c", link_id=361))
    assert [p["conversation_id"] for p in rows(corpus, "posts") if p["kind"]] == [
        "reddit:t3_a1", None,
    ]  # fmt: skip


@pytest.mark.parametrize("zero", [0, 0.0, "0"])
def test_a_time_of_zero_is_none(zero):
    post = submission("a", created_utc=zero, retrieved_on=zero, retrieved_utc=1700000100)
    corpus, _ = load(post)
    (row,) = rows(corpus, "posts")
    assert row["created_ms"] is row["created_precision"] is row["created_from"] is None
    assert row["retrieved_ms"] == 1700000100000


def test_kinds_of_posts_are_told_by_name_then_by_keys():
    corpus, sink = load(
        {"id": "a", "name": "t1_a", "title": "T"}, {"id": "t3_b"}, {"id": "c", "link_id": "t3_b"},
        {"id": "d", "num_comments": 0}, {"id": "e"}, {"name": "t1_"}, {"id": ""},
        {"id": "f", "name": "t4_f", "body": "x"},
    )  # fmt: skip
    primary = [p["post_id"] for p in rows(corpus, "posts") if p["seen_as"] == "primary"]
    assert primary == ["reddit:t1_a", "reddit:t3_b", "reddit:t1_c", "reddit:t3_d"]
    assert (sink.read, sink.rejected) == (8, 4)
    assert rows(corpus, "rejects")[-1]["reason"].startswith("private: ")


@pytest.mark.parametrize("kind", ["private", "employees_only"])
def test_private_communities_are_rejected(kind):
    corpus, sink = load(submission("a", subreddit_type=kind), submission("b"))
    assert (sink.read, sink.rejected) == (2, 1)
    assert rows(corpus, "rejects")[0]["reason"].startswith("private: ")


@pytest.mark.parametrize("value", [1700000000, "1700000000", 1700000000.0, "1700000000.0"])
def test_times_are_numbers_or_texts(value):
    corpus, _ = load(submission("a", created_utc=value, edited=1700000100.0))
    (made,) = rows(corpus, "posts")
    assert (made["created_ms"], made["created_precision"]) == (1700000000000, "s")
    assert [e["at_ms"] for e in rows(corpus, "events")] == [1700000100000]


def test_counts_are_known_or_null_and_never_zero_for_missing():
    corpus, sink = load(
        submission("a", score=-3, num_comments="4", num_crossposts=0),
        submission("b", score=1, score_hidden=True), submission("c"), submission("d", score="x"),
        submission("e", score=10**30), submission("f", score=2, edited=True),
    )  # fmt: skip
    made = [(p["likes"], p["replies"], p["shares"]) for p in rows(corpus, "posts")]
    assert made == [(-3, 4, 0), (None, None, None), (None, None, None), (2, None, None)]
    assert sink.rejected == 2
    assert [e["kind"] for e in rows(corpus, "events")] == ["edit"]


@pytest.mark.parametrize("indent", [None, 1])
def test_pages_and_lines_are_the_same(indent):
    things = [submission("a"), comment("b", "t3_a", BEN), comment("c", "t1_b")]
    lines, _ = load(*things)
    page, sink = load(json.dumps({"data": things}, indent=indent).encode())
    for name in ("posts", "interactions", "accounts"):
        drop = ["source_id"]
        assert page.table(name).drop(drop).equals(lines.table(name).drop(drop))
    assert sink.read == 3
    _, empty = load({"data": []})
    assert (empty.read, empty.rejected) == (1, 0)


def test_hashtags_and_quotes_are_refused():
    _, sink = load(submission("a", selftext="#tag"))
    assert set(sink.refused) == {"account_hashtag", "co_hashtag", "hashtag_network", "quote"}
    assert sink.refused["co_hashtag"] == "Reddit has no hashtags"


@pytest.mark.parametrize(
    ("things", "certainty"),
    [
        ([submission("a")], 0.95), ([comment("a", "t3_b")], 0.95),
        ([{"data": [submission("a")]}], 0.95),
        ([{"data": [1, None]}], 0.0), ([{"id": "a", "author": "x"}], 0.0), ([{}], 0.0),
        ([{"data": [{"id": "1", "author_id": "2"}]}], 0.0),
    ],
)  # fmt: skip
def test_dumps_are_recognised_by_their_keys(things, certainty):
    assert sniff(Head("x", b"\n".join(json.dumps(t).encode() for t in things))) == certainty
    assert sniff(Head("x", b"subreddit,author,created_utc\n")) == 0.0


ORIGINAL = submission("z", BEN)
BASE = json.dumps(
    submission(
        "a", crosspost_parent="t3_z", crosspost_parent_list=[ORIGINAL], edited=1.5, score=1,
        _meta={"removal_type": "x", "retrieved_2nd_on": 5}, selftext="u/someone https://x.example",
    )
).encode()  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)


def complete(sink, corpus):
    good = [p for p in rows(corpus, "posts") if p["seen_as"] == "primary"]
    control = [e for e in rows(corpus, "events") if e["kind"] == "control"]
    return sink.rejected + len(good) + len(control) == sink.read


@few(80)
@given(st.lists(st.tuples(st.integers(0, len(BASE) - 1), st.integers(0, 255)), max_size=4))
def test_flipped_bytes_are_counted_and_never_a_crash(flips):
    data = bytearray(BASE)
    for place, value in flips:
        data[place] = value
    corpus, sink = load(bytes(data), submission("b"))
    assert complete(sink, corpus)


@few(80)
@given(st.dictionaries(st.sampled_from(sorted(json.loads(BASE))), ODD, max_size=3))
def test_values_of_other_types_are_counted_and_never_a_crash(values):
    corpus, sink = load(json.loads(BASE) | values, comment("b", "t3_a") | values)
    assert sink.read == 2
    assert complete(sink, corpus)
