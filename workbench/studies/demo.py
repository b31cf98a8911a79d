"""The demo: an invented crisis through the whole house, offline, to a page that explains itself."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import communities, graphs, influence, polarisation, resources, synthetic
from workbench.errors import InputError
from workbench.loaders import load
from workbench.privacy import Pseudonymiser, read_public_actors
from workbench.provenance import (
    Stopwatch,
    canonical_json,
    peak_mb,
    sha256_file,
    versions,
    whole_file,
)
from workbench.store import connect
from workbench.studies.demo_page import BOOTSTRAP, RUNS, TOP, World, findings, tell
from workbench.studies.leaks import check_files

if TYPE_CHECKING:
    from workbench.model import InteractionGraph, Partition
    from workbench.polarisation import Report

__all__ = ["DemoResult", "run"]

DATASET = "crisis_small"
MADE_BY = "workbench demo"
KINDS = ("retweet", "quote", "reply", "mention")


@dataclass(frozen=True)
class DemoResult:
    """What the demo made.

    Attributes
    ----------
    out
        The folder: ``index.html``, ``manifest.json``, ``edges.csv``, ``influence.csv``,
        ``polarisation.csv``, ``study/`` (corpus and store).
    manifest
        Inputs and outputs by hash, parameters, seeds, versions; ``timings`` and ``peak_mb`` are the
        only parts that differ between two runs.
    findings
        The sentences of the box on the page.
    """

    out: Path
    manifest: dict[str, Any]
    findings: list[str]


def run(out: Path, *, posts: int | None = None, seed: int = 1815) -> DemoResult:
    """Run every step on an invented diplomatic crisis and write the page.

    Parameters
    ----------
    out
        Folder to write; what an earlier demo wrote there is replaced.
    posts
        Size of a freshly generated crisis; None takes the small one that comes with the package.
    seed
        Of the generator, the community search, the null models, the bootstrap and the layout.

    Raises
    ------
    InputError
        The folder cannot be written, or holds something that is no demo.
    """
    watch = Stopwatch()
    _make_room(out)
    with tempfile.TemporaryDirectory(prefix="workbench-demo-") as scratch:
        with watch.of("generate"):
            files, public = _input(Path(scratch), posts, seed)
        inputs = {file.name: sha256_file(file) for file in files}
        world = _compute(out, files, public, seed=seed, watch=watch)
    sentences = findings(world)
    with watch.of("page"):
        page = tell(world, sentences, seed=seed)
        _write(out / "index.html", page)
        _tables(out, world)
    names = ["edges.csv", "edges.nodes.csv", "index.html", "influence.csv", "polarisation.csv"]
    with watch.of("scan"):
        check_files(world.corpus, [out / name for name in names], public=world.pseudonyms.public)
    manifest = {
        "made_by": MADE_BY,
        "dataset": DATASET if posts is None else f"synthetic, {posts} posts",
        "inputs": inputs,
        "parameters": {"posts": posts, "seed": seed, "runs": RUNS, "bootstrap": BOOTSTRAP},
        "fingerprints": {
            "corpus": world.corpus.fingerprint,
            **{kind: graph.fingerprint for kind, graph in world.graphs.items()},
        },
        "versions": versions(),
        "outputs": {name: sha256_file(out / name) for name in names},
        "timings": watch.seconds,
        "peak_mb": peak_mb(),
    }
    _write(out / "manifest.json", canonical_json(manifest))
    return DemoResult(out, manifest, sentences)


def _make_room(out: Path) -> None:
    try:
        if out.exists() and any(out.iterdir()) and not _is_demo(out / "manifest.json"):
            raise InputError(
                "this folder holds something else",
                value=str(out),
                remedy="choose an empty or new folder with --out",
            )
        if (out / "study").exists():
            shutil.rmtree(out / "study")
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("cannot write here", value=str(out), where=error.strerror) from error


def _is_demo(manifest: Path) -> bool:
    """Return whether a manifest is of a demo; datasets have a ``manifest.json`` too."""
    if not manifest.is_file():
        return False
    try:
        content = json.loads(manifest.read_text("utf-8"))
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("made_by") == MADE_BY


def _input(scratch: Path, posts: int | None, seed: int) -> tuple[list[Path], Path]:
    """Return the page files of the crisis and its list of public actors."""
    if posts is None:
        folder = resources.datasets_folder() / DATASET
    else:
        folder = scratch / "crisis"
        synthetic.make(folder, posts=posts, seed=seed)
    return sorted((folder / "posts").glob("*.jsonl.gz")), folder / "truth" / "public_actors.csv"


def _compute(out: Path, files: list[Path], public: Path, *, seed: int, watch: Stopwatch) -> World:
    # The key comes from the seed, so that two runs agree: fit for an invented world only.
    key = hashlib.sha256(f"demo {seed}".encode()).digest()
    pseudonyms = Pseudonymiser(key, public_actors=read_public_actors(public))
    with watch.of("load"):
        corpus = load(files, into=out / "study" / "corpus", progress=False)
    with watch.of("describe"):
        description = graphs.describe(corpus, top=TOP)
    with watch.of("push"):
        store = connect(out / "study" / "graph")
        store.write(corpus, progress=False)
    with watch.of("graphs"):
        built = {kind: store.graph(kind) for kind in KINDS}
    with watch.of("communities"):
        found = communities.leiden(built["retweet"], seed=seed)
        sides = polarisation.find_sides(built["retweet"], into=2, seed=seed)
    with watch.of("polarisation"):
        reports = _reports(built, sides, seed)
    with watch.of("influence"):
        ranking = influence.rank(
            built["retweet"],
            by=["in_strength", "unique_amplifiers", "pagerank"],
            top=TOP,
            bootstrap=BOOTSTRAP,
            seed=seed,
        )
    with watch.of("annotate"):
        store.annotate(found, *ranking.scores.values(), name="demo")
        counts = store.counts()
        store.close()
    return World(corpus, description, built, found, sides, reports, ranking, pseudonyms, counts)


def _reports(built: dict[str, InteractionGraph], sides: Partition, seed: int) -> dict[str, Report]:
    """Return the same indices on endorsement (retweets) and on cross-talk (replies).

    The sides were found in the retweets, so in the replies they are known from outside.
    """
    by_name = dict(sides.to_pandas().itertuples(index=False, name=None))
    names = {account: str(side) for account, side in by_name.items()}
    from_retweets = type(sides).from_mapping(built["reply"], names)
    return {
        "retweet": polarisation.report(built["retweet"], sides, runs=RUNS, seed=seed),
        "reply": polarisation.report(built["reply"], from_retweets, runs=RUNS, seed=seed),
    }


def _tables(out: Path, world: World) -> None:
    """Write the numbers of the page as CSV, with pseudonyms."""
    graph = world.graphs["retweet"]
    graphs.export(
        graph,
        out / "edges.csv",
        attributes={"community": world.communities.labels},
        labels=world.pseudonyms.account,
    )
    ranking = world.ranking.to_pandas()
    ranking["account"] = [world.pseudonyms.account(a) for a in ranking["account"]]
    _write_csv(ranking, out / "influence.csv")
    frames = []
    for kind, report in world.reports.items():
        frame = report.to_pandas()
        frame.insert(0, "graph", kind)
        frames.append(frame)
    import pandas as pd

    _write_csv(pd.concat(frames), out / "polarisation.csv")


def _write_csv(frame: Any, file: Path) -> None:
    text = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    _write(file, text)


def _write(file: Path, text: str) -> None:
    with whole_file(file) as fresh:
        fresh.write_text(text, "utf-8", newline="")
