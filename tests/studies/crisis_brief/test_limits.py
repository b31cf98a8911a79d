"""Limits are told with the number that makes them so, and only then."""

from __future__ import annotations

from workbench.language import LANGUAGES
from workbench.studies.crisis_brief import STUDY, limits


def test_every_limit_is_told_only_where_it_is_one(world):
    told = {claim.id: claim for claim in limits.claims(world)}
    assert told["no_p"].value == world.nulls < 199
    assert told["unsided"].value == world.sides.unlabelled > 0
    assert told["unknown_reply"].value == world.acts["reply"].acts - world.acts["reply"].known
    assert "unknown_retweet" not in told
    assert not {"gaps", "undated", "nobody_named", "no_camps"} & told.keys()
    assert STUDY.question.keys() == set(LANGUAGES)
