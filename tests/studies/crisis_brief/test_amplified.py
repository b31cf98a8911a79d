"""Ranks, their intervals and the posts quoted are those of the ranking."""

from __future__ import annotations

from workbench.studies.crisis_brief import amplified


def test_ranks_with_an_interval_of_one_rank_are_counted(world):
    told = {claim.id: claim for claim in amplified.claims(world)}
    rows = world.ranking.to_pandas()
    assert told["ranks"].value == (rows["rank_low"] == rows["rank_high"]).sum()
    first = told["first"]
    assert (first.value, first.low, first.high) == (1, rows["rank_low"][0], rows["rank_high"][0])
    assert first.places["acts"].value == rows["in_strength"][0]
    assert told["concentration"].low <= told["concentration"].value <= told["concentration"].high
    (ranking, posts) = amplified.sheets(world)
    assert ranking.behind.posts == rows["in_strength"].sum()
    assert len(posts.rows) == 5
    authors = dict.fromkeys(world.quoted["author_id"])
    assert posts.behind.command.splitlines() == [
        f"workbench evidence --study 'my study' --kind retweet --account {author}"
        for author in authors
    ]
