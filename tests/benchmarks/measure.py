"""Run one case in a process of its own and measure it.

A case is ``module:function`` with text arguments; it returns a JSON value whose ``seconds`` is the
time of the work itself (imports, data and warm-up outside). Peak memory is the whole process's.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Measured",
    "Row",
    "absent",
    "at_least",
    "at_most",
    "best_of",
    "measured",
    "run",
    "timed",
]


@dataclass(frozen=True)
class Measured:
    """One case: seconds of work (median of its repetitions), peak memory in MiB, its answer."""

    seconds: float
    peak_mb: float
    answer: dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One comparison of the report; ``ratio`` is peer over ours unless the label says otherwise.

    ``ratio`` and ``holds`` are None where there was nothing to compare with.
    """

    what: str
    ours: str
    peer: str
    ratio: float | None
    goal: str
    holds: bool | None


def at_least(what: str, ratio: float, goal: float, *, ours: str, peer: str) -> Row:
    """Return the row of a ratio that must not fall below `goal`."""
    return Row(what, ours, peer, ratio, f">= {goal:g}", ratio >= goal)


def at_most(what: str, ratio: float, goal: float, *, ours: str, peer: str) -> Row:
    """Return the row of a ratio or size that must not exceed `goal`."""
    return Row(what, ours, peer, ratio, f"<= {goal:g}", ratio <= goal)


def absent(what: str, goal: float, *, ours: str, peer: str) -> Row:
    """Return the row of a peer that is not here; `peer` says how to get it."""
    return Row(what, ours, peer, None, f">= {goal:g}", None)


def run(case: str, *arguments: object, python: str = sys.executable) -> Measured:
    """Run ``module:function`` once in a fresh process."""
    command = [python, "-m", "tests.benchmarks.measure", case, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{case} {arguments} ended with {process.returncode}"
        raise RuntimeError(message)
    answer = json.loads(output.strip().splitlines()[-1])
    return Measured(float(answer["seconds"]), usage.ru_maxrss / 1024, answer)


def measured(cases: list[tuple[str, tuple[object, ...]]], *, repeat: int) -> list[Measured]:
    """Run several cases round-robin, `repeat` times each; the median run of each is returned."""
    runs: list[list[Measured]] = [[] for _ in cases]
    for _ in range(repeat):
        for i, (case, arguments) in enumerate(cases):
            runs[i].append(run(case, *arguments))
    return [
        sorted(results, key=lambda r: r.seconds)[len(results) // 2] if results else results[0]
        for results in runs
    ]


@contextmanager
def timed() -> Iterator[list[float]]:
    """Append the wall time of the block, in seconds, to the list it yields."""
    spent: list[float] = []
    start = time.perf_counter()
    yield spent
    spent.append(time.perf_counter() - start)


def best_of(work: Any, repeat: int) -> float:
    """Return the median wall time of `repeat` calls of `work`."""
    times = []
    for _ in range(repeat):
        with timed() as spent:
            work()
        times.append(spent[0])
    return statistics.median(times)


def main() -> None:
    """Run the case named on the command line and print its answer as JSON."""
    module, _, function = sys.argv[1].partition(":")
    answer = getattr(importlib.import_module(module), function)(*sys.argv[2:])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
