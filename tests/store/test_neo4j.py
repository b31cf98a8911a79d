"""What only a server can do: fail, and agree with the embedded store on every library query."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.corpora import corpus_of, crisis
from tests.store.stores import emptied, own_server, server
from tests.store.test_contract import act, post, same
from workbench.errors import StoreError
from workbench.model.kinds import GRAPHS
from workbench.store import EmbeddedStore, connect
from workbench.store.library import queries

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

PUSH = """
import sys
from tests.corpora import crisis
from workbench.store import connect
store = connect(sys.argv[1])
print("open", flush=True)
store.write(crisis(), progress=False)
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Open the two stores with one corpus."""
    embedded = EmbeddedStore(tmp_path_factory.mktemp("both") / "graph")
    on_server = connect(emptied("filled"))
    for store in (embedded, on_server):
        store.write(crisis(), progress=False)
    yield embedded, on_server
    embedded.close()
    on_server.close()


@pytest.mark.parametrize("name", sorted(queries()))
def test_every_library_query_gives_equal_rows(both, name):
    embedded, on_server = both
    expected, found = embedded.query(name), on_server.query(name)
    assert found.columns.tolist() == expected.columns.tolist()
    assert found.astype(object).where(found.notna(), None).to_dict("list") == (
        expected.astype(object).where(expected.notna(), None).to_dict("list")
    )


def test_where_the_dialects_differ_silently_we_agree(both):
    for store in both:
        nothing = store.cypher("MATCH (p:Post) WHERE p.created_ms < 0 RETURN count(p) AS n")
        assert nothing["n"].tolist() == [0]
        for text, what in (
            ("MATCH (a:Account) RETURN log(a.followers) AS x", "log"),
            ("MATCH (a:Account) RETURN collect(a.handle)[0] AS x", "list positions"),
            ("MATCH (a:Account) RETURN labels(a) AS x", "labels"),
            ("MATCH (a:Account) WHERE a.account_id = $who RETURN a.handle AS x", "no value"),
        ):
            with pytest.raises(Exception, match=what):
                store.cypher(text)


def test_a_server_that_dies_is_one_line_and_the_next_push_heals():
    with own_server() as mortal, contextlib.closing(connect(mortal.uri)) as store:
        failures: list[Exception] = []

        def push():
            try:
                store.write(crisis(), progress=False)
            except StoreError as error:
                failures.append(error)

        pushing = threading.Thread(target=push)
        pushing.start()
        time.sleep(3)
        mortal.kill()
        pushing.join(180)
        assert len(failures) == 1
        assert "no Neo4j server answers" in str(failures[0])
        mortal.start()
        store.write(crisis(), progress=False)
        for kind in GRAPHS:
            same(crisis(), store, kind)


def test_a_client_that_dies_leaves_nothing_that_a_second_push_does_not_heal():
    uri = emptied()
    with subprocess.Popen(
        [sys.executable, "-c", PUSH, uri], stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "open\n"
        time.sleep(1.5)
        client.send_signal(signal.SIGKILL)
    store = connect(uri)
    with pytest.raises(StoreError, match=r"cut off|the store is empty"):
        store.graph("retweet")
    deadline = time.monotonic() + 30
    while True:
        try:
            store.write(crisis(), progress=False)
            break
        except StoreError as error:  # the server still holds the dead client's lock
            assert "another process is writing" in str(error)  # noqa: PT017
            assert time.monotonic() < deadline
    for kind in GRAPHS:
        same(crisis(), store, kind)
    store.close()


def test_writing_the_same_again_only_counts():
    store = connect(emptied())
    corpus = corpus_of(posts=[post("x:p1", "x:a")], interactions=[act("share", "x:a", "x:b", 1)])
    first = store.write(corpus, progress=False)
    (before,) = store.studies()["written_ms"]
    again = store.write(corpus, progress=False)
    assert store.studies()["written_ms"].tolist() == [before]
    assert {k: again[k] for k in ("nodes", "relationships")} == {
        k: first[k] for k in ("nodes", "relationships")
    }
    assert first["study"] == "study"
    assert repr(store) == f"Neo4jStore({server().uri}: study)"
    store.close()
