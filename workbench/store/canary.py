"""Small queries with known answers: an engine that fails them cannot be trusted with numbers.

Found by comparing random queries with DuckDB: releases of the embedded engine from 0.19 on drop or
duplicate rows without an error. 0.18.3 fails none of these; its two own faults (parallel
relationships in closed patterns, a DISTINCT aggregate before a plain one) are kept out by the
schema and by the guard.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from workbench.errors import StoreError
from workbench.rng import generator

__all__ = ["check", "failures"]

_NODES, _EDGES = 300, 1200


@cache
def failures() -> tuple[str, ...]:
    """Return what the installed engine answers wrongly; empty when it can be trusted."""
    import ladybug
    import pyarrow as pa

    value, edges = _world()
    database = ladybug.Database(":memory:", buffer_pool_size=1 << 27, max_num_threads=2)
    connection = ladybug.Connection(database)

    def ask(text: str) -> list[Any]:
        result: Any = connection.execute(text)
        return list(result.get_all())

    connection.execute("CREATE NODE TABLE A(id INT64 PRIMARY KEY, f INT64)")
    connection.execute("CREATE REL TABLE R(FROM A TO A, w INT64)")
    nodes = pa.table({"id": list(value), "f": list(value.values())})
    ends = list(edges)
    rows = pa.table(
        {"s": [e[0] for e in ends], "d": [e[1] for e in ends], "w": list(edges.values())}
    )
    connection.execute("COPY A FROM $rows", {"rows": nodes})
    connection.execute("COPY R FROM $rows", {"rows": rows})
    wrong = []
    plain_first = ask("MATCH (a:A) RETURN a.f % 5 AS k, sum(a.id) AS y, count(DISTINCT a.id) AS x")
    if sum(row[1] or 0 for row in plain_first) != sum(value):
        wrong.append("a plain aggregate beside a distinct one")
    top = ask("MATCH (a:A) WITH a ORDER BY a.id DESC LIMIT 2 RETURN collect(a.id)")[0][0]
    if sorted(top) != [_NODES - 1, _NODES]:
        wrong.append("an aggregate over the first rows of an order")
    if any(
        _hops(ask, value, edges, *bounds) for bounds in ((2, 191), (1, 191), (2, 300), (3, 100))
    ):
        wrong.append("a filter on two hops")
    connection.close()
    database.close()
    return tuple(wrong)


def check() -> None:
    """Refuse to work with an engine that gives wrong answers.

    Raises
    ------
    StoreError
        The installed engine fails the canary.
    """
    wrong = failures()
    if wrong:
        import ladybug

        raise StoreError(
            "the installed graph engine gives wrong numbers",
            value=f"ladybug {ladybug.__version__}: {'; '.join(wrong)}",
            remedy="pip install 'ladybug==0.18.3'",
        )


def _world() -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """Return node values and weighted edges with a heavy-tailed audience."""
    rng = generator(3, "canary")
    value = {i: int(rng.integers(0, 501)) for i in range(1, _NODES + 1)}
    edges: dict[tuple[int, int], int] = {}
    while len(edges) < _EDGES:
        target = min(_NODES, int(rng.pareto(0.6)) + 1)
        pair = (int(rng.integers(1, _NODES + 1)), target)
        if pair[0] != pair[1]:
            edges[pair] = int(rng.integers(1, 5))
    return value, edges


def _hops(
    ask: Any, value: dict[int, int], edges: dict[tuple[int, int], int], weight: int, least: int
) -> bool:
    """Return whether a two-hop count under a filter is wrong."""
    out = np.bincount([a for a, _ in edges], minlength=_NODES + 1)
    expected = sum(int(out[b]) for (a, b), w in edges.items() if w > weight and value[a] > least)
    counted = ask(
        f"MATCH (a:A)-[r:R]->(b:A)-[s:R]->(c:A) WHERE r.w > {weight} AND a.f > {least} "
        "RETURN count(*)"
    )
    return bool(counted[0][0] != expected)
