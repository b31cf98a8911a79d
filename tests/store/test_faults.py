"""Servers, clients and connections that die in the middle of a push, and all that can be wrong.

After every fault the next push must make the database what an undisturbed one makes it: every node,
every relationship, every property. Every fault is one line, exit code 5, and no secret.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import neo4j
import pytest

from tests.neo4j_server import UnavailableError
from tests.store.faults import PUSH, Proxy, at_statement, dump, lively, silent, small_batches
from tests.store.stores import emptied, own_server, server
from tests.store.test_contract import same
from workbench.errors import StoreError
from workbench.graphs import graph
from workbench.model.kinds import GRAPHS
from workbench.store import bolt as bolt_module
from workbench.store import connect
from workbench.store.bolt import Bolt

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

ROOT = Path(__file__).resolve().parent.parent.parent
STUDY = "of the faults"
MOMENTS = 10


@pytest.fixture
def quick(monkeypatch):
    """Let the driver give up after seconds instead of a minute, and send small batches."""
    plain = neo4j.GraphDatabase.driver

    def driver(uri, **config):
        patience = {
            "connection_timeout": 3.0,
            "max_transaction_retry_time": 3.0,
            "connection_acquisition_timeout": 6.0,
        }
        return plain(uri, **{**config, **patience})

    monkeypatch.setattr(neo4j.GraphDatabase, "driver", driver)
    small_batches(monkeypatch.setattr)


@pytest.fixture(scope="module")
def mortal():
    """Start a server that tests may kill; its transaction log grows with what is written."""
    with own_server(db__tx_log__preallocate="false") as started:
        yield started


@pytest.fixture(scope="module")
def whole():
    """Return what an undisturbed push makes of an empty database, and its statements' number."""
    uri = emptied()
    with pytest.MonkeyPatch.context() as patch:
        small_batches(patch.setattr)
        count = at_statement(-1, lambda: None, patch.setattr)
        with closing(connect(uri, study=STUDY)) as store:
            store.write(lively(), progress=False)
            statements = count()
            counts = store.counts()
    found = dump(uri)
    assert len(found["nodes"]) == sum(counts["nodes"].values()) + 1
    assert len(found["relationships"]) == sum(counts["relationships"].values()) > 2_000
    assert statements > 60
    return found, statements


def moments(statements, seed, most=MOMENTS):
    """Return statements spread over a whole push, and delays after each in seconds."""
    rng = random.Random(seed)
    step = statements / most
    return [(1 + int(step * i + rng.random() * step), rng.random() * 0.02) for i in range(most)]


def push(uri, corpus=None, study=STUDY):
    with closing(connect(uri, study=study)) as store:
        return store.write(corpus or lively(), progress=False)


def patient_push(uri, seconds=30):
    """Push as soon as the server has seen that a writer is dead."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return push(uri)
        except StoreError as error:
            assert "another process is writing" in str(error)  # noqa: PT017
            assert time.monotonic() < deadline


def check_half(uri):
    """Assert that what was cut off is refused; return whether it was cut off at all."""
    with closing(connect(uri, study=STUDY)) as store:
        try:
            store.graph("retweet")
        except StoreError as refused:
            assert any(  # noqa: PT017
                told in str(refused)
                for told in ("a push of this study was cut off", "does not have this study")
            ), refused
            for ask in (
                lambda: store.query("influence/most_amplified_accounts"),
                store.runs,
                lambda: store.cypher("MATCH (a:Account) RETURN count(*) AS n"),
            ):
                with pytest.raises(StoreError, match=r"was cut off|does not have this study"):
                    ask()
            return True
        same(lively(), store, "retweet")
        return False


def check_healed(uri, whole):
    found = dump(uri)
    assert found["nodes"] == whole["nodes"]
    assert found["relationships"] == whole["relationships"]
    with closing(connect(uri, study=STUDY)) as store:
        for kind in GRAPHS:
            assert store.graph(kind).fingerprint == graph(lively(), kind).fingerprint


# -- the server dies -----------------------------------------------------------------------------


def killed_server(mortal, number, delay):
    """Push until the server is killed beside a statement; return whether the push was cut off."""
    with pytest.MonkeyPatch.context() as patch:
        dead = threading.Event()

        def kill():
            time.sleep(delay)
            mortal.kill()
            dead.set()

        at_statement(number, kill, patch.setattr)
        try:
            push(mortal.uri)
        except StoreError as error:
            told = str(error)
            assert told.startswith(("no Neo4j server answers", "the server cannot do this"))
            assert "\n" not in told
        assert dead.wait(60)
    mortal.start()
    return check_half(mortal.uri)


def wipe(uri):
    from tests.store.stores import _empty

    with closing(Bolt(uri)) as bolt:
        _empty(bolt)


@pytest.mark.slow
def test_a_server_killed_at_ten_moments(mortal, quick, whole):
    made, statements = whole
    cut = 0
    for number, delay in moments(statements, seed=41):
        wipe(mortal.uri)
        half = killed_server(mortal, number, delay)
        print(f"statement {number} of {statements} + {delay:.3f} s: cut off {half}")
        cut += half
        push(mortal.uri)
        check_healed(mortal.uri, made)
    assert cut >= MOMENTS - 2


# -- the client dies -----------------------------------------------------------------------------


def killed_client(uri, number, delay):
    done = subprocess.run(
        [sys.executable, "-c", PUSH, uri, STUDY, "1", str(number), str(delay)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("open"), done.stderr
    assert done.returncode == (0 if done.stdout.count("\n") > 1 else -9), done.stderr
    return check_half(uri)


def test_a_client_killed_in_the_middle(whole, quick):
    made, statements = whole
    uri = emptied()
    assert killed_client(uri, statements // 2, 0.0)
    patient_push(uri)
    check_healed(uri, made)


@pytest.mark.slow
def test_a_client_killed_at_ten_moments(whole, quick):
    made, statements = whole
    cut = 0
    for number, delay in moments(statements, seed=42):
        uri = emptied()
        half = killed_client(uri, number, delay)
        print(f"statement {number} of {statements} + {delay:.3f} s: cut off {half}")
        cut += half
        patient_push(uri)
        check_healed(uri, made)
    assert cut >= MOMENTS - 2


# -- two at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize("studies", [("one", "one"), ("one", "two")])
def test_two_pushes_at_once(studies, quick):
    uri = emptied()
    seeds = [1, 1 if len(set(studies)) == 1 else 2]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PUSH, uri, study, str(seed), "0", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for study, seed in zip(studies, seeds, strict=True)
    ]  # fmt: skip
    told = [program.communicate(timeout=300)[1] for program in started]
    assert 0 in [program.returncode for program in started]
    for program, said in zip(started, told, strict=True):
        if program.returncode:
            assert "StoreError: another process is writing to this store" in said
    for study, seed in zip(studies, seeds, strict=True):
        push(uri, lively(seed), study)
    for study, seed in zip(studies, seeds, strict=True):
        with closing(connect(uri, study=study)) as store:
            for kind in ("retweet", "mention", "co_hashtag"):
                same(lively(seed), store, kind)
    with closing(Bolt(uri)) as bolt:
        rows = bolt.rows("MATCH ()-[r:POSTED]->() RETURN r.study AS s, count(*) AS n ORDER BY s")
    assert rows.to_pylist() == [{"s": study, "n": 300} for study in sorted(set(studies))]


# -- the connection dies -------------------------------------------------------------------------


def port_of(uri):
    return int(uri.rpartition(":")[2])


@pytest.fixture(scope="module")
def bytes_sent(whole):
    """Return how many bytes a client sends in a whole push."""
    emptied()
    with pytest.MonkeyPatch.context() as patch:
        small_batches(patch.setattr)
        with Proxy(port_of(server().uri)) as proxy:
            push(proxy.uri)
    assert proxy.sent > 100_000
    return proxy.sent


@pytest.mark.parametrize("share", [0.15, 0.5, 0.85])
@pytest.mark.parametrize("refuse", [False, True])
def test_a_connection_cut_between_batches(share, refuse, whole, bytes_sent, quick):
    made, _ = whole
    uri = emptied()
    with Proxy(port_of(uri), cut_after=int(share * bytes_sent), refuse=refuse) as proxy:
        try:
            push(proxy.uri)
        except StoreError as error:
            told, failed = str(error), True
            assert told.startswith("no Neo4j server answers")
            assert "\n" not in told
        else:
            failed = False
    assert proxy.cuts == 1
    assert failed or not refuse
    assert check_half(uri) == failed
    patient_push(uri)
    check_healed(uri, made)


def test_whose_connection_was_cut_writes_no_more_into_what_another_one_pushes(quick, monkeypatch):
    """The lock goes with the connection; statements would be tried again over a new one."""
    uri, outcome, done = emptied(), [], threading.Event()
    with Proxy(port_of(uri)) as proxy:

        def rival():
            proxy._cut()
            try:
                push(uri, lively(2))
            except StoreError as error:
                outcome.append(str(error))
            done.set()

        at_statement(60, rival, monkeypatch.setattr)
        with pytest.raises(StoreError, match=r"no Neo4j server answers|another process has begun"):
            push(proxy.uri, lively(1))
        assert done.wait(120)
    for told in outcome:
        assert told.startswith(("another process is writing", "somebody else wrote"))
    with closing(connect(uri, study=STUDY)) as store:
        if outcome:
            with pytest.raises(StoreError, match="was cut off"):
                store.graph("retweet")
            store.write(lively(2), progress=False)
        for kind in GRAPHS:
            same(lively(2), store, kind)
        assert store.counts()["relationships"]["MENTIONS"] == 300


def test_what_another_one_wrote_meanwhile_is_seen_and_the_next_push_heals(quick, monkeypatch):
    uri = emptied()
    alien = "MATCH (a:Account), (b:Account) WITH a, b LIMIT 1 CREATE (a)-[:QUOTED {study: $s}]->(b)"

    def intrude():
        with closing(Bolt(uri)) as bolt, bolt.session(write=True) as session:
            session.run(alien, {"s": STUDY}).consume()

    with monkeypatch.context() as patch:
        # At once and not beside it, so that it is before the end of the push.
        plain = Bolt.batch

        def batch(self, text, parameters):
            counted = plain(self, text, parameters)
            if ":MENTIONED " in text and not seen:
                seen.append(text)
                intrude()
            return counted

        seen = []
        patch.setattr(Bolt, "batch", batch)
        with pytest.raises(StoreError, match=r"somebody else wrote.*QUOTED instead of.*push again"):
            push(uri)
    assert check_half(uri)
    push(uri)
    with closing(connect(uri, study=STUDY)) as store:
        same(lively(), store, "quote")


# -- what is wrong from the start ----------------------------------------------------------------


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the folder of a small study."""
    from workbench.loaders import load
    from workbench.studies.study import PRIVACY, Study

    folder = tmp_path_factory.mktemp("faults")
    edges = folder / "edges.csv"
    edges.write_text("source,target\n" + "".join(f"a{i},a{i + 1}\n" for i in range(50)))
    made = Study.create(folder / "study", privacy=PRIVACY[0])
    load([edges], into=made.corpus_folder, privacy=made.privacy)
    return folder / "study"


def refused(run, *words, what, code=5, secrets=()):
    """Assert that a command fails in one line, and as one object, and tells no secret."""
    plain = run(*words)
    assert (plain.code, plain.out) == (code, "")
    assert plain.err.startswith("error: ")
    assert plain.err.count("\n") == 1, plain.err
    assert what in plain.err
    spoken = run(*words, "--json")
    assert (spoken.code, spoken.out) == (code, "")
    assert spoken.err.count("\n") == 1, spoken.err
    assert what in json.loads(spoken.err)["error"]["what"]
    for told in (plain.err, spoken.err):
        assert "Traceback" not in told
        assert not any(secret in told for secret in secrets)


def commands(study, uri):
    """Return one command of each kind that speaks to a store."""
    return [
        ("store", "push", "--study", study, "--to", uri),
        ("graph", "retweet", "--study", study, "--store", uri),
        ("cypher", "MATCH (a:Account) RETURN count(*) AS n", "--store", uri),
        ("store", "runs", "--store", uri),
        ("store", "drop-study", "nobody", "--store", uri),
    ]


@pytest.mark.parametrize("where", ["bolt://127.0.0.1:1", "neo4j://127.0.0.1:1",
                                   "bolt://no-such-host.invalid:7687"])  # fmt: skip
def test_nobody_there(where, run, study, quick):
    secret = where.replace("://", "://neo4j:s3cret@")
    for words in commands(study, where)[:3]:
        refused(run, *words, what="no Neo4j server answers")
    refused(run, *commands(study, secret)[0], what="no Neo4j server answers", secrets=["s3cret"])


def test_a_port_that_accepts_and_says_nothing(run, study, quick):
    with silent() as uri:
        for words in commands(study, uri)[:2]:
            start = time.monotonic()
            refused(run, *words, what="no Neo4j server answers")
            assert time.monotonic() - start < 60


def test_a_query_that_takes_too_long(run, monkeypatch):
    uri = emptied()
    push(uri)
    monkeypatch.setattr(bolt_module, "TIMEOUT", 0.3)
    endless = "UNWIND range(1, 100000000) AS a UNWIND range(1, 1000) AS b RETURN sum(a * b) AS n"
    refused(run, "cypher", endless, "--store", uri, what="the query took too long", code=2)


@pytest.mark.slow
def test_wrong_credentials_on_the_command_line(run, study, monkeypatch):
    secret, wrong = "s3cret-of-tests", "wrong-one"
    for variable in ("NEO4J_USERNAME", "NEO4J_PASSWORD"):
        monkeypatch.delenv(variable, raising=False)
    with closing(own_server(password=secret)) as guarded:
        guarded.start(wait=False)
        answers(guarded)
        for words in commands(study, guarded.uri):
            refused(run, *words, what="refuses these credentials")
        inside = guarded.uri.replace("://", f"://neo4j:{wrong}@")
        refused(run, *commands(study, inside)[0], what="refuses these", secrets=[wrong])
        monkeypatch.setenv("NEO4J_PASSWORD", wrong)
        refused(run, *commands(study, guarded.uri)[0], what="refuses these", secrets=[wrong])
        monkeypatch.setenv("NEO4J_PASSWORD", secret)
        time.sleep(6)  # after three wrong ones a server takes none for five seconds
        done = run(*commands(study, guarded.uri)[0], "--json")
        assert done.code == 0
        assert secret not in done.out + done.err


def answers(starting, seconds=180):
    """Ask a server that is starting until it answers; return what was said before, once each."""
    told, deadline = set(), time.monotonic() + seconds
    while True:
        try:
            connect(starting.uri).close()
        except StoreError as error:
            said = f"{error.what}: {error.where}"
            told.add(said)
            if "credentials" in said:
                return told
        else:
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.05)


@pytest.mark.slow
def test_a_server_that_is_just_starting(mortal, quick):
    mortal.stop()
    mortal.start(wait=False)
    told = answers(mortal)
    assert told
    assert all(said.startswith(("no Neo4j server", "the server cannot")) for said in told), told


@pytest.mark.slow
def test_a_server_that_only_reads(mortal, run, study, quick):
    wipe(mortal.uri)
    push(mortal.uri)
    mortal.stop()
    mortal.configure(server__databases__default_to_read_only="true")
    try:
        mortal.start()
        words = [*commands(study, mortal.uri)[0], "--shared"]
        refused(run, *words, what="the server is read-only")
        refused(run, "store", "drop-study", STUDY, "--store", mortal.uri, what="read-only")
        refused(
            run, "cypher", "CREATE (:Account {account_id: 'x'})", "--write", "--store", mortal.uri,
            what="read-only",
        )  # fmt: skip
        with closing(connect(mortal.uri, study=STUDY)) as store:
            same(lively(), store, "retweet")
            with pytest.raises(StoreError, match="read-only"):
                store.forget("x:1")
    finally:
        mortal.stop()
        mortal.configure(server__databases__default_to_read_only="false")
        mortal.start()


@pytest.mark.slow
def test_a_server_that_allows_no_time(mortal, run, study, quick):
    """A limit of the server's own, which ends pushes of ours."""
    wipe(mortal.uri)
    mortal.stop()
    mortal.configure(db__transaction__timeout="1ms")
    try:
        mortal.start()
        refused(run, *commands(study, mortal.uri)[0], what="took longer than the server allows")
    finally:
        mortal.stop()
        mortal.configure(db__transaction__timeout="300s")
        mortal.start()
    wipe(mortal.uri)


@pytest.mark.slow
def test_a_disk_that_is_full(mortal, whole, run, quick):
    """The server may write files of some size only; then it may write more, and is started anew."""
    made, _ = whole
    wipe(mortal.uri)
    mortal.stop()
    log = mortal.home / "data" / "transactions" / "neo4j"
    largest = max(file.stat().st_size for file in log.iterdir())
    try:
        mortal.start(largest_file=largest // 1024 + 400)
        with pytest.raises(StoreError) as failed:
            push(mortal.uri)
        told = str(failed.value)
        assert told.startswith(("the server cannot do this", "no Neo4j server answers")), told
        assert "\n" not in told
        assert failed.value.exit_code == 5
    finally:
        with contextlib.suppress(ProcessLookupError):
            mortal.kill()
        try:
            mortal.start()
        except UnavailableError:
            pytest.fail(mortal.log.read_text())
    assert check_half(mortal.uri)
    push(mortal.uri)
    check_healed(mortal.uri, made)
