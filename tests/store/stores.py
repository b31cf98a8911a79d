"""The stores that keep the contract; a new one only adds its line here."""

from __future__ import annotations

import atexit
import os
from functools import cache
from typing import TYPE_CHECKING

import neo4j
import pytest

from tests.neo4j_server import Server, UnavailableError
from workbench.store import EmbeddedStore, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.store.protocol import GraphStore


def server(slot: str = "") -> Server:
    """Return a running server of the test session; each `slot` has its own.

    Without Java or Maven the test is skipped, and fails in CI.
    """
    return _server(slot)


@cache
def _server(_slot: str) -> Server:
    try:
        started = Server()
        started.start()
    except UnavailableError as error:
        if os.environ.get("CI", "").casefold() == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    atexit.register(started.close)
    return started


def emptied(slot: str = "") -> str:
    """Return the URI of the server of a slot, after everything in it was deleted."""
    uri = server(slot).uri
    with neo4j.GraphDatabase.driver(uri, telemetry_disabled=True) as driver:
        for text in (
            "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS",
            "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS",
        ):
            with driver.session() as session:
                session.run(text).consume()
    return uri


#: Name → a function that opens an empty store of its own, given an empty folder and a slot.
#: Stores of different slots are open at the same time.
STORES: dict[str, Callable[..., GraphStore]] = {
    "embedded": lambda folder, _slot="": EmbeddedStore(folder / "graph"),
    "neo4j": lambda _folder, slot="": connect(emptied(slot)),
}


def every_store() -> list[pytest.ParameterSet]:
    """Return the names of the stores as parameters; those with a server share one worker."""
    marks = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]
    return [pytest.param(n, marks=marks if n == "neo4j" else []) for n in sorted(STORES)]
