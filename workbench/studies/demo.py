"""The demo: an invented crisis through the whole house, offline, to a page that explains itself."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import communities, graphs, influence, plotting, polarisation, resources, synthetic
from workbench.errors import InputError
from workbench.loaders import load
from workbench.privacy import Pseudonymiser, read_public_actors
from workbench.provenance import Stopwatch, canonical_json, peak_mb, sha256_file, versions
from workbench.store import connect
from workbench.studies.page import Page

if TYPE_CHECKING:
    from workbench.graphs import Description
    from workbench.influence import Ranking
    from workbench.model import Corpus, InteractionGraph, Partition
    from workbench.polarisation import Report

__all__ = ["DemoResult", "run"]

DATASET = "crisis_small"
MADE_BY = "workbench demo"
KINDS = ("retweet", "quote", "reply", "mention")
RUNS, BOOTSTRAP, TOP = 20, 200, 10
_NAMES = {"ei_index": "E–I index"}


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


@dataclass(frozen=True)
class _World:
    """Everything computed, for the page to tell."""

    corpus: Corpus
    description: Description
    graphs: dict[str, InteractionGraph]
    communities: Partition
    sides: Partition
    reports: dict[str, Report]
    ranking: Ranking
    pseudonyms: Pseudonymiser
    counts: dict[str, dict[str, int]]


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
    findings = _findings(world)
    with watch.of("page"):
        page = _tell(world, findings, seed=seed)
        (out / "index.html").write_text(page, "utf-8", newline="")
        _tables(out, world)
    names = ["edges.csv", "edges.nodes.csv", "index.html", "influence.csv", "polarisation.csv"]
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
    (out / "manifest.json").write_text(canonical_json(manifest), "utf-8", newline="")
    return DemoResult(out, manifest, findings)


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


def _compute(out: Path, files: list[Path], public: Path, *, seed: int, watch: Stopwatch) -> _World:
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
    return _World(corpus, description, built, found, sides, reports, ranking, pseudonyms, counts)


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


def _findings(world: _World) -> list[str]:
    described, retweets, replies = (
        world.description,
        world.reports["retweet"],
        world.reports["reply"],
    )
    walk, talk = retweets["random_walk_controversy"], replies["random_walk_controversy"]
    crossing = {kind: _share_across(report) for kind, report in world.reports.items()}
    peak = described.per_day.iloc[int(described.per_day["posts"].to_numpy().argmax())]
    first = world.ranking.to_pandas().iloc[0]
    return [
        (
            f"{described.posts:,} posts by {described.authors:,} accounts, most of them on "
            f"{peak['day']} ({peak['posts']:,})."
        ),
        (
            f"Retweets fall into two camps: {crossing['retweet']:.1%} of the edges "
            f"cross, and random-walk "
            f"controversy is {walk.value:.2f} where graphs with the same degrees give "
            f"{walk.null_mean:.2f} (z {walk.z:.1f}). {_stability(world.sides)}"
        ),
        (
            f"The same camps answer each other: {crossing['reply']:.1%} of the "
            f"reply edges cross, and "
            f"the index there is {talk.value:.2f} (null {talk.null_mean:.2f})."
        ),
        (
            f"Most retweeted is {world.pseudonyms.label(first['account'])} with "
            f"{first['in_strength']:,.0f} acts; in 95 % of resamples its rank is "
            f"{_span(first['rank_low'], first['rank_high'])}."
        ),
    ]


def _stability(sides: Partition) -> str:
    """Return how far the sides hang on the seed."""
    agreement = float(sides.parameters["agreement"])
    if agreement >= 0.8:
        return f"Five seeds find the same camps (agreement {agreement:.2f} of 1)."
    return (
        f"Five seeds agree on the camps to {agreement:.2f} of 1 only: who stands between them "
        "depends on the seed."
    )


def _span(low: int, high: int) -> str:
    """Return a range of ranks in words."""
    return f"{low}" if low == high else f"{low} to {high}"


def _share_across(report: Report) -> float:
    """Return the share of edges between the sides, from E–I = 2 · share − 1."""
    return ((report["ei_index"].value or 0.0) + 1) / 2


def _tell(world: _World, findings: list[str], *, seed: int) -> str:
    page = Page(
        "A crisis at the strait: who speaks, who is heard, how divided",
        "An invented diplomatic crisis, from raw Twitter pages to this report, to show what the "
        "workbench computes and how it explains each number. No person, place or post is real.",
    )
    page.key_findings("Key findings", findings)
    page.heading("What is in the data")
    described = world.description
    page.paragraph(
        f"{described.posts:,} posts: "
        + ", ".join(f"{count:,} {kind}" for kind, count in described.kinds.items())
        + ". Languages: "
        + ", ".join(
            f"{tag} {count / described.posts:.0%}" for tag, count in described.languages.items()
        )
        + ". Only posts that the export lists as its own count; posts that came "
        "along as references "
        "are stored, and count for nothing."
    )
    page.figure(plotting.timeline(described.per_day), "Bar chart of posts per day by kind.")
    page.table(
        ["graph", "accounts", "edges", "acts", "acts upon oneself"],
        [
            [kind, g.nodes, g.edges, round(g.total_weight), round(g.self_loop_weight)]
            for kind, g in world.graphs.items()
        ],
        "The four interaction graphs. An edge points from the account that acts to the one acted "
        "upon. Of mentions only those that an author chose to write count: heads of retweets, "
        "prefixes of replies and what a retweet inherits are kept apart.",
    )
    _tell_division(page, world, seed)
    _tell_influence(page, world)
    _tell_evidence(page, world)
    page.heading("What this does not show")
    page.paragraph(
        "Who is right; what people think who do not post; whether an account "
        "is a person. A graph of "
        "retweets shows endorsement in this export, collected by its query. "
        "Communities depend on a "
        f"seed ({seed}) and a method. A z far from zero says that the camps are more divided than "
        "their degrees imply, which most topics are; it does not say that society is."
    )
    versions_ = versions()
    return page.render(
        f"Made by workbench {versions_['workbench']} from "
        f"{len(world.corpus.sources)} files, corpus "
        f"{world.corpus.fingerprint[:16]}, seed {seed}. Inputs, parameters, "
        f"versions and the hash of "
        "every output are in manifest.json. Pseudonyms are keyed; only public actors on the "
        "dataset's list are named."
    )


def _tell_division(page: Page, world: _World, seed: int) -> None:
    page.heading("How divided")
    graph = world.graphs["retweet"].largest_component()
    found = world.communities.restricted(graph)
    page.figure(
        plotting.network(graph, colour=found, labels=world.pseudonyms.label, seed=seed),
        plotting.alt_text(graph, colour=found),
    )
    agreement = world.sides.parameters["agreement"]
    page.paragraph(
        f"The two sides were found in the retweets (Leiden, merged until two remain, seed {seed}; "
        f"five seeds agree to {agreement:.2f}, 1 is perfect). Because they were found there, the "
        "null model finds sides again in every random graph. In the replies the same sides are "
        "given, so the null keeps them."
    )
    rows = [
        [kind, _NAMES.get(value.name, value.name.replace("_", " ")), value.value,
         value.null_mean, value.null_sd, value.denoised, value.z, value.divided_is]
        for kind, report in world.reports.items()
        for value in report.indices
    ]  # fmt: skip
    page.table(
        ["graph", "index", "value", "null mean", "null sd", "denoised", "z", "divided when"],
        rows,
        f"Indices beside {RUNS} random graphs with the same degrees. Denoised = value − null mean. "
        "No p-value is given below 199 null graphs. Undirected, unweighted, largest component.",
    )


def _tell_influence(page: Page, world: _World) -> None:
    page.heading("Who is amplified")
    table = world.ranking.to_pandas()
    page.table(
        ["rank", "95 % of resamples", "account", "acts upon it", "amplifiers", "PageRank"],
        [
            [int(row["rank"]), f"{row['rank_low']}–{row['rank_high']}",
             world.pseudonyms.label(row["account"]), int(row["in_strength"]),
             int(row["unique_amplifiers"]), row["pagerank"]]
            for row in table.to_dict("records")
        ],
        f"The {TOP} most retweeted accounts. The ranks in the second column come from "
        f"{BOOTSTRAP} resamples of the amplifiers; between accounts with nearly equal scores they "
        "cover less than 95 %. Public actors are named, everybody else has a pseudonym.",
    )  # fmt: skip
    page.figure(
        plotting.weight_distribution(world.graphs["retweet"]),
        "Line chart of the share of edges and accounts with at least x acts, "
        "both axes logarithmic.",
    )


def _tell_evidence(page: Page, world: _World) -> None:
    page.heading("The posts behind an edge")
    edges = world.graphs["retweet"].without_self_loops().to_pandas()
    heaviest = edges.iloc[int(edges["weight"].to_numpy().argmax())]
    found = graphs.evidence(
        world.corpus, kind="retweet", edge=(heaviest["source"], heaviest["target"]), limit=5
    )
    names = [world.pseudonyms.label(heaviest[end]) for end in ("source", "target")]
    page.paragraph(
        f"The heaviest retweet edge leads from {names[0]} to {names[1]}: weight "
        f"{heaviest['weight']:.0f}, made by {found.total:.0f} posts. The first five:"
    )
    page.table(
        ["post", "time (UTC)", "kind"],
        [
            [
                world.pseudonyms.post(row["post_id"]).rpartition(":")[2],
                row["created_at"][:16].replace("T", " "),
                row["kind"],
            ]
            for row in found.posts.to_dict("records")
        ],
        "Post ids are pseudonyms here, because an id carries the exact time and leads to a person; "
        "for the same reason the times are cut at the minute.",
    )
    page.code(
        "workbench evidence --study demo/study --kind retweet --edge A B", "To open any edge:"
    )
    held = world.counts
    page.paragraph(
        f"The graph database of the demo holds {sum(held['nodes'].values()):,} nodes and "
        f"{sum(held['relationships'].values()):,} relationships, the "
        f"communities and scores of this "
        "page among them."
    )
    page.code(
        "workbench cypher --study demo/study --name influence/most_amplified_accounts",
        "To ask it in Cypher:",
    )


def _tables(out: Path, world: _World) -> None:
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
    file.write_text(text, "utf-8", newline="")
