"""``README.md`` of a package, after the template of the social science data editors."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from workbench.language import decimal, whole
from workbench.studies.citing import references_of, the_workbench
from workbench.studies.packing.contents import OUTPUTS, UNSTATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbench.studies.manifest import Exhibit
    from workbench.studies.packing.contents import Contents, Run

__all__ = ["AGAIN", "readme"]

#: Where a replicator's outputs go.
AGAIN = "again"


def readme(contents: Contents, sizes: Mapping[str, int]) -> str:
    """Return the README.

    Parameters
    ----------
    sizes
        Bytes of the other files of the package by their paths.
    """
    parts = [
        f"# {contents.title}: replication package",
        *_overview(contents),
        *_availability(contents),
        *_datasets(contents),
        *_requirements(contents, sizes),
        *_programs(contents),
        *_instructions(contents),
        *_exhibits(contents),
        *_references(contents),
    ]
    return "\n\n".join(parts) + "\n"


def _overview(contents: Contents) -> list[str]:
    by = f" By {', '.join(contents.authors)}." if contents.authors else ""
    runs = len(contents.runs)
    made = sum(len(run.manifest.outputs) for run in contents.runs)
    text = (
        f"This package holds {made} output file{_s(made)} of {runs} run{_s(runs)} of the "
        f"workbench, what makes them again, and what is known of how they were made.{by} "
        f"`sh run.sh` makes them in `{AGAIN}/` and compares them with `{OUTPUTS}/`, byte by byte."
    )
    question = contents.study.question if contents.study is not None else ""
    return ["## Overview", *([f"Question: {question}"] if question else []), text]


def _availability(contents: Contents) -> list[str]:
    stated = contents.licence if contents.licence != UNSTATED else f"{UNSTATED} (authors: fill in)"
    rights = (
        "To be ticked by the authors; no program can know it.\n\n"
        "- [ ] The authors have legitimate access to and permission to use the data.\n"
        "- [ ] The authors have documented permission to redistribute the data in this package."
    )
    return [
        "## Data availability and provenance",
        "### Statement about rights",
        rights,
        f"Licence: {stated}",
        "### Availability",
        _available(contents),
    ]


def _available(contents: Contents) -> str:
    if contents.with_data:
        return (
            f"The data are in `{contents.data}/`, with pseudonyms for ids, handles and names; "
            "accounts on the list of public actors stay named. Pseudonymised data stay personal "
            "data: texts can be found again by a search engine. The key is not here."
        )
    if not _inputs(contents):
        return "The runs read no file: the commands make their data from a seed."
    return (
        "The data are not in this package: posts belong to their authors and to the terms of the "
        "platforms. The files that were read are listed below by their SHA-256, so that whoever "
        "has them can tell that they are the same."
    )


def _datasets(contents: Contents) -> list[str]:
    rows = [
        [one["name"], one.get("format") or "file", _count(one.get("read")),
         _count(one.get("rejected")), _count(one["bytes"]), f"`{one['sha256']}`",
         f"yes, in `{contents.data}/corpus`" if contents.with_data and "format" in one else "no"]
        for one in _inputs(contents)
    ]  # fmt: skip
    if not rows:
        return ["## Dataset list", "None."]
    columns = ["file", "format", "records read", "rejected", "bytes", "SHA-256 of the content",
               "provided"]  # fmt: skip
    return ["## Dataset list", _table(columns, rows)]


def _requirements(contents: Contents, sizes: Mapping[str, int]) -> list[str]:
    first = contents.runs[0].manifest
    versions = [f"{name} {version}" for name, version in sorted(first.versions.items())
                if name not in {"python", "workbench"}]  # fmt: skip
    commit = f", commit {first.commit}" if first.commit else ""
    software = (
        f"- Python {first.versions.get('python', '')}\n"
        f"- workbench {first.versions.get('workbench', '')}{commit}\n"
        f"- {', '.join(versions)}\n\n"
        "`constraints.txt` holds these versions for pip."
    )
    stored = whole(max(1, sum(sizes.values()) / 1e6), "en")
    return [
        "## Computational requirements",
        "### Software",
        software,
        "### Controlled randomness",
        _chance(contents),
        "### Memory, runtime, storage",
        _cost(contents.runs),
        f"Storage: {stored} MB, and as much again for outputs that are made anew.",
    ]


def _chance(contents: Contents) -> str:
    seeds = [f"- {_named(run)}{name}: {seed}" for run in contents.runs
             for name, seed in sorted(run.manifest.seeds.items())]  # fmt: skip
    every = "Every random number comes from a named stream below a seed (`workbench/rng.py`)"
    if not seeds:
        return f"{every}. The manifests name no seed."
    return "\n\n".join((f"{every}. Seeds of the runs, which their commands set:", "\n".join(seeds)))


def _cost(runs: Iterable[Run]) -> str:
    rows = [
        [run.name or "all", decimal(sum(run.manifest.timings.values()) or None, "en", digits=1),
         decimal(run.manifest.peak_mb, "en", digits=0), run.manifest.platform]
        for run in runs
    ]  # fmt: skip
    return _table(["run", "seconds", "peak memory (MiB)", "last run on"], rows)


def _programs(contents: Contents) -> list[str]:
    lines = [
        "- `run.sh`: every command line, in order, and the comparison.",
        *(f"- `{one.place}`: notebook, without its outputs." for one in contents.notebooks),
        "- `constraints.txt`: versions; `references.bib`: what the methods rest on.",
        f"- `{OUTPUTS}/…/manifest.json`: inputs, parameters, seeds, versions, hashes, cost.",
        "- `checksums.sha256`: every file of the package but itself; `outputs.sha256`: outputs.",
        "- `ro-crate-metadata.json`: the same for machines (RO-Crate 1.1).",
    ]
    parts = ["## Description of programs", "\n".join(lines)]
    for run in contents.runs:
        if run.manifest.commands:
            commands = "\n".join(run.manifest.commands)
            parts.append(f"Commands{run.name and ' of '}{run.name}:\n\n```sh\n{commands}\n```")
    queries = [query for run in contents.runs for query in run.manifest.queries]
    if queries:
        rows = [[query["name"], f"`{query['sha256']}`"] for query in queries]
        parts.append("Cypher that was run (texts in the manifests):\n\n"
                     + _table(["query", "SHA-256"], rows))  # fmt: skip
    return parts


def _instructions(contents: Contents) -> list[str]:
    steps = [
        "`sha256sum -c checksums.sha256` tells whether the package arrived whole.",
        _install(contents.runs[0].manifest.versions),
    ]
    if contents.needs_study and not contents.with_data:
        steps.append(_load(contents))
    steps.append(f"`sh run.sh` makes the outputs in `{AGAIN}/` and compares them; every line must "
                 f"end in OK{_but(contents)}.")  # fmt: skip
    steps += [
        f"`jupyter nbconvert --execute --to notebook --inplace {one.place}` runs the notebook."
        for one in contents.notebooks
    ]
    text = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))
    return ["## Instructions to replicators", text]


def _install(versions: Mapping[str, str]) -> str:
    return (
        f"Install Python {versions.get('python', '')} and, from its source, the workbench "
        f"{versions.get('workbench', '')}: `pip install -c constraints.txt PATH_OF_THE_SOURCE`."
    )


def _load(contents: Contents) -> str:
    private = contents.study is not None and contents.study.privacy == "pseudonymous"
    asked = " --privacy pseudonymous" if private else ""
    return (
        "Load the files of the dataset list: `workbench load FILE… --study "
        f"{shlex.quote(contents.data)}{asked}`. "
        "Outputs that show pseudonyms agree in their numbers only: the authors keep the key."
        + (" Ask them for the list of public actors, too, and name it in `study.toml`."
           if contents.study is not None and contents.study.public_actors else "")
    )  # fmt: skip


def _but(contents: Contents) -> str:
    """Return which outputs differ where the key of the study is not."""
    if contents.needs_study and not contents.with_data:
        return ", but for outputs that show pseudonyms"
    if contents.study is not None and contents.study.public_actors:
        return ", but for outputs that quote posts, which is done only where the authors' key is"
    return ""


def _exhibits(contents: Contents) -> list[str]:
    rows = [
        [f"`{one.label}`", one.caption or "–", f"`{one.program or 'run.sh'}`",
         "–" if one.cell is None else str(one.cell), _where(one)]
        for one in contents.exhibits()
    ]  # fmt: skip
    if not rows:
        return ["## List of tables and figures", "None."]
    columns = ["label", "what it shows", "program", "cell", "output file"]
    return ["## List of tables and figures", _table(columns, rows)]


def _where(exhibit: Exhibit) -> str:
    if exhibit.files:
        return ", ".join(f"`{name}`" for name in exhibit.files)
    return "in the report" if exhibit.cell is None else "in the notebook"


def _references(contents: Contents) -> list[str]:
    cited = [the_workbench(), *references_of(contents.methods)]
    return ["## References", "\n".join(f"- {one.text()}" for one in cited)]


def _inputs(contents: Contents) -> list[dict[str, Any]]:
    found = {one["sha256"]: one for run in contents.runs for one in run.manifest.inputs}
    return sorted(found.values(), key=lambda one: (one["name"], one["sha256"]))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _count(number: int | None) -> str:
    return "–" if number is None else whole(number, "en")


def _named(run: Run) -> str:
    return f"{run.name}: " if run.name else ""


def _s(number: int) -> str:
    return "" if number == 1 else "s"
