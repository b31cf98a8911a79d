"""Ranks, their intervals and the posts quoted are those of the ranking."""

from __future__ import annotations

from dataclasses import replace

from workbench.privacy import PublicActors
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


def test_public_actors_are_held_against_their_number(world):
    (claim,) = [c for c in amplified.claims(world) if c.id == "public_actors"]
    assert "more than their share of the accounts" in claim.told("en")
    silent = [account for account, received in zip(
        world.retweets.accounts.tolist(), world.retweets.in_strength(), strict=True,
    ) if not received][:3]  # fmt: skip
    public = PublicActors(dict.fromkeys(silent, "Office"))
    unheard = replace(world, subject=replace(world.subject, public=public))
    (claim,) = [c for c in amplified.claims(unheard) if c.id == "public_actors"]
    assert claim.holds
    assert "no more than their share of the accounts" in claim.told("en")
    assert "pas plus que leur part des comptes" in claim.told("fr")
