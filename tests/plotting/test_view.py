"""The interactive view: what the page holds, whom it names, and the faces it has."""

from __future__ import annotations

import base64
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.corpora import ROOT, crisis, crisis_names
from tests.graph_strategies import graphs
from tests.plotting.figures import camps, isolates
from tests.plotting.test_view_page import NASTY, Elements, data_of
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs import graph as build
from workbench.model import InteractionGraph, NodeScores, Partition
from workbench.plotting import alt_text, in_language, view
from workbench.plotting.layout import Layout, layout
from workbench.plotting.style import OTHER, PALETTE
from workbench.privacy import Pseudonymiser, read_public_actors

PUBLIC = read_public_actors(ROOT / "datasets" / "crisis_small" / "truth" / "public_actors.csv")


@pytest.fixture(scope="module")
def retweets():
    return build(crisis(), "retweet").largest_component()


@pytest.fixture(scope="module")
def places(retweets):
    return layout(retweets, iterations=20, seed=7)


def most_retweeted(graph):
    return str(graph.accounts[int(np.argmax(graph.in_strength()))])


@settings(max_examples=25)
@given(graphs(min_edges=1), st.data())
def test_the_page_holds_the_graph_by_numbers(graph, data):
    values = data.draw(st.lists(st.integers(-3, 9), min_size=graph.nodes, max_size=graph.nodes))
    labels = data.draw(st.lists(st.integers(-1, 9), min_size=graph.nodes, max_size=graph.nodes))
    scores = NodeScores.from_values(graph, np.array(values), name="made_up")
    colour = Partition.from_labels(graph, np.array(labels), method="made")
    made = view(graph, size=scores, colour=colour, layout=layout(graph, iterations=1, seed=1))
    page = data_of(made.html(picture=False))
    table = made.to_pandas()
    account = dict(zip(table["number"] - 1, table["account"], strict=True))
    assert sorted(account.values()) == sorted(graph.accounts)
    edges = zip(*(page["edges"][name] for name in ("source", "target", "weight")), strict=True)
    expected = graph.without_self_loops().to_pandas()
    assert {(account[s], account[t]): w for s, t, w in edges} == {
        (s, t): w for s, t, w in expected.itertuples(index=False)
    }
    shown = page["nodes"]
    assert shown["score"] == sorted(values, reverse=True)
    assert all(a >= b for a, b in zip(shown["radius"], shown["radius"][1:], strict=False))
    position = {account: i for i, account in enumerate(graph.accounts)}
    label = [int(colour.labels[position[account[i]]]) for i in range(graph.nodes)]
    assert shown["community"] == label
    assert shown["group"] == [7 if c < 0 else min(c, 7) for c in label]
    assert [entry["size"] for entry in page["communities"]] == [
        shown["group"].count(group) for group in range(8)
    ]
    assert shown["name"] is None


def test_nobody_is_named_without_labels(retweets, places):
    made = view(
        retweets,
        layout=places,
        evidence=crisis().evidence(kind="retweet", account=most_retweeted(retweets)),
    )
    told = made.html().casefold()
    assert [name for name in crisis_names() if name in told] == []
    data = Elements(made.html(picture=False)).scripts[0]
    assert not re.search(r"\b(x|twitter|handle):\w", data)
    assert "label" not in made.to_pandas()


def test_labels_name_public_actors_and_nobody_else(retweets, places):
    label = Pseudonymiser(b"k" * 32, public_actors=PUBLIC).label
    made = view(retweets, layout=places, labels=label)
    names = data_of(made.html(picture=False))["nodes"]["name"]
    assert names == [label(account) for account in made.to_pandas()["account"]]
    assert names == made.to_pandas()["label"].tolist()
    assert any(not name.startswith("p1_") for name in names)
    told = made.html(picture=False).casefold()
    private = {
        name for name in crisis_names() if name not in {h.casefold() for h in PUBLIC.handles}
    }
    public = {PUBLIC.name(account).casefold() for account in PUBLIC.ids}
    assert [n for n in private if n in told and not any(n in one for one in public)] == []


@given(NASTY, NASTY.filter(lambda text: "\ud800" not in text))
@settings(max_examples=25)
def test_names_of_nodes_communities_and_scores_stay_text(label, name):
    graph = InteractionGraph.from_edges(["a"], ["b"])
    drawn = Layout(np.array([[0.0, 1.0], [2.0, 3.0]]), graph.fingerprint, 1, 1, float("nan"))
    plain = Elements(view(graph, layout=drawn).html(picture=False))
    colour = Partition.from_labels(graph, [name, "b"], method=name)
    scores = NodeScores.from_values(graph, np.array([2.0, 1.0]), name=name)
    made = view(graph, colour=colour, size=scores, labels={"a": label, "b": ""}.get, layout=drawn)
    page = made.html(picture=False)
    assert Elements(page).tags == plain.tags
    assert Elements(page).scripts[1:] == plain.scripts[1:]
    data = data_of(page)
    assert data["nodes"]["name"] == [label, ""]
    told = {entry["name"] for entry in data["communities"] if entry["size"]}
    assert told == {f"community {one}" if one.isdigit() else one for one in colour.names}


def test_equal_input_gives_equal_bytes_and_another_seed_others(tmp_path):
    graph, side = camps(12)
    colour = Partition.from_labels(graph, side.astype(int), method="given")

    def made(seed):
        bundle = view(graph, colour=colour, seed=seed, labels=str)._repr_mimebundle_()
        path = view(graph, colour=colour, seed=seed, labels=str).save(tmp_path / "view.html")
        return bundle, path.read_bytes()

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_a_notebook_gets_a_page_a_picture_and_a_sentence():
    graph, _ = camps(6)
    made = wb.view(graph, seed=1)
    bundle = made._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert base64.b64decode(bundle["image/png"]) == made.png
    assert made.png.startswith(b"\x89PNG")
    assert bundle["text/plain"] == repr(made) == alt_text(graph)
    elements = Elements(bundle["text/html"])
    assert elements.tags == ["div", "img", "iframe"]
    assert elements.attributes[2][1]["sandbox"] == "allow-scripts"
    assert elements.attributes[2][1]["srcdoc"] == made.html(picture=False)
    assert bundle["image/png"] in elements.attributes[1][1]["src"]
    assert bundle["image/png"] in made.html()
    assert not plt.get_fignums()


def test_it_speaks_french():
    graph, _ = camps(6)
    made = view(graph, seed=1, language="fr")
    page = made.html(picture=False)
    assert '<html lang="fr">' in page
    assert made.title == f"Réseau (retweet)\u202f: {graph.nodes} comptes, {graph.edges} liens"
    assert data_of(page)["measure"] == "force entrante (interactions reçues par le compte)"
    assert data_of(page)["words"]["search"] == "Rechercher"
    with in_language("fr"):
        assert view(graph, seed=1).html() == made.html()
    assert "Légende" not in view(graph, seed=1).html()
    with pytest.raises(UsageError, match=r"do not speak this language: de; allowed: en, fr"):
        view(graph, language="de")


def test_communities_beyond_the_seventh_and_accounts_without_one_are_other():
    graph = isolates(46)
    labels = [*np.repeat(np.arange(9), range(9, 0, -1)).tolist(), -1]
    colour = Partition.from_labels(graph, np.array(labels), method="made")
    made = view(graph, colour=colour, layout=layout(graph, iterations=1, seed=1))
    entries = data_of(made.html(picture=False))["communities"]
    assert [(e["name"], e["size"]) for e in entries] == [
        *[(f"community {i}", 9 - i) for i in range(7)],
        ("other", 4),
    ]
    assert [e["colour"] for e in entries] == [*PALETTE, OTHER]
    assert made.to_pandas()["community"].isna().sum() == 1


def test_areas_of_the_legend_are_those_of_dots():
    graph, _ = camps(10)
    values = np.linspace(0, 160, graph.nodes)
    made = view(graph, size=NodeScores.from_values(graph, values, name="made"), seed=1)
    data = data_of(made.html(picture=False))
    assert [area["value"] for area in data["areas"]] == [160, 40, 10]
    radius = dict(zip(data["nodes"]["score"], data["nodes"]["radius"], strict=True))
    assert data["areas"][0]["radius"] == radius[160]
    large, middle = (np.square([area["radius"] for area in data["areas"]]))[:2]
    least = min(radius.values()) ** 2
    assert (middle - least) / (large - least) == pytest.approx(1 / 4, abs=0.01)


def test_evidence_is_given_as_a_table_or_as_the_corpus_gives_it(retweets, places):
    found = crisis().evidence(kind="retweet", account=most_retweeted(retweets), limit=30)
    page = view(retweets, layout=places, evidence=found).html(picture=False)
    assert (
        data_of(page)["evidence"]
        == data_of(view(retweets, layout=places, evidence=found.to_pandas()).html(picture=False))[
            "evidence"
        ]
    )
    assert len(data_of(page)["evidence"]["edge"]) > 10
    raw = view(retweets, layout=places, evidence=found, raw=True).html(picture=False)
    assert set(data_of(raw)["evidence"]["post"]) <= set(found.posts["post_id"])
    assert any(data_of(raw)["evidence"]["text"])
    table = pd.concat([found.posts, found.posts.assign(target="x:nobody")])
    outside = view(retweets, layout=places, evidence=table)
    assert f"{len(found.posts)} belong to no edge drawn here." in outside.caption[-1]


def test_results_of_another_graph_are_refused():
    graph, _ = camps(5)
    other, _ = camps(6)
    with pytest.raises(UndefinedError, match="nothing to draw: the graph is empty"):
        view(isolates(0))
    labels = Partition.from_labels(other, np.zeros(other.nodes, dtype=int), method="made")
    with pytest.raises(InputError, match="partition belongs to another graph"):
        view(graph, colour=labels)
    scores = NodeScores.from_values(other, np.zeros(other.nodes), name="made")
    with pytest.raises(InputError, match="score belongs to another graph"):
        view(graph, size=scores)
    some = NodeScores.from_mapping(graph, {graph.accounts[0]: 1.0}, name="made")
    with pytest.raises(InputError, match=f"some accounts have no score.*: 1 of {graph.nodes}"):
        view(graph, size=some)
    with pytest.raises(InputError, match="layout belongs to another graph"):
        view(graph, layout=layout(other, iterations=1, seed=1))


def test_a_file_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path):
    graph, _ = camps(5)
    made = view(graph, seed=1)
    with pytest.raises(InputError, match=r"view cannot be written: .*nowhere.*No such file"):
        made.save(tmp_path / "nowhere" / "view.html")
    assert made.save(tmp_path / "été d’une vue.html").read_text("utf-8") == made.html()
    assert [file.name for file in tmp_path.iterdir()] == ["été d’une vue.html"]
