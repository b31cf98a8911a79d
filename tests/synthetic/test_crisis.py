"""The organic part: mixing, attention, rhythm and the oddities that every export has."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.synthetic.raw import edges, mentions, read, reference
from workbench.synthetic import Config, make
from workbench.synthetic.calendar import events, quotas
from workbench.synthetic.snowflake import time_ms


def across(raw, kind: str) -> tuple[float, float]:
    """Return the share of acts between the camps that cross the line, and the neutral share."""
    camp = {
        row["account_id"].removeprefix("twitter:"): row["camp"] for row in raw.truth["accounts"]
    }
    count: Counter = Counter()
    for (actor, target), times in edges(raw)[kind].items():
        if target in camp:
            pair = (camp[actor], camp[target])
            count["neutral" if "neutral" in pair else pair[0] != pair[1]] += times
    return count[True] / (count[True] + count[False]), count["neutral"] / count.total()


def test_camps_retweet_their_own_and_quarrel_with_the_others(raw):
    assert across(raw, "retweet")[0] == pytest.approx(0.06, abs=0.02)
    assert across(raw, "quote")[0] == pytest.approx(0.55, abs=0.10)
    assert across(raw, "reply")[0] == pytest.approx(0.60, abs=0.07)


@pytest.mark.parametrize("cross", [0.0, 0.25])
def test_mixing_is_a_knob(tmp_path, cross):
    config = Config(cross_retweet=cross, neutral_share=0.0)
    make(tmp_path / "out", posts=4_000, seed=5, config=config)
    found, _ = across(read(tmp_path / "out"), "retweet")
    assert found == pytest.approx(cross, abs=0.04 if cross else 0.0)


def test_attention_is_heavy_tailed(raw):
    received = Counter()
    for (_, target), times in edges(raw)["retweet"].items():
        received[target] += times
    strengths = np.sort(list(received.values()))
    assert strengths[-len(strengths) // 20 :].sum() > 0.4 * strengths.sum()
    assert np.median(strengths) <= 3
    cascade = Counter(reference(record, "retweeted") for record in raw.posts.values())
    cascade.pop(None)
    assert max(cascade.values()) >= 15


def test_retweets_come_within_the_day(raw):
    delays = [
        time_ms(int(record["id"])) - time_ms(int(shared))
        for record in raw.posts.values()
        if (shared := reference(record, "retweeted"))
    ]
    assert np.median(delays) < 6 * 3_600_000
    assert np.quantile(delays, 0.95) < 3 * 86_400_000


def test_nobody_retweets_a_post_twice(raw):
    pairs = [
        (record["author_id"], shared)
        for record in raw.posts.values()
        if (shared := reference(record, "retweeted"))
    ]
    assert len(set(pairs)) == len(pairs)


def test_hours_follow_the_calendar(raw):
    config = Config()
    hour = [(time_ms(int(i)) - config.start_ms) // 3_600_000 for i in raw.posts]
    found = np.bincount(hour, minlength=config.hours)
    expected = quotas(config, 5_000)
    # What is planted may exceed the hours' quotas; later hours make up for it.
    assert np.abs(np.cumsum(found) - np.cumsum(expected)).max() <= 100
    incident, conference = events(config)
    for event in (incident, conference):
        day = found.reshape(-1, 24).sum(axis=1)
        assert day[event.hour // 24] > 1.5 * np.median(day)


def test_every_gotcha_of_real_exports_is_there(raw, manifest):
    records = list(raw.posts.values())
    shares = [r for r in records if reference(r, "retweeted")]
    assert any(r["text"].endswith("…") for r in shares), "cut retweets"
    assert any(not r.get("entities", {}).get("mentions") for r in shares), "plain heads"
    assert any(r["author_id"] == raw.author.get(reference(r, "retweeted")) for r in shares)
    assert any("id" not in m for r in records for m in r.get("entities", {}).get("mentions", []))
    assert any("withheld" in r for r in records)
    assert any(len(r["edit_history_tweet_ids"]) > 1 for r in raw.records)
    assert any(len(r.get("referenced_tweets", [])) == 2 for r in records), "reply and quote"
    assert any("attachments" in r for r in records)
    assert {r["lang"] for r in records} == {"fr", "en"}
    assert manifest.duplicates > 0
    included = {r["id"] for r in raw.included}
    for kind in ("retweeted", "quoted"):
        targets = {i for r in records if (i := reference(r, kind))}
        assert targets - included, f"{kind} and not included"
    primary = {r["id"] for r in raw.records}
    assert included - primary, "included and not collected"


def test_mentions_have_all_origins(raw):
    origins = Counter(origin for r in raw.posts.values() for _, origin in mentions(raw, r))
    assert set(origins) == {"authored", "share_head", "inherited_share", "reply_prefix"}
    assert origins["authored"] < 0.15 * origins.total()


def test_a_renamed_account_is_known_under_both_handles(raw):
    old, new = raw.truth["aliases"]
    handles = {u["username"] for u in raw.users if f"twitter:{u['id']}" == old["account_id"]}
    assert handles == {old["handle"], new["handle"]}
    assert old["until"] == new["since"]


def test_duplicates_are_the_same_post_with_newer_counts(raw, manifest):
    seen: dict[str, dict] = {}
    repeated = 0
    for record in raw.records:
        first = seen.setdefault(record["id"], record)
        if first is not record:
            repeated += 1
            counts = first["public_metrics"], record["public_metrics"]
            assert all(counts[0][key] <= counts[1][key] for key in counts[0])
            assert {**first, "public_metrics": 0} == {**record, "public_metrics": 0}
    assert repeated == manifest.duplicates
