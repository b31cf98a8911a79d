"""A corpus into the files of other tools: coordination, minet, Gephi, Parquet.

What is written is what the corpus holds: pseudonyms of a pseudonymous study, and ids, handles and
texts of a raw one. Cells are exact, as tools need them: no apostrophe guards a spreadsheet from a
text that begins like a formula, so these tables are not made to be opened in one.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.errors import InputError, UsageError
from workbench.graphs.build import graph
from workbench.graphs.corpus_tables import coortweet, qut
from workbench.graphs.export import Spans, export
from workbench.graphs.minet_table import minet
from workbench.graphs.selection import chosen_acts
from workbench.model.filters import Filters, Instant
from workbench.model.kinds import graph_kind
from workbench.provenance import whole_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from workbench.graphs.post_rows import Rows
    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph

__all__ = ["FORMATS", "Exported", "export_corpus"]

#: Name of the format → what it holds.
FORMATS = {
    "coortweet": "object_id, account_id, content_id, timestamp_share: for CooRTweet",
    "qut": "one post a row, for the QUT coordination network toolkit",
    "minet": "one tweet a row in the 59 columns of minet, gazouilloire and twitter-explorer",
    "gexf": "a graph of acts with the time of each edge's first and last act, for Gephi",
    "graphml": "the same as GraphML",
    "parquet": "a folder with one file a table, observations collapsed to facts",
}
_GRAPHS = {"gexf": "retweet", "graphml": "retweet", "coortweet": "co_share"}
_SUFFIXES = {"gexf": ".gexf", "graphml": ".graphml"}
_TABLES = {"qut": qut, "minet": minet}


@dataclass(frozen=True)
class Exported:
    """What has been written.

    Attributes
    ----------
    path, format
        Where, and as what.
    rows
        What was written → how many.
    left_out
        What the format has no place for → how many.
    """

    path: str
    format: str
    rows: dict[str, int]
    left_out: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the content as JSON values."""
        return asdict(self)


def export_corpus(
    corpus: Corpus,
    path: str | os.PathLike[str],
    format: str,  # noqa: A002  the word users know
    *,
    kind: str | None = None,
    since: Instant = None,
    until: Instant = None,
    label: Callable[[str], str] | None = None,
) -> Exported:
    """Write a corpus to a file, or for ``parquet`` to a folder; equal corpora give equal tables.

    Parameters
    ----------
    format
        ``coortweet`` (who shared which object), ``qut``, ``minet`` (who posted what), ``gexf``,
        ``graphml`` (who acted upon whom, with times) or ``parquet`` (everything).
    kind
        Of ``coortweet`` the projection whose objects are written: ``co_share`` (default),
        ``co_url``, ``co_domain``, ``co_hashtag``; of ``gexf`` and ``graphml`` the graph:
        ``retweet`` (default), ``quote``, ``reply``, ``mention``.
    since, until
        Window [since, until) on the acting post's time, where acts are written.
    label
        Account id → what stands beside its node in GEXF and GraphML; None writes the id.

    Raises
    ------
    UsageError
        No such format, or a kind or window that it does not have.
    CannotBuildError
        The corpus cannot support it; the message says why.
    InputError
        The file cannot be written, which leaves nothing behind.
    """
    target = Path(path)
    if format not in FORMATS:
        raise UsageError("no such format", value=format, allowed=", ".join(FORMATS))
    filters = Filters.parse(since=since, until=until)
    if format not in _GRAPHS and (kind is not None or filters.windowed):
        raise UsageError(
            "this format takes no kind and no window", value=format, allowed=", ".join(_GRAPHS)
        )
    if format in _SUFFIXES and target.suffix.lower() != _SUFFIXES[format]:
        raise UsageError(
            "the file is named for another format", value=target.name, allowed=_SUFFIXES[format]
        )
    kind = kind or _GRAPHS.get(format)
    try:
        if format == "parquet":
            return _parquet(corpus, target)
        if format in _TABLES:
            return _write(target, format, _TABLES[format](corpus))
        if format == "coortweet":
            return _write(target, format, coortweet(corpus, kind or "", filters))
        return _dated(corpus, target, kind or "", (since, until), label)
    except OSError as error:
        raise InputError(
            "cannot write the export", value=str(target), where=error.strerror
        ) from error


def _write(target: Path, name: str, rows: Rows) -> Exported:
    """Write the rows of a table as CSV."""
    count = 0

    def counted() -> Iterator[list[str]]:
        nonlocal count
        for row in rows.rows:
            count += 1
            yield row

    with whole_file(target) as fresh, fresh.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(rows.header)
        writer.writerows(counted())
    return Exported(
        str(target), name, {"rows": count}, {k: n for k, n in rows.left_out.items() if n}
    )


def _parquet(corpus: Corpus, folder: Path) -> Exported:
    """Write every table but ``sources`` and ``rejects``, which say where files lay."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "the folder for the export is not empty",
            value=str(folder),
            allowed="a new or an empty folder",
        )
    folder.mkdir(parents=True, exist_ok=True)
    facts = (
        views.posts, views.interactions, views.attachments, views.accounts, views.aliases,
        views.events,
    )  # fmt: skip
    rows = {}
    with open_session(corpus) as session:
        frames = {view.__name__: view(session) for view in facts}
        frames |= {name: session.table(name) for name in ("containers", "labels")}
        for name, frame in frames.items():
            with whole_file(folder / f"{name}.parquet") as fresh:
                session.write(frame, fresh)
            count = session.collect(
                session.parquet([folder / f"{name}.parquet"]).select(nw.len().alias("n"))
            )
            rows[name] = int(count.column("n")[0].as_py())
    return Exported(str(folder), "parquet", rows)


def _dated(
    corpus: Corpus,
    target: Path,
    kind: str,
    window: tuple[Instant, Instant],
    label: Callable[[str], str] | None,
) -> Exported:
    """Write a graph of acts with the times of its edges."""
    what = graph_kind(kind)
    if what.family != "interaction":
        raise UsageError(
            "only acts between accounts have a time for each edge",
            value=kind,
            allowed="retweet, quote, reply, mention",
            remedy="write it without times: workbench graph KIND --out FILE",
        )
    made = graph(corpus, kind, since=window[0], until=window[1])
    filters = Filters.parse(since=window[0], until=window[1])
    with open_session(corpus) as session:
        acts = chosen_acts(session, what.base, filters).filter(
            ~nw.col("actor_id").is_null(), ~nw.col("target_id").is_null()
        )
        spans = session.collect(
            acts.group_by("actor_id", "target_id").agg(
                nw.col("created_ms").min().alias("first"), nw.col("created_ms").max().alias("last")
            )
        )
    attributes = {}
    if label is not None:
        attributes["label"] = np.array([label(a) for a in made.accounts.tolist()], dtype=str)
    export(made, target, attributes=attributes, spans=_in_order(made, spans))
    left = made.choices.get("unresolved", 0)
    return Exported(
        str(target),
        target.suffix.lower().removeprefix("."),
        {"nodes": made.nodes, "edges": made.edges},
        {"acts upon unknown accounts": left} if left else {},
    )


def _in_order(made: InteractionGraph, spans: pa.Table) -> Spans:
    """Return the times of edges in the order in which the graph stores them."""
    ids = made.ids
    codes = [
        np.asarray(pc.index_in(spans.column(end), value_set=ids))
        for end in ("actor_id", "target_id")
    ]
    order = pa.array(np.lexsort(codes[::-1]))
    ordered = spans.take(order)
    return Spans(ordered.column("first").to_pylist(), ordered.column("last").to_pylist())
