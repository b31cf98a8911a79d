from __future__ import annotations

from collections import Counter

from workbench.synthetic.snowflake import time_ms


def test_accounts_say_who_everybody_is(raw, manifest):
    rows = raw.truth["accounts"]
    assert len(rows) == manifest.accounts
    written = Counter(record["author_id"] for record in raw.posts.values())
    users = {user["id"]: user for user in raw.users}
    for row in rows:
        identity = row["account_id"].removeprefix("twitter:")
        assert int(row["posts"]) == written[identity]
        if identity in users:
            user = users[identity]
            assert int(row["followers"]) == user["public_metrics"]["followers_count"]
            assert row["created_at"] == user["created_at"]
    assert {row["camp"] for row in rows} == {"velmora", "tarvenia", "neutral"}


def test_sides_are_the_accounts_of_the_two_camps(raw):
    sides = {row["node"]: row["side"] for row in raw.truth["sides"]}
    expected = {
        row["account_id"]: row["camp"] for row in raw.truth["accounts"] if row["camp"] != "neutral"
    }
    assert sides == expected


def test_public_actors_are_institutions_and_journalists_and_nobody_else(raw):
    public = {row["account_id"]: row["role"] for row in raw.truth["public_actors"]}
    expected = {
        row["account_id"]: row["role"] for row in raw.truth["accounts"] if row["role"] != "citizen"
    }
    assert public == expected
    assert not {row["account_id"] for row in raw.truth["campaign"]} & public.keys()
    target = raw.truth["pile_on"][0]["target_account"]
    assert public[target] == "journalist"


def test_events_lie_in_the_collection(raw):
    incident, conference = raw.truth["events"]
    assert (incident["kind"], conference["kind"]) == ("incident", "conference")
    last = max(time_ms(int(post)) for post in raw.posts)
    for event in (incident, conference):
        assert event["since"] <= event["at"] < event["until"] < "2031-03-24"
    assert last > 0
