from __future__ import annotations

import json

import pytest

from tests.loaders.making import source_of
from workbench.loaders.mastodon_records import (
    Account,
    LocalIds,
    Mention,
    address,
    collector,
    items,
    page,
    status,
)


def entry(**parts):
    return status(json.dumps(parts).encode())


def test_an_account_is_known_by_name_and_domain():
    assert address(Account(acct="Ben@Two.example")) == "ben@two.example"
    assert address(Account(acct="ann", url="https://one.example/@ann")) == "ann@one.example"
    assert address(Account(acct="ann", uri="https://one.example/users/ann")) == "ann@one.example"
    assert address(Account(acct="ann"), "https://one.example/x") == "ann@one.example"
    assert address(Mention(username="ann", url="https://one.example/@ann")) == "ann@one.example"
    assert address(Account()) is None
    with pytest.raises(ValueError, match="unknown instance"):
        address(Account(acct="ann", url="http://[broken"))


LOCAL = {"id": "1", "acct": "ann", "url": "https://one.example/@ann"}
REMOTE = {"id": "2", "acct": "ben@two.example", "url": "https://two.example/@ben"}


@pytest.mark.parametrize(
    ("parts", "instance"),
    [
        ({"account": LOCAL}, "one.example"),
        ({"account": {"acct": "ann"}, "uri": "https://one.example/x"}, "one.example"),
        ({"account": REMOTE}, None),
        ({"account": REMOTE, "mentions": [LOCAL]}, "one.example"),
        ({"account": REMOTE, "mentions": [REMOTE]}, None),
        ({"account": REMOTE, "tags": [{"url": "https://one.example/tags/x"}]}, "one.example"),
        ({"account": REMOTE, "reblog": {"account": LOCAL}}, "one.example"),
        ({}, None),
    ],
)
def test_the_instance_that_was_asked_shows_in_what_is_local(parts, instance):
    assert collector(entry(**parts)) == instance


def ids(*entries):
    return LocalIds(source_of("\n".join(map(json.dumps, entries)).encode()))


PARENT = {"id": "10", "uri": "https://two.example/10", "account": REMOTE}
ANSWER = {"id": "11", "uri": "https://one.example/11", "account": LOCAL, "in_reply_to_id": "10",
          "in_reply_to_account_id": "2"}  # fmt: skip


@pytest.mark.parametrize("entries", [(PARENT, ANSWER), (ANSWER, PARENT)])
def test_local_ids_are_found_before_and_after(entries):
    found = ids(*entries)
    answer = entry(**ANSWER)
    assert found.post(answer, "10") == "https://two.example/10"
    assert found.account(answer, 2) == "ben@two.example"
    assert found.author("https://two.example/10") == "ben@two.example"
    assert found.post(answer, "12") is found.post(answer, None) is found.author(None) is None


def test_in_pages_boosts_quotes_and_documents():
    boost = {"id": "12", "account": LOCAL, "reblog": PARENT}
    quote = {"id": "12", "account": LOCAL, "quote": {"quoted_status": PARENT}}
    for holder in (boost, quote, {"statuses": [PARENT]}, {"ancestors": [{"id": 5}, PARENT]}):
        assert ids(ANSWER, holder).post(entry(**ANSWER), "10") == "https://two.example/10"
    for indent in (None, 1):
        source = source_of(json.dumps([ANSWER, {"id": {}}, PARENT], indent=indent).encode())
        assert LocalIds(source).post(entry(**ANSWER), "10") == "https://two.example/10"


def test_private_statuses_are_not_noted():
    assert ids(ANSWER, {**PARENT, "visibility": "direct"}).post(entry(**ANSWER), "10") is None


def test_an_id_that_means_two_things_means_nothing():
    other = {**PARENT, "uri": "https://three.example/10"}
    assert ids(ANSWER, PARENT, other).post(entry(**ANSWER), "10") is None


def test_ids_of_several_instances_are_kept_apart():
    tags = [{"name": "x", "url": "https://three.example/tags/x"}]
    there = {**PARENT, "uri": "https://four.example/10", "tags": tags}
    here = {**PARENT, "tags": [{"name": "x", "url": "https://one.example/tags/x"}]}
    found = ids(ANSWER, there, here)
    assert found.post(entry(**ANSWER), "10") == "https://two.example/10"
    assert found.post(entry(**{**ANSWER, "account": REMOTE, "tags": tags}), "10") == (
        "https://four.example/10"
    )
    assert found.post(entry(**{**ANSWER, "account": REMOTE}), "10") is None


def test_items_of_a_page():
    assert items(page(b'{"id": "1"}')) is None
    assert items(page(b'{"ancestors": [], "descendants": []}')) == []
    assert len(items(page(b'{"statuses": [{}, {}], "accounts": [{}]}')) or []) == 3
