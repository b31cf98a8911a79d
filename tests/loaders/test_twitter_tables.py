from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import fill, source_of
from workbench.loaders.moments import UNKNOWN, Moment, moment_of
from workbench.loaders.recorder import PostFacts, Recorder
from workbench.loaders.twitter_tables import (
    Mention,
    Reference,
    Tweet,
    moment,
    record_tweet,
)
from workbench.loaders.twitter_v2_time import SNOWFLAKE_EPOCH_MS, snowflake_ms

MINUTE = 60_000
INSTANTS = st.integers(1_300_000_000_000, 2_000_000_000_000)


def post_id(ms):
    return str((ms - SNOWFLAKE_EPOCH_MS) << 22)


def recorded(text="", **facts):
    """Return the corpus of one post."""
    seen_as = facts.pop("seen_as", "primary")
    defaults = {"mentions": [], "hashtags": [], "links": []}
    post = PostFacts(
        post_id="twitter:9", author_id="twitter:a", text=text, seen_as=seen_as, shares=7
    )

    def read(sink):
        with Recorder(sink, "twitter") as recorder, recorder.record():
            record_tweet(recorder, Tweet(post=post, **{**defaults, **facts}))

    return fill(source_of(b"x"), read)[0]


def acts(corpus):
    return [
        (a["kind"], a["target_id"], a["origin"], a["resolved_by"])
        for a in corpus.table("interactions").to_pylist()
    ]


def carried(corpus):
    return [(a["kind"], a["value"], a["origin"]) for a in corpus.table("attachments").to_pylist()]


@given(INSTANTS)
def test_an_id_refines_the_minute_it_is_in(ms):
    coarse = Moment(ms // MINUTE * MINUTE * 1000, ms // MINUTE * MINUTE, "min", "record")
    assert moment(post_id(ms), coarse) == Moment(ms * 1000, ms, "ms", "snowflake")
    later = coarse._replace(ms=coarse.ms + MINUTE, us=coarse.us + MINUTE * 1000)
    assert moment(post_id(ms), later) == later
    earlier = coarse._replace(ms=coarse.ms - MINUTE, us=coarse.us - MINUTE * 1000)
    assert moment(post_id(ms), earlier) == earlier


@given(INSTANTS, st.integers(-3000, 3000))
def test_an_id_refines_the_second_it_is_near(ms, off):
    stated = Moment((ms + off) * 1000, ms + off, "s", "record")
    assert (moment(post_id(ms), stated).source == "snowflake") is (abs(off) < 1000)


def test_times_without_an_id_or_without_a_record():
    assert moment("123", UNKNOWN) is UNKNOWN
    assert moment(post_id(1_900_000_000_000), UNKNOWN).ms == 1_900_000_000_000
    exact = moment_of("2031-03-01T10:00:00.250Z")
    assert moment(post_id(exact.ms), exact).source == "snowflake"
    assert moment(post_id(exact.ms + 1), exact) == exact
    assert moment("word", exact) == exact
    day = moment_of("2031-03-01")
    assert moment(post_id(exact.ms), day).ms == exact.ms == snowflake_ms(post_id(exact.ms))


def test_a_share_has_no_act_but_its_own():
    corpus = recorded(
        "RT @Other_one: words…",
        share=Reference("twitter:b", "twitter:8", "Other_one"),
        quote=Reference(None, "twitter:7"),
        reply=Reference("twitter:c", "twitter:6"),
        mentions=[Mention("twitter:c"), Mention("twitter:b"), Mention(None, "third_one")],
        hashtags=["Tag", "Tag"],
        links=["https://example.org/a"],
    )
    assert acts(corpus) == [
        ("share", "twitter:b", "authored", "id_field"),
        ("mention", "twitter:c", "inherited_share", "entity"),
        ("mention", "twitter:b", "share_head", "entity"),
        ("mention", "handle:twitter:third_one", "inherited_share", "entity"),
    ]
    assert carried(corpus) == [
        ("hashtag", "tag", "inherited_share"),
        ("url", "https://example.org/a", "inherited_share"),
        ("domain", "example.org", "inherited_share"),
    ]
    post, stub = corpus.table("posts").to_pylist()
    assert (post["kind"], post["shares"], post["text_status"]) == ("share", None, "truncated")
    assert (stub["post_id"], stub["author_id"], stub["availability"]) == (
        "twitter:8",
        "twitter:b",
        "stub",
    )


@pytest.mark.parametrize(
    ("share", "target", "how"),
    [
        (Reference("twitter:b"), "twitter:b", "id_field"),
        (Reference(handle="Bee_one"), "handle:twitter:bee_one", "entity"),
        (Reference(), "handle:twitter:head_one", "text"),
    ],
)
def test_the_ladder_of_a_share(share, target, how):
    made = recorded("RT @Head_one: x", share=share, mentions=[Mention(None, "head_one")])
    assert acts(made)[0] == ("share", target, "authored", how)
    assert (acts(made)[1][2] == "share_head") is (how == "text")


def test_nobody_is_known():
    assert acts(recorded("words", share=Reference())) == [("share", None, "authored", "none")]
    assert acts(recorded("words", quote=Reference(post="twitter:8"))) == [
        ("quote", None, "authored", "none")
    ]


@pytest.mark.parametrize(
    ("text", "mention", "origin"),
    [
        ("@ann_a hello @bob_b", Mention("twitter:1", "Ann_a"), "reply_prefix"),
        ("@ann_a hello @bob_b", Mention("twitter:2", "bob_b"), "authored"),
        ("@ann_a hello @bob_b", Mention("twitter:2"), "reply_prefix"),
        ("hello @bob_b", Mention("twitter:2"), "authored"),
        ("", Mention("twitter:2", "bob_b"), "reply_prefix"),  # nobody can tell
    ],
)
def test_the_beginning_of_a_reply(text, mention, origin):
    reply = Reference("twitter:1", "twitter:8")
    assert acts(recorded(text, reply=reply, mentions=[mention]))[1][2] == origin
    assert acts(recorded(text, mentions=[mention]))[0][2] == "authored"


def test_the_quoted_text_is_not_the_quoters():
    quoted = Reference("twitter:b", "twitter:8", "Bee_one")
    corpus = recorded(
        "mine #Mine https://x.com/bee_one/status/8 @mine_b",
        quote=quoted,
        merged=True,
        mentions=[Mention(None, "theirs_a"), Mention(None, "mine_b")],
        hashtags=["mine", "theirs"],
        links=["https://x.com/bee_one/status/8", "https://example.org/theirs"],
    )
    assert [act[1:3] for act in acts(corpus)] == [
        ("twitter:b", "authored"),
        ("handle:twitter:theirs_a", "inherited_quote"),
        ("handle:twitter:mine_b", "authored"),
    ]
    assert {(value, origin) for _, value, origin in carried(corpus)} >= {
        ("mine", "authored"),
        ("theirs", "inherited_quote"),
        ("https://x.com/bee_one/status/8", "authored"),
        ("https://example.org/theirs", "inherited_quote"),
    }


@pytest.mark.parametrize("mention", [Mention("twitter:1"), Mention(None, "ann")])
def test_a_mention_that_may_be_the_quoted_ones_is_not_called_authored(mention):
    """Known by its id alone; or a beginning of a handle that the quoter wrote."""
    corpus = recorded("@anna_b look", quote=Reference(post="twitter:8"), merged=True,
                      mentions=[mention])  # fmt: skip
    assert acts(corpus)[1][2] == "inherited_quote"


def test_context_has_no_acts():
    corpus = recorded("@ann_a x", reply=Reference("twitter:1", "twitter:8"), seen_as="context",
                      mentions=[Mention("twitter:1")], hashtags=["t"])  # fmt: skip
    assert acts(corpus) == []
    assert corpus.table("attachments")["seen_as"].to_pylist() == ["context"]
    assert corpus.table("posts")["seen_as"].to_pylist() == ["context", "referenced"]
