"""Constraints are made, also over what a server left behind that died while it made them."""

from __future__ import annotations

import contextlib

import pytest

from tests.corpora import crisis
from tests.store.stores import emptied
from workbench.errors import StoreError
from workbench.store import connect
from workbench.store.bolt import Bolt
from workbench.store.constraining import constrain
from workbench.store.schema import neo4j_statements

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

#: The constraint whose index is left alone, and that index.
CONSTRAINT = "domain_key"
ALONE = f"CREATE INDEX {CONSTRAINT} FOR (n:Domain) ON (n.domain)"


def constraints(bolt):
    return set(bolt.rows("SHOW CONSTRAINTS YIELD name").column("name").to_pylist())


def bare(bolt):
    bolt.run(f"DROP CONSTRAINT {CONSTRAINT} IF EXISTS")
    bolt.run(f"DROP INDEX {CONSTRAINT} IF EXISTS")


@pytest.fixture
def bolt():
    with contextlib.closing(Bolt(emptied())) as opened:
        bare(opened)
        yield opened
        bare(opened)
        constrain(opened)


def test_an_index_without_its_constraint_gives_way_to_it(bolt):
    bolt.run(ALONE)
    with contextlib.closing(connect(bolt.uri)) as store:
        store.write(crisis(), progress=False)
    want = {text.split()[2] for text in neo4j_statements() if "CONSTRAINT" in text}
    assert want <= constraints(bolt)


def test_constraining_twice_is_constraining_once(bolt):
    constrain(bolt)
    before = constraints(bolt)
    constrain(bolt)
    assert CONSTRAINT in before
    assert constraints(bolt) == before


def test_an_index_of_our_name_over_something_else_is_left(bolt):
    bolt.run(f"CREATE INDEX {CONSTRAINT} FOR (n:Elsewhere) ON (n.domain)")
    with pytest.raises(StoreError, match="IndexWithNameAlreadyExists"):
        constrain(bolt)
    names = bolt.rows("SHOW INDEXES YIELD name, labelsOrTypes WHERE name = 'domain_key' RETURN *")
    assert names.column("labelsOrTypes").to_pylist() == [["Elsewhere"]]


def test_a_key_that_occurs_twice_says_which(bolt):
    bolt.run("UNWIND [1, 2] AS i CREATE (:Domain {domain: 'example.org'})")
    with pytest.raises(StoreError, match=r"a key occurs twice .*\(n:Domain\).* empty database"):
        constrain(bolt)
    bolt.run("MATCH (n:Domain) DELETE n")
