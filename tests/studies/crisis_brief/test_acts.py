"""Acts counted by the engine equal those counted one by one."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given

from tests.conftest import few
from tests.corpora import PEOPLE, corpora
from workbench.engine import session, views
from workbench.model.kinds import graph_kind
from workbench.studies.crisis_brief.acts import (
    acts_among,
    acts_of,
    acts_upon,
    posts_behind,
    posts_of_public_actors,
)
from workbench.studies.crisis_brief.world import KINDS


def rows_of(corpus, kind):
    """Return the acts that a graph of this kind is made of, as rows."""
    with session(corpus) as opened:
        acts = opened.collect(views.interactions(opened)).to_pylist()
    base = graph_kind(kind).base
    return [a for a in acts if a["kind"] == base
            and (base != "mention" or a["origin"] == "authored")]  # fmt: skip


def counted(acts, known):
    times = [a["created_ms"] for a in known if a["created_ms"] is not None]
    return (
        sum(a["weight"] for a in acts),
        sum(a["weight"] for a in known),
        sum(a["weight"] for a in known if a["actor_id"] != a["target_id"]),
        len({a["post_id"] for a in known} - {None}),
        min(times, default=None),
        max(times, default=None),
    )


def as_tuple(found):
    return (found.acts, found.known, found.others, found.posts, found.first_ms, found.last_ms)


@given(corpora())
@few(8)
def test_acts_equal_the_loop_over_the_rows(corpus):
    found = acts_of(corpus, KINDS)
    for kind in KINDS:
        acts = rows_of(corpus, kind)
        known = [a for a in acts if a["actor_id"] and a["target_id"]]
        assert as_tuple(found[kind]) == counted(acts, known), kind
    upon = [a for a in rows_of(corpus, "retweet")
            if a["target_id"] in PEOPLE[:3]
            and a["actor_id"] not in {None, a["target_id"]}]  # fmt: skip
    assert as_tuple(acts_upon(corpus, "retweet", PEOPLE[:3])) == counted(upon, upon)
    for kind in KINDS:
        both = [a for a in rows_of(corpus, kind)
                if {a["actor_id"], a["target_id"]} <= set(PEOPLE[:3])]  # fmt: skip
        others = [a for a in both if a["actor_id"] != a["target_id"]]
        kept = acts_among(corpus, [kind], PEOPLE[:3], loops=True)[kind]
        assert as_tuple(kept) == counted(both, both)
        assert as_tuple(acts_among(corpus, [kind], PEOPLE[:3])[kind]) == counted(others, others)
        made = {a["post_id"] for a in others} - {None}
        assert posts_behind(corpus, [kind], among=PEOPLE[:3]) == len(made)


def test_the_posts_most_retweeted_equal_the_loop(world):
    corpus, public = world.subject.corpus, world.subject.public.ids
    sharers = defaultdict(set)
    for act in rows_of(corpus, "retweet"):
        if act["target_post_id"] and act["actor_id"] != act["target_id"]:
            sharers[act["target_post_id"]].add(act["actor_id"])
    found = posts_of_public_actors(corpus, public, top=5)
    assert len(found) == 5
    assert set(found["author_id"]) <= public
    assert found["text"].notna().all()
    assert [len(sharers[post]) for post in found["post_id"]] == found["accounts"].tolist()
    with session(corpus) as opened:
        posts = opened.collect(views.posts(opened)).to_pylist()
    mine = [len(sharers[p["post_id"]]) for p in posts if p["author_id"] in public]
    assert sorted(mine)[-5:][::-1] == found["accounts"].tolist()
