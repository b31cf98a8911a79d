"""The folder of the embedded store: replaced as a whole, locked, never half written."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.corpora import ROOT, corpus_of, crisis
from workbench.errors import QueryError, SchemaError, StoreError
from workbench.graphs import graph
from workbench.influence import in_strength
from workbench.loaders import load
from workbench.model import Corpus
from workbench.store import EmbeddedStore, connect
from workbench.store.canary import failures
from workbench.store.writing import exclusive, sweep


def share(actor, target):
    act = {"platform": "x", "kind": "share", "actor_id": actor, "target_id": target}
    return act | {"weight": 1.0, "origin": "authored", "source_id": "s", "record": 1}


def small(target="x:b"):
    return corpus_of(interactions=[share("x:a", target)])


def opened(path, corpus=None):
    store = EmbeddedStore(path)
    store.write(corpus or small(), progress=False)
    return store


def test_the_installed_engine_passes_the_canary(monkeypatch):
    assert failures() == ()
    from workbench.store import canary

    monkeypatch.setattr(canary, "failures", lambda: ("a filter on two hops",))
    with pytest.raises(StoreError, match=r"wrong numbers.*two hops.*ladybug==0\.18\.3"):
        EmbeddedStore("anywhere")


def test_writing_again_changes_no_byte_and_another_corpus_leaves_one_database(tmp_path):
    store = opened(tmp_path / "g")
    before = {f.name: f.read_bytes() for f in (tmp_path / "g").iterdir()}
    store.write(small(), progress=False)
    assert {f.name: f.read_bytes() for f in (tmp_path / "g").iterdir()} == before
    store.write(small("x:c"), progress=False)
    assert len(list((tmp_path / "g").glob("*.lbug"))) == 1
    assert store.graph().accounts.tolist() == ["x:a", "x:c"]
    store.close()
    again = connect(tmp_path / "g")
    assert again.graph().accounts.tolist() == ["x:a", "x:c"]
    assert "corpus" in repr(again)
    again.close()


def test_runs_outlive_a_push(tmp_path):
    store = opened(tmp_path / "g")
    run = store.annotate(in_strength(store.graph()), name="kept")
    wider = corpus_of(interactions=[share("x:a", "x:b"), share("x:c", "x:b")])
    store.write(wider, progress=False)
    assert store.runs()["run_id"].tolist() == [run]
    assert store.counts()["relationships"]["SCORED"] == 2
    store.close()


def test_runs_that_name_accounts_which_are_gone_do_not_stop_a_push(tmp_path):
    store = opened(tmp_path / "g")
    store.annotate(in_strength(store.graph()), name="kept")
    store.write(small("x:c"), progress=False)  # x:b is gone
    assert store.runs()["name"].tolist() == ["kept"]
    assert store.counts()["relationships"]["SCORED"] == 1
    store.close()


def test_two_objects_share_one_database_and_two_processes_do_not(tmp_path):
    one = opened(tmp_path / "g")
    two = EmbeddedStore(tmp_path / "g")
    one.close()
    assert two.graph().edges == 1
    script = (
        "import sys; from workbench.store import EmbeddedStore\n"
        "from workbench.errors import StoreError\n"
        "try: EmbeddedStore(sys.argv[1])\n"
        "except StoreError as e: sys.exit(7 if 'another process' in str(e) else 8)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "g")]
    assert subprocess.run(command, check=False).returncode == 7
    two.close()
    assert subprocess.run(command, check=False).returncode == 0


def test_one_writes_at_a_time(tmp_path):
    store = EmbeddedStore(tmp_path / "g")
    script = (
        "import sys, time; from pathlib import Path\n"
        "from workbench.store.writing import exclusive\n"
        "with exclusive(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "g")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match=r"another process is writing.*wait"):
            store.write(small(), progress=False)
        other.kill()
    store.write(small(), progress=False)
    assert store.graph().edges == 1
    store.close()


def test_what_is_not_this_store_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="a store is a folder"):
        EmbeddedStore(tmp_path / "file")
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "store.json").write_text("{")
    with pytest.raises(StoreError, match=r"cannot read the store.*push again"):
        EmbeddedStore(tmp_path / "g")
    (tmp_path / "g" / "store.json").write_text(json.dumps({"version": 99}))
    with pytest.raises(SchemaError, match=r"another version: 99.*push the corpus again"):
        EmbeddedStore(tmp_path / "g")
    with pytest.raises(StoreError, match="nothing here speaks this scheme: http://…") as refused:
        connect("http://user:secret@host")
    assert "secret" not in str(refused.value)


def test_a_damaged_database_says_what_to_do(tmp_path):
    opened(tmp_path / "g").close()
    file = next((tmp_path / "g").glob("*.lbug"))
    file.write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreError, match=r"cannot open the store.*push the corpus again"):
        EmbeddedStore(tmp_path / "g")


def test_a_query_that_runs_too_long_is_stopped(tmp_path, monkeypatch):
    from workbench.store import embedded

    monkeypatch.setattr(embedded, "TIMEOUT_MS", 30)
    store = opened(tmp_path / "g", crisis())
    with pytest.raises(QueryError, match=r"took too long.*narrow it"):
        store.cypher(
            "MATCH (a:Post), (b:Post), (c:Post) WHERE a.created_ms + b.created_ms < c.created_ms "
            "RETURN count(*) AS n"
        )
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "g").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="cannot write to the store"):
        EmbeddedStore(tmp_path / "g").write(small(), progress=False)


def test_leftovers_are_swept_and_the_database_in_use_is_kept(tmp_path):
    for name in ("aa.lbug", "aa.lbug.wal", "bb.lbug", "notes.txt"):
        (tmp_path / name).write_text("x")
    sweep(tmp_path, keep="bb.lbug")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["bb.lbug", "notes.txt"]
    with exclusive(tmp_path):
        sweep(tmp_path, keep=None)
    assert not (tmp_path / "bb.lbug").exists()


# -- killed --------------------------------------------------------------------------------------

PUSH = """
import sys
from workbench.model import Corpus
from workbench.store import EmbeddedStore
EmbeddedStore(sys.argv[2]).write(Corpus.open(sys.argv[1]), progress=False)
"""


def push(corpus, store, *, kill_after=None):
    process = subprocess.Popen([sys.executable, "-c", PUSH, str(corpus), str(store)])
    try:
        return process.wait(kill_after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        return process.wait()


def killed_again_and_again(folder, kills):
    """Kill pushes at random moments: the store is the old one or the new one, never between."""
    files = sorted((ROOT / "datasets" / "crisis_small" / "posts").glob("*.gz"))
    load(files[:1], into=folder / "corpus")
    half = Corpus.open(folder / "corpus")
    started = time.perf_counter()
    assert push(folder / "corpus", folder / "g") == 0
    duration = time.perf_counter() - started
    whole = load(files, into=folder / "corpus")
    kinds = ("retweet", "mention", "reply", "account_hashtag")
    old = {kind: graph(half, kind).fingerprint for kind in kinds}
    new = {kind: graph(whole, kind).fingerprint for kind in kinds}
    assert all(old[kind] != new[kind] for kind in kinds)
    moments = random.Random(11)
    killed = 0
    for _ in range(kills):
        ended = push(folder / "corpus", folder / "g", kill_after=moments.uniform(0.2, 1) * duration)
        killed += ended < 0
        store = EmbeddedStore(folder / "g")
        found = {kind: store.graph(kind).fingerprint for kind in kinds}
        store.close()
        assert found in (old, new)
    assert killed > 0
    assert push(folder / "corpus", folder / "g") == 0
    store = EmbeddedStore(folder / "g")
    assert {kind: store.graph(kind).fingerprint for kind in kinds} == new
    store.close()
    assert len(list((folder / "g").glob("*.lbug"))) == 1


def test_a_killed_push_leaves_the_old_store_or_the_new_one(tmp_path):
    killed_again_and_again(tmp_path, kills=2)


@pytest.mark.slow
def test_ten_killed_pushes_leave_the_old_store_or_the_new_one(tmp_path):
    killed_again_and_again(tmp_path, kills=10)


@pytest.mark.parametrize(
    ("free", "message"), [(0, "No space left.*free some space"), (1 << 40, "cannot write Account")]
)
def test_a_push_that_fails_leaves_the_old_store(tmp_path, monkeypatch, free, message):
    with_old = opened(tmp_path / "g")
    files = sorted(file.name for file in (tmp_path / "g").iterdir())

    def broken(*_):
        raise StoreError("cannot write Account", value="Invalid transaction type to rollback.")

    monkeypatch.setattr("workbench.store.writing.copy", broken)
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(StoreError, match=message):
        with_old.write(small("x:c"), progress=False)
    assert sorted(file.name for file in (tmp_path / "g").iterdir()) == files
    assert with_old.graph("retweet").accounts.tolist() == ["x:a", "x:b"]
    with_old.close()


def test_a_full_disk_does_not_end_the_process(tmp_path):
    """What the engine cannot undo must not reach its destructor, which aborts."""
    code = (
        "import resource, signal, sys\n"
        "from tests.corpora import crisis\n"
        "from workbench.errors import StoreError\n"
        "from workbench.store import EmbeddedStore\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store = EmbeddedStore(sys.argv[1])\n"
        "corpus = crisis()\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "try:\n    store.write(corpus, progress=False)\n"
        "except StoreError as error:\n    print(error.what)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "g")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("cannot")
