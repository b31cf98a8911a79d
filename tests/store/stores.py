"""The stores that keep the contract; a new one only adds its line here.

``WORKBENCH_NEO4J_URI=bolt://…`` tests against one's own disposable server. It must be empty, or
``WORKBENCH_NEO4J_EMPTY=yes`` allows to delete what it holds. Tests that hold two databases side by
side take a second address (``…=bolt://one,bolt://two``), or start a server for it; so do those that
kill a server or change its settings.
"""

from __future__ import annotations

import atexit
import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.neo4j_server import Server, UnavailableError
from workbench.errors import WorkbenchError
from workbench.store import EmbeddedStore, connect
from workbench.store.bolt import Bolt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.store.protocol import GraphStore

#: Which of the addresses that were given a slot uses.
_SLOTS = ("", "filled")


def own_server(
    *, password: str | None = None, plugins: Callable[[], Path] | None = None, **settings: str
) -> Server:
    """Return a new server, not yet started, to be killed or set up otherwise.

    Without Java or Maven the test is skipped, and fails in CI.
    """
    try:
        return Server(password=password, plugins=None if plugins is None else plugins(), **settings)
    except UnavailableError as error:
        unavailable(str(error))
        raise


def unavailable(reason: str) -> None:
    """Skip a test that cannot have a server, and fail it in CI."""
    if os.environ.get("CI", "").casefold() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Given(NamedTuple):
    """A server that was given."""

    uri: str


def server(slot: str = "", *, ours: bool = False) -> Server | Given:
    """Return a running server of the test session; each `slot` has its own.

    Parameters
    ----------
    ours
        It must be one with our settings, not one that was given.
    """
    given = os.environ.get("WORKBENCH_NEO4J_URI", "").split(",")
    place = _SLOTS.index(slot) if slot in _SLOTS else len(given)
    if not ours and place < len(given) and given[place].strip():
        return _given(given[place].strip())
    return _started(slot)


@cache
def _started(_slot: str) -> Server:
    started = own_server()
    try:
        started.start()
    except UnavailableError as error:
        unavailable(str(error))
    atexit.register(started.close)
    return started


@cache
def _given(uri: str) -> Given:
    """Return a server that was given, if what it holds may be deleted."""
    if "@" in uri:
        pytest.fail(
            "WORKBENCH_NEO4J_URI: give the credentials by NEO4J_USERNAME and NEO4J_PASSWORD",
            pytrace=False,
        )
    try:
        bolt = Bolt(uri)
    except WorkbenchError as error:
        pytest.fail(f"WORKBENCH_NEO4J_URI: {error}", pytrace=False)
    held = bolt.rows("MATCH (n) WHERE NOT n:Lock RETURN count(n) AS n").column("n")[0].as_py()
    confirmed = os.environ.get("WORKBENCH_NEO4J_EMPTY", "").casefold() in {"1", "yes", "true"}
    if held and not confirmed:
        bolt.close()
        pytest.fail(
            f"the server at {bolt.uri} is not empty ({held:,} nodes), and the tests would delete "
            "what it holds: empty it, or allow it with WORKBENCH_NEO4J_EMPTY=yes",
            pytrace=False,
        )

    def leave() -> None:
        _empty(bolt)
        bolt.close()

    atexit.register(leave)
    return Given(uri)


def emptied(slot: str = "", *, ours: bool = False) -> str:
    """Return the address of the server of a slot, after everything in it was deleted."""
    uri = server(slot, ours=ours).uri
    bolt = Bolt(uri)
    _empty(bolt)
    bolt.close()
    return uri


def _empty(bolt: Bolt) -> None:
    bolt.run("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS")
    bolt.run("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS")


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
