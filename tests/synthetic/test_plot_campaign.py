from __future__ import annotations

from collections import defaultdict

from tests.synthetic.raw import reference
from workbench.synthetic import Config
from workbench.synthetic.phrases import CAMPAIGN_DOMAIN
from workbench.synthetic.population import TACTICS
from workbench.synthetic.snowflake import milliseconds, time_ms

SPAN_S = {"fast_links": 12, "copied_text": 50, "retweet_ring": 30, "slow_links": 1_500}


def operations(raw):
    found = defaultdict(list)
    for row in raw.truth["campaign"]:
        found[row["tactic"], row["operation"]].append(row)
    return found


def test_every_tactic_is_played_by_three_or_more_within_its_span(raw):
    found = operations(raw)
    assert {tactic for tactic, _ in found} == set(TACTICS)
    for (tactic, _), rows in found.items():
        times = [int(row["at_ms"]) for row in rows]
        assert len({row["account_id"] for row in rows}) == len(rows)
        assert max(times) - min(times) <= 1_000 * SPAN_S[tactic]
    large = [rows for rows in found.values() if len(rows) >= 3]
    assert len(large) > 0.7 * len(found)


def test_posts_share_the_object_that_the_truth_names(raw):
    for row in raw.truth["campaign"]:
        record = raw.posts[row["post_id"].removeprefix("twitter:")]
        assert record["author_id"] == row["account_id"].removeprefix("twitter:")
        assert time_ms(int(record["id"])) == int(row["at_ms"])
        if row["tactic"] == "retweet_ring":
            assert reference(record, "retweeted") == row["object"].removeprefix("twitter:")
        elif row["tactic"].endswith("links"):
            assert [u["expanded_url"] for u in record["entities"]["urls"]] == [row["object"]]


def test_copied_texts_are_alike_and_not_all_equal(raw):
    texts = defaultdict(list)
    for row in raw.truth["campaign"]:
        if row["tactic"] == "copied_text":
            texts[row["object"]].append(raw.posts[row["post_id"].removeprefix("twitter:")]["text"])
    for same in texts.values():
        start = min(same, key=len).partition(" #")[0].rstrip(" !…⚓)(")[:30]
        assert all(text.startswith(start) for text in same)
    assert any(len(set(same)) > 1 for same in texts.values())


def test_nobody_else_links_to_the_campaigns_site(raw):
    members = {r["account_id"] for r in raw.truth["accounts"] if r["campaign"]}
    for record in raw.posts.values():
        urls = record.get("entities", {}).get("urls", [])
        own = any(CAMPAIGN_DOMAIN in url["expanded_url"] for url in urls)
        if own and not reference(record, "retweeted"):
            assert f"twitter:{record['author_id']}" in members


def test_accounts_are_young_and_camouflaged(raw):
    accounts = {row["account_id"]: row for row in raw.truth["accounts"]}
    members = {account for account, row in accounts.items() if row["campaign"]}
    assert {row["account_id"] for row in raw.truth["campaign"]} <= members
    start = Config().start_ms
    ages = {a: start - milliseconds(accounts[a]["created_at"].removesuffix("Z")) for a in accounts}
    assert max(ages[a] for a in members) <= 21 * 86_400_000
    assert min(age for a, age in ages.items() if a not in members) >= 29 * 86_400_000
    planted = {row["post_id"] for row in raw.truth["campaign"]}
    ordinary = sum(
        f"twitter:{record['author_id']}" in members and f"twitter:{post}" not in planted
        for post, record in raw.posts.items()
    )
    assert ordinary > 0.2 * len(planted)
