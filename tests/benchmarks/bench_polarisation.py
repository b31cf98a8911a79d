"""Polarisation: what nine indices tell apart on 102 networks, and random walks against peers.

``--scale`` below 1 takes a part of the networks, smaller graphs and fewer repetitions.
"""

from __future__ import annotations

import inspect
import json
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.benchmarks.acceptance import (
    HEADER,
    Discrimination,
    discrimination,
    measured_networks,
    write,
)
from tests.benchmarks.measure import Row, absent, at_least, at_most, best_of, run, timed
from tests.reference import ROOT, reference_data

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "tests.benchmarks.bench_polarisation"
PEERS = ROOT / ".oracles" / "bin" / "python"
MORE = "its elites are random"


def exact(name: str) -> dict[str, Any]:
    """Graph and sides → random-walk controversy, preparation included."""
    from tests.polarisation.cases import topic
    from workbench.polarisation import random_walk_controversy

    graph, sides = topic(name)

    def value() -> float:
        found = random_walk_controversy(graph, sides, start="non_elite").value
        return float("nan") if found is None else found

    value()
    return {"seconds": best_of(value, 50), "value": value()}


def solves(accounts: str, edges: str, repeat: str) -> dict[str, Any]:
    """Prepared graph → random-walk controversy, again and again, beside one product of it."""
    from tests.benchmarks.planted import planted_camps
    from workbench.polarisation import INDICES
    from workbench.polarisation.preparation import prepare

    prepared = prepare(*planted_camps(int(accounts), int(edges)))
    kernel = INDICES["random_walk_controversy"].kernel
    assert kernel is not None
    kernel(prepared)
    times = []
    for _ in range(int(repeat)):
        prepared.solved.clear()  # what indices of one graph share
        with timed() as spent:
            kernel(prepared)
        times.append(spent[0])
    vector = np.ones(prepared.nodes)
    product = best_of(lambda: prepared.matrix @ vector, 50)
    return {"seconds": float(np.median(times)), "total": sum(times), "edges": prepared.edges,
            "nodes": prepared.nodes, "product": product}  # fmt: skip


def whole(accounts: str, edges: str) -> dict[str, Any]:
    """Graph and sides → random-walk controversy of a large graph, once, nothing warm."""
    from tests.benchmarks.planted import planted_camps
    from workbench.polarisation import random_walk_controversy

    graph, sides = planted_camps(int(accounts), int(edges))
    with timed() as spent:
        random_walk_controversy(graph, sides)
    return {"seconds": spent[0], "edges": graph.edges, "nodes": graph.nodes}


def split_nulls(accounts: str, edges: str, runs: str) -> dict[str, Any]:
    """Graph and found sides → report beside nulls that are split again, progress shown."""
    from tests.benchmarks.planted import planted_camps
    from workbench.polarisation import find_sides, report
    from workbench.progress import Progress

    graph, _ = planted_camps(int(accounts), int(edges))
    sides = find_sides(graph, method="metis", seed=1)
    two = {"processes": 2} if "processes" in inspect.signature(report).parameters else {}
    drawn = int(runs) if two else max(1, int(runs) // 10)
    times: list[float] = [time.perf_counter()]
    with Progress(drawn, "null samples", "samples") as progress:

        def advance(n: int) -> None:
            progress.update(n)
            times.append(time.perf_counter())

        report(
            graph, sides, measures=["random_walk_controversy"], runs=drawn, seed=1,
            advance=advance, **two,
        )  # fmt: skip
    spent = times[-1] - times[0]
    estimated = spent if two else spent / drawn * int(runs) / 2
    return {"seconds": estimated, "estimated_from": 0 if two else drawn, "edges": graph.edges}


def rows(*, scale: float, out: Path | None = None) -> Iterator[Row]:
    """Yield the comparisons; `scale` 1 is every network and a million edges."""
    try:
        reference_data("polarisation")
    except pytest.skip.Exception as missing:
        yield absent("AUCs and peers", 0, ours="not measured", peer=str(missing))
    else:
        yield from _acceptance(scale, out)
        yield from _peers("beefban")
    yield from _large(scale)


def _acceptance(scale: float, out: Path | None) -> Iterator[Row]:
    runs = max(2, round(20 * min(1.0, scale * 4)))
    networks, seconds = measured_networks(share=scale, runs=runs)
    table = discrimination(networks)
    print(HEADER, *(each.line() for each in table), sep="\n", flush=True)
    if out is not None:
        write(out, networks, table)
    yield from filter(None, map(_row, table))
    yield at_most(
        f"seconds of {len(networks)} networks, nine indices, {runs} nulls, two processes",
        seconds, 150, ours=f"{seconds:.0f} s", peer="150 s",
    )  # fmt: skip


def _row(each: Discrimination) -> Row | None:
    if each.gain is None or each.denoised is None:
        return None
    gain, low, high = each.gain
    told = f"{each.denoised[0]:.3f} − {each.raw[0]:.3f} = {gain:.3f} [{low:.2f}, {high:.2f}]"
    return at_least(
        f"{each.name}: AUC denoised − raw over {each.networks} networks",
        gain, 0.03, ours=told, peer="raw",
    )  # fmt: skip


def _peers(topic: str) -> Iterator[Row]:
    mine = run(f"{HERE}:exact", topic)
    ours = f"{mine.seconds * 1000:.2f} ms ({mine.answer['value']:.4f})"
    told: dict[str, Any] = {}
    if PEERS.exists():
        folder = reference_data("polarisation/retweet_graphs")
        files = [folder / f"{topic}.{part}.csv" for part in ("edges", "sides")]
        command = [PEERS, "-I", Path(__file__).with_name("walk_peers.py"), *files]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=600)
        told = json.loads(done.stdout)
    for name, work in (
        ("netseg", "10,000 walks"),
        ("random-walk-controversy", f"200 rounds; {MORE}"),
    ):
        what = f"random-walk controversy of {topic}, exact: {name} ({work}) / ours"
        answer = told.get(name, {"error": "run `make oracles`"})
        if "error" in answer:
            yield absent(what, 500, ours=ours, peer=f"absent: {answer['error']}")
        else:
            yield at_least(
                what, answer["seconds"] / mine.seconds, 500,
                ours=ours, peer=f"{answer['seconds']:.2f} s ({answer['value']:.4f})",
            )  # fmt: skip


def _large(scale: float) -> Iterator[Row]:
    accounts, edges = int(330_000 * scale), int(1_000_000 * scale)
    repeat = max(3, int(500 * scale))
    solve = run(f"{HERE}:solves", accounts, edges, repeat).answer
    size = f"{solve['nodes']:,} accounts, {solve['edges']:,} edges"
    product = solve["product"]
    yield at_most(
        f"seconds of a solve, {size}", solve["seconds"], 0.25,
        ours=f"{solve['seconds']:.3f} s", peer="goal",
    )  # fmt: skip
    yield at_most(
        f"a solve / one product of the same matrix with a vector, {size}",
        solve["seconds"] / product, 100,
        ours=f"{solve['seconds']:.3f} s", peer=f"{product * 1000:.2f} ms",
    )  # fmt: skip
    yield at_most(
        f"seconds of {repeat} solves, {size}", solve["total"], 120,
        ours=f"{solve['total']:.0f} s", peer="goal",
    )  # fmt: skip
    once = run(f"{HERE}:whole", int(980_000 * scale), int(2_900_000 * scale))
    yield at_most(
        f"seconds from graph to value, {once.answer['nodes']:,} accounts, "
        f"{once.answer['edges']:,} edges, once",
        once.seconds, 6, ours=f"{once.seconds:.2f} s ({once.peak_mb:.0f} MiB)", peer="goal",
    )  # fmt: skip
    null = run(f"{HERE}:split_nulls", accounts, edges, 20)
    drawn = null.answer["estimated_from"]
    how = f"estimated from {drawn} in one process, halved" if drawn else "two processes"
    yield at_most(
        f"seconds of 20 nulls split again, {null.answer['edges']:,} edges, {how}",
        null.seconds, 480, ours=f"{null.seconds:.0f} s ({null.peak_mb:.0f} MiB)", peer="goal",
    )  # fmt: skip
