"""What a loader reads: the head, the lines and the blocks of one decompressed input."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["BLOCK", "BOM", "HEAD", "MAX_LINE", "Block", "Head", "Line", "Source", "read_head"]

BOM = b"\xef\xbb\xbf"
BLOCK = 1 << 20
#: Longer lines are cut here and rejected, so that one endless line cannot fill the memory.
MAX_LINE = 64 << 20
#: Bytes of an input that are looked at to recognise its format.
HEAD = 1 << 18

_PARQUET = b"PAR1"


class Line(NamedTuple):
    """One line of an input: its number from 1, its byte offset, its bytes without line break."""

    number: int
    byte_offset: int
    data: bytes


class Block(NamedTuple):
    """Whole lines of an input: number of the first, byte offset of the first, bytes with breaks."""

    number: int
    byte_offset: int
    data: bytes


@dataclass(frozen=True)
class Head:
    """The beginning of an input, from which its format is recognised.

    Attributes
    ----------
    name
        The name shown to users; a hint at most, never the reason.
    data
        The first 256 KiB after decompression, without byte-order mark.
    whole
        Whether `data` is the whole input.
    columns
        Column names of a Parquet file, which stand at its end.
    """

    name: str
    data: bytes
    whole: bool = True
    columns: tuple[str, ...] = ()

    def lines(self) -> list[bytes]:
        """Return the complete lines of the head that are not blank, without line breaks.

        The last line counts only if the head is the whole input, or if there is no other line.
        """
        lines = self.data.split(b"\n")
        if not self.whole and len(lines) > 1:
            lines.pop()
        return [line.removesuffix(b"\r") for line in lines if line.strip()]

    @property
    def text(self) -> bool:
        """Whether the head can be text: it has bytes and none of them is NUL."""
        return bool(self.data) and b"\0" not in self.data


@dataclass
class Source:
    """One decompressed input.

    Attributes
    ----------
    path
        Where it is, as shown to users and stored; a zip member is ``archive.zip!member``.
    source_id
        SHA-256 of the decompressed bytes, lower-case hexadecimal.
    size
        Number of decompressed bytes.
    opener
        Opens the decompressed bytes from the beginning; the handle need not seek.
    """

    path: str
    source_id: str
    size: int
    opener: Callable[[], BinaryIO] = field(repr=False)

    def open(self) -> BinaryIO:
        """Return a new handle on the decompressed bytes, byte-order mark included."""
        return self.opener()

    def head(self) -> Head:
        """Return the beginning, as the loader's ``sniff`` sees it."""
        return read_head(self.path, self.opener)

    def seekable(self) -> contextlib.AbstractContextManager[BinaryIO]:
        """Open the decompressed bytes so that one can seek, through a temporary file if need be."""
        return _seekable(self.opener)

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """Yield the input in blocks of whole lines, about `size` bytes each.

        A UTF-8 byte-order mark is left out (offsets still count it). The blocks depend on the
        bytes alone, not on how they were compressed.
        """
        number, offset, rest = 1, 0, b""
        with self.opener() as handle:
            while chunk := handle.read(size):
                if offset == 0 and not rest and chunk.startswith(BOM):
                    chunk, offset = chunk[len(BOM) :], len(BOM)
                cut = chunk.rfind(b"\n") + 1
                if not cut and len(rest) < MAX_LINE:
                    rest += chunk
                    continue
                data, rest = rest + chunk[:cut], chunk[cut:]
                yield Block(number, offset, data)
                number += data.count(b"\n")
                offset += len(data)
        if rest:
            yield Block(number, offset, rest)

    def lines(self) -> Iterator[Line]:
        r"""Yield the lines of the input in constant memory.

        Lines end with ``\n`` or ``\r\n``; a byte-order mark is left out. Blank lines are yielded
        too. A line longer than ``MAX_LINE`` is cut: the ``Sink`` rejects what is left of it.
        """
        number, kept = 1, 0
        pieces: list[bytes] = []
        with self.opener() as handle:
            first = handle.read(len(BOM))
            position = len(BOM) if first == BOM else 0
            offset = position
            chunk = b"" if first == BOM else first
            while True:
                start = 0
                while (end := chunk.find(b"\n", start)) >= 0:
                    data = chunk[start:end]
                    if pieces:
                        data = b"".join([*pieces, data[: max(0, MAX_LINE - kept)]])
                        pieces, kept = [], 0
                    yield Line(number, offset, data.removesuffix(b"\r"))
                    number, start = number + 1, end + 1
                    offset = position + start
                tail = chunk[start:][: max(0, MAX_LINE - kept)]
                if tail:
                    pieces.append(tail)
                    kept += len(tail)
                position += len(chunk)
                chunk = handle.read(BLOCK)
                if not chunk:
                    break
        if pieces:
            yield Line(number, offset, b"".join(pieces).removesuffix(b"\r"))


def read_head(path: str, opener: Callable[[], BinaryIO]) -> Head:
    """Return the beginning of the input that `opener` opens."""
    with opener() as handle:
        data = handle.read(HEAD + 1)
    whole = len(data) <= HEAD
    columns = _parquet_columns(opener) if data.startswith(_PARQUET) else ()
    return Head(path, data[:HEAD].removeprefix(BOM), whole, columns)


def _parquet_columns(opener: Callable[[], BinaryIO]) -> tuple[str, ...]:
    """Return the column names of a Parquet file; none if it is broken."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _seekable(opener) as handle:
        try:
            return tuple(pq.read_schema(handle).names)
        except (pa.ArrowInvalid, OSError):
            return ()


@contextlib.contextmanager
def _seekable(opener: Callable[[], BinaryIO]) -> Iterator[BinaryIO]:
    with opener() as handle:
        if handle.seekable():
            yield handle
            return
        with tempfile.TemporaryFile(prefix="workbench-") as spool:
            shutil.copyfileobj(handle, spool, BLOCK)
            spool.seek(0)
            yield spool
