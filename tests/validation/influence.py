"""Influence: published numbers beside ours, and how often rank intervals hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.influence import coverage
from tests.influence.cases import karate
from tests.influence.test_measures import higgs
from tests.reference import reference_data
from tests.validation import rank_coverage
from workbench.influence import (
    MEASURES,
    collective_influence,
    constraint,
    core_number,
    in_strength,
    leaderrank,
    pagerank,
    unique_amplifiers,
    voterank,
)

if TYPE_CHECKING:
    from workbench.model import InteractionGraph, NodeScores

__all__ = ["FIGURES", "Compared", "compared", "page"]

#: Accounts compared as sets at the cut, where ties decide who is in.
TIED_CUT = 0.005


@dataclass(frozen=True)
class Compared:
    """One published number, or list of accounts, beside ours."""

    data: str
    what: str
    published: float | list[str]
    ours: float | list[str]
    allowed: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether the numbers are as near as they may be, or the lists are equal."""
        if isinstance(self.published, list) or isinstance(self.ours, list):
            return self.published == self.ours
        return abs(self.ours - self.published) <= self.allowed + 1e-12


@cache
def _higgs() -> InteractionGraph:
    return higgs()


def _values(data: str) -> dict[str, Any]:
    text = reference_data("diffusion/reference_values.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)[data]
    return found


def compared() -> list[Compared]:
    """Return every comparison."""
    return [*_of_higgs(_higgs(), _values("higgs")), *_of_karate(karate(), _values("karate"))]


def _of_higgs(graph: InteractionGraph, known: dict[str, Any]) -> list[Compared]:
    cores = {mode: core_number(graph, mode=mode).values for mode in ("total", "in", "out")}
    facts = known["retweet"]
    strength = in_strength(graph)
    made = [
        Compared("Higgs", what, published, float(ours))
        for what, published, ours in (
            ("accounts", facts["nodes"], graph.nodes),
            ("edges", facts["edges"], graph.edges),
            ("acts", facts["sum_weight"], graph.total_weight),
            ("accounts that are amplified", known["n_accounts_retweeted"],
             (unique_amplifiers(graph).values > 0).sum()),
            ("largest `core_number`", facts["coreness_all_max"], cores["total"].max()),
            ("accounts in that core", facts["n_coreness_all_max"],
             (cores["total"] == cores["total"].max()).sum()),
            ("largest `core_number`, mode in", facts["coreness_in_max"], cores["in"].max()),
            ("largest `core_number`, mode out", facts["coreness_out_max"], cores["out"].max()),
        )
    ]  # fmt: skip
    made += _top("Higgs", "in_strength", strength, known["rt_in_strength_top8"], 0.0)
    ranked = known["rt_pagerank_top3_endorsement_direction"]
    made += _top("Higgs", "pagerank", pagerank(graph), ranked, 5.1e-6)
    ten = [str(account) for account in known["voterank10_author_to_retweeter"]]
    made.append(Compared("Higgs", "`voterank`, first 10", ten, _first(voterank(graph), 10)))
    for other in ("pagerank", "authority"):
        scores = MEASURES[other].function(graph)
        for k, published in known[f"topk_overlap_instrength_{other}"].items():
            both = set(strength.order()[: int(k)]) & set(scores.order()[: int(k)])
            allowed = TIED_CUT if k == "1000" else 0.0
            what = f"overlap of the top {k} by `in_strength` and `{other}`"
            made.append(Compared("Higgs", what, published, len(both) / int(k), allowed))
    return made


def _of_karate(graph: InteractionGraph, known: dict[str, Any]) -> list[Compared]:
    five = [str(account) for account in known["voterank5"]]
    made = [Compared("karate", "`voterank`, first 5", five, _first(voterank(graph), 5))]
    for depth in (1, 2, 3):
        scores = collective_influence(graph, depth=depth)
        published = known[f"CI_l{depth}_top"]
        best = np.argsort(-scores.values, kind="stable")[: len(published)]
        what = f"`collective_influence`, depth {depth}"
        accounts = [str(account) for account, _ in published]
        ours = graph.accounts[best].tolist()
        made.append(Compared("karate", f"{what}, highest values", accounts, ours))
        made += [
            Compared("karate", f"{what}, of {account}", value, float(scores.values[at]))
            for (account, value), at in zip(published, best, strict=True)
        ]
    # Both directions of an edge are stored, so that the total degree is twice the published one.
    cores = core_number(graph, mode="in").values
    core = [str(account) for account in known["core4"]]
    made.append(Compared("karate", "the 4-core", core, graph.accounts[cores == 4].tolist()))
    least = [[account, value] for account, value in known["constraint_unweighted"].items()]
    made += _top("karate", "constraint", constraint(graph), least, 1e-8)
    scores = leaderrank(graph)
    made += _top("karate", "leaderrank", scores, known["leaderrank_top"], 5.1e-5)
    total = float(scores.values.sum())
    made.append(Compared("karate", "sum of `leaderrank`", known["leaderrank_sum"], total, 1e-9))
    return made


def _first(scores: NodeScores, n: int) -> list[str]:
    found: list[str] = scores.top(n)["account"].tolist()
    return found


def _top(
    data: str, name: str, scores: NodeScores, published: list[list[Any]], allowed: float
) -> list[Compared]:
    accounts = [str(account) for account, _ in published]
    values = dict(zip(scores.ids.to_pylist(), scores.values.tolist(), strict=True))
    return [
        Compared(data, f"`{name}`, first {len(accounts)}", accounts, _first(scores, len(accounts))),
        *(
            Compared(data, f"`{name}` of {account}", float(value), values[str(account)], allowed)
            for account, value in published
        ),
    ]


def page() -> str:
    """Return the page."""
    lines = [
        "# Influence: our numbers beside published ones",
        "",
        "Rendered by `python -m tests.validation docs` from reference data that is not part of",
        "the repository; a test holds the page to it. Higgs: retweets of De Domenico et al. (2013)",
        "doi:10.1038/srep02980, an edge from who retweets to the author; karate: Zachary's club,",
        "unweighted. The numbers beside ours were computed by others with igraph, networkx or",
        "their own code. An overlap at 1,000 depends on accounts tied at the cut: ± .005.",
        "",
        "| data | what | published | ours | difference |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.data} | {row.what} | {_told(row.published)} | {_told(row.ours)} | {_off(row)} |"
        for row in compared()
    ]
    return "\n".join(
        [*lines, *(["", *rank_coverage.coverage_section()] if coverage.TABLE.exists() else []), ""]
    )


def _told(value: float | list[str]) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.6g}"


def _off(row: Compared) -> str:
    if isinstance(row.published, list) or isinstance(row.ours, list):
        return "–" if row.agrees else "differs"
    off = row.ours - row.published
    return "–" if abs(off) <= 1e-8 else f"{off:+.1e}"


#: File name → drawing function.
FIGURES = rank_coverage.FIGURES if coverage.TABLE.exists() else {}
