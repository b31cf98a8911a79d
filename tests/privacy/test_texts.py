"""Names in texts and links, as each platform spells them: none is left, nothing else is lost."""

from __future__ import annotations

import re
import time
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.corpora import corpus_of
from workbench.privacy import Pseudonymiser
from workbench.privacy.texts import unquoted, without_names, without_places

names = Pseudonymiser(b"k" * 32)
DID, RKEY = "did:plc:zq7tidewatcher4velmora2x", "3kxvelmora7ab"
POST, CHANNEL, VIDEO = "7700112233445566", "UCvelmora7tidesbob9watch", "Vel7mora_9x"
HANDLES = {
    "bluesky": "bob.tides.velmora.example", "mastodon": "bob_tide@velmora.example",
    "telegram": "bob_tide_news", "reddit": "bob-tide_77", "tiktok": "bob.tide_77",
    "youtube": "bob-tide.news", "instagram": "bob.tide77", "twitter": "bob_tide_77",
    "facebook": "bob.tide.7700112",
}  # fmt: skip
#: How people, posts and places are spelled in addresses, for a handle.
LINKS = {
    "twitter": ["https://x.com/{h}/status/" + POST, "https://nitter.net/{h}", "fxtwitter.com/{h}",
                "https://nitter.velmora.example/{h}/status/" + POST],
    "bluesky": ["https://bsky.app/profile/{h}/post/" + RKEY, "https://bsky.app/profile/" + DID,
                "at://{h}/app.bsky.feed.post/" + RKEY, f"at://{DID}/app.bsky.feed.post/{RKEY}",
                "https://cdn.example.org/did/" + DID + "/" + RKEY, DID],
    "mastodon": ["https://velmora.example/@{n}/110077001122334455", "https://velmora.example/@{n}",
                 "https://velmora.example/users/{n}/statuses/110077001122334455",
                 "https://other.example/@{h}", "https://other.example/%40{n}"],
    "telegram": ["https://t.me/{h}/7700", "t.me/s/{h}", "https://telegram.me/{h}",
                 "tg://resolve?domain={h}&post=7700", "https://{h}.t.me", "https://{h}.t.me/7700",
                 "https://t.me/share/url?url=https://t.me/{h}"],
    "reddit": ["https://www.reddit.com/user/{h}/", "https://old.reddit.com/u/{h}",
               "https://www.reddit.com/r/velmora/comments/1tide77/by_{h}/", "https://redd.it/1tide77"],
    "tiktok": ["https://www.tiktok.com/@{h}/video/" + POST, "https://vm.tiktok.com/ZM1tide77/"],
    "youtube": ["https://www.youtube.com/@{h}", "https://youtube.com/channel/" + CHANNEL,
                "https://www.youtube.com/c/{h}", "https://www.youtube.com/user/{h}",
                "https://www.youtube.com/watch?v=" + VIDEO, "https://youtu.be/" + VIDEO],
    "instagram": ["https://www.instagram.com/{h}/", "https://www.instagram.com/p/Ctide77/",
                  "https://www.threads.net/@{h}"],
    "facebook": ["https://www.facebook.com/{h}/posts/" + POST, "https://m.facebook.com/{h}",
                 "https://www.facebook.com/profile.php?id=" + POST, "https://fb.watch/tide77/"],
}  # fmt: skip
SECRETS = [DID, RKEY, POST, CHANNEL, VIDEO, "110077001122334455", "1tide77", "tide77"]
CASES = [
    (platform, link.format(h=HANDLES[platform], n=HANDLES[platform].partition("@")[0]))
    for platform, links in LINKS.items()
    for link in links
]
AROUND = ["{}", "see {} and", "({})", "«{}»", "see {}.", "пишет {}，и", "\n{}\n", "[a]({})"]


def known(platform):
    handle = HANDLES[platform]
    return [*SECRETS, handle, handle.partition("@")[0]]


def left(words, text):
    return [w for w in words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text, re.IGNORECASE)]


@pytest.mark.parametrize(("platform", "link"), CASES)
def test_no_link_to_a_platform_says_whose_it_is(platform, link):
    for around in AROUND:
        for spelled in (link, link.upper(), link.replace("https://", "http://")):
            if spelled == link.upper() and link.startswith(("at:", "did:", "tg:")):
                continue
            text = around.format(spelled)
            assert left(known(platform), without_places(text, names)) == [], text
            for row in (platform, "twitter", None):
                assert left(known(platform), without_names(text, names, row)) == [], text


@pytest.mark.parametrize(("platform", "link"), [c for c in CASES if "://" in c[1]])
def test_nor_does_a_link_inside_another_link(platform, link):
    for inner in (link, quote(link, safe=""), quote(quote(link, safe=""), safe="")):
        for outer in ("https://example.org/r?u={}", "https://web.archive.org/web/2031/{}"):
            changed = without_places(outer.format(inner), names)
            if link.startswith("http"):
                assert left(known(platform), changed) == [], changed


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://bsky.app/profile/bob.example", "https://bsky.app/p1_…"),
        ("https://t.me/bob_tide/77", "https://t.me/p1_…"),
        ("http://velmora.example/@bob/1", "http://velmora.example/p1_…"),
        ("https://velmora.example:8443/users/bob", "https://velmora.example:8443/p1_…"),
        ("https://old.reddit.com/u/bob", "https://old.reddit.com/p1_…"),
        ("https://news.example.org/a/b.html?page=2#top",) * 2,
        ("https://news.example.org/2031/03/14/status-quo/",) * 2,
        ("https://example.org/r?u=https%3A%2F%2Fnews.example.org%2Fa",) * 2,
        ("https://example.org/a?screen_name=bob&b=1", "https://example.org/a?p1_…"),
        ("https://example.com/video",) * 2,
        ("https://x.company.test/a",) * 2,
        ("https://youtubex.example/watch?v=Vel7mora_9x",) * 2,
        ("https://bsky.social",) * 2,
        ("velmora.example",) * 2,
        ("ann.bsky.social.example.org/a",) * 2,
    ],
)
def test_scheme_and_host_are_kept_and_other_links_are_whole(link, kept):
    assert shown(link) == kept
    assert shown(f"see {link}, then") == f"see {kept}, then"
    assert without_places(f"see {link}, then", names) == f"see {without_places(link, names)}, then"


def shown(text):
    """Return a text without its places, every pseudonym written as ``p1_…``."""
    return re.sub(r"p1_[a-z2-7]{16}", "p1_…", without_places(text, names))


@pytest.mark.parametrize("links", LINKS.values(), ids=LINKS)
def test_two_pages_stay_apart_and_one_page_stays_one(links):
    other = Pseudonymiser(b"o" * 32)
    pages = {f"https://x.com/bob_tide/status/{n}" for n in range(50)}
    assert len({without_places(page, names) for page in pages}) == 50
    for link in (link.format(h="bob.tides", n="bob_tide") for link in links):
        once = without_places(link, names)
        assert without_places(once, names) == once
        if "p1_" in once:
            assert without_places(link, other) != once


def test_links_to_one_video_stay_equal_and_those_to_two_stay_apart():
    pseudonym = names.post(f"youtube:{VIDEO}").partition(":")[2]
    forms = ["www.youtube.com/watch?v={}&t=7", "youtu.be/{}?si=x", "m.youtube.com/shorts/{}"]
    for form in forms:
        changed = without_places("https://" + form.format(VIDEO), names)
        assert changed.endswith(f"/{pseudonym}")
    assert without_places("https://youtu.be/Vel7mora_9y", names) != without_places(
        f"https://youtu.be/{VIDEO}", names
    )


@pytest.mark.parametrize("platform", [*HANDLES, None])
@pytest.mark.parametrize("around", ["@{}", "RT @{}: x", "(@{})", "ciao,@{}!", "＠{}.", "@{}’s"])
def test_a_mention_is_replaced_as_a_whole(platform, around):
    handle = HANDLES[platform or "mastodon"]
    text = around.format(handle)
    for spelled in (text, text.upper()):
        changed = without_names(spelled, names, platform)
        assert (
            changed.casefold() == around.replace("＠", "@").format(names.handle(handle)).casefold()
        )


def test_where_handles_have_no_dots_a_mention_ends_before_them():
    bob = names.handle("bob_tide")
    for platform in ("twitter", "telegram"):
        assert without_names("@bob_tide.Then", names, platform) == f"@{bob}.Then"
    assert without_names("@bob_tide.Then", names, "bluesky") == f"@{names.handle('bob_tide.then')}"


def test_names_without_a_sign_that_only_one_platform_has():
    bob = names.handle("bob-tide_77")
    for text in ("u/bob-tide_77", "/u/Bob-Tide_77", "/user/bob-tide_77", r"u/bob-tide\_77"):
        changed = without_names(f"by {text}, see", names, "reddit")
        assert changed.endswith(f"/{bob}, see")
    assert without_names("and/or u/x w/o", names, "twitter") == "and/or u/x w/o"
    assert without_names("I am ann.bsky.social", names, "bluesky") == (
        f"I am {names.handle('ann.bsky.social')}"
    )
    did = names.account(f"bluesky:{DID}").partition(":")[2]
    assert without_names(f"see {DID}.", names, "bluesky") == f"see {did}."


@pytest.mark.parametrize("text", ["bob.tide@velmora.example", "BOB.TIDE@VELMORA.EXAMPLE"])
def test_mailboxes_are_names_too(text):
    for platform in (None, "twitter", "mastodon"):
        changed = without_names(f"write to {text}, please", names, platform)
        assert changed == f"write to {names.handle(text)}, please"


@pytest.mark.parametrize(
    "text",
    ["", "@", "5 @ 3", "a@", "no mention", "U/N: 3/4", "мир, été — 世界", "10:30", "did: it", "w/e",
     "a.b.c", "1.5/2", "https://example.org/", "e.g. this."],
)  # fmt: skip
def test_a_text_without_names_is_untouched(text):
    for platform in (*HANDLES, None):
        assert without_names(text, names, platform) == text


@pytest.mark.parametrize("platform", [*HANDLES, None])
def test_a_mention_may_follow_a_letter(platform):
    bob = names.handle("bob_tide")
    for text in ("RT{}", "#tag{}", "5{} and"):
        changed = without_names(text.format("@bob_tide"), names, platform)
        assert changed == text.format(f"@{bob}")


def test_a_rejected_record_is_not_quoted():
    for reason, kept in (
        ("no id", "no id"),
        ("unexpected content: Expected `int`, got `str` - at `$.id`",) * 2,
        ("weight 'bob_tide' is no number", "weight … is no number"),
        ('no column "@bob"', "no column …"),
        ("17 cells where 12 are expected",) * 2,
        ("post 7700112233 of @bob", f"post … of @{names.handle('bob')}"),
    ):
        assert unquoted(reason, names.text) == kept


handles = {
    "bluesky": st.from_regex(r"[a-z][a-z0-9-]{3,9}[a-z](\.[a-z][a-z0-9]{3,8}){1,3}", fullmatch=True
    ),
    "mastodon": st.from_regex(r"[a-z][a-z0-9_]{4,12}@[a-z]{5,9}\.(social|example)", fullmatch=True),
    "telegram": st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,20}", fullmatch=True),
    "reddit": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{4,18}[A-Za-z0-9]", fullmatch=True),
    "tiktok": st.from_regex(r"[a-z][a-z0-9_.]{4,18}[a-z0-9]", fullmatch=True),
    "youtube": st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{4,18}[a-z0-9]", fullmatch=True),
    "instagram": st.from_regex(r"[a-z][a-z0-9_.]{4,18}[a-z0-9]", fullmatch=True),
    "facebook": st.from_regex(r"[a-z][a-z0-9.]{6,18}[a-z0-9]", fullmatch=True),
    "twitter": st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,14}", fullmatch=True),
}  # fmt: skip


@st.composite
def told(draw):
    """Draw the rows of one person's post, with names in every column that can hold some."""
    platform = draw(st.sampled_from(sorted(handles)))
    handle = draw(handles[platform])
    bare = handle.partition("@")[0]
    # A dash at a reddit name's end is another word to the search, a dot at a handle's end is none.
    mention = f"u/{handle}" if platform == "reddit" else f"@{handle}"
    number = str(draw(st.integers(10**9, 10**18)))
    spelled = [mention, *(link.format(h=handle, n=bare) for link in LINKS[platform])]
    pieces = draw(
        st.lists(st.one_of(st.text(max_size=8), st.sampled_from(spelled)), min_size=1, max_size=6)
    )
    account, post = f"{platform}:{handle}", f"{platform}:{number}"
    base = {"platform": platform, "source_id": "s", "record": 1}
    place = "reddit:r/velmora" if platform == "reddit" else account
    detail = draw(st.sampled_from([account, post, None]))
    tables = {
        "posts": [base | {"post_id": post, "author_id": account, "author_handle": handle,
                          "text": " ".join(pieces), "url": spelled[-1], "container_id": place,
                          "conversation_id": post}],
        "interactions": [base | {"kind": "mention", "actor_id": account, "post_id": post,
                                 "target_id": f"handle:{platform}:{handle.casefold()}",
                                 "target_post_id": post}],
        "attachments": [base | {"post_id": post, "author_id": account, "kind": kind,
                                "value": value, "value_raw": value}
                        for kind in ("url", "object") for value in spelled[1:]],
        "accounts": [base | {"account_id": account, "handle": handle, "name": handle,
                             "description": handle, "url": spelled[-1], "location": handle}],
        "aliases": [base | {"account_id": account, "handle": handle.casefold()}],
        "containers": [base | {"container_id": place, "kind": "channel", "name": f"u_{handle}",
                               "parent_id": place}],
        "labels": [base | {"subject_type": "account", "subject": account}],
        "events": [base | {"kind": kind, "subject_type": of, "subject": subject, "detail": detail,
                           "reason": mention}
                   for kind, of, subject in (("like", "post", post), ("like", "account", account),
                                             ("handle", "account", account))],
        "rejects": [base | {"reason": f"no such thing: '{handle}'", "keys_seen": [handle]}],
    }  # fmt: skip
    for rows in tables.values():
        for row in rows:
            row.pop("platform") if rows is tables["labels"] or rows is tables["rejects"] else None
    return [handle, bare, number, *SECRETS], tables


@settings(max_examples=150)
@given(told())
def test_of_any_post_on_any_platform_nothing_known_is_left(drawn):
    words, tables = drawn
    corpus = corpus_of(**tables)
    for name in tables:
        made = names.table(name, corpus.table(name))
        assert made.schema == corpus.table(name).schema
        shown = [str(v) for row in made.to_pylist() for v in row.values() if v not in handles]
        assert left(words, "\n".join(shown)) == [], (name, shown)


@settings(max_examples=100)
@given(st.text(max_size=60), st.sampled_from([*HANDLES, None]))
@example("@", None)
@example("https://@", "mastodon")
@example("at://did:", "bluesky")
def test_any_text_is_taken(text, platform):
    changed = without_names(text, names, platform)
    assert without_names("", names, platform) == ""
    assert isinstance(changed, str)


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "@",
        "世",
        "x@",
        "a-",
        "did:",
        "@a.",
        "t.me",
        "https://",
        "u/",
        "/@",
        "%25",
        "a@b.",
        "_",
    ],
)
def test_long_texts_take_their_length_and_not_its_square(piece):
    text = piece * (40_000 // len(piece))
    start = time.perf_counter()
    without_names(text, names)
    assert time.perf_counter() - start < 2
