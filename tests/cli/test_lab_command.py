"""``workbench lab``: which folder, which notebooks, which address."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from workbench.resources import notebooks_folder
from workbench.studies.study import Study

CURATED = sorted(file.name for file in notebooks_folder().glob("*.ipynb"))


@pytest.fixture
def ran(monkeypatch):
    """Return the commands that would have started a server."""
    commands = []

    def started(_, command):
        commands.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", started)
    return commands


@pytest.fixture
def study(tmp_path):
    return Study.create(tmp_path / "étude de crise").folder


def test_a_dry_run_says_what_would_run_and_changes_nothing(run, ran, study):
    words = ("lab", "--study", study, "--no-browser")
    dry = run(*words, "--dry-run", "--json").json
    assert not (study / "notebooks").exists()
    assert run(*words, "--dry-run").out.strip() == shlex.join(dry["command"])
    assert (dry["study"], dry["copied"], dry["kept"]) == (True, CURATED, [])
    done = run(*words)
    assert (done.code, done.out) == (0, "")
    assert done.err == f"copied {len(CURATED)} notebooks\n"
    assert ran == [dry["command"]]
    assert sorted(file.name for file in (study / "notebooks").iterdir()) == CURATED
    assert run(*words, "--dry-run", "--json").json["copied"] == []


def test_a_folder_that_is_no_study_is_refused(run, ran, tmp_path):
    done = run("lab", "--study", tmp_path)
    assert done.code == 3
    assert f"no study here: {tmp_path}" in done.err
    assert "workbench load" in done.err
    assert not ran
    assert list(tmp_path.iterdir()) == []


def test_without_a_name_it_is_the_study_around_or_none(run, ran, study, monkeypatch):
    monkeypatch.chdir(study.parent)
    assert run("lab", "--dry-run", "--json").json["study"] is False
    (study / "notebooks").mkdir()
    monkeypatch.chdir(study / "notebooks")
    dry = run("lab", "--dry-run", "--json").json
    assert dry["study"] is True
    assert f"--ServerApp.root_dir={study}" in dry["command"]
    monkeypatch.chdir(study.parent)
    done = run("lab")
    assert "no study here: the notebooks use the invented crisis" in done.err


def test_notebooks_that_are_there_stay_and_those_that_differ_are_named(run, ran, study):
    run("lab", "--study", study)
    changed, executed, broken = ((study / "notebooks" / name) for name in CURATED[:3])
    book = json.loads(changed.read_text("utf-8"))
    book["cells"][0]["source"] = ["mine"]
    changed.write_text(json.dumps(book), "utf-8")
    book = json.loads(executed.read_text("utf-8"))
    book["cells"][1]["execution_count"] = 7
    executed.write_text(json.dumps(book), "utf-8")
    broken.write_text("{", "utf-8")
    before = {file.name: file.read_bytes() for file in (study / "notebooks").iterdir()}
    done = run("lab", "--study", study)
    told = done.err.splitlines()
    assert [line.split()[0] for line in told] == [
        f"notebooks/{CURATED[0]}",
        f"notebooks/{CURATED[2]}",
    ]
    assert "was kept" in told[0]
    assert {f.name: f.read_bytes() for f in (study / "notebooks").iterdir()} == before


@pytest.mark.parametrize(
    ("asked", "opened"),
    [(None, CURATED[0]), ("4", CURATED[3]), ("04", CURATED[3]), (CURATED[1], CURATED[1])],
)
def test_it_opens_the_notebook_that_is_asked_for(run, ran, study, asked, opened):
    words = () if asked is None else ("--notebook", asked)
    dry = run("lab", "--study", study, *words, "--dry-run", "--json").json
    assert dry["opens"] == opened
    assert f"--LabApp.default_url=/lab/tree/notebooks/{opened}" in dry["command"]


def test_a_notebook_of_ones_own_and_one_that_is_not_there(run, ran, study):
    (study / "notebooks").mkdir()
    (study / "notebooks" / "mine.ipynb").write_text("{}", "utf-8")
    dry = run("lab", "--study", study, "--notebook", "mine", "--dry-run", "--json").json
    assert dry["opens"] == "mine.ipynb"
    done = run("lab", "--study", study, "--notebook", "9")
    assert done.code == 3
    assert "no such notebook: 9; allowed: 01_first_walk" in done.err
    assert not ran


def test_a_read_only_folder_and_a_missing_jupyterlab(run, ran, study, monkeypatch):
    (study / "notebooks").write_text("a file")
    done = run("lab", "--study", study)
    assert done.code == 3
    assert "cannot copy the notebooks" in done.err
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert run("lab", "--study", study).code == 4
    assert not ran


def asked(address, until):
    """Return what a server answers, as soon as it does."""
    while True:
        try:
            return json.load(urllib.request.urlopen(address, timeout=20))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_a_server_takes_a_free_port_and_prints_its_address(study, tmp_path):
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text("c.ServerApp.allow_root = True\n")
    own = {"JUPYTER_CONFIG_DIR": config, "JUPYTER_RUNTIME_DIR": tmp_path / "runtime",
           "JUPYTER_DATA_DIR": tmp_path / "data", "IPYTHONDIR": tmp_path / "ipython"}  # fmt: skip
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ("lab", "--study", study, "--no-browser", "--port", port, "--notebook", 2)
        command = [sys.executable, "-m", "workbench", *map(str, words)]
        environment = {**os.environ, **{name: str(place) for name, place in own.items()}}
        with subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as server:
            try:
                address = ""
                until = time.monotonic() + 60
                while "token=" not in address and time.monotonic() < until:
                    address = server.stderr.readline()
                address = next(word for word in address.split() if word.startswith("http"))
                assert f":{port}/" not in address
                assert f"/lab/tree/notebooks/{CURATED[1]}?token=" in address
                listed = address.replace(f"lab/tree/notebooks/{CURATED[1]}", "api/contents")
                found = asked(listed, until)
                assert {"notebooks"} <= {entry["name"] for entry in found["content"]}
            finally:
                os.killpg(server.pid, signal.SIGTERM)
