"""One tweet into rows: what repeats is written once, what is missing stays missing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loaders.test_twitter_v2 import loaded, tweet


def table(corpus, name):
    return corpus.table(name).to_pylist()


def test_observations_that_repeat_are_written_once(tmp_path):
    user = {"id": "7", "username": "Seven", "public_metrics": {"followers_count": 3}}
    grown = user | {"public_metrics": {"followers_count": 4}}
    pages = [
        {"data": [tweet(number)], "includes": {"users": [who]}}
        for number, who in enumerate([user, user, user, grown, grown], 1)
    ]
    corpus = loaded(tmp_path, *pages)
    assert [row["followers"] for row in table(corpus, "accounts")] == [3, 4]
    aliases = table(corpus, "aliases")
    assert [(row["account_id"], row["handle"]) for row in aliases] == [("twitter:7", "seven")]


def test_a_referenced_tweet_is_a_post_of_its_own_and_a_missing_one_a_stub(tmp_path):
    original = tweet(1, author_id="1")
    gone = tweet(2)["id"]
    page = {
        "data": [
            tweet(10, referenced_tweets=[{"type": "quoted", "id": original["id"]}]),
            tweet(
                11,
                referenced_tweets=[{"type": "replied_to", "id": gone}],
                in_reply_to_user_id="5",
            ),
        ],
        "includes": {"tweets": [original]},
    }
    posts = {row["post_id"]: row for row in table(loaded(tmp_path, page), "posts")}
    seen = posts[f"twitter:{original['id']}"]
    assert (seen["seen_as"], seen["availability"]) == ("referenced", "full")
    stub = posts[f"twitter:{gone}"]
    assert (stub["seen_as"], stub["availability"], stub["text"]) == ("referenced", "stub", None)
    assert stub["author_id"] == "twitter:5"
    assert stub["created_ms"] is not None  # the id carries it
    assert (stub["likes"], stub["shares"]) == (None, None)


def test_versions_of_an_edited_tweet_are_one_post(tmp_path):
    first, second = tweet(1), tweet(2)
    versions = {"edit_history_tweet_ids": [first["id"], second["id"]]}
    corpus = loaded(tmp_path, {"data": [first | versions, second | versions]})
    posts = table(corpus, "posts")
    assert {row["post_id"] for row in posts} == {f"twitter:{first['id']}"}
    assert {row["version_id"] for row in posts} == {
        f"twitter:{first['id']}",
        f"twitter:{second['id']}",
    }
    edits = {(e["subject"], e["detail"]) for e in table(corpus, "events") if e["kind"] == "edit"}
    assert edits == {(f"twitter:{t['id']}", f"twitter:{first['id']}") for t in (first, second)}


def test_a_retweets_own_share_count_is_the_originals_and_left_out(tmp_path):
    metrics = {"public_metrics": {"like_count": 0, "retweet_count": 9, "reply_count": 1}}
    share = {"referenced_tweets": [{"type": "retweeted", "id": tweet(1)["id"]}]}
    corpus = loaded(tmp_path, {"data": [tweet(10, **metrics), tweet(11, **metrics, **share)]})
    posts = {row["kind"]: row for row in table(corpus, "posts") if row["seen_as"] == "primary"}
    assert (posts["original"]["shares"], posts["original"]["replies"]) == (9, 1)
    assert (posts["share"]["shares"], posts["share"]["likes"]) == (None, 0)


def test_withholding_is_an_event_and_the_text_is_not_called_full(tmp_path):
    page = {"data": [tweet(1, withheld={"country_codes": ["XT", "XV"], "scope": "tweet"})]}
    corpus = loaded(tmp_path, page)
    (post,) = table(corpus, "posts")
    assert (post["availability"], post["text_status"]) == ("withheld", "withheld")
    assert post["withheld"] == ["XT", "XV"]
    (event,) = [e for e in table(corpus, "events") if e["kind"] == "withhold"]
    assert (event["subject"], event["reason"]) == (post["post_id"], "tweet")
    assert event["detail"] == "XT,XV"


KINDS = {"share": "retweeted", "quote": "quoted", "reply": "replied_to"}


@settings(max_examples=25)
@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=4))
def test_each_kind_of_reference_is_one_act(tmp_path_factory, kinds):
    references = [{"type": KINDS[kind], "id": tweet(i)["id"]} for i, kind in enumerate(kinds, 1)]
    page = {"data": [tweet(10, text="plain", referenced_tweets=references)]}
    corpus = loaded(tmp_path_factory.mktemp("t"), page)
    acts = table(corpus, "interactions")
    assert sorted(act["kind"] for act in acts) == sorted(set(kinds))
    post = next(p for p in table(corpus, "posts") if p["seen_as"] == "primary")
    first = next((kind for kind in ("share", "quote", "reply") if kind in kinds), "original")
    assert post["kind"] == first


def test_a_broken_link_or_an_empty_tag_is_no_attachment_and_no_error(tmp_path):
    entities = {
        "hashtags": [{"start": 0, "end": 3, "tag": "Paix"}, {"start": 4, "end": 5, "tag": ""}],
        "urls": [
            {"start": 6, "end": 9, "expanded_url": "https://a.example.org/x?utm_source=y"},
            {"start": 10, "end": 12, "expanded_url": "mailto:a@example.org"},
            {"start": 13, "end": 15, "url": "https://t.test/1", "media_key": "3_1"},
            {},
        ],
    }
    corpus = loaded(tmp_path, {"data": [tweet(1, entities=entities)]})
    carried = [(row["kind"], row["value"]) for row in table(corpus, "attachments")]
    assert sorted(carried) == [
        ("domain", "example.org"),
        ("hashtag", "paix"),
        ("url", "https://a.example.org/x"),
    ]
