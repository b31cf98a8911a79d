"""Measures that need sides or posts: their direction, and weights of every type."""

from __future__ import annotations

import numpy as np
import pytest

from tests.corpora import crisis
from tests.influence.cases import graph_of, known
from workbench.graphs import graph
from workbench.influence import MEASURES, in_strength, out_strength
from workbench.model import Partition

WITH_SIDES = [name for name, measure in MEASURES.items() if measure.needs == "sides"]
WITH_POSTS = [name for name, measure in MEASURES.items() if measure.needs == "posts"]
#: Seven acts, four from or to side x, where the account itself is.
EXPECTED = {"participation": 1 - (16 + 9) / 49, "bridge_share": 3 / 7}
TYPES = (np.int32, np.int64, np.uint8, np.float32, np.float64)


def planted(weights=None):
    """A source that both sides amplify and an amplifier of both sides, who never meet."""
    edges = [(f"x{i}", "source") for i in range(4)] + [(f"y{i}", "source") for i in range(3)]
    edges += [("amplifier", f"x{i}") for i in range(4)] + [("amplifier", f"y{i}") for i in range(3)]
    edges += [("x0", "x1"), ("x2", "x1"), ("y0", "y1"), ("x0", "y2")]
    made = graph_of(edges, weights)
    return made, {a: "y" if a.startswith("y") else "x" for a in made.accounts}


@pytest.mark.parametrize("name", WITH_SIDES)
class TestMeasuresOfSides:
    def test_the_source_has_an_audience_and_the_amplifier_has_sources(self, name):
        made, sides = planted()
        measure = MEASURES[name].function
        told = {
            direction: known(
                measure(made, Partition.from_mapping(made, sides), direction=direction)
            )
            for direction in ("in", "out")
        }
        # Nobody acts upon the amplifier, and the source acts upon nobody.
        for direction, account in (("in", "amplifier"), ("out", "source")):
            values = told[direction]
            assert values.get(account, 0) <= 0
            assert values.get(account, 0) in {0, min(values.values())}
        if name in EXPECTED:
            assert told["in"]["source"] == pytest.approx(EXPECTED[name])
            assert told["out"]["amplifier"] == pytest.approx(EXPECTED[name])
        default = known(measure(made, Partition.from_mapping(made, sides)))
        assert default == told["in"]

    def test_turning_the_edges_turns_the_direction(self, name):
        made, sides = planted()
        turned = made.reversed()
        measure = MEASURES[name].function
        one = measure(made, Partition.from_mapping(made, sides), direction="out")
        other = measure(turned, Partition.from_mapping(turned, sides), direction="in")
        assert known(one) == pytest.approx(known(other))

    def test_weights_of_every_type_are_the_same(self, name):
        weights = [3, 1, 2, 5, 7, 2, 4, 1, 6, 2, 3, 9, 1, 2, 4, 5, 3, 2]
        found = []
        for typed in (weights, [float(w) for w in weights], *(np.array(weights, t) for t in TYPES)):
            made, sides = planted(typed)
            found.append(known(MEASURES[name].function(made, Partition.from_mapping(made, sides))))
        assert all(each == found[0] for each in found)
        made, sides = planted()
        plain = known(MEASURES[name].function(made, Partition.from_mapping(made, sides)))
        assert (plain != pytest.approx(found[0])) == MEASURES[name].weighted


@pytest.mark.parametrize("name", WITH_POSTS)
def test_measures_of_posts_are_of_the_amplified(name):
    made = graph(crisis(), "retweet")
    found = known(MEASURES[name].function(made, crisis()))
    only_amplifies = {
        account
        for account, acts, made_acts in zip(
            made.accounts, in_strength(made).values, out_strength(made).values, strict=True
        )
        if acts == 0 and made_acts > 0
    }
    assert len(only_amplifies) > 100
    assert not any(found.get(account, 0) for account in only_amplifies)
    assert max(found.values()) > 0
