"""Twitter v2 pages → corpus, against twarc-network and against untyped decoding."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Row, at_least, at_most, measured, run, timed

HERE = "tests.benchmarks.bench_load"
POSTS_A_GB = 675_000
PEER = ["twarc-network==0.2.0", "setuptools<81"]


def make_pages(file: str, posts: str) -> dict[str, Any]:
    """Write synthetic pages as one plain JSONL file; returns its bytes and posts."""
    from workbench import synthetic

    with timed() as spent, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        synthetic.make(Path(folder), posts=int(posts), seed=1)
        with Path(file).open("wb") as out:
            for part in sorted(Path(folder, "posts").glob("*.jsonl.gz")):
                with gzip.open(part) as pages:
                    shutil.copyfileobj(pages, out, 1 << 20)
    return {"seconds": spent[0], "bytes": Path(file).stat().st_size}


def ours(file: str) -> dict[str, Any]:
    """Load the file into a corpus folder with every table."""
    from workbench.loaders import load

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with timed() as spent:
            corpus = load(file, into=Path(folder) / "corpus")
        report = corpus.report
    return {"seconds": spent[0], "records": report.records_read, "rejected": report.rejected}


def untyped(file: str) -> dict[str, Any]:
    """Decode every line with msgspec into dicts and throw them away: the floor of any loader."""
    import msgspec

    decode = msgspec.json.Decoder().decode
    records = 0
    with timed() as spent, Path(file).open("rb") as lines:
        for line in lines:
            records += len(decode(line)["data"])
    return {"seconds": spent[0], "records": records}


PEER_CODE = """
import json, resource, sys, time
from twarc_network import get_graph
start = time.perf_counter()
kinds = ("retweet", "reply", "quote", "mention")
with open(sys.argv[1]) as lines:
    graph = get_graph(lines, "users", kinds, False)
seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "edges": graph.number_of_edges(), "peak_mb": peak / 1024}))
"""


def twarc_network(file: str, python: str) -> dict[str, Any]:
    """Let twarc-network build its graph of the same file, in an environment of its own."""
    import json

    done = subprocess.run(
        [python, "-c", PEER_CODE, file], capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def peer_python(folder: Path) -> str:
    """Return the Python of a fresh environment that holds the peer."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *PEER], check=True)
    return python


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is a file of about 1 GB, and one of 4 GB for memory."""
    report = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        file, large = folder / "pages.jsonl", folder / "large.jsonl"
        posts = int(POSTS_A_GB * scale)
        run(f"{HERE}:make_pages", file, posts)
        peers = (file, peer_python(folder / "peer"))
        cases = [("untyped", (file,)), ("ours", (file,)), ("twarc_network", peers)]
        floor, mine, other = measured([(f"{HERE}:{n}", given) for n, given in cases], repeat=3)
        records = mine.answer["records"]
        speed, base = records / mine.seconds, floor.answer["records"] / floor.seconds
        peer = records / other.seconds
        size = f"{file.stat().st_size / 1e9:.2f} GB, {records:,} records"
        our_speed = f"{speed:,.0f} /s"
        report += [
            at_least(
                f"v2 → corpus ({size}): ours / twarc-network (goal 10)",
                speed / peer,
                4,
                ours=our_speed,
                peer=f"{peer:,.0f} /s ({other.answer['peak_mb']:.0f} MiB)",
            ),
            at_least(
                "v2 → corpus: ours / untyped msgspec decoding",
                speed / base,
                0.2,
                ours=our_speed,
                peer=f"{base:,.0f} /s",
            ),
            _memory("that file", mine.peak_mb),
        ]
        file.unlink()
        run(f"{HERE}:make_pages", large, 4 * posts)
        again = run(f"{HERE}:ours", large)
        report.append(_memory(f"{large.stat().st_size / 1e9:.2f} GB", again.peak_mb))
    return report


def _memory(what: str, peak_mb: float) -> Row:
    return at_most(
        f"peak memory on {what}, MiB", peak_mb, 600, ours=f"{peak_mb:.0f} MiB", peer="600 MiB"
    )
