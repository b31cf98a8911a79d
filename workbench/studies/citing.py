"""What to cite: the workbench itself, and for each measure and method who defined it."""

from __future__ import annotations

import difflib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import resources
from workbench.errors import UsageError
from workbench.provenance import package_version
from workbench.studies.bibtex import Reference, read_bibtex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["bibliography", "catalogue", "methods", "references_of", "the_workbench"]

_FILE = Path(__file__).with_name("references.bib")


@cache
def catalogue() -> Mapping[str, Reference]:
    """Return every reference by its key."""
    found = read_bibtex(_FILE.read_text("utf-8"), where=_FILE.name)
    return {reference.key: reference for reference in found}


@cache
def methods() -> Mapping[str, tuple[str, ...]]:
    """Return the keys of the references of each measure and method, by name.

    Registered measures have their own name, other functions that of their package before it, as in
    ``influence.rank``.
    """
    names = {name for reference in catalogue().values() for name in reference.methods}
    return {
        name: tuple(key for key, one in catalogue().items() if name in one.methods)
        for name in sorted(names)
    }


def references_of(names: Iterable[str]) -> list[Reference]:
    """Return the references of measures and methods, sorted by key, each once.

    Parameters
    ----------
    names
        As in ``methods``; what stands after the point is enough when no other ends so.

    Raises
    ------
    UsageError
        A name is unknown; the error proposes the nearest.
    """
    keys = {key for name in names for key in methods()[_known(name)]}
    return [catalogue()[key] for key in sorted(keys)]


def the_workbench() -> Reference:
    """Return how to cite this version of the workbench, from ``CITATION.cff``."""
    text = resources.citation_file().read_text("utf-8")
    told = dict(re.findall(r'^([\w-]+): *"?(.+?)"?$', text, re.MULTILINE))
    authors = re.findall(r'^ +- name: *"?(.+?)"?$', text, re.MULTILINE)
    version = package_version()
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in authors),
        "title": told["title"],
        "version": version,
    }
    if version == told["version"]:  # the date is that of the version it stands beside
        fields["year"] = told["date-released"][:4]
    return Reference("workbench", "software", fields)


def bibliography(names: Iterable[str]) -> str:
    """Return BibTeX of the workbench and of measures and methods, for ``Document.bibtex``.

    Raises
    ------
    UsageError
        A name is unknown.
    """
    return "\n".join(one.bibtex() for one in (the_workbench(), *references_of(names)))


def _known(name: str) -> str:
    """Return the full name of a measure or method."""
    if name in methods():
        return name
    ends = [known for known in methods() if known.partition(".")[2] == name]
    if len(ends) == 1:
        return ends[0]
    short = {known.rpartition(".")[2]: known for known in methods()}
    near = difflib.get_close_matches(name, [*methods(), *short], n=1)
    raise UsageError(
        "no measure or method of this name", value=name, allowed=", ".join(methods()),
        remedy=f"did you mean {short.get(near[0], near[0])}?" if near else "choose one of these",
    )  # fmt: skip
