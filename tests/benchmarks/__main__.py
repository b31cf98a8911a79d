"""``python -m tests.benchmarks [NAME…] [--scale X]``: print ratios, fail on a missed goal."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import sys
from dataclasses import asdict
from pathlib import Path

NAMES = (
    "communities", "formats", "graph", "influence", "layout", "load", "maximisation", "neo4j",
    "polarisation", "push", "report",
)  # fmt: skip


def main() -> int:
    """Run the benchmarks and return 1 when a ratio misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all")
    parser.add_argument("--scale", type=float, default=1.0, help="1 = the sizes of the goals")
    parser.add_argument("--out", type=Path, help="folder for the tables of those that make some")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(
            f"no such benchmark: {', '.join(sorted(unknown))}; allowed: {', '.join(NAMES)}"
        )
    report = []
    for name in chosen.names or NAMES:
        module = importlib.import_module(f"tests.benchmarks.bench_{name}")
        makes_tables = "out" in inspect.signature(module.rows).parameters
        options = {"out": chosen.out} if makes_tables else {}
        for row in module.rows(scale=chosen.scale, **options):
            report.append(row)
            mark = {True: "ok  ", False: "MISS", None: "–   "}[row.holds]
            ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
            print(
                f"{mark} {row.what}: {row.ours} / {row.peer} → {ratio} (goal {row.goal})",
                flush=True,
            )
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in report], indent=1), "utf-8")
    return int(any(row.holds is False for row in report))


if __name__ == "__main__":
    sys.exit(main())
