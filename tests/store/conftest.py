"""A store of each kind, empty or with the bundled crisis."""

from __future__ import annotations

import pytest

from tests.cli.conftest import run
from tests.corpora import crisis
from tests.store.stores import STORES, every_store

__all__ = ["run"]


@pytest.fixture(params=every_store())
def store(request, tmp_path):
    """Open an empty store."""
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=every_store())
def filled(request, tmp_path_factory):
    """Open a store with the bundled crisis; tests must not change it."""
    opened = STORES[request.param](tmp_path_factory.mktemp("store"), "filled")
    opened.write(crisis(), progress=False)
    yield opened
    opened.close()
