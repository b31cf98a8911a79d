"""Seeds: the only place that makes random generators.

A stochastic function takes ``seed: int | None``. ``None`` means *draw a fresh seed and record it*,
so every result can be repeated afterwards. Independent streams are named, not numbered:
``generator(7, "bootstrap", 3)`` gives the same numbers whatever else has been drawn before.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["generator", "igraph_seeded", "resolve", "spawn"]

MAX_SEED = 2**32 - 1


def resolve(seed: int | None) -> int:
    """Return `seed`, or a fresh one in [0, 2**32) when it is None.

    Raises
    ------
    UsageError
        The seed is not an integer in [0, 2**32).
    """
    if seed is None:
        return secrets.randbelow(MAX_SEED + 1)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise UsageError("the seed must be an integer", value=seed, allowed=f"0 to {MAX_SEED}")
    if not 0 <= int(seed) <= MAX_SEED:
        raise UsageError("the seed is out of range", value=seed, allowed=f"0 to {MAX_SEED}")
    return int(seed)


def spawn(seed: int, *names: str | int) -> int:
    """Return the seed of the stream called `names` below `seed`, in [0, 2**32)."""
    text = "\0".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """Return the NumPy generator (PCG64) of the stream called `names` below `seed`."""
    return np.random.Generator(np.random.PCG64(spawn(seed, *names)))


@contextmanager
def igraph_seeded(seed: int) -> Iterator[None]:
    """Run igraph on its own seeded generator and put Python's ``random`` back afterwards.

    igraph knows one global generator; inside the block it is a private one, so that neither a
    caller's ``random`` module is disturbed nor a caller's draws disturb the result.
    """
    import igraph

    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311  not for secrets
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)
