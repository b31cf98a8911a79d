from __future__ import annotations

import random

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import rng
from workbench.errors import UsageError

seeds = st.integers(0, rng.MAX_SEED)


@given(seeds)
def test_a_given_seed_is_kept(seed):
    assert rng.resolve(seed) == seed
    assert rng.resolve(np.uint32(seed)) == seed


def test_no_seed_draws_different_ones():
    assert len({rng.resolve(None) for _ in range(20)}) > 15


@pytest.mark.parametrize("bad", [-1, 2**32, 1.5, "7", True])
def test_other_seeds_are_refused(bad):
    with pytest.raises(UsageError, match="seed"):
        rng.resolve(bad)


@given(seeds, st.text(max_size=5), st.integers(0, 9))
def test_streams_repeat_and_are_independent_of_other_draws(seed, name, number):
    first = rng.generator(seed, name, number).random(4)
    rng.generator(seed, "other").random(100)
    assert (rng.generator(seed, name, number).random(4) == first).all()
    assert (rng.generator(seed, name, number + 1).random(4) != first).any()


def test_names_are_not_glued_together():
    assert rng.spawn(7, "ab", "c") != rng.spawn(7, "a", "bc")


def test_igraph_is_seeded_and_put_back():
    ring = igraph.Graph.Erdos_Renyi(40, 0.1)

    def labels(seed):
        with rng.igraph_seeded(seed):
            return igraph.Graph.Erdos_Renyi(30, 0.2).get_edgelist()

    random.seed(5)
    expected = [random.random() for _ in range(3)]
    random.seed(5)
    first, again, other = labels(1), labels(1), labels(2)
    assert first == again
    assert first != other
    assert [random.random() for _ in range(3)] == expected
    assert ring.vcount() == 40
