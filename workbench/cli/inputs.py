"""The graph a command works on: from a study, a store or an edge file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, NotFoundError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.model import InteractionGraph, Partition
    from workbench.store.protocol import GraphStore
    from workbench.studies.study import Study

__all__ = [
    "GraphInput",
    "both_ways",
    "listed",
    "read_graph",
    "read_partition",
    "study_meant",
    "summary",
    "told",
    "write_back",
]


@dataclass(frozen=True)
class GraphInput:
    """A graph, and where it came from."""

    graph: InteractionGraph
    study: Study | None = None
    store: str | None = None

    @property
    def searched_for(self) -> Study | None:
        """The study whose people an output must not show, as ``study_meant`` tells it."""
        return self.study or study_meant(None, self.store)


def read_graph(
    kind: str,
    *,
    study: Path | None = None,
    store: str | None = None,
    edges: str | None = None,
    all_studies: bool = False,
    **filters: Any,
) -> GraphInput:
    """Return the graph that the options ask for.

    With a study and a server, the study says which of those on the server is meant.

    Raises
    ------
    UsageError
        Not exactly one of study, store and edges; a filter that an edge file cannot answer; or all
        studies of what is no server.
    """
    from workbench.model.kinds import graph_kind

    graph_kind(kind)
    given = [name for name, v in (("--study", study), ("--store", store), ("--edges", edges)) if v]
    on_server = store is not None and "://" in store
    if len(given) != 1 and not (on_server and edges is None):
        raise UsageError(
            "name one source of the graph",
            value=" and ".join(given) or None,
            allowed="one of --study DIR, --store URI, --edges FILE",
        )
    if all_studies and (not on_server or study is not None):
        raise UsageError(
            "only a server has several studies", allowed="--store neo4j://… --all-studies"
        )
    if isinstance(filters.get("accounts"), Path):
        filters["accounts"] = listed(filters["accounts"])
    if edges is not None:
        return GraphInput(_from_edges(kind, edges, **filters))
    from workbench.studies.study import Study

    if store is not None:
        with opened_store(study, store, every=all_studies) as opened:
            meant = None if study is None else Study.open(study)
            return GraphInput(opened.graph(kind, **filters), study=meant, store=store)
    from workbench.graphs import graph

    found = Study.open(study or Path())
    return GraphInput(graph(found.corpus(), kind, **filters), study=found)


def read_partition(graph: InteractionGraph, file: Path) -> Partition:
    """Return the sides in a ``node,side`` file.

    Raises
    ------
    InputError
        The file cannot be read, or none of its accounts is in the graph.
    """
    from workbench.loaders.edge_files import read_sides
    from workbench.model import Partition

    rows = read_sides(file)
    sides = dict(zip(rows.column(0).to_pylist(), rows.column(1).to_pylist(), strict=True))
    partition = Partition.from_mapping(graph, sides)
    if partition.unlabelled == graph.nodes:
        raise InputError(
            "no account of the sides is in the graph",
            value=f"{file}: {next(iter(sides), None)}",
            allowed=f"ids such as {graph.ids[0]}" if graph.nodes else None,
        )
    return partition


def summary(graph: InteractionGraph) -> dict[str, Any]:
    """Return the JSON object of ``workbench graph``."""
    from workbench.model.filters import iso

    return {
        "kind": graph.kind,
        "nodes": graph.nodes,
        "edges": graph.edges,
        "weight": graph.total_weight,
        "self_loops": graph.self_loops,
        "self_loop_weight": graph.self_loop_weight,
        "first": None if graph.first_ms is None else iso(graph.first_ms),
        "last": None if graph.last_ms is None else iso(graph.last_ms),
        "fingerprint": graph.fingerprint,
        "choices": {**graph.choices, "directed": graph.directed},
    }


def told(graph: InteractionGraph, about: dict[str, Any]) -> dict[str, Any]:
    """Return what a result says about its graph, with the graph's name and the filters' choices."""
    whole = summary(graph)
    return {**about, **{name: whole[name] for name in ("kind", "fingerprint", "choices")}}


def write_back(source: GraphInput, *results: Any, to: str | None, name: str) -> str:
    """Write results back to a store and return the run's id.

    Raises
    ------
    UsageError
        The graph came from an edge file and no store was named.
    """
    from workbench.model import Partition
    from workbench.store import connect
    from workbench.store.secret import typed

    uri: Any = to or source.store
    if uri is None and source.study is not None:
        uri = source.study.graph_folder
    if uri is None:
        raise UsageError("there is no store to write back to", allowed="--to URI with --edges")
    told = _named_graph(source)
    results = tuple(
        replace(r, parameters={**r.parameters, "graph": told}) if isinstance(r, Partition) else r
        for r in results
    )
    store = connect(uri, study=None if source.study is None else source.study.id, secret=typed)
    try:
        return store.annotate(*results, name=name)
    finally:
        store.close()


def _named_graph(source: GraphInput) -> str:
    """Return which graph communities are of: its kind and, of a part, the names of its filters.

    Queries of the library that look at all retweets of a store leave out runs of other graphs. The
    largest component is no part in this sense: nothing leads out of it.
    """
    graph = source.graph
    if source.study is None and source.store is None:
        return f"{graph.kind}, of a file"
    neutral = {"unresolved", "largest_component", "outside_component"}
    return ", ".join([graph.kind, *sorted(set(graph.choices) - neutral)])


@contextmanager
def opened_store(
    study: Path | None, store: str | None, *, every: bool = False
) -> Iterator[GraphStore]:
    """Open the store of a study, or the one named, for the length of a block.

    With both, the study says which of those on a server is meant; `every` means all of them.

    Raises
    ------
    UsageError
        Neither, or both where the store is a folder.
    """
    from workbench.store import connect
    from workbench.store.secret import typed
    from workbench.studies.study import Study

    if (study is None and store is None) or (study and store and "://" not in store):
        raise UsageError("name one store", allowed="one of --study DIR and --store URI")
    meant = None if study is None else Study.open(study)
    uri: Any = store or (meant and meant.graph_folder)
    name = None if meant is None else meant.id
    opened = connect(uri, study="*" if every else name, secret=typed)
    try:
        yield opened
    finally:
        opened.close()


def study_meant(study: Path | None, store: str | None) -> Study | None:
    """Return the study whose data is asked for: the one named, or the one in whose folder it lies.

    None for a store that lies elsewhere: neither a folder nor a server says whose data it holds.
    """
    from workbench.studies.study import Study

    if study is not None:
        return Study.open(study)
    if store is None or "://" in store:
        return None
    folder = Path(store).resolve()
    try:
        found = Study.open(folder.parent)
    except NotFoundError:
        return None
    return found if found.graph_folder == folder else None


def listed(file: Path) -> list[str]:
    """Return the accounts of a file, one a line.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot read the list of accounts", value=str(file)) from error
    return [line.strip() for line in lines if line.strip()]


def both_ways(rows: pa.Table) -> pa.Table:
    """Return the rows of a graph without direction, which name a pair once, in both directions."""
    import pyarrow as pa
    import pyarrow.compute as pc

    proper = rows.filter(pc.not_equal(rows.column("source"), rows.column("target")))
    turned = {"source": "target", "target": "source"}
    names = [turned.get(name, name) for name in proper.column_names]
    return pa.concat_tables([rows, proper.rename_columns(names).select(rows.column_names)])


def _from_edges(kind: str, file: str, **filters: Any) -> InteractionGraph:
    """Return the graph of an edge file under the filters that it can answer."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from workbench.loaders.edge_files import UNDIRECTED, read_edges
    from workbench.model import InteractionGraph
    from workbench.model.backbone import whole_graph_filters
    from workbench.model.filters import Filters
    from workbench.model.kinds import graph_kind

    refused = sorted(set(filters) & {"lang", "hashtag", "text", "origin", "max_accounts"})
    if refused:
        raise UsageError(
            "an edge file has no posts to choose by", value=f"--{refused[0].replace('_', '-')}"
        )
    whole = {
        name: filters.pop(name) for name in ("backbone", "largest_component") if name in filters
    }
    chosen = Filters.parse(**filters)
    name = graph_kind(kind).name
    rows = read_edges(file, kind=name)
    two_way = int((rows.schema.metadata or {}).get(UNDIRECTED, 0))
    rows = rows.replace_schema_metadata(None)
    if chosen.windowed:
        times = rows.column("created_ms")
        if times.null_count == len(times):
            raise InputError("this edge file has no times to cut a window from", value=file)
        inside = pc.is_valid(times)
        if chosen.since_ms is not None:
            inside = pc.and_(inside, pc.greater_equal(times, chosen.since_ms))
        if chosen.until_ms is not None:
            inside = pc.and_(inside, pc.less(times, chosen.until_ms))
        rows = rows.filter(inside)
    if chosen.accounts is not None:
        listed = pa.array(chosen.accounts, pa.string())
        ends = [pc.is_in(rows.column(end), value_set=listed) for end in ("source", "target")]
        rows = rows.filter(pc.or_(*ends))
    span = pc.min_max(rows.column("created_ms"))
    if not graph_kind(kind).directed:
        rows = both_ways(rows)
    made = InteractionGraph.from_edges(
        rows.column("source").combine_chunks(),
        rows.column("target").combine_chunks(),
        rows.column("weight").to_numpy(),
        kind=name,
        window=chosen.window,
        choices={**chosen.choices(), **({"undirected_edges": two_way} if two_way else {})},
    )
    made = replace(made, first_ms=span["min"].as_py(), last_ms=span["max"].as_py())
    acts = rows.select(["source", "target"])
    for name in ("first_ms", "last_ms"):
        acts = acts.append_column(name, rows.column("created_ms"))
    return whole_graph_filters(made, chosen, acts=acts, **whole)
