"""What goes with an account or a post, on every platform, and what stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import PEOPLE, corpora, corpus_of
from tests.privacy.test_pseudonyms import SECRETS, everything
from workbench.model import Corpus
from workbench.model.revision import reader
from workbench.model.schema import TABLES
from workbench.privacy.erasure import Subjects, erasure, widened
from workbench.privacy.tombstones import Tombstones, read_tombstones, together, write_tombstones

BASE = {"source_id": "s", "record": 1}
KEY, OTHER = b"k" * 32, b"o" * 32


def erased(corpus, *accounts, posts=()):
    found = widened(reader(corpus), Subjects(set(accounts), set(posts)))
    changes = erasure(found)
    return Corpus.from_tables(
        {n: changes[n](corpus.table(n)) if n in changes else corpus.table(n) for n in TABLES}
    ), found


def test_of_one_persons_corpus_nothing_is_left():
    corpus, _ = erased(everything(), "twitter:7700112233")
    for name in set(TABLES) - {"sources", "rejects", "events"}:
        assert corpus.table(name).num_rows == 0, name
    (kept,) = corpus.table("events").to_pylist()
    assert (kept["kind"], kept["subject"]) == ("unavailable", None)
    assert not any(s in json.dumps(kept, default=str) for s in SECRETS)


def told(text, *, platform="twitter", account="1", handle="bob_tide", posts=()):
    corpus = corpus_of(
        posts=[BASE | {"post_id": f"{platform}:p", "author_id": f"{platform}:other", "text": text}],
        aliases=[BASE | {"platform": platform, "account_id": f"{platform}:{account}",
                         "handle": handle}],
    )  # fmt: skip
    made, _ = erased(corpus, f"{platform}:{account}", posts=posts)
    return made.table("posts").column("text")[0].as_py()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hi @bob_tide.Then", "hi @forgotten.Then"),
        ("@Bob_Tide’s, ＠BOB_TIDE", "@forgotten’s, ＠forgotten"),
        ("RT @bob_tide: x", "RT @forgotten: x"),
        ("see https://x.com/bob_tide/status/1234567", "see https://x.com/forgotten/status/1234567"),
        ("see https://x.com/ann/status/7654321", "see https://x.com/ann/status/forgotten"),
        ("https://x.com/i/user/7700112233", "https://x.com/i/user/forgotten"),
        ("https://news.example/bob_tide/7700112233",) * 2,
        ("bob_tide and @bob_tides",) * 2,
        ("no",) * 2,
        ("@bob_tide@server.example",) * 2,
        (None, None),
    ],
)
def test_mentions_and_links_of_others_read_forgotten(text, left):
    assert told(text, account="7700112233", posts=["twitter:7654321"]) == left


@pytest.mark.parametrize(
    ("platform", "account", "handle", "text", "left"),
    [
        ("bluesky", "did:plc:bob77", "bob.tide.example", "@bob.tide.example, yes",
         "@forgotten, yes"),
        ("bluesky", "did:plc:bob77", "bob.tide.example", "at://did:plc:bob77/x/3k",
         "at://forgotten/x/3k"),
        ("bluesky", "did:plc:bob77", "b.example", "by did:plc:bob77.", "by forgotten."),
        ("mastodon", "bob@a.example", "bob@a.example", "@bob@a.example hi", "@forgotten hi"),
        ("mastodon", "bob@a.example", "bob@a.example", "@bob@b.example hi", "@bob@b.example hi"),
        ("mastodon", "bob@a.example", "bob", "https://a.example/@bob/7",
         "https://a.example/@forgotten/7"),
        ("telegram", "channel77", "bob_tide", "t.me/bob_tide/7", "t.me/forgotten/7"),
        ("telegram", "channel77", "bob_tide", "tg://resolve?domain=bob_tide",
         "tg://resolve?domain=forgotten"),
        ("tiktok", "bob.tide", "bob.tide", "tiktok.com/@bob.tide/video/7",
         "tiktok.com/@forgotten/video/7"),
        ("reddit", "t2_7", "bob-tide", "https://reddit.com/user/bob-tide",
         "https://reddit.com/user/forgotten"),
        ("reddit", "t2_7", "bob-tide", "see u/bob-tide, /u/Ann", "see u/forgotten, /u/Ann"),
        ("x", "p1_abcdefghij234567", "p1_bbcdefghij234567",
         "@p1_bbcdefghij234567 p1_abcdefghij234567", "@forgotten forgotten"),
    ],
)  # fmt: skip
def test_on_every_platform(platform, account, handle, text, left):
    assert told(text, platform=platform, account=account, handle=handle) == left


def test_versions_stubs_and_acts_without_a_known_target_go_with_the_posts():
    corpus = corpus_of(
        posts=[BASE | {"post_id": "x:a2", "version_id": "x:a2", "author_id": "x:1"},
               BASE | {"post_id": "x:a3", "version_id": "x:a3"},  # a stub, known by a share only
               BASE | {"post_id": "x:b", "version_id": "x:b", "author_id": "x:2",
                       "container_id": "x:1", "conversation_id": "x:a1"}],
        events=[BASE | {"kind": "edit", "subject_type": "post", "subject": "x:a1",
                        "detail": "x:a2"}],
        interactions=[BASE | {"kind": "share", "actor_id": "x:2", "target_id": "x:1",
                              "post_id": "x:b", "target_post_id": "x:a3"},
                      BASE | {"kind": "reply", "actor_id": "x:2", "target_post_id": "x:a1"},
                      BASE | {"kind": "quote", "actor_id": "x:2", "target_id": "x:1",
                              "target_post_id": "x:b"}],  # said wrongly: the post is another's
        containers=[BASE | {"container_id": "x:1"}, BASE | {"container_id": "x:g",
                                                            "parent_id": "x:1"}],
    )  # fmt: skip
    made, found = erased(corpus, "x:1")
    assert found.posts == {"x:a1", "x:a2", "x:a3"}
    (kept,) = made.table("posts").to_pylist()
    assert (kept["post_id"], kept["container_id"], kept["conversation_id"]) == ("x:b", None, None)
    assert made.table("interactions").num_rows == made.table("events").num_rows == 0
    assert [(c["container_id"], c["parent_id"]) for c in made.table("containers").to_pylist()] == [
        ("x:g", None)
    ]


@pytest.mark.parametrize(
    ("account", "post"),
    [
        ("bluesky:did:plc:bob77", "bluesky:at://did:plc:bob77/app.bsky.feed.post/3k"),
        ("telegram:channel77", "telegram:channel77/5"),
        ("mastodon:bob@a.example", "mastodon:https://a.example/users/bob/statuses/5"),
        ("mastodon:bob@a.example", "mastodon:https://a.example/@bob/5"),
    ],
)
def test_posts_whose_ids_say_whose_they_are(account, post):
    corpus = corpus_of(
        posts=[BASE | {"post_id": post, "version_id": post, "seen_as": "referenced"},
               BASE | {"post_id": f"{post}7x", "version_id": f"{post}7x", "author_id": "x:2"}],
        interactions=[BASE | {"kind": "quote", "actor_id": "x:2", "target_post_id": f"{post}9"}],
        events=[BASE | {"kind": "service", "subject_type": "post", "subject": f"{post}8"}],
    )  # fmt: skip
    made, _ = erased(corpus, account)
    assert made.table("posts").column("author_id").to_pylist() == ["x:2"]  # said to be another's
    assert made.table("interactions").num_rows == made.table("events").num_rows == 0


@settings(max_examples=25)
@given(corpora(), st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3))
def test_no_row_of_the_forgotten_is_left_and_no_other_is_lost(corpus, people):
    made, found = erased(corpus, *people)
    columns = {"posts": ("author_id",), "interactions": ("actor_id", "target_id"),
               "attachments": ("author_id",)}  # fmt: skip
    for table, names in columns.items():
        rows = made.table(table).to_pylist()
        assert not any(row[name] in people for row in rows for name in names)
        bad = {"post_id", "target_post_id"}
        wanted = [
            row for row in corpus.table(table).to_pylist()
            if not any(row[name] in people for name in names)
            and not any(row.get(name) in found.posts for name in bad)
            and not (row.get("origin") == "inherited_share" and row["post_id"] in found.shared)
        ]  # fmt: skip
        keys = ("post_id", "kind", "record")
        assert len(rows) >= len(wanted) - len([r for r in wanted if r["post_id"] in found.quoted])
        assert {tuple(r[k] for k in keys) for r in rows} <= {
            tuple(r[k] for k in keys) for r in corpus.table(table).to_pylist()
        }
    again, _ = erased(made, *people)
    for table in TABLES:
        assert again.table(table).equals(made.table(table))


@settings(max_examples=15)
@given(corpora(), st.sampled_from(PEOPLE))
def test_tombstones_do_what_the_erasure_did(corpus, who):
    wanted, found = erased(corpus, who)
    stones = Tombstones.of("s", KEY)
    stones.add(found, KEY, reason="forget")
    for plan in (stones.erase(KEY), together([stones.erase(KEY), stones.erase(KEY)])):
        changes = plan(reader(corpus))
        for table in TABLES:
            rows = corpus.table(table)
            made = changes[table](rows) if table in changes else rows
            assert made.equals(wanted.table(table)), table


def test_tombstones_are_kept_by_key(tmp_path):
    assert read_tombstones(tmp_path) == {}
    one, two = Tombstones.of("one", KEY), Tombstones.of("two", OTHER)
    one.add(Subjects({"x:1"}, {"x:p"}, {"bob"}), KEY, reason="forget")
    write_tombstones(tmp_path, {"one": one, "two": two})
    assert read_tombstones(tmp_path) == {"one": one, "two": two}
    assert one.has("accounts", "x:1", KEY)
    assert not one.has("posts", "x:1", KEY)
    assert not one.has("accounts", "x:1", OTHER)
    assert "x:1" not in (tmp_path / "forgotten.json").read_text()
