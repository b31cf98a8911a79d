"""Rows of edges as rows of the corpus: an act each, and the accounts at its ends."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Accounts", "interactions"]

_SEEN = 1 << 19  # accounts remembered, so that most are written once


def interactions(edges: pa.Table, records: pa.Array, kind: str) -> pa.Table:
    """Return the acts of edges, as ``edge_rows.parse_rows`` gives them.

    Parameters
    ----------
    records
        Number of the record of each row.
    kind
        Of the acts whose row does not say it.
    """
    us = edges.column("us")
    rows = edges.num_rows
    return pa.table(
        {
            "kind": pc.coalesce(edges.column("act"), kind),
            "actor_id": edges.column("source"),
            "target_id": edges.column("target"),
            "created_at": pc.cast(us, pa.timestamp("us", tz="UTC")),
            "created_ms": pc.divide(us, 1000),
            "created_precision": edges.column("precision"),
            "origin": pa.repeat("authored", rows),
            "resolved_by": pa.repeat("id_field", rows),
            "weight": edges.column("weight"),
            "record": records,
        }
    )


class Accounts:
    """Remembers which accounts have been written; with too many it writes some of them again."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {"author": set(), "mentioned": set()}

    def new(self, edges: pa.Table, records: pa.Array) -> pa.Table:
        """Return a row for each account that acts, or is acted upon, for the first time."""
        tables = []
        for role, column in (("author", "source"), ("mentioned", "target")):
            codes = edges.column(column).combine_chunks().dictionary_encode()
            first = np.empty(len(codes.dictionary), np.int64)
            # Backwards, so that of several rows the first one stays.
            first[codes.indices.to_numpy()[::-1]] = np.arange(edges.num_rows - 1, -1, -1)
            fresh = pa.array(self._remember(role, codes.dictionary.to_pylist()))
            accounts = codes.dictionary.filter(fresh)
            tables.append(
                pa.table(
                    {
                        "account_id": accounts,
                        "seen_as": pa.repeat(role, len(accounts)),
                        "record": records.take(pa.array(first)).filter(fresh),
                    }
                )
            )
        return pa.concat_tables(tables)

    def _remember(self, role: str, accounts: list[str]) -> list[bool]:
        """Return which accounts are new in this role; an author need not be mentioned as well."""
        authors, seen = self._seen["author"], self._seen[role]
        fresh = [account not in seen and account not in authors for account in accounts]
        if len(authors) + len(self._seen["mentioned"]) < _SEEN:
            seen.update(accounts)
        return fresh
