"""One of every noun and result, made from small data: what the contract of showing walks over."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

from tests.corpora import ROOT, crisis
from tests.studies.test_claims import claim
from workbench import communities, influence, polarisation, store, synthetic
from workbench.graphs.nulls import rewired
from workbench.influence.acts import acts_of
from workbench.model import IndexValue
from workbench.plotting.layout import layout
from workbench.plotting.view_edges import drawn_edges
from workbench.privacy import read_public_actors
from workbench.studies.running import StudyRun


@cache
def world() -> SimpleNamespace:
    """Return the invented crisis: corpus, graphs, sides, leans, windows."""
    corpus = crisis()
    graph = corpus.graph("retweet").largest_component()
    sides = polarisation.find_sides(graph, into=2, seed=1)
    windows = {
        "week 1": corpus.graph("retweet", since="2031-03-03", until="2031-03-10"),
        "week 2": corpus.graph("retweet", since="2031-03-10", until="2031-03-17"),
    }
    return SimpleNamespace(
        corpus=corpus,
        graph=graph,
        sides=sides,
        strength=influence.in_strength(graph),
        leans=polarisation.latent_ideology(graph, influencers=30).accounts[0],
        windows=windows,
    )


def _of_nouns(w: Any) -> list[Any]:
    return [
        w.corpus,
        w.corpus.report,
        w.graph,
        w.sides,
        w.strength,
        IndexValue("ei_index", -0.6, null_mean=-0.4, null_sd=0.1, z=-2.0, runs=20, seed=1),
    ]


def _of_graphs(w: Any, folder: Any) -> list[Any]:
    return [
        w.corpus.describe(),
        w.corpus.evidence(kind="retweet", account=w.strength.top(1)["account"][0]),
        layout(w.graph, iterations=3, seed=1),
        drawn_edges(w.graph),
        StudyRun("crisis_brief", folder, (claim(),), ("en",), ("brief.en.html",), True, None, None),
        rewired(w.graph.to_scipy(), directed=True, seed=1, trials_per_edge=1),
        store.connect(folder / "graph"),
        synthetic.make(folder / "made", posts=1000, seed=1),
        read_public_actors(ROOT / "datasets" / "crisis_small" / "truth" / "public_actors.csv"),
    ]


def _of_communities(w: Any) -> list[Any]:
    found = communities.leiden(w.graph, seed=1)
    other = communities.louvain(w.graph, seed=2)
    steps = {name: communities.leiden(graph, seed=1) for name, graph in w.windows.items()}
    return [
        communities.compare(found, other),
        communities.consensus(w.graph, runs=4, seed=1),
        communities.describe(w.corpus, w.graph, found),
        communities.levels(w.graph, seed=1),
        communities.match(steps),
        communities.mixing(w.graph, found),
        communities.scan(w.graph, resolutions=(0.5, 1.0), runs=2, seed=1),
        communities.significance(w.graph, found, runs=2, seed=1),
        communities.stability(w.graph, runs=2, seed=1),
    ]


def _of_influence(w: Any) -> list[Any]:
    top = w.strength.top(3)["account"].tolist()
    scores = [w.strength, influence.pagerank(w.graph)]
    return [
        acts_of(w.graph, w.corpus),
        influence.agreement(scores, at=(5,)),
        influence.audience(w.graph, w.sides),
        influence.concentration(w.graph),
        influence.dismantle(w.graph, accounts=10),
        influence.maximise(w.graph, k=2, probability=0.1, sets=200, runs=20, seed=1),
        influence.new_amplifiers(w.graph, w.corpus),
        influence.over_partitions(w.graph, [w.sides, w.sides], by="participation"),
        influence.post_table(w.graph, w.corpus),
        influence.rank(w.graph, by=["in_strength", "pagerank"], bootstrap=10, seed=1, top=30),
        influence.roles(w.graph, w.sides),
        influence.spread(w.graph, top, probability=0.1, runs=20, seed=1),
        influence.top_k(w.graph, k=3, bootstrap=50, seed=1),
        influence.turnover(w.windows, k=5),
        influence.without(w.graph, top, seed=1),
    ]


def _of_polarisation(w: Any) -> list[Any]:
    first, second = w.windows.values()
    given = dict.fromkeys(w.graph.accounts[:50], "east")
    given |= dict.fromkeys(w.graph.accounts[50:90], "west")
    indices = ["ei_index"]
    return [
        polarisation.report(w.graph, w.sides, measures=indices, runs=2, seed=1),
        polarisation.account_leans(w.graph, w.sides),
        polarisation.bridges(w.graph, w.sides),
        polarisation.bubbles(w.graph, w.sides),
        polarisation.by_kind({"retweet": w.graph}, w.sides, measures=indices),
        polarisation.confusion(w.sides, given),
        polarisation.decompose(first, second, w.sides, measure="ei_index"),
        polarisation.difference(first, second, w.sides, measure="ei_index", runs=9, seed=1),
        polarisation.echo_chamber(w.graph, w.leans, source="external", runs=2, seed=1),
        polarisation.expressed_opinions(w.graph, w.leans),
        polarisation.latent_ideology(w.graph, influencers=30),
        polarisation.name_sides(w.corpus, w.sides),
        polarisation.over_time(w.windows, w.sides, measures=indices, runs=2, seed=1),
    ]


def made(folder: Any) -> dict[type, Any]:
    """Return one instance of every class that shows itself, by class; files go to `folder`."""
    w = world()
    several = [
        *_of_nouns(w),
        *_of_graphs(w, folder),
        *_of_communities(w),
        *_of_influence(w),
        *_of_polarisation(w),
    ]
    return {type(one): one for one in several}
