"""From a raw social-media export to a policy paper, with every number explained.

Edges point from the one who acts to the one acted upon. The nouns are ``Corpus``,
``InteractionGraph``, ``Partition``, ``NodeScores`` and ``IndexValue``; everything else is a
function of a sub-package that takes one and returns one. Importing this package prints nothing,
downloads nothing and loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.model import (
        Corpus,
        IndexValue,
        InteractionGraph,
        LoadReport,
        NodeScores,
        Partition,
    )
    from workbench.plotting import View

__version__ = "0.1.0"

_NOUNS = ("Corpus", "IndexValue", "InteractionGraph", "LoadReport", "NodeScores", "Partition")
_PACKAGES = (
    "communities", "engine", "errors", "graphs", "influence", "language", "loaders", "model",
    "plotting", "polarisation", "privacy", "progress", "provenance", "resources", "rng", "store",
    "studies", "synthetic",
)  # fmt: skip

__all__ = [
    "Corpus",
    "IndexValue",
    "InteractionGraph",
    "LoadReport",
    "NodeScores",
    "Partition",
    "connect",
    "load",
    "view",
]


def load(paths: Any, *, privacy: str = "raw", **options: Any) -> Corpus:
    """Load raw exports into a corpus; see ``workbench.loaders.load`` for the options.

    With ``privacy="pseudonymous"`` the key of the project (the folder of `into`, or ``default``)
    is taken from outside the study, made when there is none. Whoever was forgotten in the corpus
    stays out of it.
    """
    from workbench import loaders

    into = options.get("into")
    if into is not None and "revise" not in options:
        from workbench.studies.study import forgotten_in

        options["revise"] = forgotten_in(into)
    if privacy == "pseudonymous" and "pseudonymise" not in options:
        from workbench.studies.study import pseudonymiser_for

        options["pseudonymise"] = pseudonymiser_for(into).table
    return loaders.load(paths, privacy=privacy, **options)


def connect(uri: Any, *, study: str | None = None, shared: bool = False) -> Any:
    """Open a graph store: a folder or a Neo4j server; see ``workbench.store.connect``.

    Where a server wants a password that ``NEO4J_PASSWORD`` does not give, it is asked for at the
    terminal or in the notebook.
    """
    from workbench import store
    from workbench.store.secret import typed

    return store.connect(uri, study=study, shared=shared, secret=typed)


def view(graph: InteractionGraph, **options: Any) -> View:
    """Return a page in which a graph can be explored; ``.save(path)`` writes it.

    Parameters
    ----------
    options
        Those of ``workbench.plotting.view``: ``colour`` (a partition), ``size`` (scores),
        ``labels``, ``layout``, ``evidence``, ``raw``, ``language`` and ``seed``.

    Raises
    ------
    UndefinedError, InputError, UsageError
        As ``workbench.plotting.view``.
    """
    from workbench import plotting

    return plotting.view(graph, **options)


def load_ipython_extension(shell: Any) -> None:
    """Add ``%cypher`` and ``%%cypher`` to a notebook; see ``workbench.cli.magic``."""
    from workbench.cli import magic

    magic.add(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take ``%cypher`` away and let go of the store that it opened."""
    from workbench.cli import magic

    magic.remove(shell)


def corpus_verb(name: str) -> Any:
    """Return what ``corpus.graph``, ``corpus.describe`` and ``corpus.evidence`` do."""
    return getattr(import_module("workbench.graphs"), name)


def __getattr__(name: str) -> Any:
    if name in _NOUNS:
        return getattr(import_module("workbench.model"), name)
    if name in _PACKAGES:
        return import_module(f"workbench.{name}")
    message = f"module 'workbench' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted([*__all__, *_PACKAGES, "__version__"])
