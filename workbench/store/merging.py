"""Rows of labels and types into a Neo4j server: batches, and writers that share no node.

Statements are made from the schema alone; values travel as parameters. What a study brings for the
first time is created; after a push that was cut off, statements look for what is there already, so
the next push heals it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import StoreError
from workbench.store.parameters import Parameters
from workbench.store.schema import AS_KNOWN, KEY_BYTES, NODES, RELATIONSHIPS, Node, Relationship
from workbench.store.studies import taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from workbench.store.bolt import Bolt
    from workbench.store.studies import Turn

__all__ = [
    "batches",
    "merge",
    "merge_statement",
    "result_statement",
]

BATCH = 10_000
#: Fewer rows than this are not worth a second writer.
_ONE_WRITER = 2 * BATCH
#: So many rows are divided into blocks at a time, which needs memory for a copy of their ends.
_TOGETHER = 1 << 19
#: Into so many blocks the ends of relationships are divided; two writers share no block.
_BLOCKS = 4
#: Of a type that can join one pair several times, the properties that tell its relationships apart.
_APART = {"ADDRESSES": ("kind",)}
#: Two studies know two texts of one post.
_DIFFERS = (
    "n.text_differs = CASE WHEN n.text_differs OR "
    "(any(s IN coalesce(n.studies, []) WHERE s IN $others) "
    "AND coalesce(n.text, '') <> coalesce({text}, '')) THEN true END"
)
#: Whoever writes without its turn writes nothing.
_TURN = "MATCH (s:Study) WHERE s.study = $study AND s.token = $token "
_STUDIES = (
    "CASE WHEN n.studies IS NULL THEN [$study] WHEN $study IN n.studies THEN n.studies "
    "ELSE n.studies + $study END"
)


def merge_statement(name: str, given: Parameters, *, stubs: bool = False, new: bool = False) -> str:
    """Return the statement that merges a batch of `given` rows, and counts them.

    A node that studies share keeps what one of them does not know. `stubs` are posts known by
    their id only: they never overwrite what is known. What is `new` is created, not looked for.
    """
    rows = f"{_TURN}{given.opening}"
    if name in NODES:
        merged = _create_node if new else _merge_stub if stubs else _merge_node
        return f"{rows}{merged(NODES[name], given)} RETURN count(*)"
    kind = RELATIONSHIPS[name]
    values = {key: given.value(key) for key in _properties(kind)}
    if new:
        told = ", ".join(["study: $study", *(f"{k}: {value}" for k, value in values.items())])
        return f"{rows}{_ends(kind, given)}CREATE (a)-[:{name} {{{told}}}]->(b) RETURN count(*)"
    apart = "".join(f", {key}: {values.pop(key)}" for key in _APART.get(name, ()))
    sets = ", ".join(f"r.{key} = {value}" for key, value in values.items())
    return (
        f"{rows}{_ends(kind, given)}MERGE (a)-[r:{name} {{study: $study{apart}}}]->(b) "
        f"{f'SET {sets} ' if sets else ''}RETURN count(*)"
    )


def _create_node(node: Node, given: Parameters) -> str:
    values = ", ".join(f"{key}: {_given(node, key, given)}" for key in node.properties)
    return f"CREATE (:{node.label} {{{values}, studies: [$study]}})"


def _merge_node(node: Node, given: Parameters) -> str:
    """Return the clauses that overwrite what a node knows by what a row knows."""
    return _merged(
        node, given, [f"n.{k} = coalesce({_given(node, k, given)}, n.{k})" for k in _others(node)]
    )


def _merge_stub(node: Node, given: Parameters) -> str:
    """Return the clauses that add what a node does not know."""
    return _merged(
        node, given, [f"n.{k} = coalesce(n.{k}, {_given(node, k, given)})" for k in _others(node)]
    )


def _merged(node: Node, given: Parameters, sets: list[str]) -> str:
    differs = [_DIFFERS.format(text=given.value("text"))] if node.label == "Post" else []
    assigned = ", ".join([*differs, *sets, f"n.studies = {_STUDIES}"])
    return f"MERGE (n:{node.label} {{{node.key}: {given.value(node.key)}}}) SET {assigned}"


def _others(node: Node) -> list[str]:
    return [key for key in node.properties if key != node.key]


def _ends(kind: Relationship, given: Parameters) -> str:
    source, target = NODES[kind.source].key, NODES[kind.target].key
    return (
        f"MATCH (a:{kind.source} {{{source}: {given.value('source')}}}) "
        f"MATCH (b:{kind.target} {{{target}: {given.value('target')}}}) "
    )


def _given(node: Node, key: str, given: Parameters) -> str:
    """Return the expression of a given value."""
    value = given.value(key)
    if node.properties[key] == "time":
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE datetime({{epochMillis: {value}}}) END"
    return value


def merge(
    bolt: Bolt, name: str, rows: pa.Table, *, turn: Turn, done: Callable[[int], None]
) -> None:
    """Merge rows of one label or type, and tell `done` how many are written.

    Raises
    ------
    StoreError
        An end of a relationship is not there, a key is too long, it is somebody else's turn, or
        the server fails.
    """
    if name in NODES:
        _check_keys(name, rows)
    slices = (rows.slice(at, _TOGETHER) for at in range(0, max(1, rows.num_rows), _TOGETHER))
    for group in chain.from_iterable(_rounds(name, part) for part in slices):
        with ThreadPoolExecutor(len(group)) as pool:
            written = [
                pool.submit(_write, bolt, name, part, turn=turn, stubs=stubs, done=done)
                for part, stubs in group
            ]
            for each in written:
                each.result()


def batches(table: pa.Table) -> list[dict[str, Any]]:
    """Return the rows of a result in batches of columns."""
    return [table.slice(at, BATCH).to_pydict() for at in range(0, max(1, len(table)), BATCH)]


def result_statement(name: str) -> str:
    """Return the statement that creates rows of a result."""
    if name in NODES:
        keys = list(NODES[name].properties)
        first = keys[0]
        values = ", ".join(f"{key}: ${key}[i]" for key in keys)
        return (
            f"UNWIND range(0, size(${first}) - 1) AS i CREATE (:{name} {{{values}, study: $study}})"
        )
    kind = RELATIONSHIPS[name]
    values = "".join(f", {key}: ${key}[i]" for key in kind.properties)
    return (
        "UNWIND range(0, size($source) - 1) AS i "
        f"MATCH (a:{kind.source} {{{NODES[kind.source].key}: $source[i]}}) "
        f"MATCH (b:{kind.target} {{{NODES[kind.target].key}: $target[i]}}) "
        f"CREATE (a)-[:{name} {{study: $study{values}}}]->(b)"
    )


def _write(
    bolt: Bolt, name: str, rows: pa.Table, *, turn: Turn, stubs: bool, done: Callable[[int], None]
) -> None:
    new = turn.new_nodes if name in NODES else turn.new_relationships
    given = Parameters(rows)
    statement = merge_statement(name, given, stubs=stubs, new=new)
    common: dict[str, Any] = {"study": turn.study, "token": turn.token}
    if name == "Post" and not new:
        common["others"] = list(turn.others)
    for count, values in given.batches(BATCH):
        counted = bolt.batch(statement, {**common, **values})
        if not counted:
            raise taken(turn.study)
        if counted != count:
            raise StoreError(
                f"{name} lost rows on the way",
                value=f"{counted:,} of {count:,} are there",
                remedy="push again; if it stays, report this with the load report",
            )
        done(count)


def _properties(kind: Relationship) -> list[str]:
    return [*kind.properties, *(AS_KNOWN if kind.type == "POSTED" else [])]


def _check_keys(name: str, rows: pa.Table) -> None:
    key = NODES[name].key
    longest = pc.max(pc.binary_length(rows.column(key))).as_py() or 0
    if longest > KEY_BYTES:
        raise StoreError(
            f"{key} is too long for an index of the server",
            value=f"{longest:,} bytes",
            allowed=f"{KEY_BYTES:,} bytes",
            remedy="use the embedded store for this corpus",
        )


def _rounds(name: str, rows: pa.Table) -> Iterator[list[tuple[pa.Table, bool]]]:
    """Yield groups of rows; those of one group can be written at the same time."""
    if name == "Post":
        stub = pc.fill_null(pc.equal(rows.column("availability"), "stub"), fill_value=False)
        for part, stubs in ((rows.filter(pc.invert(stub)), False), (rows.filter(stub), True)):
            yield [(half, stubs) for half in _halves(part)]
        return
    if name in NODES:
        yield [(half, False) for half in _halves(rows)]
        return
    if rows.num_rows < _ONE_WRITER:
        yield [(rows, False)]
        return
    source, target = _blocks(name, rows)
    for pairs in _schedule(same=RELATIONSHIPS[name].source == RELATIONSHIPS[name].target):
        group = []
        for cells in pairs:
            chosen = np.zeros(rows.num_rows, np.bool_)
            for one, other in cells:
                chosen |= (source == one) & (target == other)
            group.append((rows.filter(pa.array(chosen)), False))
        yield group


def _halves(rows: pa.Table) -> list[pa.Table]:
    if rows.num_rows < _ONE_WRITER:
        return [rows]
    middle = rows.num_rows // 2
    return [rows.slice(0, middle), rows.slice(middle)]


def _blocks(name: str, rows: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the block of both ends of each row; one node is in one block."""
    kind = RELATIONSHIPS[name]
    source, target = (rows.column(end).combine_chunks() for end in ("source", "target"))
    if kind.source == kind.target:
        codes = pa.concat_arrays([source, target]).dictionary_encode().indices.to_numpy()
        return codes[: len(source)] % _BLOCKS, codes[len(source) :] % _BLOCKS
    return tuple(ends.dictionary_encode().indices.to_numpy() % _BLOCKS for ends in (source, target))


def _schedule(*, same: bool) -> list[list[list[tuple[int, int]]]]:
    """Return rounds of two sets of blocks (source, target) that have no node in common.

    Where both ends have one label, a block of sources is one of targets as well.
    """
    blocks = range(_BLOCKS)
    if not same:
        half = _BLOCKS // 2
        turns = [[(i, (i + k) % _BLOCKS) for i in blocks] for k in blocks]
        return [[turn[:half], turn[half:]] for turn in turns]
    rounds = [[[(0, 0), (1, 1)], [(2, 2), (3, 3)]]]
    for one, other in combinations(blocks, 2):
        if one != 0:
            break
        rest = [b for b in blocks if b not in {one, other}]
        rounds.append([_both(one, other), _both(*rest)])
    return rounds


def _both(one: int, other: int) -> list[tuple[int, int]]:
    return [(one, other), (other, one)]
