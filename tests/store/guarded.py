"""A server that wants a password, one for the test session."""

from __future__ import annotations

import atexit
from functools import cache
from typing import TYPE_CHECKING

from tests.store.stores import own_server

if TYPE_CHECKING:
    from tests.neo4j_server import Server

PASSWORD = "s3cret-of-tests"


@cache
def guarded() -> Server:
    """Return it, running; without Java or Maven the test is skipped, and fails in CI."""
    started = own_server(password=PASSWORD)
    started.start()
    atexit.register(started.close)
    return started
