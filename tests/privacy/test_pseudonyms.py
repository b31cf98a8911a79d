"""Pseudonyms: the same for the same key, nothing left of whom they stand for."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import re

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.corpora import ROOT, corpora, corpus_of, crisis
from tests.privacy.scanning import leaks
from workbench.engine import session, views
from workbench.errors import InputError
from workbench.graphs import graph
from workbench.loaders import load
from workbench.model import Corpus
from workbench.model.schema import TABLES
from workbench.privacy import Pseudonymiser, PublicActors

KEY, OTHER = b"k" * 32, b"o" * 32
PUBLIC = PublicActors({"twitter:90001": "Ministry of Tides"}, frozenset({"tides_ministry"}))
ids = st.from_regex(r"[0-9]{5,19}", fullmatch=True)
handles = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,14}", fullmatch=True)
names = Pseudonymiser(KEY, public_actors=PUBLIC)


def bare(pseudonym):
    return pseudonym.rpartition(":")[2]


def test_a_pseudonym_is_eighty_bits_of_the_promised_hash():
    digest = hmac.new(KEY, b"account\0twitter:12345", hashlib.sha256).digest()
    expected = "p1_" + base64.b32encode(digest[:10]).decode().lower()
    assert names.account("twitter:12345") == f"twitter:{expected}"
    assert len(expected) == len("p1_") + 16


@settings(max_examples=40)
@given(ids, handles)
def test_the_same_key_gives_the_same_and_another_key_another(number, handle):
    again, other = Pseudonymiser(KEY), Pseudonymiser(OTHER)
    account = f"twitter:{number}"
    for kind, value in (("account", account), ("post", account), ("handle", handle),
                        ("account", f"handle:twitter:{handle}")):  # fmt: skip
        made = getattr(names, kind)(value)
        assert made == getattr(again, kind)(value) == getattr(names, kind)(value)
        assert made != getattr(other, kind)(value)
        assert made.startswith(value[: value.rfind(":") + 1])
        assert number not in bare(made)
        assert handle.casefold() not in bare(made)


@settings(max_examples=40)
@given(st.lists(ids, min_size=2, max_size=20, unique=True))
def test_different_values_kinds_and_platforms_never_share_one(numbers):
    made = [
        bare(getattr(names, kind)(f"{platform}:{number}"))
        for kind in ("account", "post")
        for platform in ("twitter", "bluesky")
        for number in numbers
    ]
    assert len(set(made)) == len(made)


def test_handles_have_one_pseudonym_whatever_their_case_and_wherever_they_stand():
    made = names.handle("Bob_Tide")
    assert made == names.handle("bob_tide") == names.handle("@BOB_TIDE")
    assert names.account("handle:twitter:bob_tide") == f"handle:twitter:{made}"
    assert names.text("hello @BOB_Tide!") == f"hello @{made}!"


def test_ids_without_platform_and_keys_that_are_too_short():
    assert names.account("12345").startswith("p1_")
    with pytest.raises(InputError, match=r"key is too short: 15 bytes; allowed: 16 or more"):
        Pseudonymiser(b"k" * 15)
    assert Pseudonymiser(b"k" * 16).handle("a") != Pseudonymiser(b"k" * 17).handle("a")


def test_public_actors_keep_id_handle_and_name_and_nobody_else():
    assert names.account("twitter:90001") == "twitter:90001"
    assert names.account("twitter:900011") != "twitter:900011"
    assert names.handle("Tides_Ministry") == "tides_ministry"
    assert (
        names.text("@Tides_Ministry and @bob_tide")
        == f"@tides_ministry and @{names.handle('bob_tide')}"
    )
    assert names.label("twitter:90001") == "Ministry of Tides"
    assert names.label("handle:twitter:tides_ministry") == "tides_ministry"
    assert Pseudonymiser(KEY).account("twitter:90001") != "twitter:90001"
    assert names.post("twitter:90001") != "twitter:90001"  # a post is no account


def test_a_label_is_short_and_belongs_to_the_pseudonym():
    label = names.label("twitter:12345")
    assert len(label) == 9
    assert bare(names.account("twitter:12345")).startswith(label)
    assert names.label("handle:twitter:bob_tide") == names.handle("bob_tide")[:9]


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/bob_tide",
        "https://x.com/bob_tide/status/7700112233445566",
        "HTTPS://Mobile.Twitter.COM/Bob_Tide/statuses/7700112233445566?s=20",
        "http://www.twitter.com/bob_tide/status/7700112233445566/photo/1",
        "https://twitter.com/i/web/status/7700112233445566",
        "https://x.com/i/status/7700112233445566",
        "https://x.com/@bob_tide",
        "https://twitter.com/#!/bob_tide/status/7700112233445566",
        "https://twitter.com/intent/user?screen_name=bob_tide",
        "https://twitter.com/search?q=from%3Abob_tide&src=typed_query",
        "x.com/bob_tide/status/7700112233445566",
    ],
)
@pytest.mark.parametrize("around", ["{}", "see {} and", "({})", "«{}»"])
def test_links_lose_handle_and_post_id(link, around):
    for changed in (names.text(around.format(link)), names.link(around.format(link))):
        assert "bob_tide" not in changed.casefold()
        assert "7700112233445566" not in changed
        assert ".com/" in changed.casefold()
        assert changed.startswith(around.partition("{}")[0])


@pytest.mark.parametrize(
    "link",
    [
        "https://netflix.com/bob_tide", "https://foo-x.com/bob_tide", "https://example.org/a?b=2",
        "https://x.company.test/bob_tide", "https://notwitter.com/bob_tide", "https://x.com",
        "x.com", "peace", "",
    ],
)  # fmt: skip
def test_other_links_stay_as_they_are(link):
    assert names.link(link) == link


@pytest.mark.parametrize(
    "text",
    [
        "@bob_tide", "RT @bob_tide: peace", ".@Bob_Tide, no", "(@BOB_TIDE)", "@@bob_tide",
        "＠bob_tide", "мир@bob_tide", "été,@bob_tide", "\n@bob_tide’s", "🙂@bob_tide",
    ],
)  # fmt: skip
def test_mentions_are_replaced_wherever_they_stand(text):
    changed = names.text(text)
    assert "bob_tide" not in changed.casefold()
    assert names.handle("bob_tide") in changed


@pytest.mark.parametrize("text", ["no mention at all", "5 @ 3", "a #tag", "été — мир", "", "@"])
def test_a_text_without_mention_is_untouched(text):
    assert names.text(text) == text


@settings(max_examples=60)
@given(st.lists(st.one_of(st.text(max_size=6), handles.map("@{}".format)), max_size=6), handles)
@example(["RT ", "@Bob_Tide", ": …"], "eve_tides")
def test_no_mention_survives_in_any_text(pieces, handle):
    text = " ".join([*pieces, f"@{handle}"])
    words = names.text(text).casefold().replace("@", " ").split()
    assert handle.casefold() not in words
    assert names.handle(handle) in words


def everything():
    """Return a corpus of all tables in which one person's traces stand everywhere."""
    account, post, first = (
        "twitter:7700112233",
        "twitter:7700112233445566",
        "twitter:77001122334455",
    )
    link = "https://x.com/Bob_Tide/status/7700112233445566"
    base = {"platform": "twitter", "source_id": "s", "record": 1}
    return corpus_of(
        posts=[base | {
            "post_id": post, "version_id": post, "author_id": account, "author_handle": "Bob_Tide",
            "text": f"@bob_tide says {link}", "conversation_id": post, "edit_ids": [first, post],
            "url": "https://board.example.org/bob_tide/7700112233445566", "lang": "en",
            "created_ms": 5, "seen_as": "primary", "availability": "full", "likes": 3,
        }],
        interactions=[base | {
            "kind": kind, "actor_id": account, "post_id": post, "target_id": target,
            "target_post_id": first, "weight": 1.0, "origin": "authored",
        } for kind, target in (("share", "handle:twitter:bob_tide"), ("reply", account),
                               ("quote", "twitter:90001"), ("mention", None))],
        attachments=[base | {
            "post_id": post, "author_id": account, "kind": kind, "value": value, "value_raw": raw,
        } for kind, value, raw in (
            ("url", "https://x.com/bob_tide", link),
            ("url", "https://example.org/a", "https://example.org/a?user=Bob_Tide"),
            ("hashtag", "peace", "Peace"),
        )],
        accounts=[base | {
            "account_id": account, "handle": "Bob_Tide", "name": "Robert of the Tide",
            "description": "sailor of Velmora", "location": "Port Invented",
            "url": "https://bob-tide.example.org", "followers": 12,
        }],
        aliases=[base | {"account_id": account, "handle": "bob_tide", "resolved_by": "entity"}],
        labels=[base | {"subject_type": kind, "subject": value, "scheme": "s", "value": "bot"}
                for kind, value in (("account", account), ("post", post))],
        events=[base | {"kind": kind, "subject_type": of, "subject": value, "detail": detail}
                for kind, of, value, detail in (
                    ("suspend", "account", account, None), ("delete", "post", post, None),
                    ("edit", "post", first, post), ("unavailable", "record", None, "author_id"))],
        rejects=[base | {"path": "a.jsonl", "reason": "no id", "keys_seen": ["Bob_Tide"],
                         "sha1": hashlib.sha1(b"bob").hexdigest(), "line": 3}],
    )  # fmt: skip


SECRETS = [
    "7700112233", "7700112233445566", "77001122334455", "bob_tide", "Robert of the Tide",
    "sailor of Velmora", "Port Invented", "bob-tide.example.org", hashlib.sha1(b"bob").hexdigest(),
]  # fmt: skip


def changed(corpus, name):
    return names.table(name, corpus.table(name))


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"sources", "containers"}))
def test_no_table_keeps_a_trace(tmp_path, name):
    corpus = everything()
    rows = corpus.table(name)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "t.json").write_text(json.dumps(rows.to_pylist(), default=str))
    assert leaks(tmp_path / "raw", SECRETS) != []
    made = changed(corpus, name)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "t.json").write_text(json.dumps(made.to_pylist(), default=str))
    assert leaks(tmp_path / "out", SECRETS) == []
    assert made.schema == rows.schema
    assert made.num_rows == rows.num_rows
    for column in rows.column_names:  # what is missing stays missing, what is there is not invented
        if made.column(column).null_count != rows.column(column).null_count:
            assert made.column(column).null_count == made.num_rows, column


def test_what_does_not_identify_stays():
    corpus = everything()
    (post,) = changed(corpus, "posts").to_pylist()
    assert (post["lang"], post["created_ms"], post["likes"]) == ("en", 5, 3)
    (account,) = changed(corpus, "accounts").to_pylist()
    assert account["followers"] == 12
    carried = changed(corpus, "attachments").column("value").to_pylist()
    assert re.fullmatch(r"https://x\.com/p1_[a-z2-7]{16}", carried[0])
    assert carried[1:] == ["https://example.org/a", "peace"]


def test_joins_across_tables_survive():
    corpus = everything()
    (post,) = changed(corpus, "posts").to_pylist()
    acts = changed(corpus, "interactions").to_pylist()
    (account,) = changed(corpus, "accounts").to_pylist()
    (alias,) = changed(corpus, "aliases").to_pylist()
    assert {a["actor_id"] for a in acts} == {post["author_id"]} == {account["account_id"]}
    assert {a["post_id"] for a in acts} == {post["post_id"]} == {post["edit_ids"][1]}
    assert {a["target_post_id"] for a in acts} == {post["edit_ids"][0]}
    assert [a["target_id"] for a in acts] == [
        f"handle:twitter:{alias['handle']}", account["account_id"], "twitter:90001", None,
    ]  # fmt: skip
    assert post["author_handle"] == account["handle"] == alias["handle"]
    for name in ("labels", "events"):
        subjects = changed(corpus, name).to_pylist()
        assert subjects[0]["subject"] == account["account_id"], name
        assert subjects[1]["subject"] == post["post_id"], name
    assert subjects[2]["detail"] == post["post_id"]
    assert (subjects[3]["subject"], subjects[3]["detail"]) == (None, "author_id")


def test_a_channel_that_posts_has_one_pseudonym_and_public_forums_keep_their_names():
    base = {"source_id": "s", "record": 1}
    corpus = corpus_of(
        posts=[base | {"platform": "telegram", "author_id": "telegram:channel77001",
                       "container_id": "telegram:channel77001"},
               base | {"platform": "reddit", "author_id": "reddit:t2_77",
                       "container_id": "reddit:velmora"},
               base | {"platform": "reddit", "container_id": "reddit:u_bob_tide"},
               base | {"platform": None, "container_id": None}],
        containers=[base | {"platform": "telegram", "container_id": "telegram:channel77001",
                            "name": "Tides of Bob"},
                    base | {"platform": "reddit", "container_id": "reddit:velmora",
                            "name": "velmora", "parent_id": None},
                    base | {"platform": "reddit", "container_id": "reddit:u_bob_tide",
                            "name": "u_bob_tide"}],
    )  # fmt: skip
    channel, forum, page, nowhere = changed(corpus, "posts").to_pylist()
    assert channel["container_id"] == channel["author_id"] != "telegram:channel77001"
    assert forum["container_id"] == "reddit:velmora"
    assert page["container_id"] == f"reddit:u_{names.handle('bob_tide')}"
    assert nowhere["container_id"] is None
    places = changed(corpus, "containers").to_pylist()
    assert [p["container_id"] for p in places] == [
        p["container_id"] for p in (channel, forum, page)
    ]
    assert [p["name"] for p in places] == [None, "velmora", None]


def test_what_a_post_carries_by_its_kind():
    base = {"source_id": "s", "record": 1, "platform": "x"}
    carried = [
        ("hashtag", "bobtide"), ("cashtag", "TIDE"), ("domain", "example.org"),
        ("domain", "bob.bsky.social"), ("url", "https://example.org/@bob_tide"),
        ("media", "3_7700112233"), ("media", "sticker"),
        ("object", "7700112233445566"), ("object", "peace"),
        ("object", "https://x.com/bob_tide/status/7700112233445566"), ("text", "hi @bob_tide"),
    ]  # fmt: skip
    corpus = corpus_of(attachments=[base | {"kind": k, "value": v} for k, v in carried])
    made = changed(corpus, "attachments").column("value").to_pylist()
    assert made[:4] == ["bobtide", "TIDE", "example.org", names.handle("bob.bsky.social")]
    assert re.fullmatch(r"https://example\.org/p1_[a-z2-7]{16}", made[4])
    assert made[5].startswith("p1_")
    assert made[6] == "sticker"
    assert made[7].startswith("p1_")
    assert made[8] == "peace"
    assert re.fullmatch(r"https://x\.com/p1_[a-z2-7]{16}", made[9])
    assert made[10] == f"hi @{names.handle('bob_tide')}"


def test_details_of_events_are_of_the_kind_that_the_event_says():
    base = {"source_id": "s", "record": 1, "platform": "bluesky"}
    who, what = "bluesky:did:plc:bobtide77", "bluesky:at://did:plc:bobtide77/x/3ktide"
    events = [
        ("like", "post", what, who), ("like", "account", who, what),
        ("follow", "account", who, who),
        ("edit", "post", what, what), ("handle", "account", who, "bob.tide.example"),
        ("withhold", "post", what, "DE,FR"), ("unavailable", "record", None, "author_id"),
        ("unlike", "record", what, who), ("scrub_geo", "account", who, what),
    ]  # fmt: skip
    corpus = corpus_of(
        events=[base | {"kind": k, "subject_type": t, "subject": s, "detail": d,
                        "reason": "asked by @bob.tide.example"} for k, t, s, d in events]
    )  # fmt: skip
    made = changed(corpus, "events").to_pylist()
    account, post = names.account(who), names.post(what)
    assert [row["detail"] for row in made] == [
        account, post, account, post, names.handle("bob.tide.example"), "DE,FR", "author_id",
        account, post,
    ]  # fmt: skip
    assert {row["reason"] for row in made} == {f"asked by @{names.handle('bob.tide.example')}"}


def test_keys_that_no_column_keeps_are_kept_unless_they_are_ids():
    keys = {"user.extra": 3, "users.7700112233.name": 2, "users.7700112244.name": 1, "@bob_tide": 1}
    corpus = corpus_of(sources=[{"source_id": "s", "unknown_keys_json": json.dumps(keys)}])
    (made,) = changed(corpus, "sources").column("unknown_keys_json").to_pylist()
    assert json.loads(made) == {
        "user.extra": 3, "users.….name": 3, f"@{names.handle('bob_tide')}": 1,
    }  # fmt: skip


def test_labels_of_what_is_nobody_stay():
    kept = {"domain": "alpha.example", "outlet": "Zeta News", "claim": "https://a.example/f",
            "platform": "Zeta", "hashtag": "tide"}  # fmt: skip
    base = {"source_id": "s", "record": 1}
    corpus = corpus_of(
        labels=[base | {"subject_type": of, "subject": subject} for of, subject in kept.items()]
    )
    assert changed(corpus, "labels").column("subject").to_pylist() == list(kept.values())
    other = corpus_of(labels=[base | {"subject_type": of, "subject": "x:12345"}
                              for of in ("record", None, "new kind")])  # fmt: skip
    assert not any("12345" in s for s in changed(other, "labels").column("subject").to_pylist())


def test_a_pseudonym_is_its_own_label():
    account = names.account("twitter:12345")
    assert names.label(account) == names.label("twitter:12345")


def test_tables_without_rows_and_without_columns():
    for name, schema in TABLES.items():
        assert names.table(name, schema.empty_table()).schema == schema
        assert names.table(name, pa.table({"record": [1, 2]})).num_rows == 2
    chunks = pa.chunked_array([["x:1", None], [], ["x:2", "x:1"]], pa.string())
    made = names.table("posts", pa.table({"post_id": chunks})).column("post_id").to_pylist()
    assert made == [names.post("x:1"), None, names.post("x:2"), names.post("x:1")]


@settings(max_examples=4)
@given(corpora())
def test_a_graph_of_pseudonyms_is_the_graph_renamed(corpus):
    made = Corpus.from_tables(
        {name: names.table(name, corpus.table(name)) for name in ("posts", "interactions")}
    )
    edges = {
        (names.account(s), names.account(t)): w
        for s, t, w in graph(corpus).to_pandas().itertuples(index=False)
    }
    found = graph(made).to_pandas().itertuples(index=False)
    assert {(s, t): w for s, t, w in found} == edges


def test_nothing_of_the_private_accounts_is_in_what_a_load_writes(tmp_path):
    files = sorted((ROOT / "datasets" / "crisis_small" / "posts").glob("*.gz"))
    with session(crisis()) as engine:
        accounts = engine.collect(views.accounts(engine)).to_pylist()
        posts = engine.collect(views.posts(engine)).to_pylist()
    public = {a["account_id"]: a["name"] for a in accounts[::50] if a["name"]}
    handles = {a["handle"].casefold() for a in accounts if a["account_id"] in public}
    hidden = Pseudonymiser(KEY, public_actors=PublicActors(public, frozenset(handles)))
    corpus = load(
        files,
        into=tmp_path / "corpus",
        privacy="pseudonymous",
        pseudonymise=hidden.table,
        progress=False,
    )
    private = [a for a in accounts if a["account_id"] not in public]
    secrets = {bare(a["account_id"]) for a in private} | {bare(p["post_id"]) for p in posts}
    secrets |= {a["handle"] for a in private if a["handle"]}
    assert len(secrets) > 1000
    assert leaks(tmp_path, secrets) == []
    assert leaks(tmp_path, {bare(account) for account in public}) != []
    assert graph(corpus).edges == graph(crisis()).edges


class TestScan:
    """The search itself: what it is trusted to find, and what it must not fire on."""

    SECRETS = ("7700112233", "Bob_Tide", "Zoë of the Tide", "bob@example.org")

    @pytest.mark.parametrize(
        ("name", "text", "found"),
        [
            ("a.html", "<td title='7700112233'>x</td>", "7700112233"),
            ("a.html", "<p>by Zo&euml; of the&#32;TIDE</p>", "zoë of the tide"),
            ("a.html", "<!-- bob_tide -->", "bob_tide"),
            ("a.csv", "account,n\n7700112233,4\n", "7700112233"),
            ("a.csv", 'account\n"twitter:7700112233"\n', "7700112233"),
            ("a.csv", "x\nBOB_TIDE\n", "bob_tide"),
            ("a.json", '{"a": [{"b": "Zo\\u00eb of the Tide"}]}', "zoë of the tide"),
            ("a.json", '{"bob\\u005ftide": 1}', "bob_tide"),
            ("a.json", '{"id": 7700112233}', "7700112233"),
            ("a.txt", "hello @bOB_tIDE!", "bob_tide"),
            ("a.txt", "write to BOB@example.org.", "bob@example.org"),
            ("deep/bob_tide.txt", "nothing", "bob_tide"),
        ],
    )
    def test_what_is_planted_is_found(self, tmp_path, name, text, found):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        assert leaks(tmp_path, self.SECRETS) == [(name, found)]

    def test_compressed_and_columnar_files_are_opened(self, tmp_path):
        import pyarrow.parquet as pq

        (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"a": "bob\\u005ftide"}\n'))
        pq.write_table(pa.table({"ids": [["x"], ["y:7700112233"]]}), tmp_path / "b.parquet")
        assert leaks(tmp_path, self.SECRETS) == [
            ("a.jsonl.gz", "bob_tide"), ("b.parquet", "7700112233"),
        ]  # fmt: skip

    def test_clean_files_are_clean(self, tmp_path):
        (tmp_path / "a.html").write_text("<p>77001122330 bob_tides, p1_abc &amp; Zoë</p>", "utf-8")
        (tmp_path / "a.csv").write_text("account,n\ntwitter:p1_abcdefgh,7700112\n")
        (tmp_path / "a.json").write_text('{"bob": "tide", "n": 17700112233}')
        assert leaks(tmp_path, self.SECRETS) == []
        assert leaks(tmp_path, []) == []
        assert leaks(tmp_path, [""]) == []
