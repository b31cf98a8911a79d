"""Camps are called stable only where the seeds agree, and terms that name somebody stay out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.studies.crisis_brief.test_acts import rows_of
from workbench.privacy import PublicActors
from workbench.studies.crisis_brief import camps


@pytest.mark.parametrize(("least", "stable"), [(0.0, True), (0.999, False)])
def test_agreement_decides_what_is_said(world, least, stable):
    asked = replace(world, config=replace(world.config, agreement=least))
    told = {claim.id: claim for claim in camps.claims(asked)}
    assert ("agree closely" in told["communities"].told("en")) == stable
    assert ("depends on the seed" in told["sides"].told("en")) == (not stable)
    assert ("dépend de la graine" in told["sides"].told("fr")) == (not stable)
    assert all(claim.holds for claim in told.values())


def test_searches_that_find_as_many_are_told_with_one_number(world):
    found = replace(world.communities, communities=np.full(4, 12))
    told = camps.claims(replace(world, communities=found))[0]
    assert "Each search finds 12 communities, small ones included; they agree" in told.told("en")
    assert "Chaque recherche en trouve 12, petites comprises\u202f; elles" in told.told("fr")


def test_camps_are_told_by_the_public_actors_retweeted_most(world):
    told = {claim.id: claim for claim in camps.claims(world)}
    received = world.retweets.without_self_loops().in_strength()
    best = {}
    for i, account in enumerate(world.retweets.accounts.tolist()):
        if account in world.subject.public.ids:
            best.setdefault(int(world.sides.labels[i]), []).append((received[i], account))
    for label, claim in enumerate(("who_a", "who_b")):
        top = sorted(best[label], reverse=True)[:3]
        assert told[claim].value == sum(acts for acts, _ in top)
        assert all(world.subject.public.names[a] in told[claim].told("fr") for _, a in top)


def test_terms_that_are_somebodys_handle_stay_out(world, monkeypatch):
    (sheet,) = camps.sheets(world)
    terms = [row[5] for row in sheet.rows]
    assert any(terms)
    monkeypatch.setattr(type(world.subject.guard), "shows_nobody", lambda *_: False)
    (sheet,) = camps.sheets(world)
    assert not any(row[5] for row in sheet.rows)


def test_the_network_can_be_explored(world):
    (drawing,) = camps.drawings(world)
    page = drawing.html("fr")
    assert 'lang="fr"' in page
    assert "camp A" in page


def test_one_public_actor_is_told_in_the_singular(world):
    received = world.retweets.without_self_loops().in_strength().tolist()
    alone = max((acts, account) for acts, account in
                zip(received, world.retweets.accounts.tolist(), strict=True)
                if account in world.subject.public.ids)[1]  # fmt: skip
    public = PublicActors({alone: world.subject.public.names[alone]})
    few = replace(world, subject=replace(world.subject, public=public))
    (claim,) = [c for c in camps.claims(few) if c.section == "camps_who"]
    assert "only one public actor is retweeted" in claim.told("en")
    assert "un seul acteur public est retweeté" in claim.told("fr")


def test_the_posts_behind_the_network_are_those_of_the_component_drawn(world):
    (drawing,) = camps.drawings(world)
    drawn = set(world.retweets.largest_component().accounts.tolist())
    made = {act["post_id"] for act in rows_of(world.subject.corpus, "retweet")
            if {act["actor_id"], act["target_id"]} <= drawn}  # fmt: skip
    assert drawing.behind.posts == len(made) < world.acts["retweet"].posts
    assert drawing.behind.command == (
        "workbench graph retweet --largest-component --study 'my study'"
    )
