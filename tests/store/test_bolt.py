"""Talking to a server: who may, what is refused, and that no secret is ever shown."""

from __future__ import annotations

import subprocess
import sys
import time
import traceback
from contextlib import closing

import pyarrow as pa
import pytest

from tests.store.guarded import PASSWORD, guarded
from tests.store.stores import emptied, server
from workbench.errors import QueryError, StoreError
from workbench.store import bolt as bolt_module
from workbench.store import connect
from workbench.store.bolt import Bolt

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture
def bolt():
    """Open an empty database."""
    opened = Bolt(emptied())
    yield opened
    opened.close()


def test_rows_come_as_columns(bolt):
    rows = bolt.rows(
        "UNWIND [1, 2, null] AS n RETURN n, toString(n) AS text, n * 0.5 AS half, "
        "datetime({epochMillis: 1500}) AS at, [n, 1] AS list, {a: n} AS map"
    )
    assert rows.column("n").to_pylist() == [1, 2, None]
    assert rows.column("text").to_pylist() == ["1", "2", None]
    assert rows.column("half").type == pa.float64()
    assert rows.column("at")[0].as_py().timestamp() == 1.5
    assert rows.column("list")[0].as_py() == [1, 1]
    assert bolt.rows("MATCH (n:Nothing) RETURN n.x AS x").column_names == ["x"]
    assert bolt.rows("UNWIND range(1, 100) AS n RETURN n", limit=3).num_rows == 3


def test_the_server_refuses_writes_in_a_reading_session(bolt):
    with pytest.raises(QueryError, match=r"this query writes.*--write"):
        bolt.rows("CREATE (:Account {account_id: 'x'})")
    assert bolt.rows("MATCH (n:Account) RETURN n").num_rows == 0
    bolt.rows("CREATE (:Account {account_id: 'x'})", write=True)
    assert bolt.rows("MATCH (n:Account) RETURN n.account_id AS id").num_rows == 1


def test_files_of_the_server_cannot_be_read():
    with (
        closing(Bolt(server(ours=True).uri)) as bolt,
        pytest.raises(QueryError, match="Cannot load from URL"),
    ):
        bolt.rows("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line")


def test_wrong_and_slow_queries(bolt, monkeypatch):
    with pytest.raises(QueryError, match="the query is wrong: Invalid input"):
        bolt.rows("MATCH (a RETURN a")
    monkeypatch.setattr(bolt_module, "TIMEOUT", 0.2)
    with pytest.raises(QueryError, match="took too long"):
        bolt.rows("UNWIND range(1, 100000000) AS a UNWIND range(1, 1000) AS b RETURN sum(a * b)")


def test_all_statements_or_none(bolt):
    with pytest.raises(QueryError):
        bolt.together([("CREATE (:A)", {}), ("CREATE (:B {x: $missing})", {})])
    assert bolt.rows("MATCH (n) WHERE NOT n:Lock RETURN n").num_rows == 0


def test_one_writes_at_a_time_and_a_dead_writer_does_not_count(bolt, monkeypatch):
    monkeypatch.setattr(bolt_module, "PATIENCE", 0.5)
    with bolt.exclusive():
        other = Bolt(server().uri)
        with pytest.raises(StoreError, match="another process is writing"), other.exclusive():
            pass
        other.close()
    code = (
        "import sys, time\nfrom workbench.store.bolt import Bolt\n"
        "with Bolt(sys.argv[1]).exclusive():\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, server().uri], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another process is writing"), bolt.exclusive():
            pass
        holder.kill()
    deadline = time.monotonic() + 20
    while True:
        try:
            with bolt.exclusive():
                break
        except StoreError:
            assert time.monotonic() < deadline


@pytest.mark.parametrize("secret", ["pa/ss", "12/ss", "pa#ss", "pa?ss"])
def test_a_password_that_breaks_the_address_is_not_shown(secret):
    with pytest.raises(StoreError, match=r"no address of a server.*NEO4J_PASSWORD") as refused:
        connect(f"neo4j://neo4j:{secret}@127.0.0.1:1")
    assert secret.partition("/")[0].partition("#")[0] not in str(refused.value).replace("pass", "")


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:1", "neo4j://name.invalid:7687"])
def test_no_server(uri):
    with pytest.raises(StoreError, match=r"no Neo4j server answers: .*check host and port"):
        connect(uri)


def test_credentials_are_needed_and_never_shown(monkeypatch, caplog):
    caplog.set_level("DEBUG", "neo4j")
    for variable in ("NEO4J_USERNAME", "NEO4J_PASSWORD"):
        monkeypatch.delenv(variable, raising=False)
    plain = guarded().uri
    wrong = plain.replace("://", "://neo4j:wrong-one@")
    for uri in (plain, wrong):
        with pytest.raises(StoreError, match="refuses these credentials") as refused:
            connect(uri)
        assert "wrong-one" not in str(refused.value)
        assert "NEO4J_PASSWORD" in str(refused.value)
    opened = connect(plain.replace("://", f"://neo4j:{PASSWORD}@"))
    assert opened.uri == plain
    assert PASSWORD not in repr(opened)
    assert PASSWORD not in repr(vars(opened))
    opened.close()
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    connect(plain).close()
    assert PASSWORD not in caplog.text
    assert "wrong-one" not in caplog.text


def test_a_password_is_asked_for_once_where_one_is_wanted(monkeypatch, caplog):
    caplog.set_level("DEBUG", "neo4j")
    for variable in ("NEO4J_USERNAME", "NEO4J_PASSWORD"):
        monkeypatch.delenv(variable, raising=False)
    questions: list[str] = []

    def answering(answer):
        return lambda question: questions.append(question) or answer

    uri = guarded().uri
    opened = connect(uri, secret=answering(PASSWORD))
    assert opened.studies().empty
    assert PASSWORD not in repr(opened) + repr(vars(opened)) + repr(vars(opened._bolt))
    opened.close()
    assert questions == [f"Password of neo4j at {uri}: "]
    for answer in ("wrong-one", None, ""):
        with pytest.raises(StoreError, match="refuses these credentials") as refused:
            connect(uri, secret=answering(answer))
        assert "wrong-one" not in "".join(traceback.format_exception(refused.value))
    assert len(questions) == 4
    # Where a password is known, or none is wanted, nobody is asked.
    with pytest.raises(StoreError, match="refuses these credentials"):
        connect(uri.replace("://", "://neo4j:wrong-one@"), secret=answering(PASSWORD))
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-one")
    with pytest.raises(StoreError, match="refuses these credentials"):
        connect(uri, secret=answering(PASSWORD))
    monkeypatch.delenv("NEO4J_PASSWORD")
    connect(server().uri, secret=answering(PASSWORD)).close()
    with pytest.raises(StoreError, match="no Neo4j server answers"):
        connect("bolt://127.0.0.1:1", secret=answering(PASSWORD))
    assert len(questions) == 4
    assert PASSWORD not in caplog.text
    assert "wrong-one" not in caplog.text
