"""What a manifest is made of: hashes, versions, canonical JSON and time that is only measured."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import provenance
from workbench.provenance import (
    Stopwatch,
    canonical_json,
    outputs,
    package_version,
    peak_mb,
    sha256_file,
    versions,
    whole_file,
)

simple = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
content = st.recursive(
    simple, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


def clock(monkeypatch, *times):
    ticks = iter(times)
    monkeypatch.setattr(provenance.time, "perf_counter", lambda: next(ticks))


@settings(max_examples=30)
@given(st.binary(max_size=300), st.integers(1, 3000))
def test_a_hash_is_that_of_hashlib(tmp_path_factory, data, times):
    file = tmp_path_factory.mktemp("hash") / "a.bin"
    file.write_bytes(data * times)
    assert sha256_file(file) == hashlib.sha256(data * times).hexdigest()
    assert sha256_file(str(file)) == sha256_file(file)


def test_hashes_of_outputs_by_name_in_order(tmp_path):
    for name in ("b.csv", "a.html", "left_out.txt"):
        (tmp_path / name).write_text(name)
    found = outputs(tmp_path, ["b.csv", "a.html"])
    assert list(found) == ["a.html", "b.csv"]
    assert found == {name: hashlib.sha256(name.encode()).hexdigest() for name in found}
    assert outputs(tmp_path, {"b.csv": "what it is"}) == {"b.csv": found["b.csv"]}
    with pytest.raises(FileNotFoundError, match="missing"):
        outputs(tmp_path, ["missing.csv"])


@settings(max_examples=60)
@given(content)
def test_canonical_json_says_the_same_in_the_same_bytes(value):
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@settings(max_examples=30)
@given(st.dictionaries(st.text(), simple, min_size=2), st.randoms())
def test_the_order_of_keys_leaves_no_trace(value, shuffler):
    keys = list(value)
    shuffler.shuffle(keys)
    assert canonical_json({key: value[key] for key in keys}) == canonical_json(value)


def test_canonical_json_is_readable():
    assert canonical_json({"b": "été", "a": [1]}) == '{\n "a": [\n  1\n ],\n "b": "été"\n}\n'


def test_versions_are_those_that_are_installed():
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["workbench"] == package_version()
    for name in ("duckdb", "igraph", "numpy", "pyarrow", "scipy"):
        assert found[name] == metadata.version(name)


def test_what_is_not_installed_is_left_out(monkeypatch):
    def missing(name):
        if name == "numpy":
            return "9.9"
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(provenance.metadata, "version", missing)
    assert package_version() == "0+unknown"
    assert versions() == {
        "python": platform.python_version(), "workbench": "0+unknown", "numpy": "9.9",
    }  # fmt: skip


def test_laps_of_one_name_add_up(monkeypatch):
    clock(monkeypatch, 10.0, 12.5, 20.0, 20.5, 30.0, 31.0)
    watch = Stopwatch()
    with watch.of("load"):
        pass
    with watch.of("graph"):
        pass
    with watch.of("load"):
        pass
    assert watch.seconds == {"load": 3.5, "graph": 0.5}
    assert Stopwatch().seconds == {}


def test_a_lap_that_fails_is_timed_and_its_error_passes(monkeypatch):
    clock(monkeypatch, 1.0, 5.0)
    watch = Stopwatch()
    with pytest.raises(ValueError, match="broken"), watch.of("load"):
        raise ValueError("broken")
    assert watch.seconds == {"load": 4.0}


def test_laps_inside_each_other(monkeypatch):
    clock(monkeypatch, 0.0, 1.0, 3.0, 7.0)
    watch = Stopwatch()
    with watch.of("all"), watch.of("part"):
        pass
    assert watch.seconds == {"part": 2.0, "all": 7.0}


@pytest.mark.parametrize(("system", "unit"), [("linux", 1 << 10), ("darwin", 1 << 20)])
def test_peak_memory_is_in_mib_whatever_the_system_counts_in(monkeypatch, system, unit):
    resource = pytest.importorskip("resource")
    usage = type("Usage", (), {"ru_maxrss": 96 * unit})
    monkeypatch.setattr(resource, "getrusage", lambda who: usage)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(provenance, "_STATUS", Path("nowhere"))
    assert peak_mb() == 96.0


def test_peak_memory_is_told_whatever_the_name_of_the_program(monkeypatch, tmp_path):
    (tmp_path / "status").write_bytes(b"Name:\t\xc3\nVmHWM:\t   2048 kB\nVmRSS:\t 1024 kB\n")
    monkeypatch.setattr(provenance, "_STATUS", tmp_path / "status")
    assert peak_mb() == 2.0


def test_peak_memory_is_unknown_where_the_system_does_not_tell(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(provenance, "_STATUS", Path("nowhere"))
    assert peak_mb() is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
def test_peak_memory_is_not_that_of_the_process_that_started_this_one():
    ballast = b"x" * (300 << 20)
    program = "from workbench.provenance import peak_mb; print(peak_mb())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert 0 < float(done.stdout) < len(ballast) >> 20


def half(file):
    with whole_file(file) as fresh:
        fresh.write_text("half of it")
        raise OSError("the disk is full")


def test_a_file_is_whole_or_as_it_was(tmp_path):
    file = tmp_path / "t.csv"
    for before in (None, "old"):
        with pytest.raises(OSError, match="the disk is full"):
            half(file)
        assert (file.read_text() if file.exists() else None) == before
        with whole_file(file) as fresh:
            fresh.write_text("old")
        assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("t.csv", "old")]
    file.chmod(0o640)
    with whole_file(file) as fresh:
        fresh.write_text("new")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o640)


def test_links_are_written_in_place(tmp_path):
    (tmp_path / "link").symlink_to("target")
    with whole_file(tmp_path / "link") as fresh:
        fresh.write_text("x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "x"
