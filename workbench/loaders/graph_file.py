"""Graphs in files of Gephi, networkx and igraph: GEXF and GraphML, one act an edge.

A record is an edge, from the one who acts to the one acted upon; parallel edges are separate acts.
Ids of nodes stay as given, a label that differs becomes the name of the account. The weight is the
attribute of that name, 1 without one. An edge without direction, or with both, is kept as an act
in each direction. The time is the start, the timestamp or the first spell of an edge; numbers
below 100,000,000 (years, steps) are no times. Nodes without an edge are not accounts.

A graph names accounts only, so it has no posts and no objects, and does not say what its edges are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from workbench.loaders.base import Loader
from workbench.loaders.edge_acts import Accounts, interactions
from workbench.loaders.edge_rows import Fault
from workbench.loaders.graph_xml import Edge, GraphXml, is_graph_xml
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = ["LOADER", "edge_table", "read", "sniff"]


def sniff(head: Head) -> float:
    """Return how surely the head is that of GEXF or GraphML."""
    return 0.98 if is_graph_xml(head) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a graph: an act an edge, two for one without direction, and the accounts at its ends."""
    for refused in GRAPHS.values():
        if refused.family != "interaction":
            sink.refuse(refused.name, "a graph file names accounts only, no posts and no objects")
    if options.kind is None:
        sink.note(
            "a graph file does not say what its edges are: taken as shares (retweets); "
            "another kind is given with kind= or --kind"
        )
    graph, accounts = GraphXml(source, beginning=options.beginning), Accounts()
    ends: set[str] = set()
    for offset, parts in graph.parts():
        edges, records = [], []
        for part in parts:
            if isinstance(part, Fault):
                sink.reject(
                    line=part.number,
                    byte_offset=part.byte_offset,
                    data=part.data,
                    reason=part.reason,
                )
            else:
                edges.append(part)
                records.append(sink.record())
                ends.update(part[:2])
        if edges:
            table = edge_table(edges, records=records)
            numbers = table.column("record").combine_chunks()
            sink.write("interactions", interactions(table, numbers, options.kind or "share"))
            sink.write("accounts", _named(accounts.new(table, numbers), graph.labels))
        sink.checkpoint(offset)
    _note(sink, graph, len(graph.labels.keys() - ends))


def edge_table(
    edges: list[Edge], *, records: list[int] | None = None, both: bool = True
) -> pa.Table:
    """Return edges as columns, as ``edge_rows.parse_rows`` does, and the number of their record.

    Parameters
    ----------
    records
        The numbers; None counts from 0.
    both
        Whether an edge without direction stands in both; else as it is written.
    """
    source, target, weight, us, precision, _ = map(list, zip(*edges, strict=True))
    columns = {
        "source": pa.array(source, pa.string()),
        "target": pa.array(target, pa.string()),
        "weight": pa.array(weight, pa.float64()),
        "us": pa.array(us, pa.int64()),
        "precision": pa.array(precision, pa.string()),
        "act": pa.nulls(len(edges), pa.string()),
        "record": pa.array(records or range(len(edges)), pa.int64()),
    }
    table = pa.table(columns)
    turned = [not e.directed and e.source != e.target for e in edges] if both else []
    if not any(turned):
        return table
    back = pa.table({**columns, "source": columns["target"], "target": columns["source"]})
    return pa.concat_tables([table, back.filter(pa.array(turned))])


def _named(accounts: pa.Table, labels: dict[str, str]) -> pa.Table:
    """Return accounts with the labels of their nodes, where these say more than the id."""
    ids = accounts.column("account_id").to_pylist()
    names = [labels.get(account) or None for account in ids]
    names = [None if name == account else name for name, account in zip(names, ids, strict=True)]
    return accounts.append_column("name", pa.array(names, pa.string()))


def _note(sink: Sink, graph: GraphXml, alone: int) -> None:
    """Say what was done with what an act has no place for."""
    notes = (
        ("edges without direction", graph.undirected,
         "each is an act in both directions, so sums of acts count it twice"),
        ("edges of several instants", graph.several, "the first is the time of the act"),
        ("edges from a start to an end", graph.lasting, "the start is the time of the act"),
        ("times that are numbers and no unix times", graph.steps, "years or steps, left out"),
        ("nodes without an edge", alone, "they are not in the graph"),
    )  # fmt: skip
    for what, count, done in notes:
        if count:
            sink.note(f"{what}: {count:,}; {done}")
    if graph.graphs > 1:
        sink.note(f"graphs in the file: {graph.graphs:,}; their edges are taken together")
    if not sink.read:
        sink.note("the graph has no edges")


LOADER = Loader(
    name="graph_file",
    description="GEXF and GraphML: one act an edge, with weight and time where there are",
    sniff=sniff,
    read=read,
)
