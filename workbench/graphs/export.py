"""Graphs into files that other programs open: CSV, Parquet, GraphML, GEXF."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from workbench.errors import InputError, UsageError
from workbench.model.cells import safe_cell
from workbench.model.filters import iso
from workbench.provenance import whole_file

if TYPE_CHECKING:
    import os

    from workbench.model.graph import InteractionGraph

__all__ = ["DATED", "SUFFIXES", "Spans", "export"]

SUFFIXES = (".csv", ".parquet", ".graphml", ".gexf")
#: Suffixes of the files that can say when an edge begins and ends.
DATED = (".graphml", ".gexf")
Attributes = Mapping[str, "np.ndarray[Any, np.dtype[Any]]"]


class Spans(NamedTuple):
    """First and last act of every edge, in the order of ``graph.arcs()``; None without a time."""

    first_ms: list[int | None]
    last_ms: list[int | None]


def export(
    graph: InteractionGraph,
    path: str | os.PathLike[str],
    *,
    attributes: Attributes | None = None,
    labels: Callable[[str], str] | None = None,
    spans: Spans | None = None,
) -> Path:
    """Write a graph to a file, its format chosen by the suffix; equal graphs give equal bytes.

    ``.csv`` and ``.parquet`` hold the edges (``source, target, weight``) and, if there are node
    attributes or labels, a second file ``<name>.nodes.<suffix>``. ``.graphml`` and ``.gexf`` hold
    both and open in Gephi. In CSV a text that a spreadsheet would read as a formula, or as a number
    that it would round (more than 15 digits), or that would begin a comment, is written with a
    leading apostrophe; ids of edge lists can be such numbers. ``--edges``, ``--sides`` and ``load``
    leave that apostrophe out again. Only ids with blanks at an end or line breaks inside are not
    read back from CSV as they were.

    Parameters
    ----------
    attributes
        Name → one value a node, shape (n,): communities, scores. ``label`` is what a program that
        draws the graph writes beside a node; without it that is the id.
    labels
        Account id → the label shown; for data of persons a pseudonym. None writes ids.
    spans
        When each edge of a directed graph begins and ends, for GraphML and GEXF: the graph is then
        a dynamic one.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UsageError
        The suffix is none of these, or cannot say when an edge begins and ends.
    InputError
        The file cannot be written, which leaves nothing behind, or an attribute has not one value a
        node.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(
            "graphs are not written in this format",
            value=target.name,
            allowed=", ".join(SUFFIXES),
        )
    if spans is not None and (target.suffix.lower() not in DATED or not graph.directed):
        raise UsageError(
            "edges with their times are not written so",
            value=target.name,
            allowed=f"{', '.join(DATED)} of a graph with direction",
        )
    names = [labels(a) for a in graph.accounts.tolist()] if labels else graph.accounts.tolist()
    columns = {name: np.asarray(values) for name, values in (attributes or {}).items()}
    for name, values in columns.items():
        if values.shape != (graph.nodes,):
            raise InputError(f"{name} needs one value a node", value=values.shape)
    writers = {".csv": _csv, ".parquet": _parquet}
    dated = {".graphml": _graphml, ".gexf": _gexf}
    suffix = target.suffix.lower()
    try:
        if suffix in writers:
            writers[suffix](graph, target, names, columns)
        else:
            dated[suffix](graph, target, names, columns, spans)
    except OSError as error:
        raise InputError(
            "cannot write the graph", value=str(target), where=error.strerror
        ) from error
    return target


def _rows(graph: InteractionGraph) -> tuple[Any, Any, Any]:
    source, target, weight = graph.arcs()
    if not graph.directed:
        once = source <= target
        return source[once], target[once], weight[once]
    return source, target, weight


def _csv(graph: InteractionGraph, file: Path, names: list[str], columns: dict[str, Any]) -> None:
    cells = [safe_cell(name) for name in names]
    source, target, weight = _rows(graph)
    rows = zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)
    edges = ([cells[s], cells[t], f"{w:.17g}"] for s, t, w in rows)
    with whole_file(file) as fresh:
        _write_csv(fresh, ["source", "target", "weight"], edges)
        if columns:
            values = [column.tolist() for column in columns.values()]
            safe = ([safe_cell(v) if isinstance(v, str) else v for v in each] for each in values)
            with whole_file(file.with_suffix(".nodes.csv")) as nodes:
                _write_csv(nodes, ["account", *columns], zip(cells, *safe, strict=True))


def _write_csv(file: Path, header: list[str], rows: Any) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    file.write_text(buffer.getvalue(), "utf-8", newline="")


def _parquet(
    graph: InteractionGraph, file: Path, names: list[str], columns: dict[str, Any]
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    ids = pa.array(names, pa.string())
    source, target, weight = _rows(graph)
    edges = {"source": ids.take(pa.array(source)), "target": ids.take(pa.array(target))}
    with whole_file(file) as fresh:
        pq.write_table(pa.table({**edges, "weight": weight}), fresh, compression="zstd")
        if columns:
            with whole_file(file.with_suffix(".nodes.parquet")) as nodes:
                table = pa.table({"account": ids, **columns})
                pq.write_table(table, nodes, compression="zstd")


def _write_lines(file: Path, lines: list[str]) -> None:
    with whole_file(file) as fresh:
        fresh.write_text("\n".join(lines), "utf-8", newline="")


def _xml_type(values: Any) -> str:
    return {"i": "long", "u": "long", "f": "double", "b": "boolean"}.get(
        values.dtype.kind, "string"
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_clean(str(value)))


def _clean(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or (ord(c) >= 32 and ord(c) not in {0xFFFE, 0xFFFF})
    )


def _shown(names: list[str], columns: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return what stands beside each node, and the attributes without it."""
    others = {name: values for name, values in columns.items() if name != "label"}
    return (columns["label"].tolist() if "label" in columns else names), others


def _times(spans: Spans | None, edges: int, form: str) -> list[str]:
    """Return what each edge says of its times; nothing where there are none."""
    if spans is None:
        return [""] * edges
    return [
        "" if first is None or last is None else form.format(iso(first), iso(last))
        for first, last in zip(*spans, strict=True)
    ]


def _graphml(
    graph: InteractionGraph,
    file: Path,
    names: list[str],
    columns: dict[str, Any],
    spans: Spans | None,
) -> None:
    shown, columns = _shown(names, columns)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        '<key id="label" for="node" attr.name="label" attr.type="string"/>',
        '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>',
    ]
    if spans is not None:
        lines += [
            f'<key id="{name}" for="edge" attr.name="{name}" attr.type="string"/>'
            for name in ("start", "end")
        ]
    for name, values in columns.items():
        lines.append(
            f'<key id={quoteattr(name)} for="node" attr.name={quoteattr(name)} '
            f'attr.type="{_xml_type(values)}"/>'
        )
    direction = "directed" if graph.directed else "undirected"
    lines.append(f'<graph edgedefault="{direction}">')
    values = {name: column.tolist() for name, column in columns.items()}
    for i, name in enumerate(names):
        data = "".join(
            f"<data key={quoteattr(key)}>{_text(column[i])}</data>"
            for key, column in values.items()
        )
        key = quoteattr(_clean(name))
        lines.append(f'<node id={key}><data key="label">{_text(shown[i])}</data>{data}</node>')
    source, target, weight = _rows(graph)
    keys = [quoteattr(_clean(name)) for name in names]
    form = '<data key="start">{}</data><data key="end">{}</data>'
    times = _times(spans, len(source), form)
    rows = zip(source.tolist(), target.tolist(), weight.tolist(), times, strict=True)
    lines += [
        f'<edge source={keys[s]} target={keys[t]}><data key="weight">{w:.17g}</data>{when}</edge>'
        for s, t, w, when in rows
    ]
    _write_lines(file, [*lines, "</graph>", "</graphml>", ""])


def _gexf(
    graph: InteractionGraph,
    file: Path,
    names: list[str],
    columns: dict[str, Any],
    spans: Spans | None,
) -> None:
    shown, columns = _shown(names, columns)
    direction = "directed" if graph.directed else "undirected"
    mode = 'mode="static"' if spans is None else 'mode="dynamic" timeformat="dateTime"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
        f"<meta><creator>workbench</creator><description>{graph.kind}</description></meta>",
        f'<graph defaultedgetype="{direction}" {mode}>',
        '<attributes class="node">',
    ]
    for i, (name, values) in enumerate(columns.items()):
        lines.append(f'<attribute id="{i}" title={quoteattr(name)} type="{_xml_type(values)}"/>')
    lines += ["</attributes>", "<nodes>"]
    rows = [column.tolist() for column in columns.values()]
    keys = [quoteattr(_clean(name)) for name in names]
    for i, key in enumerate(keys):
        data = "".join(
            f'<attvalue for="{j}" value={quoteattr(_clean(str(column[i])))}/>'
            for j, column in enumerate(rows)
        )
        label = quoteattr(_clean(str(shown[i])))
        lines.append(f"<node id={key} label={label}><attvalues>{data}</attvalues></node>")
    lines += ["</nodes>", "<edges>"]
    source, target, weight = _rows(graph)
    times = _times(spans, len(source), ' start="{}" end="{}"')
    arcs = zip(source.tolist(), target.tolist(), weight.tolist(), times, strict=True)
    lines += [
        f'<edge id="{e}" source={keys[s]} target={keys[t]} weight="{w:.17g}"{when}/>'
        for e, (s, t, w, when) in enumerate(arcs)
    ]
    _write_lines(file, [*lines, "</edges>", "</graph>", "</gexf>", ""])
