"""Files given to one analysis: edges (``--edges FILE``) and sides (``--sides FILE``)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError
from workbench.loaders.detection import check_readable
from workbench.loaders.edge_rows import (
    Fault,
    cells_of,
    column_meaning,
    is_comment,
    is_header,
    layout_of,
    parse_rows,
    separator_of,
    typed_edges,
)
from workbench.loaders.graph_file import edge_table
from workbench.loaders.graph_xml import GraphXml
from workbench.loaders.inputs import one_input
from workbench.loaders.source import Source
from workbench.loaders.tables import open_table
from workbench.model.cells import plain_cell
from workbench.model.kinds import graph_kind

if TYPE_CHECKING:
    from workbench.loaders.inputs import Input

__all__ = ["UNDIRECTED", "read_edges", "read_sides"]

#: Key of the schema's metadata: how many edges of the file are given in both directions.
UNDIRECTED = b"undirected"
_BLOCK = 8 << 20


def read_edges(path: str | os.PathLike[str], *, kind: str = "retweet") -> pa.Table:
    """Return the edges of a file: from the one who acts to the one acted upon, one row a line.

    CSV, TSV and blank-separated text, Parquet, GraphML and GEXF; plain, gzip, zstd or a zip
    archive of one file. Repeated edges and self-loops are kept as they are; a missing weight is 1.
    An edge without direction in a GraphML or GEXF graph is given once for a kind that has none
    either (``co_hashtag``), and in both directions for the others: how many there are is in the
    metadata of the schema, under ``UNDIRECTED``.

    Parameters
    ----------
    path
        The file; ``-`` is standard input.
    kind
        What the edges are; of SNAP activity, which mixes retweets, mentions and replies, which
        rows to take.

    Returns
    -------
    pyarrow.Table
        ``source``, ``target`` (text), ``weight`` (> 0), ``created_ms`` (null without a time).

    Raises
    ------
    InputError
        The file cannot be read, or a line is no edge; the first is named with its line.
    """
    with one_input(path) as entry:
        source = Source(entry.shown or os.fspath(path), "", 0, entry.open)
        head = entry.head()
        check_readable(head)
        if head.columns:
            edges = _parquet_edges(source)
        elif head.data.lstrip().startswith(b"<"):
            edges = _graph_edges(source, kind)
        else:
            edges = _text_edges(source, kind)
        _check_whole(entry, source.path)
    times = pc.divide(edges.column("us"), 1000)
    return edges.select(["source", "target", "weight"]).append_column("created_ms", times)


def read_sides(path: str | os.PathLike[str]) -> pa.Table:
    """Return which side each node is on: two columns of text, ``node`` and ``side``.

    The first row is a header if its names are ``node`` or ``account`` and ``side`` or
    ``community``; without it the first column is the node, the second the side.

    Raises
    ------
    InputError
        The file cannot be read, a line has no two cells, or a node is on two sides.
    """
    with one_input(path) as entry:
        source = Source(entry.shown or os.fspath(path), "", 0, entry.open)
        head = entry.head()
        check_readable(head)
        rows = _parquet_rows(source) if head.columns else _text_rows(source)
        _check_whole(entry, source.path)
    sides: dict[str, str] = {}
    for where, node, side in rows:
        if sides.setdefault(node, side) != side:
            raise InputError(
                "a node is on two sides", value=node, where=where, allowed="one side a node"
            )
    if not sides:
        raise InputError("the file of sides is empty", value=source.path)
    return pa.table({"node": list(sides), "side": list(sides.values())}, schema=_SIDES)


_SIDES = pa.schema([("node", pa.string()), ("side", pa.string())])
_NODE, _SIDE = {"node", "account"}, {"side", "community"}


def _check_whole(entry: Input, path: str) -> None:
    if entry.damage:
        raise InputError(entry.damage, value=path)


def _text_edges(source: Source, kind: str) -> pa.Table:
    layout = layout_of(source.head())
    if layout is None:
        raise InputError(
            "not an edge list",
            value=source.path,
            allowed="source,target[,weight[,time]] as text or Parquet, GraphML, GEXF",
        )
    tables: list[pa.Table] = []
    faults: list[Fault] = []
    for part in parse_rows(source.blocks(_BLOCK), layout):
        if isinstance(part, Fault):
            faults.append(part)
        elif not isinstance(part, int):
            tables.append(part)
    if faults:
        more = f", and {len(faults) - 1:,} more lines" if len(faults) > 1 else ""
        raise InputError(
            f"a line is no edge: {faults[0].reason}",
            where=f"{source.path}:{faults[0].number}{more}",
        )
    if not tables:
        raise InputError("the file has no edges", value=source.path)
    edges = pa.concat_tables(tables)
    if "act" in layout.columns:
        edges = edges.filter(pc.equal(edges.column("act"), graph_kind(kind).base))
    return edges


def _parquet_edges(source: Source) -> pa.Table:
    import pyarrow.parquet as pq

    with source.seekable() as handle:
        try:
            table = pq.read_table(handle)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError("the Parquet file is broken", value=source.path) from error
    meanings = [column_meaning(name) for name in table.column_names]
    if not {"source", "target"} <= set(meanings):
        meanings = ["source", "target", "weight", "time"][: len(meanings)]
    columns: dict[str, Any] = {}
    for name, column in zip(meanings, table.columns, strict=False):
        if name and name not in columns:
            columns[name] = _as_text(column)
    try:
        return typed_edges(pa.table(columns))
    except (ValueError, KeyError, pa.ArrowInvalid) as error:
        raise InputError(
            "the table is no edge list", value=source.path, where=str(error)
        ) from error


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        column = pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64())  # microseconds
    elif pa.types.is_floating(column.type) and _all_whole(column):
        column = pc.cast(column, pa.int64())
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _all_whole(column: pa.ChunkedArray) -> bool:
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 2.0**53))
    return bool(pc.all(whole).as_py())


def _graph_edges(source: Source, kind: str) -> pa.Table:
    """Return the edges of GEXF or GraphML, those without direction in both for a directed kind."""
    graph, both = GraphXml(source), graph_kind(kind).directed
    tables: list[pa.Table] = []
    faults: list[Fault] = []
    for _, parts in graph.parts():
        faults += [part for part in parts if isinstance(part, Fault)]
        edges = [part for part in parts if not isinstance(part, Fault)]
        if edges:
            tables.append(edge_table(edges, both=both))
    if faults:
        more = f", and {len(faults) - 1:,} more edges" if len(faults) > 1 else ""
        raise InputError(
            f"an edge cannot be used: {faults[0].reason}",
            where=f"{source.path}:{faults[0].number}{more}",
        )
    if not tables:
        raise InputError("the file has no edges", value=source.path)
    table = pa.concat_tables(tables)
    if both and graph.undirected:
        return table.replace_schema_metadata({UNDIRECTED: str(graph.undirected)})
    return table


def _parquet_rows(source: Source) -> list[tuple[str, str, str]]:
    table = open_table(source)
    node, side = _places(table.header, source.path)
    return [
        (f"{source.path}: row {row.number}", str(row.cells[node]), str(row.cells[side]))
        for row in table.rows
    ]


def _text_rows(source: Source) -> list[tuple[str, str, str]]:
    head = source.head()
    lines = [line for line in head.lines() if not is_comment(line)][:1000]
    if not lines or not head.text:
        raise InputError("not a file of sides", value=source.path, allowed="node,side")
    separator = separator_of(lines)
    rows: list[tuple[str, str, str]] = []
    places: tuple[int, int] | None = None
    for line in source.lines():
        if is_comment(line.data):
            continue
        where = f"{source.path}:{line.number}"
        try:
            cells = [cell.strip() for cell in cells_of(line.data.decode("utf-8"), separator)]
        except UnicodeDecodeError as error:
            raise InputError("not UTF-8", where=where) from error
        if places is None:
            places = _places(cells, source.path) if is_header(cells) else (0, 1)
            if is_header(cells):
                continue
        if len(cells) <= max(places) or not cells[places[0]] or not cells[places[1]]:
            raise InputError("a line without node and side", where=where, allowed="node,side")
        rows.append((where, plain_cell(cells[places[0]]), plain_cell(cells[places[1]])))
    return rows


def _places(header: list[str], path: str) -> tuple[int, int]:
    """Return where the node and its side stand."""
    names = [name.casefold() for name in header]
    node = next((i for i, name in enumerate(names) if name in _NODE), None)
    side = next((i for i, name in enumerate(names) if name in _SIDE), None)
    if node is None or side is None:
        raise InputError(
            "the header does not name node and side",
            value=", ".join(header),
            where=path,
            allowed="node or account, side or community",
        )
    return node, side
