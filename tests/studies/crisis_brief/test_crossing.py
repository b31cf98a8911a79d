"""Acts from camp to camp equal the loop over the edges."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from workbench.studies.crisis_brief import crossing
from workbench.studies.crisis_brief.world import CAMPS


@pytest.mark.parametrize("kind", ["retweet", "reply"])
def test_the_matrix_equals_the_loop(world, kind):
    camp = {a: n for a, n in zip(world.sides.ids.to_pylist(), world.sides.labels.tolist(),
                                 strict=True) if n >= 0}  # fmt: skip
    counted = Counter()
    for edge in world.graphs[kind].to_pandas().itertuples(index=False):
        if edge.source != edge.target and edge.source in camp and edge.target in camp:
            counted[camp[edge.source], camp[edge.target]] += edge.weight
    table = crossing._between(world, kind)
    assert {(i, j): table[i, j] for i in (0, 1) for j in (0, 1)} == dict(counted)
    assert counted[0, 1] + counted[1, 0] == world.crossing[kind].across


def test_the_claim_says_the_share_and_what_crosses_more(world):
    claims = {claim.id: claim for claim in crossing.claims(world)}
    found = world.crossing["retweet"]
    assert claims["crossing"].value == pytest.approx(found.across / found.total)
    assert "every other kind of act compared crosses more, replies" in claims["crossing"].told("en")
    assert claims["bridges"].value == world.bridges.found


def test_who_shares_the_first_place_is_not_named(world):
    rows = world.bridges.rows.assign(rank=1)
    tied = replace(world, bridges=replace(world.bridges, rows=rows))
    told = {claim.id: claim for claim in crossing.claims(tied)}["bridges"]
    assert "None has most of them alone" in told.told("en")
    assert world.subject.label(rows["account"][0]) not in told.told("fr")


def test_tables_and_figures_name_the_camps_and_the_kind(world):
    between, bridges = crossing.sheets(world)
    assert {row[2] for row in bridges.rows} == set(CAMPS)
    assert [row[0]["fr"] for row in between.rows] == ["retweets", "citations", "réponses",
                                                      "mentions"]  # fmt: skip
    assert [d.lead["fr"] for d in crossing.drawings(world)] == ["Retweets.", "Réponses."]
