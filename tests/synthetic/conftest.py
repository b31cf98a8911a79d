"""One crisis of five thousand posts that the tests of this folder look at from all sides."""

from __future__ import annotations

import pytest

from tests.synthetic.raw import Raw, read
from workbench.synthetic import Manifest, make


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> tuple[Manifest, Raw]:
    """Return the manifest of a crisis and what stands in its files."""
    out = tmp_path_factory.mktemp("crisis") / "out"
    manifest = make(out, posts=5_000, seed=7)
    return manifest, read(out)


@pytest.fixture(scope="session")
def manifest(made) -> Manifest:
    return made[0]


@pytest.fixture(scope="session")
def raw(made) -> Raw:
    return made[1]
