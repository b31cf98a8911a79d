from __future__ import annotations

import json

import msgspec
import pytest

from workbench.loaders.twitter_v2_records import Failure
from workbench.loaders.zeeschuimer_x_records import (
    STRUCTS,
    Aside,
    Envelope,
    Result,
    given,
    status_of,
)


def decode(content, kind=Result):
    return msgspec.json.decode(json.dumps(content).encode(), type=kind)


def made(content):
    aside = Aside()
    return status_of(decode(content), aside), aside


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_field_may_be_missing_or_null(kind):
    for content in ({}, dict.fromkeys(kind.__struct_encode_fields__)):
        found = decode(content, kind)
        values = [getattr(found, field) for field in kind.__struct_fields__]
        assert [v for v in values if v is not None and bytes(v) != b"null"] == []


@pytest.mark.parametrize(
    ("text", "there"), [("{}", False), ('{"data": null}', False), ('{"data": {}}', True)]
)
def test_what_is_given(text, there):
    assert given(msgspec.json.decode(text, type=Envelope).data) is there


AUTHORS = {
    "newer": {"rest_id": "7", "legacy": {"followers_count": 3}, "core": {
        "screen_name": "a", "name": "A", "created_at": "x"}, "privacy": {"protected": False},
        "verification": {"verified": True, "verified_type": "Government"},
        "location": {"location": "Aue"}, "profile_bio": {"description": "about"}},
    "older": {"rest_id": "7", "legacy": {
        "followers_count": 3, "screen_name": "a", "name": "A", "created_at": "x",
        "protected": False, "verified": True, "verified_type": "Government", "location": "Aue",
        "description": "about"}},
}  # fmt: skip


@pytest.mark.parametrize("form", AUTHORS)
@pytest.mark.parametrize("holder", ["user_results", "user_result"])
def test_authors_in_both_forms(form, holder):
    core = {holder: {"result": AUTHORS[form]}}
    person = made({"core": core, "legacy": {"id_str": "5"}})[0].user
    assert (person.id_str, person.screen_name, person.name, person.created_at) == (
        "7", "a", "A", "x",
    )  # fmt: skip
    assert (person.protected, person.verified, person.verified_type) == (False, True, "Government")
    assert (person.location, person.description, person.followers_count) == ("Aue", "about", 3)


def test_the_author_of_the_oldest_form():
    status, _ = made({"user": {"id_str": "7", "screen_name": "a"}, "legacy": {"id_str": "5"}})
    assert status.user.screen_name == "a"


@pytest.mark.parametrize("core", [None, {}, {"user_results": {}}, {"user_results": {"result": {}}}])
def test_without_author_object_nothing_is_made_up(core):
    status, aside = made({"core": core, "legacy": {"id_str": "5", "user_id_str": "7"}})
    assert (status.user, aside.handles) == (None, [])


@pytest.mark.parametrize(("post", "handles"), [("5", [("7", "Someone")]), ("6", [])])
def test_the_handle_comes_from_the_posts_own_media_only(post, handles):
    media = [{"expanded_url": f"https://x.com/Someone/status/{post}/photo/1"}]
    legacy = {"id_str": "5", "user_id_str": "7", "extended_entities": {"media": media}}
    assert made({"legacy": legacy})[1].handles == handles


@pytest.mark.parametrize(
    ("content", "unseen"),
    [
        ({"tombstone": {}}, True), ({"__typename": "TweetTombstone"}, True),
        ({"__typename": "TweetUnavailable"}, True), ({"__typename": "Tweet"}, False), ({}, False),
    ],
)  # fmt: skip
def test_what_cannot_be_seen(content, unseen):
    assert decode(content).is_unavailable is unseen
    assert made(content)[0] is None


def test_ids_the_newer_field_first():
    assert made({"rest_id": "5", "legacy": {"id_str": "6"}})[0].key == "5"
    assert made({"legacy": {"id_str": "6"}})[0].key == "6"
    assert made({"legacy": {}})[0].key is None


def test_a_quoted_post_that_cannot_be_seen_is_put_aside():
    content = {"legacy": {"quoted_status_id_str": "4"},
               "quoted_status_result": {"result": {"tombstone": {}}}}  # fmt: skip
    status, aside = made(content)
    assert status.quoted_status is None
    assert aside.failures == [Failure("tombstone", None, "tweet", "4", "quoted_status_result")]


@pytest.mark.parametrize("inside", ["quoted_status_result", "retweeted_status_result"])
def test_where_other_posts_stand(inside):
    field = inside.removesuffix("_result")
    other = {"result": {"rest_id": "4", "legacy": {"full_text": "x"}}}
    beside, within = made({"legacy": {}, inside: other})[0], made({"legacy": {inside: other}})[0]
    assert getattr(beside, field).key == getattr(within, field).key == "4"
