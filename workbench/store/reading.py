"""Reading a graph from a Neo4j server as columns: some accounts at a time, in bounded memory.

A driver spends most of its time on making one object a row. So the server collects the columns of
some thousand rows, and sends each such piece as one row; neither side ever holds them all.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import StoreError
from workbench.store.projection import arrow_schema
from workbench.store.schema import AS_KNOWN, NODES, RELATIONSHIPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.store.bolt import Bolt
    from workbench.store.graphs import Question

__all__ = ["answer", "bounds", "table"]

#: Rows that a piece should have.
PIECE = 20_000
#: Accounts that are looked at for one bound.
_SAMPLE = 50
_TYPES = {
    **dict.fromkeys(("source", "target", "account", "object", "post"), pa.string()),
    **dict.fromkeys(("first_ms", "last_ms", "created_ms"), pa.int64()),
    "weight": pa.float64(),
}
#: Stands for a missing time where the server collects, which leaves missing values out.
_NO_TIME = 1 - 2**63


def bounds(accounts: pa.ChunkedArray, *, rows: int) -> list[str]:
    """Return the ids that cut the accounts into pieces of about `PIECE` of `rows`, in order.

    Only ids in ASCII, which every server orders alike, so that no piece overlaps another.
    """
    pieces = rows // PIECE
    plain = accounts.filter(pc.string_is_ascii(accounts))
    if pieces < 2 or len(plain) < pieces:
        return []
    sample = plain.take(pa.array(range(0, len(plain), max(1, len(plain) // (pieces * _SAMPLE)))))
    ordered = sorted(set(sample.to_pylist()))
    step = max(1, len(ordered) // pieces)
    return ordered[step::step]


def answer(bolt: Bolt, question: Question, *, cuts: Sequence[str] = ()) -> pa.Table:
    """Return the rows of a question, in no particular order.

    Parameters
    ----------
    cuts
        Where the accounts are cut into pieces, from ``bounds``.

    Raises
    ------
    StoreError
        The server fails, or a value is missing that must not be.
    """
    pieces = []
    edges = ["", *cuts]
    within = (
        "UNWIND $ranges AS cut CALL (cut) { MATCH (a:Account) "
        "WHERE a.account_id >= cut[0] AND a.account_id < cut[1]"
    )
    beyond = "CALL () { MATCH (a:Account) WHERE a.account_id >= $low"
    ranges = [list(pair) for pair in pairwise(edges)]
    asked: list[tuple[str, dict[str, Any]]] = [(beyond, {"low": edges[-1]})]
    if ranges:
        asked.append((within, {"ranges": ranges}))
    for start, given in asked:
        text = f"{start} {question.matched()} {_collected(question)}"
        pieces += [
            _piece(question, values)
            for values in bolt.stream(text, {**question.parameters, **given})
        ]
    return pa.concat_tables(pieces)


def table(bolt: Bolt, name: str, *, study: str) -> pa.Table:
    """Return the rows of a label or type that a study brought, as it knows them.

    Raises
    ------
    StoreError
        The server fails.
    """
    schema = arrow_schema(name)
    wide = [pa.int64() if pa.types.is_timestamp(field.type) else field.type for field in schema]
    pieces: list[pa.Table] = [schema.empty_table()]
    rows: list[list[Any]] = []

    def piece() -> pa.Table:
        columns = zip(*rows, strict=True)
        arrays = [pa.array(c, type_) for c, type_ in zip(columns, wide, strict=True)]
        arrays = [
            array.cast(pa.timestamp("ms")).cast(field.type) if array.type != field.type else array
            for array, field in zip(arrays, schema, strict=True)
        ]
        return pa.table(arrays, schema=schema)

    for values in bolt.stream(_rows_of(name), {"study": study}, fetch=PIECE // 10):
        rows.append(values)
        if len(rows) == PIECE:
            pieces.append(piece())
            rows.clear()
    if rows:
        pieces.append(piece())
    return pa.concat_tables(pieces)


def _rows_of(name: str) -> str:
    """Return the query of the rows of a label or type that a study brought."""
    if name not in NODES:
        kind = RELATIONSHIPS[name]
        columns = [f"a.{NODES[kind.source].key}", f"b.{NODES[kind.target].key}"]
        columns += [f"r.{key}" for key in kind.properties]
        pattern = f"(a:{kind.source})-[r:{name}]->(b:{kind.target})"
        return f"MATCH {pattern} WHERE r.study = $study RETURN {', '.join(columns)}"
    values = {key: f"n.{key}" for key in NODES[name].properties}
    for key, type_ in NODES[name].properties.items():
        if type_ == "time":
            values[key] = f"n.{key}.epochMillis"
    own = ""
    if name == "Post":
        own = " OPTIONAL MATCH ()-[w:POSTED]->(n) WHERE w.study = $study"
        for key in AS_KNOWN:
            values[key] = f"CASE WHEN w IS NULL THEN n.{key} ELSE w.{key} END"
    return f"MATCH (n:{name}) WHERE $study IN n.studies{own} RETURN {', '.join(values.values())}"


def _collected(question: Question) -> str:
    names = list(question.columns)
    once = "DISTINCT " if question.distinct else ""
    each = ", ".join(f"{value} AS {name}" for name, value in question.columns.items())
    gathered = ", ".join(f"collect({_present(name)}) AS {name}" for name in names)
    return f"WITH {once}{each} RETURN {gathered} }} RETURN {', '.join(names)}"


def _present(name: str) -> str:
    return f"coalesce({name}, {_NO_TIME})" if name.endswith("_ms") else name


def _piece(question: Question, values: Sequence[Any]) -> pa.Table:
    columns = {}
    for name, given in zip(question.columns, values, strict=True):
        column = pa.array(given, _TYPES[name])
        if name.endswith("_ms"):
            column = pc.if_else(pc.equal(column, _NO_TIME), None, column)
        columns[name] = column
    if len({len(column) for column in columns.values()}) > 1:
        raise StoreError(
            "values are missing in the database",
            value=", ".join(columns),
            remedy="somebody changed it: push the study again",
        )
    return pa.table(columns)
