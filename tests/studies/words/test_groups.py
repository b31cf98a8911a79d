"""Communities in words, held to the partition and to the agreement of its runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.studies.words.reading import alike, strangers
from workbench.communities.consensus import Consensus
from workbench.communities.stability import Stability
from workbench.model import InteractionGraph, Partition
from workbench.studies.words import of_consensus, of_partition, of_stability


def facts_of(partition):
    n = len(partition.labels) - partition.unlabelled
    sizes = {float(size) for size in partition.sizes}
    rest = sum(partition.sizes[6:])
    shares = {100 * size / n for size in sizes | {rest}} if n else set()
    single = partition.sizes.count(1)
    known = {n, partition.k, 3, 2, partition.unlabelled, single, len(partition.labels), rest,
             max(0, partition.k - 6), 1, 5}  # fmt: skip
    told = {v for v in (partition.quality, partition.parameters.get("agreement")) if v is not None}
    return sizes | shares | known | told


@st.composite
def partitions(draw):
    graph = draw(graphs())
    assume(graph.nodes)
    labels = draw(st.lists(st.integers(-1, 9), min_size=graph.nodes, max_size=graph.nodes))
    method = draw(st.sampled_from(["leiden", "given"]))
    given_labels = [None if i < 0 else "qwertyuiop"[i] for i in labels]
    parameters = draw(st.sampled_from([{}, {"agreement": 0.7999}, {"agreement": 0.9}]))
    return Partition.from_labels(
        graph, given_labels if method == "given" else np.array(labels), method=method,
        parameters=parameters if method == "leiden" else {}, quality=0.123, seed=7,
    )  # fmt: skip


@given(partitions(), st.sampled_from(["en", "fr"]))
def test_every_number_is_one_of_the_partition(partition, language):
    told = of_partition(partition, language)
    assert strangers(told, language, facts_of(partition)) == []
    assert alike(of_partition(partition, "en"), of_partition(partition, "fr"))


def ring(n=12):
    ids = [f"x:{i}" for i in range(n)]
    return InteractionGraph.from_edges(ids, ids[1:] + ids[:1])


def found(labels, **about):
    graph = ring(len(labels))
    return Partition.from_labels(graph, np.array(labels), method="leiden", **about)


def test_found_communities_as_they_are_printed():
    told = found([0] * 5 + [1] * 3 + [2, 2, 3, -1], quality=0.4312, seed=7)
    assert of_partition(told, "en") == (
        "The Leiden algorithm finds 4 communities among 11 accounts. The sizes of the largest 3 "
        "are 5, 3 and 2 (45.5%, 27.3% and 18.2% of these accounts). 1 community is a single "
        "account. 1 account has no community. Their modularity is 0.43; random networks can be cut "
        "into communities too, so this number alone does not show that there are camps. This is "
        "one run with one random seed; whether another would group the accounts alike was not "
        "looked at."
    )
    assert of_partition(told, "fr") == (
        "L’algorithme de Leiden distingue 4 communautés parmi 11 comptes. Les tailles des 3 plus "
        "grandes sont de 5, 3 et 2 (45,5\u00a0%, 27,3\u00a0% et 18,2\u00a0% de ces comptes). 1 "
        "communauté se réduit à un seul compte. 1 compte n’a pas de communauté. Leur modularité "
        "est de 0,43\u202f; des réseaux aléatoires se découpent eux aussi en communautés, et ce "
        "nombre seul ne démontre donc pas l’existence de camps. Il s’agit d’un seul essai, avec "
        "une seule graine aléatoire\u202f; rien n’indique encore si une autre regrouperait les "
        "comptes de la même façon."
    )


def test_one_community_and_none():
    assert "finds 1 community among 3 accounts. It holds 3 accounts." in of_partition(
        found([0, 0, 0]), "en"
    )
    assert "distingue 1 communauté parmi 3 comptes." in of_partition(found([0, 0, 0]), "fr")
    nobody = of_partition(found([-1, -1]), "en")
    assert nobody == (
        "None of the 2 accounts of the network has a community, so nothing can be said about any."
    )


def test_given_groups_are_told_by_their_names():
    told = Partition.from_mapping(ring(4), {"x:0": "no", "x:1": "yes", "x:2": "yes", "x:9": "no"})
    assert of_partition(told, "en") == (
        "3 accounts are assigned to 2 groups known from outside the network: “yes” 2 (66.7%) and "
        "“no” 1 (33.3%). 1 account has no group. 1 account with a label is not in this network."
    )
    assert "en 2 groupes connus indépendamment du réseau\u202f: «\u202fyes\u202f» 2 (66,7" in (
        of_partition(told, "fr")
    )


@pytest.mark.parametrize(
    ("agreement", "english", "french"),
    [
        (0.93, "agree to 0.93 (1 would be always the same), so the division depends little",
         "le découpage dépend peu de la graine"),
        (0.796, "agree to 0.796 (1 would be always the same), so who stands with whom depends on",
         "l’appartenance des comptes dépend de la graine"),
    ],
)  # fmt: skip
def test_agreement_of_splits(agreement, english, french):
    told = found([0, 0, 1, 1], parameters={"agreement": agreement}, seed=1)
    assert english in of_partition(told, "en")
    assert french in of_partition(told, "fr")
    assert "one random seed" not in of_partition(told, "en")


def stable(mean, least, agreement=(1.0, 0.95, 0.5)):
    return Stability(found([0, 0, 1]), 10, 7, mean, least, np.array(agreement))


@pytest.mark.parametrize(
    ("mean", "least", "english", "french"),
    [
        (0.95, 0.85, "depend little on the seed.", "dépendent peu de la graine."),
        (0.9, 0.4, "but single runs differ.", "mais certains essais diffèrent."),
        (0.5, 0.4, "no single run should be quoted alone.", "aucun essai ne saurait"),
    ],
)  # fmt: skip
def test_runs_that_agree_and_runs_that_do_not(mean, least, english, french):
    told = stable(mean, least)
    assert english in of_stability(told, "en")
    assert french in of_stability(told, "fr")
    assert strangers(of_stability(told, "en"), "en", {mean, least, 10, 0, 1, 3, 33.3}) == []
    assert alike(of_stability(told, "en"), of_stability(told, "fr"))


def test_a_consensus_says_how_many_each_run_finds():
    plain = Consensus(
        found([0, 0, 1]), "louvain", 20, 7, np.array([0]), np.array([1]), np.array([1.0]),
        np.ones(3), np.array([1.0, 0.5, 0.5]), np.ones(20), np.array([2] * 19 + [4]), 0.9, 0.85,
        100,
    )  # fmt: skip
    told = of_consensus(plain, "en")
    assert "20 runs of the Louvain algorithm" in told
    assert "find 2 to 4 communities; their consensus has 2." in told
    assert "2 accounts of 3 (66.7%) change company" in told
    same = replace(plain, communities=np.array([3] * 20))
    assert "Every run finds 3 communities; their consensus has 2." in of_consensus(same, "en")
    assert "Chaque essai distingue 3 communautés\u202f;" in of_consensus(same, "fr")
    assert alike(told, of_consensus(plain, "fr"))


def test_a_partition_beside_its_runs_tells_them_instead_of_saying_that_nobody_looked():
    runs = stable(0.9, 0.85)
    told = of_partition(runs.best, "en", agreement=runs)
    assert "10 runs of the Leiden algorithm" in told
    assert "one run with one random seed" not in told
    assert told.endswith(of_stability(runs, "en"))
