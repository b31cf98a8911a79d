"""A password is typed at a terminal or in a notebook, never shown, never kept."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tests.store.guarded import PASSWORD, guarded
from workbench.store import secret

ROOT = Path(__file__).resolve().parent.parent.parent
#: Runs a command on a pseudo-terminal of its own, and passes on what is said and typed.
ON_A_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"


@pytest.fixture
def terminal(monkeypatch):
    """Return a list to answer from, as if standard input were a terminal."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    answers: list[object] = []

    def answer(question):
        given = answers.pop(0)
        if isinstance(given, BaseException):
            raise given
        return given

    monkeypatch.setattr(getpass, "getpass", answer)
    return answers


def test_an_answer(terminal):
    terminal += ["typed", "", EOFError(), NotImplementedError()]
    assert [secret.typed("?") for _ in range(4)] == ["typed", None, None, None]
    assert terminal == []


def test_who_interrupts_is_not_asked_again(terminal):
    terminal += [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        secret.typed("?")


def test_a_terminal_that_would_show_it_is_not_used(terminal, monkeypatch):
    def showing(question):
        warnings.warn("it is shown", getpass.GetPassWarning, stacklevel=1)
        raise AssertionError("it was read")

    monkeypatch.setattr(getpass, "getpass", showing)
    assert secret.typed("?") is None


@pytest.mark.parametrize("stdin", [None, open(os.devnull)])  # noqa: PTH123, SIM115
def test_nobody_is_asked_without_a_terminal(monkeypatch, stdin):
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(getpass, "getpass", lambda _: pytest.fail("asked"))
    assert secret.typed("?") is None


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize(("answer", "code"), [(PASSWORD, 0), ("wrong-one", 5), ("", 5)])
def test_the_command_line_asks_at_a_terminal(answer, code):
    words = ["store", "studies", "--store", guarded().uri, "--json"]
    command = [sys.executable, "-c", ON_A_TERMINAL, sys.executable, "-m", "workbench", *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), cwd=ROOT
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        said = b""
        while not said.endswith(b"Password of neo4j at %s: " % guarded().uri.encode()):
            piece = os.read(asked.stdout.fileno(), 1000)
            assert piece, said.decode()
            said += piece
        asked.stdin.write(answer.encode() + b"\n")
        asked.stdin.flush()
        said = asked.stdout.read()
        assert asked.wait(60) == code
    if answer:
        assert answer.encode() not in said, "the password was shown"
    assert b"Traceback" not in said
    assert (b"refuses these credentials" in said) == bool(code)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_the_command_line_does_not_ask_without_a_terminal():
    words = ["store", "studies", "--store", guarded().uri, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *words],
        env=environment(), cwd=ROOT, input="", capture_output=True, text=True, check=False,
        start_new_session=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (5, "")
    assert "refuses these credentials" in done.stderr
    assert "NEO4J_PASSWORD" in done.stderr


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Start a kernel of Jupyter; returns a function that runs code and answers its questions."""
    from jupyter_client.manager import start_new_kernel

    for name in [n for n in os.environ if n.startswith("NEO4J")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    manager, client = start_new_kernel(startup_timeout=120)

    def run(code, answer=None):
        said: list[object] = []

        def reply(message):
            said.append(message["content"])
            client.input(answer)

        done = client.execute_interactive(
            code, timeout=120, allow_stdin=answer is not None, stdin_hook=reply,
            output_hook=lambda message: said.append(message["content"]),
        )  # fmt: skip
        return done["content"]["status"], said

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_a_notebook_asks_where_somebody_can_answer(kernel):
    line = f"%cypher --store {guarded().uri}"
    assert kernel("import workbench as wb\n%load_ext workbench")[0] == "ok"
    for code in (line, f"store = wb.connect({guarded().uri!r})\nstore"):
        status, said = kernel(code, PASSWORD)
        assert status == "ok", said
        question = next(entry for entry in said if "prompt" in entry)
        assert question == {
            "prompt": f"Password of neo4j at {guarded().uri}: ", "password": True,
        }  # fmt: skip
        assert PASSWORD not in str(said)
        status, said = kernel(code, "wrong-one")
        assert status == "error"
        assert "refuses these credentials" in str(said)
        assert "wrong-one" not in str(said)
        status, said = kernel(code)
        assert status == "error"
        assert "NEO4J_PASSWORD" in str(said)
    assert kernel(f"%cypher --store {guarded().uri}", PASSWORD)[0] == "ok"
    status, said = kernel("%cypher RETURN 1 AS x")
    assert "the store is empty" in str(said)
    assert PASSWORD not in str(said)
