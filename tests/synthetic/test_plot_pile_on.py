from __future__ import annotations

from collections import Counter

from tests.synthetic.raw import edges, reference
from workbench.synthetic.snowflake import time_ms

HOUR_MS = 3_600_000


def test_many_accounts_turn_on_one_within_hours(raw):
    rows = raw.truth["pile_on"]
    trigger, *others = rows
    assert len(rows) == 59  # 1.2 % of 5,000, less the target's own post
    assert trigger["stance"] == "trigger"
    assert len({row["account_id"] for row in rows}) == len(rows)
    delays = sorted(int(row["at_ms"]) - int(trigger["at_ms"]) for row in others)
    assert delays[len(delays) // 2] < 3 * HOUR_MS
    assert delays[-1] < 11 * HOUR_MS


def test_the_posts_are_what_the_truth_says(raw):
    target = raw.truth["pile_on"][0]["target_account"].removeprefix("twitter:")
    for row in raw.truth["pile_on"]:
        record = raw.posts[row["post_id"].removeprefix("twitter:")]
        kind = {"quote": "quoted", "reply": "replied_to"}[row["kind"]]
        assert reference(record, kind) == row["target_post"].removeprefix("twitter:")
        assert raw.author[reference(record, kind)] == target
        assert f"twitter:{record['author_id']}" == row["account_id"]


def test_attackers_are_of_one_camp_and_strangers_to_the_target(raw):
    camp = {row["account_id"]: row["camp"] for row in raw.truth["accounts"]}
    rows = raw.truth["pile_on"]
    sides = Counter((row["stance"], camp[row["account_id"]]) for row in rows)
    assert set(sides) == {
        ("trigger", "tarvenia"),
        ("attack", "tarvenia"),
        ("support", "velmora"),
    }
    assert sides["attack", "tarvenia"] > 5 * sides["support", "velmora"]
    target = rows[0]["target_account"].removeprefix("twitter:")
    planted = {row["post_id"].removeprefix("twitter:") for row in rows}
    earlier = {
        f"twitter:{record['author_id']}"
        for post, record in raw.posts.items()
        if post not in planted
        and int(post) < min(map(int, planted))
        and target in {raw.author.get(r["id"]) for r in record.get("referenced_tweets", [])}
    }
    senders = {row["account_id"] for row in rows}
    assert len(senders - earlier) > 0.9 * len(senders)


def test_the_target_falls_silent(raw):
    rows = raw.truth["pile_on"]
    target = rows[0]["target_account"].removeprefix("twitter:")
    begin = int(rows[0]["at_ms"])
    times = [time_ms(int(post)) for post, r in raw.posts.items() if r["author_id"] == target]
    assert not [ms for ms in times if begin < ms < begin + 48 * HOUR_MS]


def test_the_target_is_hit_harder_than_anybody_else(raw):
    received: Counter = Counter()
    for kind in ("quote", "reply"):
        for (_, target), times in edges(raw)[kind].items():
            received[target] += times
    ranking = [account for account, _ in received.most_common(5)]
    assert raw.truth["pile_on"][0]["target_account"].removeprefix("twitter:") in ranking
