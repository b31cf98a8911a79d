from __future__ import annotations

import pytest

from tests.loaders import fuzz

JSON, TABLES = fuzz.kinds()


@pytest.mark.parametrize("name", [*JSON, *TABLES])
def test_mutated_records_are_counted_and_never_a_crash(name):
    assert fuzz.campaign([name], 300, seed=7)[name] >= 300


@pytest.mark.slow
def test_many_mutated_records():
    assert sum(fuzz.campaign(JSON, 100_000, seed=1).values()) >= 100_000
    assert sum(fuzz.campaign(TABLES, 20_000, seed=1).values()) >= 20_000


def test_the_mutations_change_something():
    dice = fuzz.random.Random(1)
    data = b'{"id": "1", "list": [1, {"a": 2}]}\n{"id": "2"}\n'
    made = {fuzz.mutated(data, dice) for _ in range(50)}
    assert len(made) > 40
