"""What ``doctor`` says of a server."""

from __future__ import annotations

import pytest

from tests.corpora import corpus_of
from tests.store.stores import emptied, own_server
from tests.store.test_contract import post
from workbench.store import connect
from workbench.store.bolt import Bolt
from workbench.store.server_checks import server_checks

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


def found(uri):
    return {check.check: check for check in server_checks(uri)}


def test_a_server_of_ours_is_well_and_a_missing_constraint_is_seen():
    uri = emptied(ours=True)
    store = connect(uri)
    store.write(corpus_of(posts=[post("x:p1", "x:a")]), progress=False)
    store.close()
    checks = found(uri)
    assert list(checks) == [
        "neo4j", "neo4j memory", "neo4j LOAD CSV", "neo4j constraints", "neo4j clock", "neo4j GDS",
    ]  # fmt: skip
    assert all(check.ok for check in checks.values())
    assert checks["neo4j"].found.startswith("5.26.25 community at bolt://")
    assert checks["neo4j memory"].found.endswith("pagecache 256.00MiB")
    assert checks["neo4j constraints"].found == "9 of 9"
    bolt = Bolt(uri)
    bolt.run("DROP CONSTRAINT hashtag_key")
    bolt.close()
    assert found(uri)["neo4j constraints"][1:3] == ("8 of 9", False)


def test_a_server_that_reads_its_files_for_everybody_is_told_how_to_stop_it():
    with own_server(dbms__security__allow_csv_import_from_file_urls="true") as bare:
        checks = found(bare.uri)
    assert not checks["neo4j LOAD CSV"].ok
    assert "allow_csv_import_from_file_urls=false" in checks["neo4j LOAD CSV"].remedy
    assert checks["neo4j constraints"].found.startswith("none yet")


def test_no_server_is_one_check():
    (check,) = server_checks("bolt://127.0.0.1:1")
    assert not check.ok
    assert check.found == "no Neo4j server answers: bolt://127.0.0.1:1"
    assert "start it" in check.remedy
