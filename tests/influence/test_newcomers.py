"""New accounts among the amplifiers: the age at the first act, and what is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tests.corpora import corpus_of, crisis
from tests.influence.test_participation import as_dict
from tests.influence.test_reshares import rows_of
from workbench.errors import CannotBuildError, UsageError
from workbench.graphs import graph
from workbench.influence import new_amplifiers, share_of_new_amplifiers

DAY = 86_400_000
START = datetime(2031, 3, 1, tzinfo=UTC)
MS = int(START.timestamp() * 1000)


def corpus_with(created, acts):
    """Return accounts made `created` days before the start, and acts (actor, target, day)."""
    accounts = [
        {"platform": "x", "account_id": name, "seen_as": "author", "observed_ms": 0,
         "created_at": None if days is None else START - timedelta(days=days),
         "source_id": "s", "record": i}
        for i, (name, days) in enumerate(created.items())
    ]  # fmt: skip
    shares = [
        {"platform": "x", "kind": "share", "actor_id": actor, "post_id": f"s{i}", "target_id": to,
         "target_post_id": "p", "weight": 1.0, "origin": "authored", "resolved_by": "id_field",
         "created_ms": None if day is None else round(MS + day * DAY), "source_id": "s",
         "record": i}
        for i, (actor, to, day) in enumerate(acts)
    ]  # fmt: skip
    post = {"platform": "x", "post_id": "p", "version_id": "p", "author_id": "star",
            "kind": "original", "seen_as": "primary", "availability": "full", "source_id": "s",
            "record": 99}  # fmt: skip
    return corpus_of(accounts=accounts, interactions=shares, posts=[post])


def test_the_age_at_the_first_act_decides():
    created = {"star": 900, "old": 100, "edge": 30, "young": 3, "nobody": None, "later": -5}
    acts = [
        ("old", "star", 0), ("edge", "star", 0), ("edge", "star", 40), ("young", "star", 1),
        ("nobody", "star", 0), ("later", "star", 0), ("young", "other", None), ("star", "star", 0),
    ]  # fmt: skip
    corpus = corpus_with(created, acts)
    told = new_amplifiers(graph(corpus, "retweet"), corpus)
    rows = told.rows.set_index("account")
    assert rows.loc["star", ["amplifiers", "known", "new"]].tolist() == [5, 3, 2]
    assert rows.loc["other", ["amplifiers", "known", "new"]].tolist() == [1, 0, 0]
    assert pd.isna(rows.loc["other", "share"])
    assert told.summary == {"pairs": 6, "undated": 2, "created_after_act": 1}
    scores = share_of_new_amplifiers(graph(corpus, "retweet"), corpus)
    assert as_dict(scores) == {"star": pytest.approx(2 / 3)}
    assert scores.parameters == {"days": 30.0, **told.summary}
    shorter = share_of_new_amplifiers(graph(corpus, "retweet"), corpus, days=29.9)
    assert as_dict(shorter) == {"star": pytest.approx(1 / 3)}
    assert "<table" in told._repr_html_()


def test_the_window_of_the_graph_decides_which_act_is_the_first():
    corpus = corpus_with({"fan": 5}, [("fan", "star", 0), ("fan", "star", 60)])
    assert as_dict(share_of_new_amplifiers(graph(corpus, "retweet"), corpus)) == {"star": 1.0}
    late = graph(corpus, "retweet", since="2031-04-01")
    assert as_dict(share_of_new_amplifiers(late, corpus)) == {"star": 0.0}


@pytest.mark.parametrize("kind", ["retweet", "mention"])
def test_shares_equal_a_count_one_act_at_a_time(kind):
    built = graph(crisis(), kind)
    made = {
        row["account_id"]: row["created_at"].timestamp() * 1000
        for row in rows_of(crisis(), "accounts")
        if row["created_at"]
    }
    first = {}
    for act in rows_of(crisis(), "interactions"):
        counted = act["kind"] == {"retweet": "share"}.get(kind, kind)
        counted &= act["origin"] == "authored" and act["actor_id"] != act["target_id"]
        if counted and act["actor_id"] and act["target_id"]:
            pair = act["target_id"], act["actor_id"]
            first[pair] = min(act["created_ms"], first.get(pair, act["created_ms"]))
    ages = {}
    for (target, actor), ms in first.items():
        if actor in made:
            ages.setdefault(target, []).append(ms - made[actor])
    expected = {
        target: sum(age <= 200 * DAY for age in known) / len(known)
        for target, known in ages.items()
    }
    scores = share_of_new_amplifiers(built, crisis(), days=200)
    assert as_dict(scores) == pytest.approx(expected)
    assert 0 < scores.values.mean() < 1


def test_what_is_refused():
    corpus = corpus_with({"fan": None}, [("fan", "star", 0)])
    with pytest.raises(CannotBuildError, match="no account of this graph has a date of creation"):
        share_of_new_amplifiers(graph(corpus, "retweet"), corpus)
    for days in (0, -1, float("inf"), float("nan")):
        with pytest.raises(UsageError, match="days must be a positive number"):
            share_of_new_amplifiers(graph(corpus, "retweet"), corpus, days=days)
