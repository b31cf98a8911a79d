from __future__ import annotations

import numpy as np

from workbench import rng
from workbench.synthetic import Config
from workbench.synthetic.draws import Sampler, uniforms
from workbench.synthetic.population import CITIZEN, people


def test_uniforms_are_the_named_stream():
    uniform = uniforms(5, "acts")
    drawn = [uniform() for _ in range(10_000)]  # beyond one block
    expected = rng.generator(5, "acts").random(8_192)
    assert drawn[:8_192] == expected.tolist()
    assert all(0 <= number < 1 for number in drawn)
    assert drawn[:3] != [uniforms(6, "acts")() for _ in range(3)]


def test_accounts_are_drawn_by_activity():
    population = people(Config(), 1_000, 7)
    grid = (np.arange(200_000) + 0.5) / 200_000
    found = np.bincount(Sampler(population).many(grid), minlength=population.size) / 200_000
    np.testing.assert_allclose(found, population.activity, atol=1e-5)


def test_citizens_come_from_their_camp():
    population = people(Config(), 1_000, 7)
    sampler = Sampler(population)
    for camp in range(3):
        drawn = [sampler.citizen(camp, uniform) for uniform in np.linspace(0, 1, 200)]
        assert set(population.camp[drawn]) == {camp}
        assert set(population.role[drawn]) == {CITIZEN}
