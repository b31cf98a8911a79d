"""The texts in the files of an output folder, line by line, with their escapes undone."""

from __future__ import annotations

import gzip
import html
import io
import re
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Told", "UnreadableError", "spellings", "texts"]

_PNG = b"\x89PNG\r\n\x1a\n"
_DEEPEST = 4
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


class Told(NamedTuple):
    """A text of a file, and where it stands: a line from 1, a column, the member of an archive."""

    text: str
    line: int | None = None
    where: str | None = None


class UnreadableError(Exception):
    """A file, or a part of it, is of no kind whose text is known; the message says which."""


def texts(file: Path) -> Iterator[Told]:
    """Yield every text of a file: lines of text, cells of Parquet, notes of pictures.

    Gzip and zip (also DOCX, XLSX) are opened; of a PDF what is not drawn by glyph is read.

    Raises
    ------
    UnreadableError
        The file, or a part of it, is binary and of no known kind; what could be read came before.
    OSError
        The file cannot be read.
    """
    with file.open("rb") as stream:
        yield from _opened(stream, None, 0)


def spellings(text: str) -> Iterator[str]:
    """Yield a text as it is and as it reads without the escapes of HTML, JSON, URLs, Markdown."""
    yield text
    for mark, plain in _ESCAPES.items():
        if mark in text:
            changed = plain(text)
            if changed != text:
                yield changed


def _unescaped(text: str) -> str:
    joined = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_ESCAPES: dict[str, Callable[[str], str]] = {
    "&": html.unescape,
    "\\u": _unescaped,
    "%": unquote,
    "\\": lambda text: text.replace("\\", ""),
}


def _opened(stream: IO[bytes], where: str | None, depth: int) -> Iterator[Told]:
    """Yield the texts of a stream that can seek, by what its first bytes say it is."""
    head = stream.read(1024)
    stream.seek(0)
    if depth > _DEEPEST:
        raise UnreadableError("packed too deeply")
    if head.startswith(b"\x1f\x8b"):
        yield from _unpacked(stream, where, depth)
    elif head.startswith(b"PK\x03\x04"):
        yield from _members(stream, where, depth)
    elif head.startswith(b"PAR1"):
        yield from _cells(stream, where)
    elif head.startswith(_PNG):
        yield from _notes(stream.read(), where)
    elif head.startswith(b"%PDF"):
        yield from _document(stream.read(), where)
        raise UnreadableError("text drawn in a PDF")
    elif b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("binary data")
    else:
        utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        reading = io.TextIOWrapper(
            stream, "utf-16" if utf16 else "utf-8-sig", errors="replace", newline=None
        )
        for number, line in enumerate(reading, 1):
            yield Told(line, number, where)
        reading.detach()


def _unpacked(stream: IO[bytes], where: str | None, depth: int) -> Iterator[Told]:
    try:
        with gzip.open(stream) as inner:
            yield from _opened(inner, where, depth + 1)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError("damaged gzip") from error


def _members(stream: IO[bytes], where: str | None, depth: int) -> Iterator[Told]:
    unread: list[str] = []
    try:
        with zipfile.ZipFile(stream) as archive:
            for member in archive.infolist():
                place = f"{where}/{member.filename}" if where else member.filename
                yield Told(member.filename, None, place)
                if member.is_dir():
                    continue
                try:
                    with archive.open(member) as inner:
                        yield from _opened(io.BytesIO(inner.read()), place, depth + 1)
                except UnreadableError as error:
                    unread.append(f"{place}: {error}")
                except (RuntimeError, NotImplementedError) as error:
                    unread.append(f"{place}: encrypted or packed in an unknown way ({error})")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableError("damaged zip") from error
    if unread:
        raise UnreadableError("; ".join(unread[:3]))


def _cells(stream: IO[bytes], where: str | None) -> Iterator[Told]:
    """Yield the texts and whole numbers of every column of a Parquet file, and its notes."""
    try:
        with pq.ParquetFile(stream) as opened:
            for key, value in (opened.schema_arrow.metadata or {}).items():
                yield Told(f"{key.decode('utf-8', 'replace')} {value.decode('utf-8', 'replace')}")
            row = 1
            for batch in opened.iter_batches(1 << 14):
                for name, column in zip(batch.schema.names, batch.columns, strict=True):
                    place = f"{where}/{name}" if where else name
                    yield from _column(column, row, place)
                row += batch.num_rows
    except pa.ArrowException as error:
        raise UnreadableError("damaged Parquet") from error


def _column(column: pa.Array, row: int, place: str) -> Iterator[Told]:
    if pa.types.is_floating(column.type) or pa.types.is_boolean(column.type):
        return
    for number, value in enumerate(column.to_pylist(), row):
        if value is not None:
            yield Told(str(value), number, place)


def _notes(data: bytes, where: str | None) -> Iterator[Told]:
    """Yield the notes in a PNG picture."""
    place = len(_PNG)
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        place += length + 12
        if kind not in {b"tEXt", b"zTXt", b"iTXt"}:
            continue
        key, _, rest = content.partition(b"\0")
        packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
        if kind == b"iTXt":  # two flags, the language, the key in that language
            rest = rest[2:].split(b"\0", 2)[-1]
        elif packed:
            rest = rest[1:]
        if packed:
            try:
                rest = zlib.decompress(rest)
            except zlib.error as error:
                raise UnreadableError("damaged note in a picture") from error
        encoding = "utf-8" if kind == b"iTXt" else "latin-1"
        yield Told(f"{key.decode('latin-1')} {rest.decode(encoding, 'replace')}", None, where)


def _document(data: bytes, where: str | None) -> Iterator[Told]:
    """Yield what a PDF says in plain: its notes, links and streams that are no glyphs."""
    yield Told(data.decode("latin-1"), None, where)
    for found in _STREAM.finditer(data):
        try:
            plain = zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue  # a picture or a font in another packing
        yield Told(plain.decode("latin-1"), None, where)
