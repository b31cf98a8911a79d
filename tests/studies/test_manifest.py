"""The manifest: the same for two runs of the same, and it notices every file that changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import crisis
from workbench.errors import InputError, NotFoundError, SchemaError
from workbench.provenance import Stopwatch, versions
from workbench.studies import manifest as module
from workbench.studies.manifest import FILE, VARYING, Exhibit, Manifest, methods_of, runs_in, verify

NAMES = st.text("abcé_/", min_size=1, max_size=8).filter(
    lambda name: not name.startswith("/") and not name.endswith("/") and "//" not in name
)


def made(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def run(tmp_path):
    """Make a folder of two outputs with its manifest."""
    made(tmp_path, {"a.csv": b"1\n", "figures/b.png": b"2"})
    Manifest.of("workbench demo").write(tmp_path)
    return tmp_path


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=20), min_size=1, max_size=4), st.data())
def test_a_file_that_changed_is_named_and_no_other(tmp_path_factory, files, data):
    folders = {str(parent) for name in files for parent in Path(name).parents}
    files = {name: content for name, content in files.items() if name not in folders}
    folder = made(tmp_path_factory.mktemp("run"), files)
    Manifest.of("workbench demo").write(folder)
    assert verify(folder) == {}
    changed = data.draw(st.sets(st.sampled_from(sorted(files))))
    gone = data.draw(st.sets(st.sampled_from(sorted(files))))
    for name in changed:
        (folder / name).write_bytes(files[name] + b"x")
    for name in gone:
        (folder / name).unlink()
    wanted = dict.fromkeys(changed, "changed") | dict.fromkeys(gone, "missing")
    assert verify(folder) == wanted


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.text(max_size=4), json_values),
    st.dictionaries(st.text(max_size=4), st.integers(0, 9)),
    st.lists(st.text(max_size=4)),
)
def test_what_is_written_is_read(tmp_path_factory, parameters, seeds, words):
    folder = tmp_path_factory.mktemp("run")
    queries = {word: word * 2 for word in words}
    written = Manifest.of(
        "workbench demo", commands=words, parameters=parameters, seeds=seeds, queries=queries,
        methods=words,
    ).write(folder)  # fmt: skip
    assert Manifest.read(folder) == written
    assert written.methods == tuple(sorted(set(words)))
    for query in written.queries:
        assert query["sha256"] == hashlib.sha256(query["text"].encode()).hexdigest()


def test_two_runs_differ_in_time_memory_and_platform_only(tmp_path, monkeypatch):
    corpus = crisis()
    graph = corpus.graph("retweet")
    written = []
    for n in (1, 2):
        folder = made(tmp_path / str(n), {"a.csv": b"1"})
        watch = Stopwatch({"load": float(n)})
        monkeypatch.setattr(module, "peak_mb", lambda n=n: 100.0 * n)
        monkeypatch.setattr(module.platform, "platform", lambda n=n: f"machine {n}")
        one = Manifest.of(
            "workbench demo", corpus=corpus, graphs={"retweet": graph}, seeds={"all": np.int64(7)},
            parameters={"window": ("a", "b")},
        )  # fmt: skip
        written.append(one.write(folder, watch=watch))
    texts = [json.loads((tmp_path / n / FILE).read_text("utf-8")) for n in "12"]
    assert {key for key in texts[0] if texts[0][key] != texts[1][key]} == set(VARYING)
    assert written[0].lasting() == written[1].lasting()
    assert written[0].fingerprints == {"corpus": corpus.fingerprint, "retweet": graph.fingerprint}
    assert written[0].versions == versions()
    assert str(Path.home()) not in json.dumps(written[0].lasting())


def test_the_sources_of_a_corpus_are_inputs_with_their_counts():
    corpus = crisis()
    inputs = Manifest.of("workbench demo", corpus=corpus).inputs
    assert [one["sha256"] for one in inputs] == corpus.sources
    assert all("/" not in one["name"] and one["name"].endswith(".jsonl.gz") for one in inputs)
    assert sum(one["read"] for one in inputs) == corpus.report.records_read
    assert sum(one["duplicate"] for one in inputs) == corpus.report.duplicates


def test_files_are_inputs_by_hash(tmp_path):
    made(tmp_path, {"b.csv": b"22", "a.csv": b"1"})
    inputs = Manifest.of("x", files=[tmp_path / "b.csv", tmp_path / "a.csv"]).inputs
    assert [(one["name"], one["bytes"]) for one in inputs] == [("a.csv", 1), ("b.csv", 2)]
    assert inputs[1]["sha256"] == hashlib.sha256(b"22").hexdigest()


def test_figures_and_tables_come_back_with_their_programs(tmp_path):
    made(tmp_path, {"a.png": b"1"})
    exhibit = Exhibit("fig-a", "Who", ("a.png",), "01_who.ipynb", 3)
    Manifest.of("x").write(tmp_path, exhibits=[exhibit])
    assert Manifest.read(tmp_path).exhibits == (exhibit,)


def test_chosen_outputs_leave_others_out(tmp_path):
    made(tmp_path, {"a.csv": b"1", "study/db": b"2"})
    written = Manifest.of("x").write(tmp_path, outputs=["a.csv"])
    assert written.outputs == {"a.csv": hashlib.sha256(b"1").hexdigest()}
    with pytest.raises(NotFoundError, match=r"an output is not there: b\.csv"):
        Manifest.of("x").write(tmp_path, outputs=["b.csv"])


def test_the_commit_of_a_checkout_is_named(monkeypatch):
    def told(asked, **options):
        return subprocess.CompletedProcess(asked, 0, "0123abc-dirty\n", "")

    monkeypatch.setattr(Path, "exists", lambda path: path.name == ".git")
    monkeypatch.setattr(module.subprocess, "run", told)
    assert module._commit() == "0123abc-dirty"
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert module._commit() is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"cannot read the manifest"),
        ("[]", r"something else, or of another version.*allowed: manifest 1"),
        ('{"made_by": "dataset"}', r"something else, or of another version"),
        ('{"manifest": 1, "outputs": {}}', r"lacks a key: made_by"),
        ('{"manifest": 1, "made_by": "x", "outputs": {"../a": ""}}', r"outside its folder: \.\./a"),
        ('{"manifest": 1, "made_by": "x", "outputs": {"/a": ""}}', r"outside its folder: /a"),
        ('{"manifest": 1, "made_by": "x", "outputs": 3}', r"damaged"),
        ('{"manifest": 1, "made_by": "x", "outputs": {}, "exhibits": [{"a": 1}]}', r"damaged"),
    ],
)
def test_a_manifest_that_cannot_be_one(tmp_path, content, message):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(SchemaError, match=message):
        verify(tmp_path)


def test_a_study_has_the_runs_below_it(tmp_path):
    made(tmp_path, {"report/en/a.csv": b"1", "results/b.csv": b"2"})
    Manifest.of("x", methods=["leiden"]).write(tmp_path / "results")
    Manifest.of("y", methods=["ei_index", "leiden"]).write(tmp_path / "report" / "en")
    made(tmp_path, {"raw/manifest.json": b'{"made_by": "a dataset"}'})
    assert runs_in(tmp_path) == [tmp_path / "report" / "en", tmp_path / "results"]
    assert runs_in(tmp_path / "results") == [tmp_path / "results"]
    assert methods_of(tmp_path) == ["ei_index", "leiden"]


def test_a_folder_without_one(tmp_path):
    with pytest.raises(NotFoundError, match=r"no manifest here"):
        methods_of(tmp_path)
    with pytest.raises(NotFoundError, match=r"no manifest here.*manifest\.json.*workbench demo"):
        Manifest.read(tmp_path)


def test_a_folder_that_cannot_be_written(run, monkeypatch):
    def full(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(module, "whole_file", full)
    with pytest.raises(InputError, match=r"cannot write the manifest.*Read-only file system"):
        Manifest.of("x").write(run)
    assert verify(run) == {}
