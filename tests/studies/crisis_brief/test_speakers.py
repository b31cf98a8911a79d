"""What is said of posts and languages equals the description."""

from __future__ import annotations

from dataclasses import replace

from workbench.studies.crisis_brief import speakers


def test_languages_and_activity_equal_the_description(world):
    told = {claim.id: claim for claim in speakers.claims(world)}
    found = world.described
    assert told["volume"].value == found.posts
    top = int(found.accounts["posts"].sum())
    assert told["activity"].value == top / found.posts
    assert "en français" in told["language"].told("fr")


def test_no_day_is_called_the_busiest_where_two_are(world):
    days = world.described.per_day
    (claim,) = [c for c in speakers.claims(world) if c.id == "volume"]
    assert "the busiest day is" in claim.told("en")
    even = days.assign(posts=days["posts"].max())
    described = replace(world.described, per_day=even, posts=int(even["posts"].sum()))
    (claim,) = [c for c in speakers.claims(replace(world, described=described))
                if c.id == "volume"]  # fmt: skip
    assert claim.holds
    assert f"no day has more than {days['posts'].max()} posts" in claim.told("en")
    assert f"aucun jour ne compte plus de {days['posts'].max()} messages" in claim.told("fr")
