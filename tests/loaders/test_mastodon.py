from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from workbench.engine import session, views
from workbench.loaders.base import Head
from workbench.loaders.mastodon import LOADER, sniff


def rows(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def account(name, domain="one.example", number="1"):
    acct = name if domain == "one.example" else f"{name}@{domain}"
    return {"id": number, "username": name, "acct": acct, "url": f"https://{domain}/@{name}"}


ANN, BEN, CAT = (
    account("annz"),
    account("benz", "two.example", "2"),
    account("catz", "x.example", "3"),
)


def status(number, who=ANN, content="<p>hello</p>", **more):
    return {
        "id": str(number), "uri": f"https://{who['url'].split('/')[2]}/s/{number}", "account": who,
        "created_at": f"2031-05-01T10:00:{number % 60:02}.000Z", "visibility": "public",
        "content": content, **more,
    }  # fmt: skip


def link(who):
    return f'<a href="{who["url"]}" class="u-url mention">@<span>{who["username"]}</span></a>'


def read(*items):
    return load_bytes(LOADER, "\n".join(map(json.dumps, items)).encode())


def acts(corpus, kind):
    return [act for act in rows(corpus, "interactions") if act["kind"] == kind]


def test_the_synthetic_file():
    corpus, sink = golden.read(
        "mastodon", (golden.FOLDER / "mastodon" / "input.jsonl").read_bytes()
    )
    assert (sink.read, sink.rejected, sink.duplicates) == (3, 0, 0)
    posts = rows(corpus, "posts")
    assert Counter(post["seen_as"] for post in posts) == {"primary": 3}
    kinds = Counter(act["kind"] for act in rows(corpus, "interactions"))
    assert kinds == {"share": 1, "reply": 1, "mention": 1}
    (mention,) = acts(corpus, "mention")
    assert mention["origin"] == "reply_prefix"
    (reply,) = acts(corpus, "reply")
    assert reply["target_post_id"] == "mastodon:https://two.example/users/ben/statuses/101"
    tags = [row for row in rows(corpus, "attachments") if row["kind"] == "hashtag"]
    assert [row["value"] for row in tags if row["origin"] == "authored"] == ["news"]
    known = {row["account_id"] for row in rows(corpus, "accounts")}
    assert known == {"mastodon:ann@one.example", "mastodon:ben@two.example"}
    edited = [event["detail"] for event in rows(corpus, "events") if event["kind"] == "edit"]
    assert edited == ["mastodon:https://one.example/users/ann/statuses/103"]


def test_a_boost_is_a_share_by_a_post_of_its_own_that_inherits():
    original = status(
        1, BEN, f"<p>{link(CAT)} <a href='https://a.example/b'>b</a></p>", mentions=[CAT],
        tags=[{"name": "x"}],
    )  # fmt: skip
    boost = {**status(2, ANN, original["content"]), "tags": original["tags"], "reblog": original}
    corpus, sink = read(boost)
    assert sink.notes == []
    assert "never do" in read(original)[1].notes[0]
    (share,) = acts(corpus, "share")
    assert (share["subtype"], share["target_id"]) == ("boost", "mastodon:benz@two.example")
    assert share["post_id"] == "mastodon:https://one.example/s/2"
    (mention,) = acts(corpus, "mention")
    told = (mention["actor_id"], mention["origin"])
    assert told == ("mastodon:annz@one.example", "inherited_share")
    carried = Counter((r["kind"], r["origin"], r["seen_as"]) for r in rows(corpus, "attachments"))
    assert carried == {
        (kind, *how): 1
        for kind in ("hashtag", "url", "domain")
        for how in (("inherited_share", "primary"), ("authored", "referenced"))
    }


@pytest.mark.parametrize(
    ("more", "target", "post", "how"),
    [
        (
            {"in_reply_to_id": "1", "in_reply_to_account_id": "2", "mentions": [BEN]},
            "benz", 1, "entity",
        ),
        ({"in_reply_to_id": "1", "in_reply_to_account_id": "2"}, "benz", 1, "in_file_join"),
        ({"in_reply_to_id": "1"}, "benz", 1, "in_file_join"),
        ({"in_reply_to_id": 8, "in_reply_to_account_id": 1}, "annz", None, "id_field"),
        ({"in_reply_to_account_id": "2"}, "benz", None, "in_file_join"),
        ({"in_reply_to_id": "8", "in_reply_to_account_id": "9"}, None, None, "none"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("parent_first", [True, False])
def test_whom_a_reply_answers(more, target, post, how, parent_first):
    lines = [status(1, BEN), status(7, ANN, **more)]
    corpus, sink = read(*(lines if parent_first else lines[::-1]))
    (reply,) = acts(corpus, "reply")
    assert (reply["target_id"] or "mastodon:None@").split(":")[1].split("@")[0] == str(target)
    assert reply["target_post_id"] == (post and f"mastodon:https://two.example/s/{post}")
    assert reply["resolved_by"] == how
    assert sink.stats["unresolved"] == (target is None)


def test_mentions_at_the_head_of_a_reply_are_its_prefix():
    content = f"<p>{link(BEN)} {link(CAT)} and {link(ANN)}</p>"
    answer = status(2, ANN, content, in_reply_to_account_id="2", mentions=[ANN, CAT, BEN])
    corpus, _ = read(answer)
    told = {(m["target_id"][9:13], m["start"], m["origin"]) for m in acts(corpus, "mention")}
    assert told == {
        ("benz", 0, "reply_prefix"), ("catz", 6, "reply_prefix"), ("annz", 16, "authored"),
    }  # fmt: skip
    corpus, _ = read({**answer, "in_reply_to_account_id": None})
    assert {m["origin"] for m in acts(corpus, "mention")} == {"authored"}


def test_mentions_without_an_anchor_are_found_in_the_text_or_have_no_place():
    namesake = account("benz", "x.example", "5")
    content = "@benzo @Benz @benz@x.example"
    corpus, _ = read(status(2, ANN, content, mentions=[namesake, BEN, CAT]))
    told = {(m["target_id"], m["start"]) for m in acts(corpus, "mention")}
    assert told == {
        ("mastodon:benz@x.example", 13), ("mastodon:benz@two.example", 7),
        ("mastodon:catz@x.example", None),
    }  # fmt: skip


def test_tags_keep_their_spelling_and_links_count_once():
    content = (
        '<p><a class="mention hashtag" href="https://one.example/tags/Вибори">#<span>Вибори</span>'
        '</a> <a href="https://a.example/x?utm_source=y">x</a></p>'
    )
    corpus, _ = read(
        status(
            1, content=content, tags=[{"name": "вибори"}, {"name": "other"}],
            card={"url": "https://a.example/x"},
            media_attachments=[{"url": "https://f.example/1"}, {"remote_url": None}],
        )
    )  # fmt: skip
    told = [
        (r["kind"], r["value"], r["value_raw"], r["start"]) for r in rows(corpus, "attachments")
    ]
    assert sorted(told, key=str) == sorted(
        [
            ("hashtag", "вибори", "Вибори", 0), ("hashtag", "other", "other", None),
            ("url", "https://a.example/x", "https://a.example/x?utm_source=y", 8),
            ("domain", "a.example", "https://a.example/x", 8),
            ("media", "https://f.example/1", "https://f.example/1", None),
        ], key=str,
    )  # fmt: skip


def test_quotes_are_shown_or_unresolved():
    quoted = status(1, BEN)
    content = f"<p>own</p><p><a href='{quoted['uri']}'>x</a></p>"
    shown = status(2, ANN, content, quote={"state": "accepted", "quoted_status": quoted})
    hidden = status(3, ANN, quote={"state": "deleted", "quoted_status": None})
    private = status(4, ANN, quote={"quoted_status": {**quoted, "visibility": "private"}})
    corpus, sink = read(shown, hidden, private)
    told = sorted((q["post_id"][-1], q["target_id"] is None) for q in acts(corpus, "quote"))
    assert told == [("2", False), ("3", True), ("4", True)]
    assert (sink.stats["unresolved"], len(rows(corpus, "attachments"))) == (2, 0)
    assert {post["post_id"][-1] for post in rows(corpus, "posts")} == {"1", "2", "3", "4"}


def test_the_later_edited_observation_wins():
    first = status(1, content="<p>old</p>", tags=[{"name": "old"}])
    later = {**first, "content": "<p>new</p>", "tags": [{"name": "new"}],
             "edited_at": "2031-05-02T00:00:00.000Z"}  # fmt: skip
    for lines in ((first, later), (later, first)):
        corpus, sink = read(*lines)
        (post,) = rows(corpus, "posts")
        assert (post["text"], sink.duplicates) == ("new", 0)
        assert [row["value"] for row in rows(corpus, "attachments")] == ["new"]


def test_the_same_status_from_two_instances_is_one():
    there = {**status(1), "id": "99", "account": {**ANN, "id": "77", "acct": "annz@one.example"}}
    corpus, sink = read(status(1), there)
    assert (len(rows(corpus, "posts")), sink.duplicates) == (1, 1)
    assert len(rows(corpus, "accounts")) == 1


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (status(1, visibility="private"), "private: the visibility is private"),
        (status(1, visibility="direct"), "private: the visibility is direct"),
        (status(1, reblog=status(2, visibility="private")), "private: the visibility is private"),
        (status(1, uri=None), "a status without its uri"),
        (
            status(1, account={"acct": "annz"}, uri="tag:1"),
            "a local account of an unknown instance",
        ),
        (status(1, account=5), "unexpected content"),
        (status(1, created_at="yesterday"), "the time is neither unix nor ISO 8601"),
        ({"hello": 1}, "a status without its uri"),
    ],
)
def test_what_is_not_open_or_cannot_be_read_is_rejected(item, reason):
    corpus, sink = read({"statuses": [item, status(9)]})
    assert (sink.read, sink.rejected) == (2, 1)
    assert reason in corpus.table("rejects")["reason"][0].as_py()
    assert len(rows(corpus, "posts")) == 1


def test_pages_contexts_and_accounts():
    corpus, sink = read(
        {"statuses": [status(1)], "accounts": [BEN], "hashtags": []},
        {"ancestors": [status(2)], "descendants": [status(3)]},
        [status(4), status(5)],
    )
    assert (sink.read, sink.rejected, len(rows(corpus, "posts"))) == (6, 0, 5)
    assert len(rows(corpus, "accounts")) == 2


def test_order_changes_nothing():
    original = status(1, BEN, tags=[{"name": "x"}])
    lines = [
        original, {**status(2), "reblog": original}, {**status(3, CAT), "reblog": original},
        status(4, in_reply_to_id="1"), status(5, CAT, in_reply_to_id="4"),
        status(6, CAT, in_reply_to_id="77"), {**original, "edited_at": "2031-06-01T00:00:00Z"},
        {"ancestors": [original], "descendants": []},
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
        }
        return facts, sink.read, sink.duplicates

    assert told(lines[::-1]) == told(lines[4:] + lines[:4]) == told(lines)


def test_other_formats_are_not_taken_for_statuses():
    def sure(item):
        return sniff(Head("x", json.dumps(item).encode()))

    assert sure(status(1)) > 0.9
    assert sure([status(1)]) > 0.9
    assert sure({"statuses": [status(1)], "accounts": []}) > 0.9
    assert sure({"ancestors": [], "descendants": [status(1)]}) > 0.9
    assert sure({"id": "1", "account": {"id": 2}, "content": "x"}) == 0
    assert sure({"statuses": [{"id_str": "1", "text": "x"}], "search_metadata": {}}) == 0
    assert sure({"accounts": [5]}) == sure({"id": 1}) == 0
    many = json.dumps({"statuses": [status(1, in_reply_to_account_id="1")] * 2000}).encode()
    assert sniff(Head("x", many[: 1 << 18], whole=False)) == 0.9
