"""``ro-crate-metadata.json``: the package as an RO-Crate 1.1, each run as an action.

https://w3id.org/ro/crate/1.1
"""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.provenance import canonical_json
from workbench.studies.citing import references_of, the_workbench

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbench.studies.packing.contents import Contents, Run

__all__ = ["CRATE", "crate"]

CRATE = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.1"
_TYPES = {
    ".ipynb": "application/x-ipynb+json", ".parquet": "application/vnd.apache.parquet",
    ".bib": "application/x-bibtex", ".md": "text/markdown", ".csv": "text/csv",
    ".json": "application/json", ".svg": "image/svg+xml", ".toml": "application/toml",
    ".sh": "application/x-sh",
}  # fmt: skip


def crate(contents: Contents, sizes: Mapping[str, int]) -> str:
    """Return the JSON-LD, flattened and compacted.

    Parameters
    ----------
    sizes
        Bytes of each file of the package by its path.
    """
    people = [{"@id": f"#author-{n}", "@type": "Person", "name": name}
              for n, name in enumerate(contents.authors, 1)]  # fmt: skip
    cited = references_of(contents.methods)
    actions = [_action(run, contents) for run in contents.runs]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": contents.title,
        "description": f"Replication package: {contents.title}. Begin with README.md.",
        "datePublished": contents.date,
        "license": {"@id": "#licence"},
        "hasPart": [_ref(name) for name in sorted(sizes)],
        "mentions": [{"@id": action["@id"]} for action in actions],
    }
    if people:
        root["author"] = [{"@id": person["@id"]} for person in people]
    if cited:
        root["citation"] = [{"@id": _address(one.key, one.doi)} for one in cited]
    articles = [
        {"@id": _address(one.key, one.doi), "@type": "ScholarlyArticle", "name": one.text()}
        for one in cited
    ]
    entities = [
        {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
         "conformsTo": {"@id": _VERSION}},
        root,
        {"@id": "#licence", "@type": "CreativeWork", "name": contents.licence,
         "description": contents.licence},
        *people, *_software(contents), *articles, *actions, *_inputs(contents),
        *(_file(name, size, contents) for name, size in sorted(sizes.items())),
    ]  # fmt: skip
    return canonical_json({"@context": f"{_VERSION}/context", "@graph": entities})


def _action(run: Run, contents: Contents) -> dict[str, Any]:
    """Return a run: with what, from what, to what."""
    action = {
        "@id": _action_id(run),
        "@type": "CreateAction",
        "name": run.manifest.made_by,
        "instrument": {"@id": _tool(run)},
        "object": [{"@id": _input(one)} for one in _unique(run.manifest.inputs)],
        "result": [_ref(run.place(name)) for name in sorted(run.manifest.outputs)],
    }
    if run.manifest.commands:
        action["description"] = "; ".join(run.manifest.commands)
    if contents.authors:
        action["agent"] = [{"@id": f"#author-{n}"} for n in range(1, len(contents.authors) + 1)]
    return action


def _software(contents: Contents) -> list[dict[str, Any]]:
    """Return the versions of the workbench that the runs used."""
    about = the_workbench().fields["title"]
    return list({
        _tool(run): {
            "@id": _tool(run), "@type": "SoftwareApplication", "name": about,
            "version": " ".join(filter(None, (run.manifest.versions.get("workbench"),
                                              run.manifest.commit))),
        }
        for run in contents.runs
    }.values())  # fmt: skip


def _inputs(contents: Contents) -> list[dict[str, Any]]:
    """Return what the runs read: known by hash, wherever it is."""
    found = {}
    for run in contents.runs:
        for one in run.manifest.inputs:
            entity: dict[str, Any] = {
                "@id": _input(one), "@type": "CreativeWork", "name": one["name"],
                "identifier": f"sha256:{one['sha256']}",
                "description": f"Loaded into {contents.data}/corpus."
                if contents.with_data and "format" in one
                else "Known by its hash; not in this package.",
            }  # fmt: skip
            found[entity["@id"]] = entity
    return list(found.values())


def _file(name: str, size: int, contents: Contents) -> dict[str, Any]:
    suffix = f".{name.rpartition('.')[2]}"
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    entity: dict[str, Any] = {
        "@id": _path(name), "@type": "File", "name": name, "contentSize": str(size),
        "encodingFormat": kind,
    }  # fmt: skip
    captions = [one.caption for one in contents.exhibits() if name in one.files and one.caption]
    if captions:
        entity["description"] = captions[0]
    return entity


def _unique(inputs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({one["sha256"]: one for one in inputs}.values())


def _action_id(run: Run) -> str:
    return f"#run-{quote(run.name, safe='')}" if run.name else "#run"


def _tool(run: Run) -> str:
    return f"#workbench-{run.manifest.commit or run.manifest.versions.get('workbench', '')}"


def _input(one: Mapping[str, Any]) -> str:
    return f"#sha256-{one['sha256']}"


def _address(key: str, doi: str | None) -> str:
    return f"https://doi.org/{quote(doi, safe='/:;()')}" if doi else f"#{key}"


def _path(name: str) -> str:
    """Return a path as a relative URI; letters of any script stay, as the specification asks."""
    return "".join(c if ord(c) > 127 else quote(c, safe="/") for c in name)


def _ref(name: str) -> dict[str, str]:
    return {"@id": _path(name)}
