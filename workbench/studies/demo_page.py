"""The page of the demo: what it found, in words, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench import graphs, plotting
from workbench.provenance import versions
from workbench.studies.page import Page

if TYPE_CHECKING:
    from workbench.graphs import Description
    from workbench.influence import Ranking
    from workbench.model import Corpus, InteractionGraph, Partition
    from workbench.polarisation import Report
    from workbench.privacy import Pseudonymiser

__all__ = ["World", "findings", "tell"]

RUNS, BOOTSTRAP, TOP = 20, 200, 10
_NAMES = {"ei_index": "E–I index"}


@dataclass(frozen=True)
class World:
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


def findings(world: World) -> list[str]:
    """Return the sentences of the box on top."""
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


def tell(world: World, sentences: list[str], *, seed: int) -> str:
    """Return the page."""
    page = Page(
        "A crisis at the strait: who speaks, who is heard, how divided",
        "An invented diplomatic crisis, from raw Twitter pages to this report, to show what the "
        "workbench computes and how it explains each number. No person, place or post is real.",
    )
    page.key_findings("Key findings", sentences)
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


def _tell_division(page: Page, world: World, seed: int) -> None:
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


def _tell_influence(page: Page, world: World) -> None:
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


def _tell_evidence(page: Page, world: World) -> None:
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
