"""The brief on any corpus: whatever the data hold, what is said is true of them."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given

from tests.conftest import few
from tests.corpora import corpora, corpus_of
from workbench.language import LANGUAGES
from workbench.model import Corpus
from workbench.rng import generator
from workbench.studies.claims import check
from workbench.studies.crisis_brief import STUDY, Config
from workbench.studies.crisis_brief.world import compute
from workbench.studies.curated import Subject
from workbench.studies.telling import Computed, document

#: Nothing is small enough for intervals of the indices, which take 200 replicates.
QUICK = Config(seed=3, searches=2, nulls=3, bootstrap=10, replicates=10, large=0)


def told(corpus, config=QUICK):
    """Return what was computed and every claim, checked."""
    world = compute(Subject(corpus, str), config)
    claims = STUDY.claims(world)
    check(claims)
    return world, {claim.id: claim for claim in claims}


def retweets(pairs, *, posts=True, weight=lambda place: 1.0):
    """Return a corpus of retweets, one post each."""
    acts, made = [], []
    for i, (source, target) in enumerate(pairs):
        base = {"platform": "x", "post_id": f"x:p{i}", "source_id": "s", "record": i,
                "created_ms": i * 3_600_000}  # fmt: skip
        acts.append(base | {"kind": "share", "actor_id": f"x:{source}", "target_id": f"x:{target}",
                            "weight": weight(i), "resolved_by": "id_field", "origin": "authored",
                            "target_post_id": f"x:q{target}"})  # fmt: skip
        made.append(base | {"author_id": f"x:{source}", "version_id": f"x:p{i}", "lang": "fr",
                            "seen_as": "primary", "availability": "full",
                            "kind": "share"})  # fmt: skip
    tables = {"interactions": acts} | ({"posts": made} if posts else {})
    return corpus_of(**tables)


def camps(*, across, seed=1, n=30, acts=400):
    """Return retweets between two halves, a share of which crosses."""
    drawn = generator(seed, "camps")
    pairs = []
    for _ in range(acts):
        source = int(drawn.integers(2 * n))
        side = source // n if drawn.random() >= across else 1 - source // n
        pairs.append((source + 1, side * n + int(drawn.integers(n)) + 1))
    return retweets(pairs)


@given(corpora())
@few(6)
def test_on_any_corpus_every_claim_holds_and_the_document_comes_out(corpus):
    world, claims = told(corpus)
    listed = [*claims.values()]
    done = Computed(STUDY, world.subject, world.config, world, listed, STUDY.sheets(world), [])
    for language in LANGUAGES:
        report = document(done, [], language)
        assert report.findings
        assert "{" not in "".join(claim.told(language) for claim in listed)
    for kind, graph in world.graphs.items():
        assert graph.total_weight == world.acts[kind].known


def test_two_camps_are_called_so():
    _, claims = told(camps(across=0.05))
    assert "more divided than chance" in claims["divided"].told("en")
    assert "plus divisés que ne le voudrait le hasard" in claims["divided"].told("fr")
    assert claims["crossing"].value < 0.15


def test_a_peaceful_corpus_is_no_failure():
    _, claims = told(camps(across=0.5), replace(QUICK, nulls=19))
    assert "no more divided than chance" in claims["divided"].told("en")
    assert "ne sont pas plus divisés" in claims["divided"].told("fr")


def test_p_leads_where_there_are_graphs_enough():
    world, claims = told(camps(across=0.05), replace(QUICK, nulls=199, large=999))
    decided = claims["divided"].conditions[0]
    assert decided.what == "p of more divided than chance"
    assert decided.value == world.headline().p <= 0.05
    assert not {"no_p", "no_interval"} & claims.keys()
    assert claims["divided"].low < claims["divided"].value < claims["divided"].high
    assert "95% interval" in claims["divided"].told("en")


def test_without_retweets_no_camps_are_looked_for():
    made = retweets([(1, 2), (2, 3), (3, 1), (1, 3)])
    acts = made.table("interactions")
    kinds = pa.array(["reply"] * acts.num_rows, acts.schema.field("kind").type)
    acts = acts.set_column(acts.schema.get_field_index("kind"), acts.schema.field("kind"), kinds)
    world, claims = told(Corpus.from_tables({"interactions": acts, "posts": made.table("posts")}))
    assert world.sides is None
    assert world.ranked == "reply"
    assert {"no_retweet", "no_camps"} <= claims.keys()
    assert "divided" not in claims
    assert "replies" in claims["first"].told("en")
    assert "réponses" in claims["first"].told("fr")


def test_acts_without_posts_are_said_to_be_so():
    world, claims = told(retweets([(i, i % 3 + 20) for i in range(1, 15)], posts=False))
    assert claims["volume"].told("en").startswith("The data hold no posts, only 14 acts")
    assert world.described.posts == 0
    assert claims["traced"].value == 14


def test_acts_that_are_fractions_are_not_ranked_and_the_brief_says_so():
    pairs = [(i, i % 7 + 40) for i in range(1, 30)] + [(40 + i, 40 + i * i % 7) for i in range(7)]
    world, claims = told(retweets(pairs, posts=False, weight=lambda i: 0.1 * (i % 5 + 1)))
    assert world.ranking is None
    assert claims["no_ranks"].value == sum(w % 1 > 0 for w in world.graphs["retweet"].weight)
    assert "first" not in claims
    assert claims["traced"].value == pytest.approx(world.acts["retweet"].known)


def test_who_shares_the_first_place_is_not_called_first():
    world, claims = told(retweets([(i, 40 + i % 2) for i in range(1, 21)]))
    assert world.ranking.to_pandas()["in_strength"].tolist() == [10, 10]
    assert claims["first"].told("en") == (
        "No account receives most retweets alone: 2 receive 10 each."
    )
    assert "2 en reçoivent 10 chacun" in claims["first"].told("fr")
    assert (claims["first"].value, claims["first"].unit) == (1, "rank")
    assert "largest component of the retweets (11 of 22 accounts)" in claims["no_sides"].told("en")
    assert "1.0 times" in claims["activity"].told("en"), "all wrote equally"


def test_a_share_of_the_first_ten_wants_more_than_ten():
    _, claims = told(retweets([(i, 40 + i % 10) for i in range(1, 31)]))
    assert "concentration" not in claims
    _, claims = told(retweets([(i, 40 + i % 11) for i in range(1, 34)]))
    assert claims["concentration"].value == 10 / 11


def test_nothing_at_all_is_told_as_nothing():
    world, claims = told(corpus_of(posts=[]))
    assert not world.graphs
    assert {"no_retweet", "no_quote", "no_reply", "no_mention", "no_camps"} <= claims.keys()
    assert claims["volume"].value == 0


def test_a_large_graph_gets_fewer_null_graphs_and_says_so():
    world, claims = told(camps(across=0.1), Config(seed=1, searches=2, large=50, replicates=10))
    assert world.config.nulls == 20 == world.nulls
    assert {"no_p", "no_interval"} <= claims.keys()
    assert all(index.low is None for index in world.report.indices)


def test_the_same_seed_says_the_same():
    corpus = camps(across=0.2)
    one, two = (told(corpus)[1] for _ in range(2))
    assert [c.to_dict("fr") for c in one.values()] == [c.to_dict("fr") for c in two.values()]
