"""What ``workbench influence`` says beside the ranking: top set, audience, turnover, and more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.cli.inputs import GraphInput, listed
from workbench.cli.output import listing, say

if TYPE_CHECKING:
    from workbench.influence import Ranking

__all__ = ["Beside", "beside", "tell_beside"]

#: Resamples where an interval is needed and no number was given.
_RESAMPLES = 500


class Beside(NamedTuple):
    """What is asked, and what beside the ranking."""

    by: list[str]
    top: int
    bootstrap: int
    top_set: int | None
    concentration: bool
    audience: bool
    actors: str | None
    leave_out: Path | None
    every: str | None
    seed: int | None

    @property
    def resamples(self) -> int:
        """Resamples of what has no answer without them."""
        return self.bootstrap or _RESAMPLES


def beside(
    source: GraphInput,
    ranking: Ranking,
    groups: Any,
    asked: Beside,
    *,
    kind: str,
    filters: dict[str, Any],
) -> dict[str, Any]:
    """Return the parts of the JSON object that were asked for."""
    from workbench import influence as package

    parts: dict[str, Any] = {}
    graph, first = source.graph, asked.by[0]
    corpus = None if source.study is None else source.study.corpus()
    at = _tops(ranking)
    if at:
        scores = list(ranking.scores.values())
        parts["agreement"] = package.agreement(scores, at=at).to_dict()
    if asked.top_set is not None:
        parts["top_set"] = package.top_k(
            graph, k=asked.top_set, by=first, bootstrap=asked.resamples, sides=groups,
            seed=asked.seed,
        ).to_dict()  # fmt: skip
    if asked.concentration:
        parts["concentration"] = package.concentration(
            graph, by=first, runs=asked.bootstrap, sides=groups, corpus=corpus, seed=asked.seed
        ).to_dict()
    if asked.audience:
        parts["audience"] = package.audience(
            graph, groups, by=first, top=asked.top, seed=asked.seed
        ).to_dict()
    if asked.actors is not None and corpus is not None:
        kinds = package.actor_kinds(graph, corpus, scheme=asked.actors)
        parts["actors"] = {
            "scheme": asked.actors,
            **package.audience(graph, kinds, by=first, top=asked.top, seed=asked.seed).to_dict(),
        }
    if asked.leave_out is not None:
        parts["without"] = package.without(
            graph, listed(asked.leave_out), by=first, top=asked.top, sides=groups, corpus=corpus,
            seed=asked.seed,
        ).to_dict()  # fmt: skip
    if asked.every is not None and corpus is not None:
        from workbench.graphs import windows

        cut = windows(corpus, kind, every=asked.every, **filters)
        parts["turnover"] = package.turnover(
            cut, by=first, k=asked.top or 10, bootstrap=asked.bootstrap, corpus=corpus,
            seed=asked.seed,
        ).to_dict()  # fmt: skip
    return parts


def _tops(ranking: Ranking) -> tuple[int, ...]:
    """Return how many of the first to compare: 10 and 100 where so many have every measure."""
    known = [set(scores.ids.to_pylist()) for scores in ranking.scores.values()]
    n = len(set.intersection(*known)) if len(known) > 1 else 0
    return tuple(k for k in (10, 100) if k <= n) or ((n,) if n else ())


def tell_beside(result: dict[str, Any]) -> None:
    """Print the parts that ``beside`` returned."""
    if "agreement" in result:
        listing("How far the measures agree", result["agreement"]["pairs"])
    if "top_set" in result:
        _tell_top_set(result["top_set"])
    if "concentration" in result:
        counted = result["concentration"]["accounts"]
        listing("Concentration", result["concentration"]["concentration"])
        say(f"all: {counted['all']:,} accounts; amplified: the {counted['amplified']:,} with a "
            "score above 0")  # fmt: skip
    for name, title in (("audience", "By the side"), ("actors", "By the kind")):
        if name in result:
            listing(f"{title} of those who amplify", result[name]["accounts"])
    if "without" in result:
        told = result["without"]
        listing(f"With and without {told['listed']:,} listed accounts", told["accounts"])
        say(f"{told['acts_left_out']:,} acts ({told['share_left_out']:.1%}) left out; "
            f"{told['not_in_graph']:,} listed accounts are not in the graph")  # fmt: skip
    if "turnover" in result:
        _tell_turnover(result["turnover"])


def _tell_top_set(told: dict[str, Any]) -> None:
    share = f"{told['confidence']:.0%}"
    listing(
        f"Who may be among the first {told['k']:,}: with {share} nobody else is", told["accounts"]
    )
    say(f"{told['bootstrap']:,} resamples, seed {told['seed']}")


def _tell_turnover(told: dict[str, Any]) -> None:
    columns = ["first", "second", "overlap", "rbo", "newcomers", "leavers", "floor", "floor_low"]
    title = f"Turnover of the first {told['k']:,} from window to window"
    listing(title, told["pairs"], columns=columns)
    for row in told["pairs"]:
        if row["reason"]:
            say(f"{row['first']} to {row['second']}: {row['reason']}")
    if told["bootstrap"]:
        say("floor: what two resamples of one window would have in common")
