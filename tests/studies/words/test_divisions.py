"""A table of indices in words: what it rests on, what may be claimed, what it does not mean."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.studies.words.reading import alike, strangers
from tests.studies.words.test_indices import CLAIMS, told
from workbench.polarisation import INDICES
from workbench.polarisation.report import Report
from workbench.studies.words import of_report
from workbench.studies.words.hedges import Verdict, against_null


def report(**changes):
    more = told(name="assortativity", divided_is="high", value=0.7, null_mean=0.1, z=12.0, low=None,
                high=None)  # fmt: skip
    plain = Report(
        {"nodes": 1234, "edges": 5678, "weight": 9000.0, "share_of_weight": 0.75},
        {"origin": "found", "method": "leiden", "k": 2, "sizes": [1000, 234], "names": ["0", "1"],
         "agreement": 0.95},
        (told(), more),
        {"kind": "repartitioned", "runs": 199, "acceptance": 0.8},
        sensitivity={"left_out": 12, "indices": [{"name": "ei_index", "without": -0.15},
                                                 {"name": "assortativity", "without": 0.69}]},
        stability={"agreement": 0.95},
    )  # fmt: skip
    return replace(plain, **changes)


FACTS = {1234, 5678, 75, 25, 2, 1000, 234, 0.95, 1, 0, 95, 199, 0.456, 0.512, 0.4, 0.1, 7.1, 0.005,
         0.7, 12, 0.15, 80, 0.5, 20, 81, 19, 0.03, 3, 9}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_report_has_no_number_of_its_own(language):
    text = of_report(report(), language)
    assert strangers(text.replace("−", ""), language, FACTS) == []
    assert alike(of_report(report(), "en"), of_report(report(), "fr"))


def test_a_report_says_what_it_rests_on():
    text = of_report(report(), "en")
    assert "and 5,678 edges, with 75.0% of the acts of this network. The other 25.0% of its" in text
    assert "filters" not in text
    assert (
        "2 sides were found in the network itself by the Leiden algorithm: 1,000 and 234." in text
    )
    assert (
        "Without the 12 accounts of most contacts the E–I index would be −0.15, more than" in text
    )
    assert "fit it by their making" in text
    assert "assortativity would be" not in text
    assert "not the same as polarised" in text


def test_a_share_of_what_passed_the_filters_says_so():
    choices = {"min_weight": 2.0, "largest_component": True, "outside_component": 9}
    graph = {**report().graph, "share_of_weight": 1.0, "choices": choices}
    text = of_report(report(graph=graph), "en")
    assert (
        "with 100.0% of the acts of this network. Only acts that passed the filters are in this "
        "network (edges of weight 2 or more and the largest connected part): those that did not "
        "are not counted in the share"
    ) in text
    french = of_report(report(graph=graph), "fr")
    assert "les interactions retenues par les filtres (liens de poids 2 ou plus et la plus" in (
        french
    )
    assert "filtres" not in of_report(report(), "fr")
    assert alike(text, french)


GIVEN = {"origin": "given", "method": "given", "k": 2, "sizes": [220, 12], "outside": [0, 200],
         "names": ["A", "B"], "agreement": None}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_side_of_which_most_is_missing_is_told_and_claims_are_of_the_part_that_is_left(language):
    rows = (
        told(), told(name="conductance", p=0.4), told(name="dip", p=0.4),
        told(name="modularity", value=0.3, z=8.0, low=None, high=None, p=1.0),
    )  # fmt: skip
    text = of_report(report(sides=GIVEN, stability=None, indices=rows), language)
    whole = {"en": "the network", "fr": "le réseau"}[language]
    part = {"en": "this part of the network", "fr": "le réseau ainsi réduit"}[language]
    verbs = {"en": (" is more", " is less", " cannot be told"),
             "fr": (" est plus", " est moins", " ne peut être distingué")}[language]  # fmt: skip
    low = text.casefold()
    assert [part + verb in low for verb in verbs] == [True, True, True]
    assert not [verb for verb in verbs if whole + verb in low.replace(part, "")]
    asked = {"en": "200 of 212 accounts of the side “B” are outside the largest connected part",
             "fr": "200 des 212 comptes du camp « B » sont extérieurs à la plus"}  # fmt: skip
    assert asked[language] in text.replace("\u202f", " ").replace("\u00a0", " ")
    # Half of a side is not the larger part.
    halved = {**GIVEN, "outside": [220, 12]}
    said = of_report(report(sides=halved, stability=None, indices=rows), language)
    assert part not in said.casefold()
    assert [whole + verb in said.casefold() for verb in verbs] == [True, True, True]


def test_many_missing_sides_are_counted():
    sides = {"origin": "given", "method": "given", "k": 6, "sizes": [400, 1, 1, 1, 1, 300],
             "outside": [0, 5, 90, 70, 80, 2], "names": list("abcdef"), "agreement": None,
             "dropped": ["g", "h", "i"], "dropped_outside": [0, 0, 75]}  # fmt: skip
    text = of_report(report(sides=sides, stability=None), "en")
    places = [text.index(f"the side “{name}” are outside") for name in "cei"]
    assert places == sorted(places)
    assert "75 of 75 accounts of the side “i” are outside" in text
    assert "“b” are outside" not in text
    assert "Of 2 more sides the larger part is outside it as well." in text
    assert "2 more sides have no account in this network, and nothing is said of them." in text
    french = of_report(report(sides=sides, stability=None), "fr")
    assert alike(text, french)
    found = report(sides={**sides, "origin": "found", "method": "leiden"})
    assert "90 of 91 accounts of one of the sides are outside" in of_report(found, "en")


def test_nodes_that_are_no_accounts_are_not_called_accounts():
    graph = report().graph
    sides = {**report().sides, "sizes": [1000, 4]}
    uses = report(graph={**graph, "kind": "account_hashtag"}, sides=sides)
    text = of_report(uses, "en")
    assert "look at 1,234 accounts and hashtags and 5,678 edges" in text
    assert "has 4 accounts and hashtags, so single accounts and hashtags move" in text
    assert "Without the 12 accounts and hashtags of most contacts" in text
    french = of_report(uses, "fr").replace("\u202f", " ").replace("\xa0", " ")
    assert "portent sur 1 234 comptes et hashtags et 5 678 liens" in french
    assert "4 comptes et hashtags : un seul compte ou hashtag peut" in french
    tags = report(graph={**graph, "kind": "hashtag_network"}, sides=sides)
    assert "look at 1,234 hashtags and 5,678 edges" in of_report(tags, "en")
    assert "Sans les 12 hashtags qui ont" in of_report(tags, "fr").replace("\xa0", " ")
    one = report(sensitivity={**report().sensitivity, "left_out": 1})
    assert "Without the account of most contacts" in of_report(one, "en")
    assert "Sans le compte qui a le plus" in of_report(one, "fr")


def test_sides_that_hang_on_the_seed_are_hedged():
    loose = report(stability={"agreement": 0.41})
    assert "who stands on which side depends on the seed" in of_report(loose, "en")
    assert "dépend de la graine" in of_report(loose, "fr")
    assert "depends on the seed" not in of_report(report(), "en")


@pytest.mark.parametrize(
    ("null", "reason"),
    [
        ({"kind": "fixed", "runs": 199, "acceptance": 0.8}, "too lenient"),
        ({"kind": "repartitioned", "runs": 199, "acceptance": 0.03}, "3.0% of attempts"),
    ],
)
def test_a_null_model_that_cannot_carry_a_claim_carries_none(null, reason):
    for language in ("en", "fr"):
        text = of_report(report(null=null), language)
        assert not any(claim in text for claim in CLAIMS[language].values())
    assert reason in of_report(report(null=null), "en")


def test_without_a_null_no_claim_is_made():
    bare = [told(null_mean=None, null_sd=None, z=None, p=None, runs=0)]
    text = of_report(report(indices=tuple(bare), null={"kind": "none", "runs": 0}), "en")
    assert "No comparison with random networks was made" in text
    assert "divided" not in text


def test_a_long_table_is_grouped_by_what_may_be_claimed():
    rows = (
        told(),
        told(name="conductance", p=0.4),
        told(name="modularity", value=None, reason="no sides", low=None, high=None, z=None,
             null_mean=None, null_sd=None, p=None),
        told(name="dip", divided_is="high", null_mean=-0.45, z=-0.1),
        told(name="adaptive_ei_index"),
    )  # fmt: skip
    text = of_report(report(indices=rows), "en")
    assert "more divided than these by 2 of 5 indices: the E–I index and the E–I index of d" in text
    assert "cannot be told from these by 1 of 5 indices: conductance." in text
    assert "Without a value here is 1 of 5 indices: the modularity of the sides." in text
    assert "The indices do not agree" in text
    verdicts = [against_null(row) for row in rows]
    assert verdicts.count(Verdict.MORE) == 2
    french = of_report(report(indices=rows), "fr")
    assert alike(text, french)
    assert re.search(
        r"selon 2 indices sur 5\u202f: l’indice E–I et l’indice E–I de densité", french
    )


def test_small_and_named_sides():
    given_sides = {"origin": "given", "method": "given", "k": 2, "sizes": [20, 1],
                   "names": ["yes", "no"], "agreement": None}  # fmt: skip
    text = of_report(report(sides=given_sides, stability=None), "en")
    assert "known from outside the network: “yes” 20 (95.2%) and “no” 1 (4.8%)." in text
    assert "The smallest side has 1 account, so single accounts move the values." in text
    assert "Le plus petit camp compte 1 compte" in of_report(
        report(sides=given_sides, stability=None), "fr"
    )


def test_sides_from_the_other_half_of_the_acts_are_neither_found_here_nor_from_outside():
    halves = {"origin": "given", "method": "leiden", "k": 2, "sizes": [1000, 234],
              "names": ["0", "1"], "agreement": 0.6, "found_in": "other half"}  # fmt: skip
    null = {"kind": "fixed", "runs": 199, "acceptance": 0.8}
    text = of_report(report(sides=halves, stability=None, null=null), "en")
    assert "2 sides were found by the Leiden algorithm in other acts than these: 1,000 and" in text
    assert "more divided than these" in text
    assert "by their making" not in text
    assert "depends on the seed" in text


def test_the_names_of_a_large_majority_are_left_to_the_rest():
    names = sorted(INDICES)[:8]
    rows = tuple(told(name=name, p=0.4 if name == names[0] else 0.005) for name in names)
    text = of_report(report(indices=rows), "en")
    assert "The network is more divided than these by 7 of 8 indices. The network cannot" in text
    assert "by 1 of 8 indices: the E–I index of densities." in text
    french = of_report(report(indices=rows), "fr")
    assert "selon 7 indices sur 8. Le réseau ne peut être distingué de ceux-ci selon 1 indice" in (
        french
    )
