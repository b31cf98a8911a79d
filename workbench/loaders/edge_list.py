"""Edge lists: one act, or one sum of acts, a line, from the one who acts to the one acted upon.

Read are

- SNAP activity, ``A B time RT|MT|RE``: retweets, mentions and replies with unix time;
- ``A B``, ``A B weight`` and ``A B weight time``;
- tables with a header that names ``source, target`` (or ``from, to``; ``u, v``), ``weight``
  (``w``), ``time``, in any order.

The separator (comma, tab, semicolon, blanks) is sniffed. The first row is a header if and only if
its cells are among the known names, or its third cell is not a number. Lines that begin with ``#``
or ``%`` are comments. Ids are text and stay as they are, but for the apostrophe of
an exported CSV (``model.cells``); no platform is named, and no post: equal
rows are separate acts. A weight that is not given is 1. A time is a unix time, ISO 8601, or a date
of the years 1990 to 2099 without separators (``20171001``, ``201710011200``, ``20171001120000``).
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError
from workbench.loaders.base import Loader
from workbench.loaders.edge_acts import Accounts, interactions
from workbench.loaders.edge_rows import (
    ACTS,
    Fault,
    Layout,
    column_meaning,
    is_comment,
    layout_of,
    parse_line,
    parse_rows,
)
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = ["LOADER", "read", "sniff"]

_BLOCK = 4 << 20
_COMPARED = 10_000_000  # rows of an activity file that are compared with each other


def sniff(head: Head) -> float:
    """Return how surely the head is that of an edge list."""
    layout = layout_of(head)
    if layout is None:
        return 0.0
    if "act" in layout.columns:
        return 0.95
    if layout.header:
        named = set(map(column_meaning, layout.header))
        return 0.9 if {"source", "target"} <= named else 0.3
    lines = [line for line in head.lines() if not is_comment(line)][:1000]
    edges = [cells for cells in map(_edge, lines, repeat(layout)) if cells]
    if len(edges) < 0.9 * len(lines):
        return 0.0
    if len(layout.columns) > 2:
        return 0.6
    # Two words a line are prose as likely as an edge; two numbers are not.
    words = layout.separator == " " and not all(row["source"].isdecimal() for row in edges)
    return 0.4 if words else 0.55


def _edge(line: bytes, layout: Layout) -> dict[str, str] | None:
    try:
        return parse_line(line, layout)
    except ValueError:
        return None


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read an edge list: one interaction a row, and the accounts at its ends."""
    layout = layout_of(source.head())
    if layout is None:
        raise InputError(
            "not an edge list",
            value=source.path,
            allowed="source,target[,weight[,time]] or SNAP activity A B time RT|MT|RE",
        )
    kind = options.kind or "share"
    if "act" not in layout.columns and options.kind is None:
        sink.note(
            "an edge list does not say what its edges are: taken as shares (retweets); "
            "another kind is given with kind= or --kind"
        )
    for graph in GRAPHS.values():
        if graph.family != "interaction":
            sink.refuse(graph.name, "an edge list names accounts only, no posts and no objects")
    accounts, coincidences = Accounts(), _Coincidences()
    for part in parse_rows(source.blocks(_BLOCK), layout):
        if isinstance(part, int):
            sink.checkpoint(part)
        elif isinstance(part, Fault):
            sink.reject(
                line=part.number,
                byte_offset=part.byte_offset,
                data=part.data,
                reason=part.reason,
            )
        else:
            first = sink.records(part.num_rows)
            records = pa.array(np.arange(first, first + part.num_rows), pa.int64())
            sink.write("interactions", interactions(part, records, kind))
            sink.write("accounts", accounts.new(part, records))
            if "act" in layout.columns:
                coincidences.add(part)
    for note in coincidences.notes():
        sink.note(note)


#: Odd multipliers that spread the bits of accounts and times over a 64-bit hash of an act.
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


class _Coincidences:
    """Counts acts of an activity file that recur as acts of another kind.

    A reply begins with the name of the author it answers, a retweet with "RT @name": in SNAP
    activity both are rows of their own and mention rows as well, so the kinds must not be added up.
    """

    def __init__(self) -> None:
        self._acts: dict[str, list[NDArray[np.uint64]]] = {kind: [] for kind in ACTS.values()}
        self._rows = 0

    def add(self, edges: pa.Table) -> None:
        """Take the rows of a batch, as a hash of accounts and time for each kind."""
        self._rows += edges.num_rows
        if self._rows > _COMPARED:
            return
        ends = [_numbers(edges.column(name)) for name in ("source", "target")]
        times = edges.column("us").fill_null(-1).to_numpy().view(np.uint64)
        acts = (ends[0] * _MIX[0]) ^ (ends[1] * _MIX[1] + times * _MIX[2])
        for kind, hashes in self._acts.items():
            hashes.append(acts[pc.equal(edges.column("act"), kind).to_numpy()])

    def notes(self) -> list[str]:
        """Return a sentence for each pair of kinds that coincides."""
        acts = {kind: np.concatenate(hashes) for kind, hashes in self._acts.items() if hashes}
        some = "" if self._rows <= _COMPARED else f" (of the first {_COMPARED:,} rows)"
        notes = []
        for kind, other in (("reply", "mention"), ("mention", "share")):
            if len(acts.get(kind, ())) and len(acts.get(other, ())):
                count = _also_in(acts[kind], acts[other])
                if count:
                    notes.append(
                        f"{count:,} of {len(acts[kind]):,} {kind} rows equal a {other} row in "
                        f"accounts and time{some}: they are kept, so the kinds overlap and must "
                        "not be added up"
                    )
        return notes


def _also_in(values: NDArray[np.uint64], others: NDArray[np.uint64]) -> int:
    """Return how many of `values` are among `others` (both not empty)."""
    values, others = np.sort(values), np.sort(others)
    places = np.minimum(np.searchsorted(others, values), len(others) - 1)
    return int(np.count_nonzero(others[places] == values))


def _numbers(ids: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Return a number for each id: itself, or a hash of a text."""
    try:
        numbers: NDArray[np.int64] = pc.cast(ids, pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        texts = ids.to_pylist()
        values = (int(x) if x.isdecimal() and len(x) < 19 else hash(x) for x in texts)
        numbers = np.fromiter(values, np.int64, len(texts))
    return numbers.view(np.uint64)


LOADER = Loader(
    name="edge_list",
    description="edges a line: SNAP activity A B time RT|MT|RE, or source,target[,weight[,time]]",
    sniff=sniff,
    read=read,
)
