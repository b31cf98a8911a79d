from __future__ import annotations

import json

from workbench.synthetic import Config, names
from workbench.synthetic.names import Names
from workbench.synthetic.population import JOURNALIST, people

POPULATION = people(Config(), 1_000, 7)


def test_one_neutral_journalist_is_renamed():
    known = Names(POPULATION)
    account = known.renamed
    assert POPULATION.role[account] == JOURNALIST
    assert POPULATION.camp[account] == 2
    before = json.loads(bytes(known.user(account)))
    known.rename()
    after = json.loads(bytes(known.user(account)))
    assert (before.pop("username"), after.pop("username")) == (known.old, known.new)
    assert before == after
    assert known.handle(0) == POPULATION.handle(0)
    assert known.new.casefold() not in {
        POPULATION.handle(other).casefold() for other in range(POPULATION.size)
    }


def test_users_are_the_same_from_the_cache_and_without(monkeypatch):
    monkeypatch.setattr(names, "_CACHED_USERS", 3)
    known = Names(POPULATION)
    for account in [*range(10), 0, 9, 5]:
        user = json.loads(bytes(known.user(account)))
        assert user == POPULATION.user(account, POPULATION.handle(account))
