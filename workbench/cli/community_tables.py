"""What ``workbench communities`` says beside the communities: how far to trust them, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.cli.inputs import GraphInput, read_partition
from workbench.cli.output import listing, note, say, table

if TYPE_CHECKING:
    from workbench.model import Partition

__all__ = ["Trust", "tell_trust", "trusted"]


class Trust(NamedTuple):
    """What is asked beside the communities."""

    significance: int | None
    scan: bool
    compare: Path | None
    mixing: bool
    describe: bool
    every: str | None
    runs: int
    seed: int | None

    @property
    def repeated(self) -> dict[str, Any]:
        """Runs of each resolution and window, where a number was asked for."""
        return {"runs": self.runs} if self.runs > 1 else {}


def trusted(
    source: GraphInput,
    found: Partition,
    asked: Trust,
    *,
    method: str,
    given: dict[str, Any],
    kind: str,
    filters: dict[str, Any],
) -> dict[str, Any]:
    """Return the parts of the JSON object that were asked for."""
    from workbench import communities as package

    parts: dict[str, Any] = {}
    if asked.significance is not None:
        parts["significance"] = _significance(source, found, asked)
    if asked.scan:
        parts["scan"] = _scan(source, asked, method=method, weighted=given["weighted"])
    if asked.compare is not None:
        other = read_partition(source.graph, asked.compare)
        compared = package.compare(found, other).to_dict()
        parts["comparison"] = {"file": str(asked.compare), **compared}
    if asked.mixing:
        parts["mixing"] = package.mixing(source.graph, found, weighted=given["weighted"]).to_dict()
    if source.study is not None and asked.describe:
        parts["description"] = package.describe(
            source.study.corpus(), source.graph, found
        ).to_dict()
    if source.study is not None and asked.every is not None:
        parameters = {k: v for k, v in given.items() if k != "seed"}
        parts["over_time"] = package.over_time(
            source.study.corpus(), method=method, parameters=parameters, seed=asked.seed,
            kind=kind, every=asked.every, **asked.repeated, **filters,
        ).to_dict()  # fmt: skip
    return parts


def _scan(source: GraphInput, asked: Trust, *, method: str, weighted: bool) -> dict[str, Any]:
    from workbench.communities import resolution
    from workbench.progress import Progress

    with Progress(len(resolution.RESOLUTIONS), "scan", "resolutions") as shown:
        told = resolution.scan(
            source.graph, method=method, weighted=weighted, seed=asked.seed,
            advance=shown.update, **asked.repeated,
        )  # fmt: skip
    return told.to_dict()


def _significance(source: GraphInput, found: Partition, asked: Trust) -> dict[str, Any]:
    from workbench.communities import significance
    from workbench.progress import Progress

    runs = asked.significance or 0
    with Progress(runs, "null model", "graphs") as shown:
        told = significance(source.graph, found, runs=runs, seed=asked.seed, advance=shown.update)
    return told.to_dict()


def tell_trust(result: dict[str, Any]) -> None:
    """Print the parts that ``trusted`` returned."""
    if "significance" in result:
        _tell_significance(result["significance"])
    if "scan" in result:
        listing("Resolutions", result["scan"]["resolutions"])
        listing("Plateaus: where the answer stays", result["scan"]["plateaus"])
    if "comparison" in result:
        _tell_comparison(result["comparison"])
    if "mixing" in result:
        _tell_mixing(result["mixing"])
    if "description" in result:
        _tell_description(result["description"])
    if "over_time" in result:
        _tell_over_time(result["over_time"])


def _tell_significance(told: dict[str, Any]) -> None:
    whole = told["modularity"]
    names = ["value", "null_mean", "null_sd", "denoised", "z", "p"]
    table(names, [[whole[name] for name in names]], title="Modularity beside graphs of the same "
          "degrees, searched in the same way")  # fmt: skip
    listing("Each community beside its null", told["communities"])


def _tell_comparison(told: dict[str, Any]) -> None:
    first, second = told["communities"]
    say(f"Beside {told['file']}: {told['accounts']:,} accounts in both, {told['only_first']:,} "
        f"without a label there; {first:,} communities here, {second:,} there")  # fmt: skip
    measures = [
        "adjusted_mutual_information", "adjusted_rand", "element_centric",
        "variation_of_information", "variation_normalised",
    ]  # fmt: skip
    table(["measure", "value"], [[name, told[name]] for name in measures])


def _tell_mixing(told: dict[str, Any]) -> None:
    listing("Who acts upon whom, self-loops left out; ratio = acts / expected by degrees",
          sorted(told["pairs"], key=lambda row: -row["acts"]))  # fmt: skip
    say(f"{told['within']:.1%} of the acts stay within a community; degrees alone would keep "
        f"{told['within_expected']:.1%}")  # fmt: skip


def _tell_description(told: dict[str, Any]) -> None:
    columns = ["community", "name", "accounts", "inside", "outgoing", "incoming", "posts"]
    listing("What they are about", told["communities"], columns=columns)
    clear = [row for row in told["terms"] if row["clear"]]
    listing("Terms that tell them apart (log-odds with a prior; z beyond chance)", clear,
          columns=["community", "kind", "term", "count", "others", "z"])  # fmt: skip
    for name, reason in told["skipped"].items():
        note(f"{name}: {reason}")


def _tell_over_time(told: dict[str, Any]) -> None:
    columns = ["window", "event", "community", "sources", "targets", "size_before", "size_after"]
    listing("From window to window", told["events"], columns=columns)
    columns = ["window", "both", "joined", "left", "moved", "noise_moved", "dealt_moved", "ami"]
    known = [name for name in columns if not told["steps"] or name in told["steps"][0]]
    listing("How much moved, how much two seeds of one window would (noise), and the acts of both "
            "windows dealt at random (dealt)", told["steps"], columns=known)  # fmt: skip
    if told["silent"]:
        say(f"windows without communities: {', '.join(told['silent'])}")
