"""Acts from camp to camp equal the loop over the edges."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.studies.crisis_brief.test_acts import rows_of
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
    assert claims["bridges"].told("en").startswith("In the retweets across, ")
    assert "ont pris part aux retweets d’un camp à l’autre" in claims["bridges"].told("fr")


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


def test_kinds_that_are_not_compared_are_not_drawn_and_named_with_the_reason(world):
    covered = {kind: told["share"] for kind, told in world.crosstalk.coverage.items()}
    least = covered["reply"] + 1e-9
    assert sum(share < least for share in covered.values()) == 1
    few = replace(world, config=replace(world.config, coverage=least))
    assert [drawing.name for drawing in crossing.drawings(few)] == ["mixing_retweet"]
    between = crossing.sheets(few)[0]
    assert [row[0]["en"] for row in between.rows] == ["retweets", "quotes", "mentions"]
    assert "% of their accounts have a camp: replies." in between.caption["en"]
    assert "% de leurs comptes ont un camp : réponses." in between.caption["fr"]
    assert "Not compared" not in crossing.sheets(world)[0].caption["en"]


@pytest.mark.parametrize("kind", ["retweet", "reply"])
def test_the_posts_behind_a_matrix_are_those_of_its_acts(world, kind):
    (drawing,) = [d for d in crossing.drawings(world) if d.name == f"mixing_{kind}"]
    sided = set(world.sided)
    made = {act["post_id"] for act in rows_of(world.subject.corpus, kind)
            if {act["actor_id"], act["target_id"]} <= sided
            and act["actor_id"] != act["target_id"]}  # fmt: skip
    assert drawing.behind.posts == len(made) < world.acts[kind].posts
    assert world.between[kind].known == crossing._between(world, kind).sum()
    split, *others = drawing.behind.command.splitlines()
    assert "--split leiden" in split
    assert [("--kind reply" in line, "--sides camps.csv" in line) for line in others] == (
        [(True, True)] if kind == "reply" else []
    )


def test_the_claim_fails_where_the_acts_counted_one_by_one_are_others(world):
    other = replace(world.between["retweet"], known=world.between["retweet"].known + 1)
    apart = replace(world, between={**world.between, "retweet": other})
    assert crossing.claims(world)[0].holds
    assert not crossing.claims(apart)[0].holds
