"""Raw exports into a corpus: one module a source format, one function to load them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.loaders import (
    bluesky_jetstream,
    bluesky_posts,
    claim_review,
    crowdtangle,
    edge_list,
    fourcat,
    graph_file,
    ira_538,
    labels_tables,
    mastodon,
    minet,
    reddit,
    share_table,
    table_map,
    telegram,
    tiktok_research,
    twitter_v1,
    twitter_v2,
    x_io_archive,
    youtube_comments,
    zeeschuimer_x,
)
from workbench.loaders.base import Options
from workbench.loaders.inspection import inspect_inputs
from workbench.loaders.loading import Hooks, load_inputs

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from typing import Any

    from workbench.loaders.base import Loader, Pseudonymise
    from workbench.model.corpus import Corpus
    from workbench.model.revision import Revise

__all__ = ["FORMATS", "inspect", "load"]

#: Every format that can be read, by the name users give; the order breaks ties of detection.
FORMATS: dict[str, Loader] = {
    loader.name: loader
    for loader in (
        twitter_v2.LOADER,
        twitter_v1.LOADER,
        zeeschuimer_x.LOADER,
        bluesky_posts.LOADER,
        bluesky_jetstream.LOADER,
        mastodon.LOADER,
        telegram.LOADER,
        reddit.LOADER,
        tiktok_research.LOADER,
        youtube_comments.LOADER,
        x_io_archive.LOADER,
        ira_538.LOADER,
        fourcat.LOADER,
        minet.LOADER,
        crowdtangle.LOADER,
        share_table.LOADER,
        edge_list.LOADER,
        graph_file.LOADER,
        *labels_tables.LOADERS,
        claim_review.LOADER,
        table_map.LOADER,
    )
}


def load(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    into: str | os.PathLike[str] | None = None,
    format: str | None = None,  # noqa: A002  the word users know
    kind: str | None = None,
    column_map: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    privacy: str = "raw",
    strict: bool = False,
    dry_run: bool = False,
    progress: bool | None = None,
    pseudonymise: Pseudonymise | None = None,
    revise: Revise | None = None,
) -> Corpus:
    """Load raw exports into a corpus; ``corpus.report`` says what was read and what was not.

    Every file is recognised by its content. A file is loaded whole or not at all, and the same
    bytes are loaded once: a second load counts each of their records as duplicate and changes
    nothing. A load that was killed goes on with the first file that it had not finished. Lines
    that cannot be read are counted and addressable by file, line and byte (table ``rejects``).

    Parameters
    ----------
    paths
        Files, folders, globs or zip archives; plain, gzip or zstd.
    into
        Folder of the corpus, made if need be; None keeps the corpus in memory.
    format
        Name of the format (see ``FORMATS``); None recognises it.
    kind
        What the edges of an edge list or a graph file are, if it does not say: retweet (default),
        quote, reply, mention.
    column_map
        TOML file, or its content, that says what the columns of a table mean (``table_map``).
    privacy
        ``raw`` or ``pseudonymous``.
    strict
        Whether a record that cannot be read stops the load, with nothing kept of it.
    dry_run
        Whether to read everything and report, and leave the corpus in `into` as it is.
    progress
        None shows progress on a terminal, False never.
    pseudonymise
        For ``privacy="pseudonymous"``: takes the name and rows of a table, returns the rows to
        write.
    revise
        Looks at the rows of each file before they are listed and says which of them must not be
        kept: those of accounts and posts that were forgotten (``workbench.privacy``).

    Returns
    -------
    Corpus
        With everything that is in `into` now; of a dry run, with what would have been added, in a
        temporary folder that ends with the object.

    Raises
    ------
    InputError
        A file is missing, unreadable, empty or of no known format; the disk is full; another
        process is loading into this corpus; or `strict` and a record cannot be read.
    UsageError
        An option has a value that is not allowed.
    """
    columns = None if column_map is None else table_map.read_map(column_map)
    return load_inputs(
        paths,
        FORMATS,
        into=into,
        format_name=format or (None if columns is None else table_map.LOADER.name),
        options=Options(kind=kind, column_map=columns),
        privacy=privacy,
        strict=strict,
        dry_run=dry_run,
        progress=progress,
        hooks=Hooks(pseudonymise, revise),
    )


def inspect(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
) -> list[dict[str, Any]]:
    """Say what files are, from their first 256 KiB; nothing is loaded.

    Returns
    -------
    list of dict
        One a file: ``path``; ``bytes`` on disk; ``format`` and ``certainty`` (0 to 1); ``whole``
        (whether all of it was looked at); in what was looked at, ``records``, ``rejected``,
        ``kinds`` (acts by kind), ``first`` and ``last`` time; ``problem`` if it cannot be read.
        What is not known is None.

    Raises
    ------
    InputError
        A file is missing, or none can be read: then why the first one cannot.
    """
    return inspect_inputs(paths, FORMATS)
