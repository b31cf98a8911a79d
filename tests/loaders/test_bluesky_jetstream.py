from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench.engine import session, views
from workbench.loaders import load
from workbench.loaders.base import Head
from workbench.loaders.bluesky_jetstream import LOADER, sniff

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
START = 1_930_000_000_000_000


def rows(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def commit(operation, collection, rkey, *, by="annzz", second=0, **record):
    """Return a line of Jetstream, some seconds after the start."""
    made = {"operation": operation, "collection": collection, "rkey": rkey,
            "rev": f"r{operation}{rkey}{second}"}  # fmt: skip
    if record:
        made |= {"record": record, "cid": f"c{second}"}
    return {
        "did": f"did:plc:{by}", "time_us": START + second * 10**6, "kind": "commit", "commit": made,
    }  # fmt: skip


def subject(name="annzz", key="3k1"):
    return {"uri": f"at://did:plc:{name}/{POST}/{key}", "cid": "c"}


def repost(rkey="3r1", second=1, **more):
    return commit("create", REPOST, rkey, by="benzz", second=second, subject=subject(), **more)


def unpost(rkey="3r1", second=2):
    return commit("delete", REPOST, rkey, by="benzz", second=second)


def read(*items):
    return load_bytes(LOADER, "\n".join(map(json.dumps, items)).encode())


def test_the_synthetic_file():
    corpus, sink = golden.read(
        "bluesky_jetstream", (golden.FOLDER / "bluesky_jetstream" / "input.jsonl").read_bytes()
    )
    assert (sink.read, sink.rejected, sink.duplicates) == (6, 0, 0)
    assert [p["seen_as"] for p in rows(corpus, "posts")] == ["primary"]
    acts = rows(corpus, "interactions")
    shares = [act for act in acts if act["kind"] == "share"]
    assert [act["retracted_ms"] for act in shares] == [1735797700000]
    mentions = [act["origin"] for act in acts if act["kind"] == "mention"]
    assert mentions == ["authored"]
    kinds = Counter(row["kind"] for row in rows(corpus, "attachments"))
    assert kinds == {"hashtag": 1, "url": 1, "domain": 1}
    events = rows(corpus, "events")
    assert Counter(event["kind"] for event in events) == {"like": 1, "identity": 1, "delete": 2}
    deleted = [e["subject"] for e in events if e["subject_type"] == "account" and e["reason"]]
    assert deleted == ["bluesky:did:plc:bbbb"]
    assert len(rows(corpus, "aliases")) == 1
    assert sum(corpus.graph("retweet").weight) == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_a_deleted_repost_is_taken_back_wherever_that_stands(order):
    lines = [commit("create", POST, "3k1", text="hello"), repost(), unpost()]
    corpus, sink = read(*[lines[place] for place in order])
    (act,) = rows(corpus, "interactions")
    assert (act["retracted_ms"], act["post_id"]) == ((START + 2 * 10**6) // 1000, None)
    assert sink.notes == []


def test_a_repost_made_again_stands():
    corpus, _ = read(repost(), unpost(), repost("3r2", second=3))
    (act,) = rows(corpus, "interactions")
    assert act["retracted_ms"] is None
    assert sum(corpus.graph("retweet").weight) == 1


def test_a_deletion_without_its_creation_is_an_event_and_noted():
    corpus, sink = read(unpost(), unpost("3r2"), repost("3r3", second=4))
    assert len(rows(corpus, "interactions")) == 1
    assert [e["subject_type"] for e in rows(corpus, "events")] == ["record", "record"]
    assert "2 deleted reposts" in sink.notes[0]


def test_a_repost_seen_twice_is_a_duplicate_and_one_act():
    corpus, sink = read(repost(), repost())
    assert (sink.read, sink.duplicates) == (2, 1)
    assert len(rows(corpus, "interactions")) == 1


def test_a_time_from_the_future_gives_way_to_that_of_the_firehose():
    late, fair = "2039-01-01T00:00:00Z", "2031-02-27T23:00:00Z"
    corpus, _ = read(
        commit("create", POST, "3k1", createdAt=late), commit("create", POST, "3k2", createdAt=fair)
    )
    told = [(p["created_from"], p["created_precision"]) for p in rows(corpus, "posts")]
    assert sorted(told) == [("indexed", "us"), ("record", "s")]


def test_an_update_is_another_version():
    corpus, sink = read(
        commit("create", POST, "3k1", second=0, text="old", tags=["old"]),
        commit("update", POST, "3k1", second=5, text="new", tags=["new"]),
    )
    (post,) = rows(corpus, "posts")
    assert (post["text"], sink.duplicates) == ("new", 0)
    assert [row["value"] for row in rows(corpus, "attachments")] == ["new"]


def test_likes_follows_blocks_and_others_are_events():
    corpus, sink = read(
        commit("create", "app.bsky.feed.like", "1", subject=subject()),
        commit("create", "app.bsky.feed.like", "2", subject=subject("benzz")),
        commit("create", "app.bsky.graph.follow", "3", subject="did:plc:benzz"),
        commit("delete", "app.bsky.graph.block", "4"),
        commit("create", "app.bsky.graph.list", "5", name="x"),
        commit("delete", POST, "6"),
        commit("create", "app.bsky.actor.profile", "self", displayName="Ann"),
    )
    told = sorted((e["kind"], e["subject_type"], e["reason"]) for e in rows(corpus, "events"))
    assert told == [
        ("control", "record", "app.bsky.graph.list"), ("delete", "post", None),
        ("follow", "account", None), ("like", "post", None), ("like", "post", None),
        ("profile", "account", "create"), ("unblock", "record", None),
    ]  # fmt: skip
    assert (sink.read, sink.rejected, corpus.rows("interactions")) == (7, 0, 0)


@pytest.mark.parametrize(
    ("active", "status", "kind"),
    [
        (False, "deleted", "delete"), (False, "deactivated", "deactivate"),
        (False, "suspended", "suspend"), (False, "takendown", "takedown"),
        (False, "throttled", "control"), (False, None, "control"), (True, None, "activate"),
    ],
)  # fmt: skip
def test_what_becomes_of_accounts(active, status, kind):
    account = {"did": "did:plc:annzz", "active": active, "status": status, "seq": 1}
    corpus, _ = read(
        {"did": "did:plc:annzz", "time_us": START, "kind": "account", "account": account}
    )
    (event,) = rows(corpus, "events")
    assert (event["kind"], event["reason"]) == (kind, status)


def test_handles_are_aliases_with_a_time():
    def named(handle, second):
        identity = {"did": "did:plc:annzz", "handle": handle, "seq": second}
        return {"did": "did:plc:annzz", "time_us": START + second * 10**6, "kind": "identity",
                "identity": identity}  # fmt: skip

    corpus, sink = read(named("annzz.example", 1), named("other.example", 2), named(None, 3))
    spans = {row["handle"]: row["first_seen_ms"] - START // 1000 for row in rows(corpus, "aliases")}
    assert (spans, sink.read) == ({"annzz.example": 1000, "other.example": 2000}, 3)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (commit("create", POST, "3k1"), "a commit without its record"),
        (commit("create", REPOST, "3k1", subject="x"), "a repost without its post"),
        (commit("create", "app.bsky.feed.like", "1", subject=5), "a like without what it is of"),
        (commit("move", POST, "3k1"), "neither created, updated nor deleted"),
        ({"did": "did:plc:a", "time_us": 1, "kind": "other"}, "an event of no known kind"),
        ({"kind": "identity", "identity": {}}, "an identity without its account"),
        ({"kind": "account", "account": {}}, "a status without its account"),
        ({"did": 5}, "unexpected content"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_rejected(item, reason):
    corpus, sink = read(item, repost())
    assert (sink.read, sink.rejected) == (2, 1)
    assert reason in corpus.table("rejects")["reason"][0].as_py()


def test_order_changes_nothing():
    lines = [
        commit("create", POST, "3k1", text="old", tags=["x"]), repost(), unpost(),
        commit("update", POST, "3k1", second=5, text="new"), repost("3r2", 3), unpost("3r2", 9),
        unpost("3r9"), commit("create", POST, "3k2", reply={"parent": subject()}), repost(),
    ]  # fmt: skip

    def told(chosen):
        corpus, sink = read(*chosen)
        places = {"record", "source_id"}
        facts = {
            name: sorted(
                json.dumps({k: v for k, v in row.items() if k not in places}, default=str)
                for row in rows(corpus, name)
            )
            for name in ("posts", "interactions", "attachments", "accounts", "events")
        }
        return facts, sink.read, sink.duplicates, sink.notes

    assert told(lines[::-1]) == told(lines[4:] + lines[:4]) == told(lines)


def test_other_formats_are_not_taken_for_events():
    def sure(item):
        return sniff(Head("x", json.dumps(item).encode()))

    assert sure(repost()) > 0.9
    assert sure([repost()]) > 0.9
    assert sure({"id": 1, "type": "record", "record": {"did": "did:plc:a"}}) > 0.9
    assert sure({"uri": "at://x", "record": {}}) == sure({"id": "1", "text": "t"}) == 0
    assert sure({"type": "record", "record": {"id": 1}}) == 0


@pytest.mark.reference
@pytest.mark.parametrize(("name", "posts", "replies"), [("firehose", 9, 1), ("tap", 14, 6)])
def test_the_data_of_twitwi(name, posts, replies):
    file = reference_data(f"loaders/bluesky/twitwi_bluesky-{name}-posts.json")
    corpus = load(file, progress=False)
    report = corpus.report
    assert (report.formats, report.records_read, report.ok) == (
        {"bluesky_jetstream": 1},
        posts,
        posts,
    )
    assert len([p for p in rows(corpus, "posts") if p["seen_as"] == "primary"]) == posts
    acts = Counter(act["kind"] for act in rows(corpus, "interactions"))
    assert acts["reply"] == replies
    assert report.unknown_keys == {}


@pytest.mark.reference
def test_the_firehose_and_the_views_of_the_same_posts_agree():
    def carried(name):
        corpus = load(reference_data(f"loaders/bluesky/twitwi_bluesky-{name}.json"), progress=False)
        return (
            {(p["post_id"], p["text"], p["kind"]) for p in rows(corpus, "posts") if p["text"]},
            {
                (a["post_id"], a["kind"], a["value"], a["start"])
                for a in rows(corpus, "attachments")
            },
            {(a["post_id"], a["kind"], a["target_id"]) for a in rows(corpus, "interactions")},
        )

    assert carried("firehose-posts") == carried("hydrated-firehose-posts")
