"""Rows of edge lists: how a file is laid out, and its lines as typed columns.

What is well-formed is parsed in large blocks; what is not, line by line, so that every line that
is no edge has its own reason and place.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from workbench.loaders.moments import parse_time, parse_times
from workbench.loaders.source import Block
from workbench.model.cells import ROUNDED, plain_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.loaders.base import Head

__all__ = [
    "ACTS",
    "Fault",
    "Layout",
    "cells_of",
    "column_meaning",
    "is_comment",
    "is_header",
    "layout_of",
    "parse_line",
    "parse_rows",
    "separator_of",
    "typed_edges",
]

#: The letters of SNAP activity.
ACTS = {"RT": "share", "MT": "mention", "RE": "reply"}

_SMALL = 64  # lines; below this a faulty block is read line by line
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
    if not lines or lines[0].lstrip().startswith((b"{", b"[", b"<")):
        return None
    separator = separator_of(lines)
    first = cells_of(lines[0].decode("utf-8", "replace"), separator)
    if len(first) < 2:
        return None
    if not is_header(first):
        return _positional(lines, separator)
    meanings = tuple(map(column_meaning, first))
    header = tuple(name.strip() for name in first)
    if {"source", "target"} <= set(meanings):
        doubled = {name for name, n in Counter(meanings).items() if n > 1 and name}
        return None if doubled else Layout(separator, meanings, header)
    plain = _positional(lines[1:] or lines, separator)
    return None if plain is None else Layout(separator, plain.columns, header)


def separator_of(lines: list[bytes]) -> str:
    """Return the separator that cuts most lines into equally many cells."""
    best, best_share = " ", 0.0
    for separator in ("\t", ";", ",", " "):
        counts = Counter(
            len(cells_of(line.decode("utf-8", "replace"), separator)) for line in lines
        )
        cells, share = counts.most_common(1)[0]
        if cells > 1 and share / len(lines) > best_share:
            best, best_share = separator, share / len(lines)
    return best


def column_meaning(name: str) -> str:
    """Return what a header name means: source, target, weight, time; empty for another name."""
    return _NAMES.get(name.strip().casefold(), "")


def cells_of(text: str, separator: str) -> list[str]:
    """Return the cells of one line; the separator blank stands for any run of blanks."""
    if separator == " ":
        return text.split()
    if '"' in text:
        return next(csv.reader([text], delimiter=separator), [])
    return text.split(separator)


def is_header(cells: list[str]) -> bool:
    """Return whether a first row names columns: by its names, or by a third cell in words."""
    names = {cell.strip().casefold() for cell in cells} - {""}
    third = cells[2].strip() if len(cells) > 2 else ""  # an empty one is a missing weight
    return (bool(names) and names <= _HEADER) or (third != "" and _number(third) is None)


def _positional(lines: list[bytes], separator: str) -> Layout | None:
    """Return the layout of rows without names: SNAP activity, or source, target, weight, time."""
    rows = [cells_of(line.decode("utf-8", "replace"), separator) for line in lines]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if not 2 <= width <= 4:
        return None
    usual = [row for row in rows if len(row) == width]
    acts = sum(row[3].strip() in ACTS for row in usual) if width == 4 else 0
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
            header = is_comment(line)
        if rest is not None:
            yield from map(_plain, _parse(rest, layout))
        yield end


def _plain(part: pa.Table | Fault) -> pa.Table | Fault:
    """Return rows with ids as they were before an export made cells of them."""
    if isinstance(part, Fault):
        return part
    for place, name in enumerate(("source", "target")):
        ids = part.column(name)
        if _any(pc.starts_with(ids, "'")):
            encoded = ids.combine_chunks().dictionary_encode()
            names = pa.array(map(plain_cell, encoded.dictionary.to_pylist()), pa.string())
            part = part.set_column(place, name, names.take(encoded.indices))
    return part


def _first_line(block: Block) -> tuple[bytes, Block | None]:
    cut = block.data.find(b"\n") + 1 or len(block.data)
    rest = Block(block.number + 1, block.byte_offset + cut, block.data[cut:])
    return block.data[:cut], rest if rest.data else None


def is_comment(line: bytes) -> bool:
    """Return whether a line is blank or begins with ``#`` or ``%``."""
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
    if data.startswith((b"#", b"%")) or b"\n#" in data or b"\n%" in data or b"\0" in data:
        return None
    if layout.separator == " ":
        data = re.sub(rb"[ \t]+", b" ", data) if b"  " in data or b"\t" in data else data
        if b" \n" in data or b" \r" in data:
            data = re.sub(rb" (\r?\n)", rb"\1", data)
        if b"\n " in data or data.startswith(b" ") or data.endswith(b" "):
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
        return typed_edges(cells) if cells.num_rows == lines else None
    except (pa.ArrowInvalid, ValueError):
        return None


def typed_edges(cells: pa.Table) -> pa.Table:
    """Return the columns of ``parse_rows`` from columns of text, named by their meaning.

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
        if not digits and _any(pc.match_substring_regex(ids, ROUNDED)):
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
        codes = pc.index_in(cells.column("act"), pa.array(list(ACTS)))
        if codes.null_count:
            raise ValueError("an unknown act")
        act = pc.take(pa.array(list(ACTS.values())), codes)
    columns = {**ends, "weight": weight, "us": us, "precision": precision, "act": act}
    return pa.table(columns)


def _parse_lines(block: Block, layout: Layout) -> Iterator[pa.Table | Fault]:
    number, offset = block.number, block.byte_offset
    good: list[dict[str, str]] = []
    for line in io.BytesIO(block.data):
        if not is_comment(line):
            try:
                good.append(parse_line(line, layout))
            except ValueError as error:
                if good:
                    yield typed_edges(pa.Table.from_pylist(good))
                    good = []
                yield Fault(number, offset, line.rstrip(b"\r\n"), str(error))
        number, offset = number + 1, offset + len(line)
    if good:
        yield typed_edges(pa.Table.from_pylist(good))


def parse_line(line: bytes, layout: Layout) -> dict[str, str]:
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
    cells = cells_of(text, layout.separator)
    if len(cells) != len(layout.columns):
        raise ValueError(f"{len(cells)} cells where {len(layout.columns)} are expected")
    row = {name: cell for name, cell in zip(layout.columns, cells, strict=True) if name}
    for name in ("source", "target"):
        if not row[name].strip():
            raise ValueError(f"no {name}")
        if re.search(ROUNDED, row[name].strip()):
            raise ValueError(f"the {name} is a rounded number, not an id")
    _check_values(row)
    return row


def _check_values(row: dict[str, str]) -> None:
    weight = _number(row.get("weight", "").strip() or "1")
    if weight is None or not 0 < weight < float("inf"):
        raise ValueError("the weight is not a positive number")
    if row.get("time"):
        parse_time(row["time"])
    if "act" in row and row["act"] not in ACTS:
        raise ValueError(f"the act is none of {', '.join(ACTS)}")


def _any(mask: pa.ChunkedArray) -> bool:
    return bool(pc.any(mask).as_py())
