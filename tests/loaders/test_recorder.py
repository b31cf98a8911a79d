from __future__ import annotations

import pytest

from tests.loaders.making import fill, source_of
from workbench.engine import session, views
from workbench.loaders.moments import UNKNOWN, moment_of
from workbench.loaders.recorder import AccountFacts, Act, Label, PostFacts, Recorder
from workbench.model.schema import TABLES

AT = moment_of("2031-03-01T10:00:00.250Z")


def recorded(*records, **options):
    """Return the corpus of records, each a function of the recorder."""

    def read(sink):
        with Recorder(sink, "p") as recorder:
            for add in records:
                with recorder.record():
                    add(recorder)

    return fill(source_of(b"x"), read, **options)


def rows(corpus, name):
    return corpus.table(name).to_pylist()


def one_of_each(recorder):
    carrier = recorder.post(
        PostFacts(
            post_id="p:1", author_id="p:a", author_handle="Ann", at=AT, text="t", likes=1,
            shares=2, replies=3, quotes=4, views=5, bookmarks=6, retrieved_ms=7,
            withheld=["FR"], sensitive=True, lang="fr", url="u", container_id="p:c",
            conversation_id="p:0", source_app="app",
        )
    )  # fmt: skip
    recorder.account(
        AccountFacts(
            account_id="p:a", handle="Ann", name="A", created_at=AT, description="d", location="l",
            url="u", verified=True, verified_type="blue", bot=False, protected=False, followers=1,
            following=2, posts=3, listed=4, state="active", observed_ms=5,
        )
    )  # fmt: skip
    recorder.act(
        Act(
            kind="share", actor_id="p:a", post_id="p:1", target_id="p:b", target_post_id="p:2",
            at=AT, resolved_by="id_field", subtype="boost", retracted_ms=9,
        )
    )  # fmt: skip
    recorder.tag(carrier, "#Война", start=1, end=7)
    recorder.link(carrier, "https://Example.org/x/?utm_source=y", start=8, end=9)
    recorder.attach(carrier, "media", "k")
    recorder.event("edit", "post", "p:1", at=AT, reason="r", detail="p:0")
    recorder.container("p:c", "channel", name="C", parent="p:d")
    recorder.label(Label("account", "p:a", "scheme", "value"))
    recorder.stub("p:2", "p:b")


def test_every_value_stands_in_its_column():
    corpus, sink = recorded(one_of_each)
    post, stub = rows(corpus, "posts")
    numbers = {
        "likes": 1,
        "shares": 2,
        "replies": 3,
        "quotes": 4,
        "views": 5,
        "bookmarks": 6,
        "retrieved_ms": 7,
    }
    assert numbers.items() <= post.items()
    assert post["text_status"] == "full"
    assert (post["created_ms"], post["created_precision"], post["created_from"]) == (
        AT.ms, "ms", "record",
    )  # fmt: skip
    texts = {
        "lang": "fr",
        "url": "u",
        "container_id": "p:c",
        "conversation_id": "p:0",
        "source_app": "app",
    }
    assert texts.items() <= post.items()
    assert (post["withheld"], post["sensitive"], post["version_id"]) == (["FR"], True, "p:1")
    assert (stub["availability"], stub["seen_as"], stub["text_status"]) == (
        "stub", "referenced", "absent",
    )  # fmt: skip
    (account,) = rows(corpus, "accounts")
    told = {
        "followers": 1,
        "following": 2,
        "posts": 3,
        "listed": 4,
        "observed_ms": 5,
        "state": "active",
    }
    assert told.items() <= account.items()
    assert (account["verified"], account["bot"], account["verified_type"]) == (True, False, "blue")
    (act,) = rows(corpus, "interactions")
    wanted = {
        "kind": "share",
        "subtype": "boost",
        "actor_id": "p:a",
        "target_id": "p:b",
        "retracted_ms": 9,
    }
    assert wanted.items() <= act.items()
    carried = [(row["kind"], row["value"], row["start"]) for row in rows(corpus, "attachments")]
    assert carried == [
        ("hashtag", "война", 1), ("url", "https://example.org/x", 8), ("domain", "example.org", 8),
        ("media", "k", None),
    ]  # fmt: skip
    assert {
        row["record"] for name in TABLES for row in rows(corpus, name) if name != "sources"
    } == {1}
    (alias,) = rows(corpus, "aliases")
    assert (alias["handle"], alias["first_seen_ms"], alias["resolved_by"]) == ("ann", 5, "id_field")
    (label,) = rows(corpus, "labels")
    assert (label["subject"], label["scheme"], label["value"]) == ("p:a", "scheme", "value")
    assert sink.read == 1


def test_a_record_that_fails_leaves_nothing():
    def fails(recorder):
        one_of_each(recorder)
        recorder.same("k")
        raise ValueError("no")

    def read(sink):
        with Recorder(sink, "p") as recorder:
            with pytest.raises(ValueError, match="no"), recorder.record():
                fails(recorder)
            with recorder.record():
                recorder.event("control", "record", None)

    corpus, sink = fill(source_of(b"x"), read)
    assert sink.read == 1
    assert {name: len(rows(corpus, name)) for name in TABLES if rows(corpus, name)} == {"events": 1}


def test_repeated_observations_are_written_once_and_aliases_span_them():
    def seen(name, at, followers=1):
        return lambda recorder: recorder.account(
            AccountFacts(account_id="p:a", handle=name, followers=followers, observed_ms=at)
        )

    corpus, _ = recorded(seen("Ann", 5), seen("Ann", 3), seen("Ann", 4, 2), seen("ANN", None, 2))
    assert [row["observed_ms"] for row in rows(corpus, "accounts")] == [5, 4, None]
    (alias,) = rows(corpus, "aliases")
    assert (alias["first_seen_ms"], alias["last_seen_ms"]) == (3, 5)


def test_what_a_known_post_carries_is_not_written_again():
    def seen(*tags, seen_as="referenced"):
        def add(recorder):
            facts = PostFacts(post_id="p:1", text=" ".join(tags), seen_as=seen_as)
            carrier = recorder.post(facts)
            for tag in tags:
                recorder.tag(carrier, tag)
            recorder.tag(recorder.post(PostFacts(post_id="p:2", text="own")), "own")

        return add

    corpus, sink = recorded(seen("a"), seen("a"), seen("a", "b"), seen("a", seen_as="primary"))
    tags = [
        (row["value"], row["seen_as"])
        for row in rows(corpus, "attachments")
        if row["value"] != "own"
    ]
    assert tags == [
        ("a", "referenced"), ("a", "referenced"), ("b", "referenced"), ("a", "primary"),
    ]  # fmt: skip
    assert len(rows(corpus, "attachments")) == len(tags) + 4
    assert sink.read == 4


def test_what_a_post_lists_twice_at_one_place_is_carried_once():
    def lists(recorder):
        carrier = recorder.post(PostFacts(post_id="p:1", author_id="p:a"))
        for start in (0, 0, 5, None, None):
            recorder.tag(carrier, "a", start=start)
            for target in ("p:b", "p:c"):
                recorder.act(
                    Act(
                        kind="mention", actor_id="p:a", post_id="p:1", target_id=target, start=start
                    )
                )
        for kind in ("reply", "quote"):
            recorder.act(Act(kind=kind, actor_id="p:a", post_id="p:1", target_id="p:b"))

    corpus, _ = recorded(lists)
    starts = [row["start"] for row in rows(corpus, "attachments")]
    assert starts == [0, 5, None]
    acts = [(a["kind"], a["start"], a["target_id"]) for a in rows(corpus, "interactions")]
    assert acts == [
        ("mention", 0, "p:b"), ("mention", 5, "p:b"), ("mention", None, "p:b"),
        ("mention", None, "p:c"), ("reply", None, "p:b"), ("quote", None, "p:b"),
    ]  # fmt: skip


def test_primary_posts_are_all_kept_and_counted_as_duplicates():
    def post(recorder):
        recorder.post(PostFacts(post_id="p:1"))

    corpus, sink = recorded(post, post)
    assert len(rows(corpus, "posts")) == 2
    assert (sink.read, sink.duplicates) == (2, 1)


def test_records_are_the_same_by_their_keys():
    def keyed(key):
        def add(recorder):
            recorder.post(PostFacts(post_id="p:1"))
            recorder.same(key)

        return add

    _, sink = recorded(keyed("a"), keyed("b"), keyed("a"))
    assert (sink.read, sink.duplicates) == (3, 1)


def test_a_domain_is_carried_for_each_of_its_links():
    def linked(recorder):
        carrier = recorder.post(PostFacts(post_id="p:1"))
        for url in ("https://a.example/x", "https://a.example/y", "https://a.example/x?utm_id=1"):
            recorder.link(carrier, url)

    corpus, _ = recorded(linked)
    found = [(row["kind"], row["value"], row["value_raw"]) for row in rows(corpus, "attachments")]
    assert [row for row in found if row[0] == "domain"] == [
        ("domain", "a.example", "https://a.example/x"),
        ("domain", "a.example", "https://a.example/y"),
    ]
    assert len(found) == 4


def test_what_is_no_tag_or_link_is_left_out():
    def odd(recorder):
        carrier = recorder.post(PostFacts(post_id="p:1"))
        recorder.tag(carrier, " # ")
        recorder.tag(carrier, "##")
        recorder.tag(carrier, "＃#")
        recorder.link(carrier, "mailto:a@b.c")

    corpus, _ = recorded(odd)
    assert rows(corpus, "attachments") == []


def test_names():
    corpus, sink = recorded()
    recorder = Recorder(sink, "p")
    assert recorder.id(12) == "p:12"
    assert recorder.handle("@Ann") == "handle:p:ann"
    assert UNKNOWN.us is None
    assert corpus.rows("posts") == 0


def test_the_views_read_it():
    corpus, _ = recorded(one_of_each)
    with session(corpus) as engine:
        assert engine.collect(views.posts(engine)).num_rows == 2


def test_labels_are_rows_of_their_record():
    def read(sink):
        with Recorder(sink, "") as recorder, recorder.record():
            recorder.same("a")
            recorder.label(Label("domain", "a.example", "scheme", "low", 0.5, licence="CC0"))

    corpus, sink = fill(source_of(b"x"), read)
    (row,) = corpus.table("labels").to_pylist()
    assert (row["subject"], row["score"], row["record"], sink.read) == ("a.example", 0.5, 1, 1)
    assert row["valid_from"] is None
