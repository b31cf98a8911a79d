"""What is said of posts and languages equals the description."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.studies.crisis_brief import speakers


def said(world, name, **changes):
    """Return a claim of the section after the description was changed."""
    asked = replace(world, described=replace(world.described, **changes))
    (claim,) = [claim for claim in speakers.claims(asked) if claim.id == name]
    assert claim.holds
    return claim


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


def test_posts_of_other_kinds_are_told(world):
    assert "other kinds" not in said(world, "kinds").told("en")
    kinds = world.described.kinds
    fewer = {**kinds, "reply": 0, "other": kinds["reply"]}
    part = kinds["reply"] / world.described.posts
    assert f"and {part:.1%} of other kinds." in said(world, "kinds", kinds=fewer).told("en")
    assert "d’autres sortes." in said(world, "kinds", kinds=fewer).told("fr")


def test_activity_is_called_unequal_only_where_it_is(world):
    accounts = world.described.accounts
    assert said(world, "activity").told("en").startswith("The 10 most active")
    even = accounts.assign(posts=world.described.posts // world.described.authors)
    claim = said(world, "activity", accounts=even)
    assert claim.told("en").startswith("No few accounts wrote most: the 10 most active")
    assert claim.told("fr").startswith("Aucun petit nombre de comptes ne domine")


@pytest.mark.parametrize(
    ("first", "english", "french"),
    [(0.6, "most posts are in French", "la majorité des messages sont en français"),
     (0.4, "no language has most of the posts", "aucune langue n’a la majorité")],
)  # fmt: skip
def test_a_language_has_most_posts_only_above_half(world, first, english, french):
    posts = world.described.posts
    tags = {"fr": int(first * posts), "en": int(0.3 * posts)}
    claim = said(world, "language", languages=tags)
    assert english in claim.told("en")
    assert french in claim.told("fr")
