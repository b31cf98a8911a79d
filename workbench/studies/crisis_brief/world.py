"""What the brief computes, once for all languages: graphs, camps, indices, ranks, crossings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from workbench import communities, graphs, influence, polarisation
from workbench.errors import CannotBuildError, UndefinedError
from workbench.polarisation.carrying import carried
from workbench.progress import Progress
from workbench.rng import resolve
from workbench.studies.crisis_brief.acts import (
    Acts,
    acts_among,
    acts_of,
    acts_upon,
    posts_of_public_actors,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from workbench.communities import CommunityDescription, Consensus
    from workbench.graphs import Description
    from workbench.influence import Ranking
    from workbench.influence.concentration import Concentration
    from workbench.model import IndexValue, InteractionGraph, Partition
    from workbench.polarisation import Crossing, CrossTalk, Report
    from workbench.studies.curated import Subject

__all__ = ["CAMPS", "KINDS", "Config", "World", "compute", "fractions"]

#: Endorsement first; the others also contest.
KINDS = ("retweet", "quote", "reply", "mention")
#: What the two sides are called, the larger first.
CAMPS = ("camp A", "camp B")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Config:
    """Every choice of the brief.

    Attributes
    ----------
    seed
        Of the searches for communities and sides, the null graphs, the resamples, the layout.
    top
        Accounts, communities and posts listed.
    searches
        For communities, with different seeds, of which the consensus is taken.
    nulls
        Random graphs beside each index; p needs 199. None takes 199, and 20 beyond `large`.
    bootstrap
        Resamples of the amplifiers for the intervals of ranks.
    replicates
        Of the interval of the attention's concentration.
    large
        Edges of the retweet graph beyond which there are fewer null graphs and no interval of the
        indices, which would take hours.
    indices
        The first that is defined leads.
    alpha
        Largest p (adjusted for the indices tested together) of a difference from chance.
    z
        Least distance from chance, in standard deviations, where there is no p.
    agreement
        Least agreement of seeds (adjusted mutual information) that is called stable.
    coverage
        Least share of a graph's accounts with a side for its camps to be compared.
    smallest
        Accounts of the smallest community that is counted.
    """

    seed: int = 1
    top: int = 10
    searches: int = 10
    nulls: int | None = None
    bootstrap: int = 500
    replicates: int = 200
    large: int = 100_000
    indices: tuple[str, ...] = (
        "random_walk_controversy", "dipole_polarisation", "ei_index", "modularity",
        "exposure_diversity",
    )  # fmt: skip
    alpha: float = 0.05
    z: float = 2.0
    agreement: float = 0.8
    coverage: float = 0.5
    smallest: int = 10


@dataclass(frozen=True)
class World:
    """Everything computed; what could not be is None, and `refused` says why.

    Attributes
    ----------
    config
        The choices, with those that were left open filled in.
    acts
        Graph → its acts, counted post by post and apart from the graph.
    graphs
        Those that have an act between two accounts.
    ranked
        The graph that the ranking is of: retweets, or the acts there are most of.
    sides
        The two camps, in the retweets; ``carried`` holds them on each graph.
    crossing
        Graph → acts between the camps, without rows.
    between
        Graph → the same acts between accounts of the camps, counted post by post.
    inside
        The retweets inside their largest component, which is drawn.
    upon_ranked
        The acts upon the accounts of the ranking.
    quoted
        Posts of public actors that were retweeted most.
    refused
        What could not be computed → the reason.
    """

    subject: Subject
    config: Config
    described: Description
    acts: dict[str, Acts]
    graphs: dict[str, InteractionGraph]
    ranked: str | None = None
    communities: Consensus | None = None
    about: CommunityDescription | None = None
    sides: Partition | None = None
    carried: dict[str, Partition] = field(default_factory=dict)
    report: Report | None = None
    crosstalk: CrossTalk | None = None
    crossing: dict[str, Crossing] = field(default_factory=dict)
    between: dict[str, Acts] = field(default_factory=dict)
    inside: Acts | None = None
    bridges: Crossing | None = None
    ranking: Ranking | None = None
    upon_ranked: Acts | None = None
    concentration: Concentration | None = None
    quoted: pd.DataFrame | None = None
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def retweets(self) -> InteractionGraph | None:
        """The graph of endorsement, where the data have one."""
        return self.graphs.get("retweet")

    @property
    def sided(self) -> list[str]:
        """The accounts that have a camp."""
        return [] if self.sides is None else _sided(self.sides)

    @property
    def nulls(self) -> int:
        """How many null graphs stand beside each index."""
        return 0 if self.report is None else int(self.report.null["runs"])

    def headline(self) -> IndexValue | None:
        """Return the index that leads: the first that is defined and has a null with a spread."""
        for index in () if self.report is None else self.report.indices:
            if index.value is not None and index.z is not None:
                return index
        return None


def compute(subject: Subject, config: Config) -> World:
    """Return everything the brief tells of the data."""
    seed = resolve(config.seed)
    config = replace(config, seed=seed)
    refused: dict[str, str] = {}
    described = graphs.describe(subject.corpus, top=config.top)
    built = _graphs(subject, refused)
    told: dict[str, Any] = {
        "described": described,
        "acts": acts_of(subject.corpus, KINDS),
        "graphs": built,
        "refused": refused,
    }
    if "retweet" in built:
        few = built["retweet"].edges <= config.large
        config = replace(config, nulls=config.nulls or (199 if few else 20))
        told |= _camps(subject, config, built, refused, seed=seed)
    ranked = "retweet" if "retweet" in built else _most_acts(built)
    if ranked is not None:
        told |= {"ranked": ranked, **_attention(built[ranked], config, refused, seed=seed)}
        if told["ranking"] is not None:
            told["upon_ranked"] = acts_upon(subject.corpus, ranked, told["ranking"].accounts)
    if subject.text is not None and subject.public.ids and "retweet" in built:
        told["quoted"] = posts_of_public_actors(
            subject.corpus, sorted(subject.public.ids), top=config.top // 2
        )
    return World(subject, config, **told)


def _graphs(subject: Subject, refused: dict[str, str]) -> dict[str, InteractionGraph]:
    """Return the graphs in which somebody acts upon somebody else."""
    built = {}
    for kind in KINDS:
        graph = _tried(kind, refused, partial(graphs.graph, subject.corpus, kind))
        if graph is None:
            continue
        if graph.without_self_loops().arcs_stored:
            built[kind] = graph
        else:
            refused[kind] = "no act between two accounts"
    return built


def _most_acts(built: dict[str, InteractionGraph]) -> str | None:
    """Return the kind with the most acts, the first of equal ones."""
    return max(built, key=lambda kind: built[kind].total_weight, default=None)


def _tried(what: str, refused: dict[str, str], call: Callable[[], Found]) -> Found | None:
    """Return what a call gives, or None with the reason on record where the data cannot give it."""
    try:
        return call()
    except (CannotBuildError, UndefinedError) as error:
        refused[what] = str(error)
        return None


def _camps(
    subject: Subject, config: Config, built: dict[str, InteractionGraph], refused: dict[str, str],
    *, seed: int,
) -> dict[str, Any]:  # fmt: skip
    """Return communities and sides of the retweets, and what the sides do on every graph."""
    graph = built["retweet"]
    told: dict[str, Any] = {}
    found = told["communities"] = _tried(
        "communities", refused,
        lambda: communities.consensus(graph, runs=config.searches, seed=seed),
    )  # fmt: skip
    if found is not None and subject.corpus.rows("posts"):
        told["about"] = _tried(
            "about", refused,
            lambda: communities.describe(
                subject.corpus, graph, found.partition, top=3, most=config.top,
                kinds=("hashtag", "domain", "language"),
            ),
        )  # fmt: skip
    sides = told["sides"] = _tried(
        "sides", refused, lambda: polarisation.find_sides(graph, into=2, seed=seed)
    )
    if sides is None:
        return told
    sides = told["sides"] = replace(sides, names=CAMPS)
    on = told["carried"] = {kind: carried(each, sides) for kind, each in built.items()}
    told |= _division(built, sides, config, refused, seed=seed)
    told["crossing"] = {}
    for kind, each in built.items():
        crossed = _tried(
            f"crossing {kind}", refused,
            partial(polarisation.crossing_edges, each, on[kind], top=0),
        )  # fmt: skip
        if crossed is not None:
            told["crossing"][kind] = crossed
    told["between"] = acts_among(subject.corpus, told["crossing"], _sided(sides))
    drawn = graph.largest_component().ids.to_pylist()
    told["inside"] = acts_among(subject.corpus, ["retweet"], drawn, loops=True)["retweet"]
    told["bridges"] = _tried(
        "bridges", refused, lambda: polarisation.bridges(graph, sides, top=config.top)
    )
    return told


def _sided(sides: Partition) -> list[str]:
    return [str(account) for account in sides.ids.to_numpy(zero_copy_only=False)[sides.labels >= 0]]


def _division(
    built: dict[str, InteractionGraph], sides: Partition, config: Config, refused: dict[str, str],
    *, seed: int,
) -> dict[str, Any]:  # fmt: skip
    """Return the indices of the retweets, and the same on the other graphs."""
    graph, others = built["retweet"], {k: g for k, g in built.items() if k != "retweet"}
    small, runs = graph.edges <= config.large, config.nulls or 0
    interval = "jackknife" if small else "none"
    replicates = 200 if small else 0
    told: dict[str, Any] = {}
    steps = runs * (1 + len(others)) + replicates
    with Progress(steps, "null graphs and replicates", "graphs") as shown:
        told["report"] = _tried(
            "report", refused,
            lambda: polarisation.report(
                graph, sides, measures=config.indices, runs=runs, interval=interval, seed=seed,
                advance=shown.update,
            ),
        )  # fmt: skip
        if others:
            told["crosstalk"] = polarisation.by_kind(
                others, sides, measures=config.indices, runs=runs, seed=seed, advance=shown.update
            )
    return told


def fractions(graph: InteractionGraph) -> int:
    """Return how many edges have a weight that is no whole number of acts."""
    return int(np.count_nonzero(graph.weight != np.rint(graph.weight)))


def _attention(
    graph: InteractionGraph, config: Config, refused: dict[str, str], *, seed: int
) -> dict[str, Any]:
    """Return who is acted upon most, and how concentrated that is."""
    top = min(config.top, int(np.count_nonzero(graph.without_self_loops().in_strength())))
    ranking = None
    if fractions(graph):
        refused["ranking"] = "weights are fractions, so there are no acts to draw again"
    else:
        ranking = _tried(
            "ranking", refused,
            lambda: influence.rank(
                graph, by=["in_strength", "unique_amplifiers", "pagerank"], top=top,
                bootstrap=config.bootstrap, seed=seed,
            ),
        )  # fmt: skip
    held = _tried(
        "concentration", refused,
        lambda: influence.concentration(
            graph, tops=(config.top, 0.01), runs=config.replicates, seed=seed
        ),
    )  # fmt: skip
    return {"ranking": ranking, "concentration": held}
