"""Settings that every test shares."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest
from hypothesis import settings

#: Factor for tests whose examples are dear: 1 in `make test`, more in `make check-slow`.
EXAMPLES = int(os.environ.get("WORKBENCH_EXAMPLES", "1"))

settings.register_profile("here", deadline=None, max_examples=60, database=None)
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI", "").lower() == "true" else "here")


def few(examples: int) -> settings:
    """Return settings for a test that can afford so many examples in `make test`."""
    return settings(max_examples=examples * EXAMPLES)


@pytest.fixture
def full_disk():
    """Return a context in which no file can grow beyond ``after`` bytes."""
    resource = pytest.importorskip("resource")

    @contextmanager
    def filled(after: int):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (after, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return filled
