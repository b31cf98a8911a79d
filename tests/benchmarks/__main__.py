"""``python -m tests.benchmarks [NAME…] [--scale X]``: print ratios, fail on a missed goal."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

NAMES = ("formats", "graph", "layout", "load", "neo4j", "push")


def main() -> int:
    """Run the benchmarks and return 1 when a ratio misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all")
    parser.add_argument("--scale", type=float, default=1.0, help="1 = the sizes of the goals")
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
        for row in module.rows(scale=chosen.scale):
            report.append(row)
            mark = "ok  " if row.holds else "MISS"
            print(
                f"{mark} {row.what}: {row.ours} / {row.peer} → {row.ratio:.2f} (goal {row.goal})",
                flush=True,
            )
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in report], indent=1), "utf-8")
    return int(not all(row.holds for row in report))


if __name__ == "__main__":
    sys.exit(main())
