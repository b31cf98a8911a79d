"""Edge lists: one act, or one sum of acts, a line, from the one who acts to the one acted upon.

Read are

- SNAP activity, ``A B time RT|MT|RE``: retweets, mentions and replies with unix time;
- ``A B``, ``A B weight`` and ``A B weight time``;
- tables with a header that names ``source, target`` (or ``from, to``; ``u, v``), ``weight``
  (``w``), ``time``, in any order.

The separator (comma, tab, semicolon, blanks) is sniffed. The first row is a header if and only if
its cells are among the known names, or its third cell is not a number. Lines that begin with ``#``
or ``%`` are comments. Ids are text and stay as they are; no platform is named, and no post: equal
rows are separate acts. A weight that is not given is 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from workbench.errors import InputError
from workbench.loaders.base import Block, Loader
from workbench.loaders.moments import parse_time, parse_times
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = ["LOADER", "Fault", "Layout", "layout_of", "parse_rows"]

_BLOCK = 8 << 20
_SMALL = 64  # lines; below this a faulty block is read line by line
_SEEN = 1 << 20  # accounts remembered, so that most are written once
_COMPARED = 20_000_000  # rows of an activity file that are compared with each other

_ACTS = {"RT": "share", "MT": "mention", "RE": "reply"}
_NAMES = {
    "source": "source",
    "from": "source",
    "u": "source",
    "target": "target",
    "to": "target",
    "v": "target",
    "weight": "weight",
    "w": "weight",
    "time": "time",
}
#: Names that make a first row a header (definitions 1), also those of files of sides.
_HEADER = {*_NAMES, "node", "side", "account", "community"}
_ROUNDED = r"^[+-]?\d+(\.\d*)?[eE]\+?\d+$"


@dataclass(frozen=True)
class Layout:
    """How the rows of one file are cut and what their cells mean.

    Attributes
    ----------
    separator
        ``,``, tab, ``;``, or a blank for any run of blanks and tabs.
    columns
        Meaning of each cell: source, target, weight, time, act, or empty for one that is ignored.
    header
        The cells of the header row; empty when there is none.
    """

    separator: str
    columns: tuple[str, ...]
    header: tuple[str, ...] = ()


def layout_of(head: Head) -> Layout | None:
    """Return how a file with this beginning is laid out, or None if it cannot be an edge list."""
    if not head.text:
        return None
    lines = [line for line in head.lines() if not line.lstrip().startswith((b"#", b"%"))][:1000]
    if not lines or lines[0].lstrip().startswith((b"{", b"[")):
        return None
    separator = _separator(lines)
    first = _cells(lines[0].decode("utf-8", "replace"), separator)
    if len(first) < 2:
        return None
    if not _is_header(first):
        return _positional(lines, separator)
    meanings = tuple(_NAMES.get(name.strip().casefold(), "") for name in first)
    header = tuple(name.strip() for name in first)
    if {"source", "target"} <= set(meanings):
        doubled = {name for name, n in Counter(meanings).items() if n > 1 and name}
        return None if doubled else Layout(separator, meanings, header)
    plain = _positional(lines[1:] or lines, separator)
    return None if plain is None else Layout(separator, plain.columns, header)


def _separator(lines: list[bytes]) -> str:
    """Return the separator that cuts most lines into equally many cells."""
    best, best_share = " ", 0.0
    for separator in ("\t", ";", ",", " "):
        counts = Counter(len(_cells(line.decode("utf-8", "replace"), separator)) for line in lines)
        cells, share = counts.most_common(1)[0]
        if cells > 1 and share / len(lines) > best_share:
            best, best_share = separator, share / len(lines)
    return best


def _cells(text: str, separator: str) -> list[str]:
    if separator == " ":
        return text.split()
    if '"' in text:
        return next(csv.reader([text], delimiter=separator), [])
    return text.split(separator)


def _is_header(cells: list[str]) -> bool:
    names = {cell.strip().casefold() for cell in cells}
    return names <= _HEADER or (len(cells) > 2 and _number(cells[2]) is None)


def _positional(lines: list[bytes], separator: str) -> Layout | None:
    """Return the layout of rows without names: SNAP activity, or source, target, weight, time."""
    rows = [_cells(line.decode("utf-8", "replace"), separator) for line in lines]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if not 2 <= width <= 4:
        return None
    usual = [row for row in rows if len(row) == width]
    acts = sum(row[3].strip() in _ACTS for row in usual) if width == 4 else 0
    if acts > len(usual) / 2:
        return Layout(separator, ("source", "target", "time", "act"))
    return Layout(separator, ("source", "target", "weight", "time")[:width])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


class Fault(NamedTuple):
    """A line that cannot be an edge: where it is, its bytes, and why."""

    number: int
    byte_offset: int
    data: bytes
    reason: str


def parse_rows(blocks: Iterable[Block], layout: Layout) -> Iterator[pa.Table | Fault | int]:
    """Yield the rows of an edge list in file order.

    Well-formed blocks are parsed whole; a block with anything odd is halved until the odd lines
    stand alone, and these are read one by one.

    Returns
    -------
    Iterator
        Tables with the columns source, target, weight, us (microseconds since 1970, null when
        there is no time), precision, act (null when the rows do not say it); a ``Fault`` for each
        line that is no edge; and after each block the byte offset of its end.
    """
    header = bool(layout.header)
    for block in blocks:
        end = block.byte_offset + len(block.data)
        rest: Block | None = block
        while header and rest is not None:
            line, rest = _first_line(rest)
            header = _is_comment(line)
        if rest is not None:
            yield from _parse(rest, layout)
        yield end


def _first_line(block: Block) -> tuple[bytes, Block | None]:
    cut = block.data.find(b"\n") + 1 or len(block.data)
    rest = Block(block.number + 1, block.byte_offset + cut, block.data[cut:])
    return block.data[:cut], rest if rest.data else None


def _is_comment(line: bytes) -> bool:
    return not line.strip() or line.lstrip().startswith((b"#", b"%"))


def _parse(block: Block, layout: Layout) -> Iterator[pa.Table | Fault]:
    lines = block.data.count(b"\n") + (not block.data.endswith(b"\n"))
    table = _parse_whole(block.data, layout, lines)
    if table is not None:
        yield table
    elif lines <= _SMALL:
        yield from _parse_lines(block, layout)
    else:
        cut = block.data.find(b"\n", len(block.data) // 2) + 1
        if not 0 < cut < len(block.data):  # the second half is one long line
            cut = block.data.rfind(b"\n", 0, len(block.data) - 1) + 1
        number = block.number + block.data.count(b"\n", 0, cut)
        yield from _parse(Block(block.number, block.byte_offset, block.data[:cut]), layout)
        yield from _parse(Block(number, block.byte_offset + cut, block.data[cut:]), layout)


def _parse_whole(data: bytes, layout: Layout, lines: int) -> pa.Table | None:
    """Return the rows of a block in which every line is an edge; None if any is not."""
    if data.startswith((b"#", b"%")) or b"\n#" in data or b"\n%" in data:
        return None
    if layout.separator == " ":
        data = re.sub(rb"[ \t]+", b" ", data) if b"  " in data or b"\t" in data else data
        if b" \n" in data or b" \r" in data or b"\n " in data or data.startswith(b" "):
            return None
    names = [name or f"_{i}" for i, name in enumerate(layout.columns)]
    wanted = [name for name in layout.columns if name]
    try:
        cells = pa_csv.read_csv(
            io.BytesIO(data),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=max(len(data), 1)),
            parse_options=pa_csv.ParseOptions(
                delimiter=layout.separator, quote_char=False if layout.separator == " " else '"'
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted
            ),
        )
        return _edges(cells) if cells.num_rows == lines else None
    except (pa.ArrowInvalid, ValueError):
        return None


def _edges(cells: pa.Table) -> pa.Table:
    """Return typed columns.

    Raises
    ------
    ValueError
        A cell is not what its column needs.
    """
    ends = {name: pc.utf8_trim_whitespace(cells.column(name)) for name in ("source", "target")}
    for ids in ends.values():
        if _any(pc.equal(ids, "")):
            raise ValueError("no account")
        digits = pc.all(pc.ascii_is_decimal(ids)).as_py()
        if not digits and _any(pc.match_substring_regex(ids, _ROUNDED)):
            raise ValueError("a rounded id")
    rows = cells.num_rows
    weight, act = pa.repeat(1.0, rows), pa.nulls(rows, pa.string())
    us, precision = pa.nulls(rows, pa.int64()), pa.nulls(rows, pa.string())
    if "weight" in cells.column_names:
        given = pc.utf8_trim_whitespace(cells.column("weight"))
        weight = pc.cast(pc.if_else(pc.equal(given, ""), "1", given), pa.float64())
        if not pc.all(pc.and_(pc.is_finite(weight), pc.greater(weight, 0.0))).as_py():
            raise ValueError("a weight that is not positive")
    if "time" in cells.column_names:
        us, precision = parse_times(cells.column("time"))
    if "act" in cells.column_names:
        codes = pc.index_in(cells.column("act"), pa.array(list(_ACTS)))
        if codes.null_count:
            raise ValueError("an unknown act")
        act = pc.take(pa.array(list(_ACTS.values())), codes)
    columns = {**ends, "weight": weight, "us": us, "precision": precision, "act": act}
    return pa.table(columns)


def _parse_lines(block: Block, layout: Layout) -> Iterator[pa.Table | Fault]:
    number, offset = block.number, block.byte_offset
    good: list[dict[str, str]] = []
    for line in io.BytesIO(block.data):
        if not _is_comment(line):
            try:
                good.append(_parse_line(line, layout))
            except ValueError as error:
                if good:
                    yield _edges(pa.Table.from_pylist(good))
                    good = []
                yield Fault(number, offset, line.rstrip(b"\r\n"), str(error))
        number, offset = number + 1, offset + len(line)
    if good:
        yield _edges(pa.Table.from_pylist(good))


def _parse_line(line: bytes, layout: Layout) -> dict[str, str]:
    """Return the cells of one line by meaning.

    Raises
    ------
    ValueError
        The line is no edge; the message is the reason of its rejection.
    """
    try:
        text = line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if "\0" in text:
        raise ValueError("binary data")
    if layout.separator != " " and text.count('"') % 2:
        raise ValueError("a quote is not closed")
    cells = _cells(text, layout.separator)
    if len(cells) != len(layout.columns):
        raise ValueError(f"{len(cells)} cells where {len(layout.columns)} are expected")
    row = {name: cell for name, cell in zip(layout.columns, cells, strict=True) if name}
    for name in ("source", "target"):
        if not row[name].strip():
            raise ValueError(f"no {name}")
        if re.search(_ROUNDED, row[name].strip()):
            raise ValueError(f"the {name} is a rounded number, the id is lost")
    _check_values(row)
    return row


def _check_values(row: dict[str, str]) -> None:
    weight = _number(row.get("weight", "").strip() or "1")
    if weight is None or not 0 < weight < float("inf"):
        raise ValueError("the weight is not a positive number")
    if row.get("time"):
        parse_time(row["time"])
    if "act" in row and row["act"] not in _ACTS:
        raise ValueError(f"the act is none of {', '.join(_ACTS)}")


def sniff(head: Head) -> float:
    """Return how surely the head is that of an edge list."""
    layout = layout_of(head)
    if layout is None:
        return 0.0
    if "act" in layout.columns:
        return 0.95
    if layout.header:
        named = {_NAMES.get(name.casefold()) for name in layout.header}
        return 0.9 if {"source", "target"} <= named else 0.3
    lines = [line for line in head.lines() if not _is_comment(line)][:1000]
    edges = 0
    for line in lines:
        try:
            _parse_line(line, layout)
        except ValueError:
            continue
        edges += 1
    if edges < 0.9 * len(lines):
        return 0.0
    return 0.6 if len(layout.columns) > 2 else 0.55


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
    accounts, coincidences = _Accounts(), _Coincidences()
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
            sink.write("interactions", _interactions(part, records, kind))
            sink.write("accounts", accounts.new(part, records))
            if "act" in layout.columns:
                coincidences.add(part)
    for note in coincidences.notes():
        sink.note(note)


def _interactions(edges: pa.Table, records: pa.Array, kind: str) -> pa.Table:
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


class _Accounts:
    """Remembers which accounts have been written; with too many it writes some of them again."""

    def __init__(self) -> None:
        self._seen = {role: pa.array([], pa.string()) for role in ("author", "mentioned")}

    def new(self, edges: pa.Table, records: pa.Array) -> pa.Table:
        """Return a row for each account that acts, or is acted upon, for the first time."""
        tables = []
        for role, column in (("author", "source"), ("mentioned", "target")):
            ids = edges.column(column).combine_chunks()
            codes = ids.dictionary_encode()
            _, first = np.unique(codes.indices.to_numpy(), return_index=True)
            known = pc.is_in(codes.dictionary, value_set=self._seen["author"])
            if role == "mentioned":
                again = pc.is_in(codes.dictionary, value_set=self._seen["mentioned"])
                known = pc.or_(known, again)
            fresh = pc.invert(known)
            accounts = codes.dictionary.filter(fresh)
            self._remember(role, accounts)
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

    def _remember(self, role: str, accounts: pa.Array) -> None:
        if sum(map(len, self._seen.values())) + len(accounts) <= _SEEN:
            self._seen[role] = pa.concat_arrays([self._seen[role], accounts])


class _Coincidences:
    """Counts acts of an activity file that recur as acts of another kind.

    A reply begins with the name of the author it answers, a retweet with "RT @name": in SNAP
    activity both are rows of their own and mention rows as well, so the kinds must not be added up.
    """

    def __init__(self) -> None:
        self._acts: dict[str, list[np.ndarray]] = {kind: [] for kind in _ACTS.values()}
        self._rows = 0

    def add(self, edges: pa.Table) -> None:
        """Take the rows of a batch, as a hash of accounts and time for each kind."""
        self._rows += edges.num_rows
        if self._rows > _COMPARED:
            return
        for kind, hashes in self._acts.items():
            of_kind = edges.filter(pc.equal(edges.column("act"), kind))
            cells = [of_kind.column(name).to_pylist() for name in ("source", "target", "us")]
            acts = map(hash, zip(*cells, strict=True))
            hashes.append(np.fromiter(acts, np.int64, of_kind.num_rows))

    def notes(self) -> list[str]:
        """Return a sentence for each pair of kinds that coincides."""
        acts = {kind: np.concatenate(hashes) for kind, hashes in self._acts.items() if hashes}
        some = "" if self._rows <= _COMPARED else f" (of the first {_COMPARED:,} rows)"
        notes = []
        for kind, other in (("reply", "mention"), ("mention", "share")):
            if len(acts.get(kind, ())) and len(acts.get(other, ())):
                count = int(np.isin(acts[kind], acts[other]).sum())
                if count:
                    notes.append(
                        f"{count:,} of {len(acts[kind]):,} {kind} rows equal a {other} row in "
                        f"accounts and time{some}: they are kept, so the kinds overlap and must "
                        "not be added up"
                    )
        return notes


def _any(mask: pa.ChunkedArray) -> bool:
    return bool(pc.any(mask).as_py())


LOADER = Loader(
    name="edge_list",
    description="edges a line: SNAP activity A B time RT|MT|RE, or source,target[,weight[,time]]",
    sniff=sniff,
    read=read,
)
