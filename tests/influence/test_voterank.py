from __future__ import annotations

import json
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.influence.cases import graph_of, karate, known, networkx_of
from tests.influence.test_measures import higgs
from tests.reference import reference_data
from workbench.influence import voterank


def slowly(graph):
    """Elect in exact fractions, counting every vote anew each time."""
    source, target, _ = graph.without_self_loops().arcs()
    n, m = graph.nodes, len(source)
    ability, votes = [Fraction(1)] * n, [Fraction(0)] * n
    elected = set()
    while True:
        counted = [Fraction(0)] * n
        for s, t in zip(source.tolist(), target.tolist(), strict=True):
            if t not in elected:
                counted[t] += ability[s]
        best = max(range(n), key=lambda i: (counted[i], -i))
        if not counted[best]:
            return [float(v) for v in votes]
        votes[best] = counted[best]
        elected.add(best)
        for s, t in zip(source.tolist(), target.tolist(), strict=True):
            if t == best:
                ability[s] = max(Fraction(0), ability[s] - Fraction(n, m))
        ability[best] = Fraction(0)


@settings(max_examples=60)
@given(graphs(min_edges=1))
def test_it_elects_as_exact_fractions_do(graph):
    assert voterank(graph).values.tolist() == pytest.approx(slowly(graph))


@pytest.mark.parametrize("seed", range(5))
def test_networkx_elects_the_same_from_author_to_amplifier(seed):
    graph = nx.gnm_random_graph(60, 240, seed=seed, directed=True)
    ours = graph_of([(str(s), str(t)) for s, t in graph.edges()])
    votes = known(voterank(ours))
    for place, account in enumerate(nx.voterank(networkx_of(ours.reversed()))):
        # networkx counts in floats, so that equal votes come in any order.
        assert votes[account] == pytest.approx(sorted(votes.values(), reverse=True)[place])


def test_a_shared_audience_is_elected_once():
    edges = [(f"f{i}", a) for i in range(9) for a in ("star", "twin")]
    edges += [(f"g{i}", "other") for i in range(4)]
    top = voterank(graph_of(edges)).top(3)
    assert top["account"].tolist() == ["star", "other", "twin"]
    assert top["voterank"].tolist() == pytest.approx([9, 4, 9 * (1 - 16 / 22)])


@pytest.mark.reference
def test_reference_values():
    values = json.loads(reference_data("diffusion/reference_values.json").read_text())
    five = voterank(karate()).top(5)["account"].tolist()
    assert five == [str(a) for a in values["karate"]["voterank5"]]
    graph = higgs()
    ten = voterank(graph).top(10)["account"].tolist()
    assert ten == [str(a) for a in values["higgs"]["voterank10_author_to_retweeter"]]
    turned = voterank(graph.reversed())
    wrong = [str(a) for a in values["higgs"]["voterank10_retweeter_to_author_WRONG"]]
    # Of equal votes networkx's floats take one, we the first account.
    assert [known(turned)[a] for a in wrong] == turned.top(10)["voterank"].tolist()
