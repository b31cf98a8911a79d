from __future__ import annotations

import json
from collections import Counter, defaultdict

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench.engine import session, views
from workbench.loaders import load
from workbench.loaders.base import Head
from workbench.loaders.bluesky_posts import LOADER, sniff

FOLDER = "loaders/bluesky"


def rows(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def author(name):
    return {"did": f"did:plc:{name}", "handle": f"{name}.example"}


def uri(name, key):
    return f"at://did:plc:{name}/app.bsky.feed.post/{key}"


def view(name, key, text="hello", **record):
    made = {"createdAt": "2031-03-01T10:00:00.000Z", "text": text, **record}
    return {
        "uri": uri(name, key), "author": author(name), "record": made,
        "indexedAt": "2031-03-01T10:00:01.000Z",
    }  # fmt: skip


def repost(item, by="rexzz", at="2031-03-01T12:00:00.000Z"):
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": author(by), "indexedAt": at}
    return {"post": item, "reason": reason}


def read(*items):
    return load_bytes(LOADER, "\n".join(map(json.dumps, items)).encode())


def test_the_synthetic_file():
    corpus, sink = golden.read(
        "bluesky_posts", (golden.FOLDER / "bluesky_posts" / "input.jsonl").read_bytes()
    )
    assert (sink.read, sink.rejected, sink.duplicates) == (4, 0, 0)
    posts = rows(corpus, "posts")
    assert [post["seen_as"] for post in posts] == ["primary"] * 3
    acts = rows(corpus, "interactions")
    assert Counter(act["kind"] for act in acts) == {
        "share": 1,
        "quote": 1,
        "reply": 1,
        "mention": 1,
    }
    (share,) = [act for act in acts if act["kind"] == "share"]
    assert share["actor_id"] == "bluesky:did:plc:cccc"
    assert share["post_id"] is None
    assert share["created_ms"] == 1735797600000  # 2025-01-02T06:00:00Z
    assert all(act["target_id"] is not None for act in acts)
    carried = [row for row in rows(corpus, "attachments") if row["seen_as"] == "primary"]
    assert [row["value"] for row in carried if row["kind"] == "hashtag"] == ["tag"]
    links = {row["value"] for row in carried if row["kind"] == "url"}
    assert links == {"https://example.com/card", "https://example.org/z"}


def test_two_pages_that_show_the_same_repost_show_one_act():
    shown = view("annzz", "3k1")
    pages = [{"feed": [repost(shown)], "cursor": "a"}, {"feed": [repost(shown)], "cursor": "b"}]
    corpus, sink = read(*pages)
    assert (sink.read, sink.duplicates) == (2, 1)
    (act,) = rows(corpus, "interactions")
    assert (act["kind"], act["target_post_id"]) == ("share", f"bluesky:{uri('annzz', '3k1')}")
    graph = corpus.graph("retweet")
    assert (len(graph.accounts), graph.weight.sum()) == (2, 1)


def test_a_file_without_reposts_says_so():
    assert "never do" in read(view("annzz", "3k1"))[1].notes[0]
    assert read(repost(view("annzz", "3k1")))[1].notes == []
    untyped = repost(view("annzz", "3k1"))
    del untyped["reason"]["$type"]
    assert len(rows(read(untyped)[0], "interactions")) == 1
    pinned = {"post": view("annzz", "3k1"), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    assert rows(read(pinned)[0], "interactions") == []


def test_of_two_files_too(tmp_path):
    for name, more in (("one", view("benzz", "3k2")), ("two", view("catzz", "3k3"))):
        (tmp_path / f"{name}.json").write_text(
            json.dumps({"feed": [repost(view("annzz", "3k1")), {"post": more}]})
        )
    corpus = load([tmp_path / "one.json", tmp_path / "two.json"], progress=False)
    assert len(rows(corpus, "interactions")) == 1
    assert corpus.report.duplicates == 0


def test_a_reposted_post_is_referenced_until_it_is_met_itself():
    shown = view("annzz", "3k1")
    (post,) = rows(read(repost(shown))[0], "posts")
    assert (post["seen_as"], post["text"]) == ("referenced", "hello")
    (post,) = rows(read(repost(shown), shown)[0], "posts")
    assert post["seen_as"] == "primary"


def test_what_a_referenced_post_carries_is_counted_once():
    shown = view("annzz", "3k1", tags=["one"])
    corpus, _ = read(repost(shown), repost(shown, by="samzz"), repost(shown, by="timzz"))
    assert len(rows(corpus, "attachments")) == 1
    assert len(rows(corpus, "interactions")) == 3


def test_a_feed_shows_what_is_answered():
    parent, reply = view("annzz", "3k1"), {"parent": {"uri": uri("annzz", "3k1")}}
    item = {"post": view("benzz", "3k2", reply=reply), "reply": {"parent": parent, "root": parent}}
    corpus, sink = read(item)
    (act,) = rows(corpus, "interactions")
    assert (sink.read, act["resolved_by"]) == (1, "expanded")
    seen = {post["post_id"][-3:]: post["seen_as"] for post in rows(corpus, "posts")}
    assert seen == {"3k1": "referenced", "3k2": "primary"}


def test_all_posts_of_a_thread_are_primary_and_what_is_missing_is_told():
    def item(post, **more):
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": post, **more}

    missing = {"uri": uri("dodzz", "3k9"), "notFound": True}
    blocked = {"uri": uri("elfzz", "3k8"), "blocked": True, "author": {"did": "did:plc:elfzz"}}
    thread = item(
        view("benzz", "3k2"),
        parent=item(view("annzz", "3k1"), parent=missing),
        replies=[item(view("catzz", "3k3"), replies=[blocked])],
    )
    corpus, sink = read({"thread": thread})
    assert (sink.read, sink.rejected, sink.duplicates) == (5, 0, 0)
    seen = Counter((post["seen_as"], post["availability"]) for post in rows(corpus, "posts"))
    assert seen == {("primary", "full"): 3, ("referenced", "stub"): 2}
    reasons = {event["subject"][-3:]: event["reason"] for event in rows(corpus, "events")}
    assert reasons == {"3k9": "not found", "3k8": "blocked"}


def test_a_quoted_view_is_kept_and_one_that_is_not_shown_is_a_stub():
    def embed(record):
        return {"$type": "app.bsky.embed.record#view", "record": record}

    quoted = {**view("benzz", "3k2"), "embeds": [embed(view("catzz", "3k3"))]}
    quoted["value"] = quoted.pop("record")
    gone = {"uri": uri("dodzz", "3k4"), "detached": True}
    first = view("annzz", "3k1", embed={"record": {"uri": uri("benzz", "3k2")}})
    second = view("annzz", "3k5", embed={"record": {"uri": uri("dodzz", "3k4")}})
    corpus, _ = read({**first, "embed": embed(quoted)}, {**second, "embed": embed(gone)})
    told = {act["post_id"][-3:]: act["resolved_by"] for act in rows(corpus, "interactions")}
    assert told == {"3k1": "expanded", "3k5": "uri"}
    states = {post["post_id"][-3:]: post["availability"] for post in rows(corpus, "posts")}
    assert states == {"3k1": "full", "3k2": "full", "3k3": "full", "3k4": "stub", "3k5": "full"}
    assert [event["reason"] for event in rows(corpus, "events")] == ["detached"]


def test_an_address_with_a_handle_takes_the_id_of_its_author():
    item = view("annzz", "3k1")
    item["uri"] = "at://annzz.example/app.bsky.feed.post/3k1"
    (post,) = rows(read(item)[0], "posts")
    assert post["post_id"] == f"bluesky:{uri('annzz', '3k1')}"
    assert post["author_id"] == "bluesky:did:plc:annzz"


def test_a_handle_that_is_none_and_a_profile():
    item = view("annzz", "3k1")
    item["author"]["handle"] = "handle.invalid"
    profile = {**author("benzz"), "followersCount": 3, "displayName": ""}
    corpus, sink = read(item, profile)
    told = {row["account_id"][-5:]: row["handle"] for row in rows(corpus, "accounts")}
    assert (told, sink.read) == ({"annzz": None, "benzz": "benzz.example"}, 2)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"uri": "at://x"}, "not the address of a post"),
        ({"uri": uri("annzz", "3k1")}, "a post without its record"),
        ({"uri": "at://did:plc:a/app.bsky.graph.list/1", "record": {}}, "not the address"),
        ({"post": view("annzz", "3k1"), "reason": {"$type": "#reasonRepost"}}, "its account"),
        ({"hello": 1}, "neither a post"),
        ({"uri": 5}, "unexpected content"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_rejected_alone(item, reason):
    corpus, sink = read({"posts": [item, view("benzz", "3k2")]})
    assert (sink.read, sink.rejected) == (2, 1)
    assert reason in corpus.table("rejects")["reason"][0].as_py()
    assert len(rows(corpus, "posts")) == 1


def test_order_changes_nothing():
    shown = view("annzz", "3k1", tags=["x"])
    items = [
        shown, repost(shown), repost(shown), repost(shown, "samzz"), view("benzz", "3k2"),
        {"post": view("benzz", "3k3", reply={"parent": {"uri": uri("annzz", "3k1")}})},
        {"feed": [{"post": shown}]}, {"uri": uri("annzz", "3k1"), "notFound": True},
    ]  # fmt: skip

    def told(chosen):
        corpus, sink = read(*chosen)
        places = {"record", "source_id"}
        facts = {
            name: sorted(
                json.dumps({k: v for k, v in row.items() if k not in places}, default=str)
                for row in rows(corpus, name)
            )
            for name in ("posts", "interactions", "attachments", "accounts", "events", "aliases")
        }  # fmt: skip
        return facts, sink.read, sink.duplicates

    assert told(items[::-1]) == told(items[4:] + items[:4]) == told(items)


def test_other_formats_are_not_taken_for_views():
    def sure(item):
        return sniff(Head("x", json.dumps(item).encode()))

    assert sure(view("annzz", "3k1")) > 0.9
    assert sure({"thread": {"post": view("annzz", "3k1")}}) > 0.9
    assert sure([{"post": view("annzz", "3k1")}]) > 0.9
    assert sure({"data": [{"id": "1"}]}) == 0
    assert sure({"did": "did:plc:a", "time_us": 1, "kind": "commit", "commit": {}}) == 0
    assert sure({"posts": [{"id": 1}]}) == 0
    page = json.dumps({"feed": [{"post": view("annzz", "3k1", "x" * 3000)}] * 100}).encode()
    assert sniff(Head("x", page[: 1 << 18], whole=False)) == 0.9


# -- the data of twitwi ----------------------------------------------------------------------------


def real(name):
    return load(reference_data(f"{FOLDER}/twitwi_bluesky-{name}.json"), progress=False)


@pytest.mark.reference
def test_views_of_twitwi_by_record():
    """Primary numbers of definitions 0, counted in the rows of the 123 records.

    Mentions: 23 rows, of which one names an account twice in a post. Hashtags: 105 of facets and 4
    of the records' own lists. Links: 188 and 3 of the two reposted posts.
    """
    corpus = real("posts")
    report = corpus.report
    assert (report.records_read, report.ok, report.rejected, report.duplicates) == (123, 119, 0, 4)
    acts = corpus.table("interactions").to_pylist()
    kinds = Counter(act["kind"] for act in acts)
    assert kinds == {"quote": 25, "reply": 18, "share": 2, "mention": 23}
    pairs = {(act["record"], act["target_id"]) for act in acts if act["kind"] == "mention"}
    assert len(pairs) == 22
    assert all(act["target_id"] is not None for act in acts)
    carried = corpus.table("attachments").to_pylist()
    primary = Counter(row["kind"] for row in carried if row["seen_as"] == "primary")
    reposted = {act["target_post_id"] for act in acts if act["kind"] == "share"}
    links = {
        (row["post_id"], row["value"], row["start"])
        for row in carried
        if row["kind"] == "url" and row["post_id"] in reposted
    }
    assert (len(reposted), len(links)) == (2, 3)
    assert primary["hashtag"] == 105 + 4
    assert primary["url"] == 191 - len(links)


@pytest.mark.reference
def test_views_of_twitwi_with_what_they_refer_to():
    """Totals over the 157 posts that twitwi makes of the file: 44 quotes, 23 replies.

    Hashtags: 120 and 12 of the records' own lists. Links: 202; the pages of an embedded list and
    feed, which twitwi leaves out of referenced posts only, and a starter pack of such a post.
    """
    corpus = real("posts")
    normal = json.loads(
        reference_data(f"{FOLDER}/twitwi_bluesky-normalized-posts.json").read_text()
    )
    posts = defaultdict(list)
    for post in corpus.table("posts").to_pylist():
        if post["availability"] == "full":
            posts[post["post_id"]].append(post)
    carried = defaultdict(set)
    for row in corpus.table("attachments").to_pylist():
        carried[row["record"], row["post_id"]].add((row["kind"], row["value"], row["start"]))
    met, counts = set(), Counter()
    for record, group in enumerate(normal, 1):
        for entry in group:
            post_id = f"bluesky:{entry['uri']}"
            same = [post for post in posts[post_id] if post["record"] == record]
            post = (same or posts[post_id])[0]
            counts["posts"] += 1
            counts["quotes"] += post["kind"] == "quote"
            counts["replies"] += post["conversation_id"] != post_id
            things = carried[record, post_id] or carried[post["record"], post_id]
            counts["hashtags"] += sum(kind == "hashtag" for kind, *_ in things)
            counts["links"] += sum(kind == "url" for kind, *_ in things)
            met.add(post_id)
    assert (counts["posts"], len(met)) == (157, 134)
    assert (counts["quotes"], counts["replies"]) == (44, 23)
    assert counts["hashtags"] == 120 + 12
    assert counts["links"] == 202 + 3


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "records", "accounts"),
    [("hydrated-firehose-posts", 9, 9), ("profiles", 5, 5), ("partial-profiles", 2, 2)],
)
def test_other_views_of_twitwi(name, records, accounts):
    corpus = real(name)
    assert (corpus.report.records_read, corpus.report.ok) == (records, records)
    assert len([a for a in rows(corpus, "accounts") if a["handle"]]) == accounts
