"""How a result was made."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.provenance import (
    Stopwatch,
    canonical_json,
    outputs,
    package_version,
    peak_mb,
    sha256_file,
    versions,
)


def test_versions_are_those_installed(monkeypatch):
    found = versions()
    assert found["numpy"] == np.__version__
    assert found["workbench"] == package_version() == metadata.version("workbench")
    assert found["python"].startswith("3.")

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert package_version() == "0+unknown"
    assert set(versions()) == {"python", "workbench"}


@given(st.binary(max_size=300))
def test_hashes_are_those_of_hashlib(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("p") / "f"
    file.write_bytes(content)
    assert sha256_file(file) == hashlib.sha256(content).hexdigest()
    assert outputs(file.parent, ["f"]) == {"f": sha256_file(file)}


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)))
def test_the_same_content_gives_the_same_text(content):
    turned = dict(reversed(content.items()))
    assert canonical_json(content) == canonical_json(turned)
    assert json.loads(canonical_json(content)) == content


def test_times_add_up_and_memory_is_known():
    watch = Stopwatch()
    for name in ("a", "b", "a"):
        with watch.of(name):
            first = dict(watch.seconds)
    assert set(watch.seconds) == {"a", "b"}
    assert watch.seconds["a"] > first["a"] > 0
    assert peak_mb() > 10
