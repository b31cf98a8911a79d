"""The server for tests leaves nothing behind, however its user ends; one's own can be used."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import neo4j_server
from tests.neo4j_server import _artifact, _leave_out, sweep
from tests.store.stores import own_server
from workbench.store.bolt import Bolt

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

ROOT = Path(__file__).resolve().parent.parent
CHILD = """
import sys, time
from tests.neo4j_server import Server
server = Server()
server.start()
print(server.home, server.process, server._process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Start a program that starts a server; return it, the folder, java and the keeper."""
    own_server().close()  # or skip
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
    ) as program:  # fmt: skip
        assert program.stdout is not None
        home, java, keeper = program.stdout.readline().split()
        yield program, Path(home), int(java), int(keeper)
        for process in (program.pid, int(keeper), int(java)):
            if runs(process):
                os.kill(process, signal.SIGKILL)
        program.wait()


def runs(process):
    """Return whether a process is there and not only waiting to be buried."""
    done = subprocess.run(
        ["ps", "-o", "state=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()[:1] not in {"", "Z"}


def gone(what, seconds=20):
    deadline = time.monotonic() + seconds
    while what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_killed_tests_leave_no_process_and_no_folder(child):
    program, home, java, keeper = child
    assert home.is_dir()
    assert runs(java)
    program.send_signal(signal.SIGKILL)
    assert gone(lambda: runs(java))
    assert gone(lambda: runs(keeper))
    assert not home.exists()


def test_what_even_the_keeper_left_the_next_start_sweeps(child):
    program, home, java, keeper = child
    assert sweep() == []  # whose owner lives is wanted
    assert runs(java)
    os.kill(keeper, signal.SIGKILL)
    program.send_signal(signal.SIGKILL)
    program.wait()
    assert runs(java)
    assert home.is_dir()
    foreign = home.parent / "workbench-neo4j-elsewhere"
    foreign.mkdir()
    own_server().close()  # making a server sweeps, without starting it
    assert gone(lambda: runs(java))
    assert not home.exists()
    assert foreign.is_dir()


def test_a_stopped_server_keeps_what_it_holds_and_a_closed_one_nothing():
    with own_server() as server:
        with closing(Bolt(server.uri)) as bolt:
            bolt.run("CREATE (:Hashtag {hashtag: 'kept'})")
        java = server.process
        server.stop()
        assert not runs(java)
        server.start()
        with closing(Bolt(server.uri)) as bolt:
            assert bolt.rows("MATCH (h:Hashtag) RETURN h.hashtag AS h").to_pylist() == [
                {"h": "kept"}
            ]
        java = server.process
    assert not runs(java)
    assert not server.home.exists()


def test_plugins_come_without_what_the_server_has(tmp_path):
    lib, beside = tmp_path / "lib", tmp_path / "beside"
    for folder, names in (
        (lib, ["proc-2.13.9.jar", "hppc-0.9.1.jar", "guava-31.0-jre.jar", "neo4j-io-5.26.25.jar"]),
        (beside, ["guava-33.4-jre.jar", "proc-1.0.jar"]),
    ):
        folder.mkdir()
        for name in names:
            (folder / name).touch()
    _leave_out(lib, beside)
    assert sorted(f.name for f in lib.iterdir()) == ["hppc-0.9.1.jar", "proc-2.13.9.jar"]
    assert _artifact(Path("jackson-dataformat-csv-2.17.2.jar")) == "jackson-dataformat-csv"


# -- one's own server ----------------------------------------------------------------------------


@pytest.fixture
def tested(tmp_path):
    """Return a function that runs one test on a machine without Java; returns what it says."""
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("bash", "ps"):
        (bare / tool).symlink_to(shutil.which(tool) or pytest.skip(f"no {tool}"))

    def run(test="tests/store/test_bolt.py::test_all_statements_or_none", **variables):
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("WORKBENCH_", "NEO4J_"))}
        keep.pop("CI", None)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "0", test],
            capture_output=True, text=True, cwd=ROOT, check=False,
            env={**keep, "PATH": str(bare), "PYTHONPATH": str(ROOT), **variables},
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_without_java_a_test_is_skipped_with_both_remedies_and_fails_in_ci(tested):
    for test in (
        "tests/store/test_bolt.py::test_all_statements_or_none",
        "tests/store/test_bolt.py::test_credentials_are_needed_and_never_shown",
    ):
        code, said = tested(test)
        assert (code, "1 skipped" in said) == (0, True)
        assert "java is not installed: install Java 17 or newer and Maven" in said
        assert "or set WORKBENCH_NEO4J_URI=bolt://" in said
        code, said = tested(test, CI="true")
        assert (code, "java is not installed" in said) == (1, True)


def test_tests_run_against_ones_own_server_if_it_may_be_emptied(tested):
    with own_server() as mine:
        held = "MATCH (n) RETURN count(n) AS n"
        with closing(Bolt(mine.uri)) as bolt:
            code, said = tested(WORKBENCH_NEO4J_URI=mine.uri)
            assert (code, "1 passed" in said) == (0, True), said

            bolt.run("CREATE (:Precious)")
            code, said = tested(WORKBENCH_NEO4J_URI=mine.uri)
            assert code == 1
            assert f"the server at {mine.uri} is not empty (1 nodes)" in said
            assert "WORKBENCH_NEO4J_EMPTY=yes" in said
            assert bolt.rows(held).to_pylist() == [{"n": 1}]

            code, said = tested(WORKBENCH_NEO4J_URI=mine.uri, WORKBENCH_NEO4J_EMPTY="yes")
            assert (code, "1 passed" in said) == (0, True), said
            assert bolt.rows(held).to_pylist() == [{"n": 0}]
    code, said = tested(WORKBENCH_NEO4J_URI=mine.uri)
    assert (code, "WORKBENCH_NEO4J_URI: no Neo4j server answers" in said) == (1, True)
    secret = "bolt://neo4j:s3cret@127.0.0.1:1"
    code, said = tested(WORKBENCH_NEO4J_URI=secret)
    assert (code, "s3cret" in said) == (1, False)


def test_the_remedy_names_both_ways():
    assert "Java 17 or newer and Maven" in neo4j_server.REMEDY
    assert "WORKBENCH_NEO4J_URI=bolt://" in neo4j_server.REMEDY
