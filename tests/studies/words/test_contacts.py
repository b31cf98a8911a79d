"""Contact between communities, and their significance, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.studies.words.reading import alike, strangers
from workbench.communities import mixing
from workbench.communities.significance import Significance
from workbench.model import IndexValue, InteractionGraph, Partition
from workbench.studies.words import of_mixing, of_significance


@given(graphs(min_edges=2), st.sampled_from(["en", "fr"]), st.booleans())
def test_every_number_is_one_of_the_mixing(graph, language, weighted):
    letters = [None if i % 5 == 4 else "pqrs"[i % 4] for i in range(graph.nodes)]
    partition = Partition.from_labels(graph, letters, method="given")
    source, target, _ = graph.arcs()
    inside = (source != target) & (partition.labels[source] >= 0) & (partition.labels[target] >= 0)
    if not inside.any():
        return
    found = mixing(graph, partition, weighted=weighted)
    known = {100 * found.within, 100 * found.within_expected, found.without_community}
    known |= {float(x) for x in [*found.acts.ravel(), *found.expected.ravel()]}
    assert strangers(of_mixing(found, language), language, known) == []
    assert alike(of_mixing(found, "en"), of_mixing(found, "fr"))


def small():
    graph = InteractionGraph.from_edges(
        ["a", "a", "b", "c", "a", "z"], ["b", "c", "c", "a", "a", "a"], [1, 4, 2, 1, 9, 5]
    )
    return mixing(graph, Partition.from_mapping(graph, {"a": "x", "b": "x", "c": "y"}))


def test_a_mixing_as_it_is_printed():
    assert of_mixing(small(), "en") == (
        "12.5% of the acts between different accounts stay inside one community; the numbers given "
        "and received by each account would by themselves give 31.2%. Where communities were found "
        "in this same network they keep contact inside by their making, and this shows no "
        "division. Across communities, the flow that most exceeds this expectation leads from “x” "
        "to “y”: 6 against 5.25. 5 further acts involve an account without a community and are "
        "left out."
    )
    assert "va de «\u202fx\u202f» à «\u202fy\u202f»\u202f: 6 contre 5,25." in of_mixing(
        small(), "fr"
    )


def test_contact_without_direction_and_none_beyond_expectation():
    even = replace(small(), acts=np.array([[1.0, 6.0], [6.0, 0.0]]), expected=np.full((2, 2), 3.25))
    assert "the contact that most exceeds this expectation is between “x” and “y”" in of_mixing(
        even, "en"
    )
    none = replace(small(), acts=np.array([[7.0, 5.0], [0.2, 1.0]]))
    assert "No two different communities deal more" in of_mixing(none, "en")
    rest = replace(small(), names=("x", "other"), choices={"top": 1})
    assert "Across" not in of_mixing(rest, "en")
    own = replace(small(), names=("x", "other"), choices={"top": None})
    assert "leads from “x” to “other”" in of_mixing(own, "en")


def found(**changes):
    graph = InteractionGraph.from_edges(["a", "b", "c", "d"], ["b", "a", "d", "e"])
    partition = Partition.from_labels(graph, np.array([0, 0, 1, 1, 2]), method="leiden")
    about = {"null_mean": 0.3, "null_sd": 0.02, "z": 6.2, "p": 0.005, "runs": 199, **changes}
    table = pd.DataFrame(
        {"community": ["0", "1", "2"], "compared": [199, 199, None],
         "p_adjusted": [0.01, 0.4, None] if about["p"] else [None] * 3}
    )  # fmt: skip
    index = IndexValue("modularity", 0.424, **about)
    return Significance(partition, index, table, np.array([]), {"null": "searched",
                                                                "acceptance": 0.7})  # fmt: skip


def test_a_significance_as_it_is_printed():
    assert of_significance(found(), "en") == (
        "The modularity of the 3 communities is 0.42. In 199 random networks in which every "
        "account keeps its number of contacts, and whose communities are searched in the same way, "
        "it is 0.30 on average: the communities are more marked than in these (6.2 of their "
        "standard deviations away, p = 0.005). 1 of 2 communities tested keeps more to itself than "
        "communities of that size in these networks (p ≤ 0.05 adjusted for several). 1 community "
        "is too small to be tested. Communities more marked than chance are found in nearly every "
        "real network: they are not by themselves camps."
    )
    french = of_significance(found(), "fr")
    assert "Sur 2 communautés testées, 1 est plus repliée sur elle-même que des" in french
    assert alike(of_significance(found(), "en"), french)


@pytest.mark.parametrize(
    ("changes", "english"),
    [
        ({"p": 0.3, "z": 0.5}, "cannot be told from those of these (0.5 of their"),
        ({"runs": 20, "p": None}, "With 20 networks no p-value is given"),
        ({"runs": 5, "p": None}, "too few of these to say"),
        ({"null_sd": 0.0, "z": None}, "all of them agree"),
        ({"null_mean": 0.6, "z": -8.8, "p": 1.0}, "less marked than in these (8.8 of their"),
    ],
)
def test_each_uncertainty_has_its_hedge(changes, english):
    told = found(**changes)
    assert english in of_significance(told, "en")
    assert alike(of_significance(told, "en"), of_significance(told, "fr"))
    assert "not by themselves camps" not in of_significance(told, "en") or told.modularity.p is None


def test_a_null_that_hardly_differs_carries_no_claim():
    stuck = replace(found(), choices={"null": "searched", "acceptance": 0.01})
    assert "nothing is claimed from it" in of_significance(stuck, "en")
    assert "tested" not in of_significance(stuck, "en")
