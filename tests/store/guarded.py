"""A server that wants a password, one for the test session."""

from __future__ import annotations

import atexit
import os
from functools import cache

import pytest

from tests.neo4j_server import Server, UnavailableError

PASSWORD = "s3cret-of-tests"


@cache
def guarded() -> Server:
    """Return it, running; without Java or Maven the test is skipped, and fails in CI."""
    try:
        started = Server(password=PASSWORD)
        started.start()
    except UnavailableError as error:
        if os.environ.get("CI", "").casefold() == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    atexit.register(started.close)
    return started
