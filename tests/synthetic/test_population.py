from __future__ import annotations

import numpy as np
import pytest

from workbench.synthetic import Config
from workbench.synthetic.population import CAMPAIGN_CAMP, CITIZEN, ROLES, TACTICS, people
from workbench.synthetic.snowflake import time_ms


@pytest.fixture(scope="module", params=[1_000, 5_000, 100_000])
def population(request):
    return people(Config(), request.param, 7)


def test_ids_and_handles_are_unique_and_invented(population):
    assert len(set(population.ids.tolist())) == population.size
    handles = [population.handle(account) for account in range(population.size)]
    assert len({handle.casefold() for handle in handles}) == population.size
    assert all(handle.endswith("_sim") and len(handle) <= 15 for handle in handles)


def test_ids_carry_the_day_of_creation(population):
    made = [time_ms(identity) for identity in population.ids.tolist()]
    assert made == population.created_ms.tolist()
    assert (population.created_ms < Config().start_ms).all()


def test_every_role_and_camp_is_there(population):
    assert set(population.role.tolist()) == set(range(len(ROLES)))
    assert set(population.camp.tolist()) == {0, 1, 2}
    assert population.role[len(population.public) - 1] < CITIZEN
    assert population.role[len(population.public)] == CITIZEN


def test_campaign_is_young_small_and_of_one_camp(population):
    campaign = population.cell >= 0
    citizens = (population.role == CITIZEN) & ~campaign
    assert (population.camp[campaign] == CAMPAIGN_CAMP).all()
    assert population.created_ms[campaign].min() > population.created_ms[citizens].max()
    assert np.median(population.followers[campaign]) < np.median(population.followers[citizens])
    sizes = np.bincount(population.cell[campaign])
    assert len(sizes) == population.cells >= len(TACTICS)
    assert sizes.min() >= 4
    assert {population.tactic(cell) for cell in range(population.cells)} == set(TACTICS)


def test_activity_and_audience_are_heavy_tailed():
    population = people(Config(), 100_000, 7)
    citizens = population.role == CITIZEN
    for values in (population.activity[citizens], population.followers[citizens]):
        top = np.sort(values)[-len(values) // 100 :]
        assert top.sum() > 0.08 * values.sum()
        assert values.mean() > 1.4 * np.median(values)
    assert population.activity.sum() == pytest.approx(1)


def test_user_object_counts_followers_and_marks_governments():
    population = people(Config(), 1_000, 7)
    user = population.user(0, population.handle(0))
    assert user["username"] == "VelmoraMFA_sim"
    assert user["verified_type"] == "government"
    assert user["public_metrics"]["followers_count"] == population.followers[0]
    last = population.size - 1
    assert population.user(last, population.handle(last))["verified"] is False


def test_another_seed_gives_other_accounts():
    first, second = people(Config(), 1_000, 1), people(Config(), 1_000, 2)
    assert first.ids.tolist() != second.ids.tolist()
    assert first.public == second.public
