"""From what the user names to what can be read: globs, folders, archives, compression.

Compression is recognised by its first bytes, never by the suffix. A zip archive is a folder of
inputs, each shown as ``archive.zip!member``. A compressed input that breaks off is read as far as
it goes; the break is reported by ``Input.damage`` and becomes a counted reject.
"""

from __future__ import annotations

import contextlib
import glob
import gzip
import hashlib
import io
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from workbench.errors import InputError
from workbench.loaders.source import BLOCK, read_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from workbench.loaders.source import Head

__all__ = ["Input", "find_inputs", "one_input"]

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_FOREIGN = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
}


@dataclass
class Input:
    """One thing that can be read: a file, or a member of a zip archive.

    Attributes
    ----------
    file
        The file on disk.
    member
        The name inside the archive; None for a plain or compressed file.
    found
        Whether it was found in a folder or archive rather than named by the user: what is found
        and of no known format is left out and noted, what is named is an error.
    shown
        What users call it, when that is not the name of the file.
    damage
        Why the decompression stopped early, once that has been seen.
    """

    file: Path
    member: str | None = None
    found: bool = False
    shown: str | None = None
    damage: str | None = field(default=None, compare=False)
    _stored: BinaryIO | None = field(default=None, compare=False, repr=False)

    @property
    def path(self) -> str:
        """The absolute name that is stored and shown."""
        if self.shown is not None:
            return self.shown
        whole = str(self.file.absolute())
        return whole if self.member is None else f"{whole}!{self.member}"

    @property
    def disk_bytes(self) -> int:
        """Bytes on disk, for the progress bar."""
        if self.member is None:
            return self.file.stat().st_size
        with zipfile.ZipFile(self.file) as archive:
            return archive.getinfo(self.member).compress_size

    def open(self) -> BinaryIO:
        """Return a handle on the decompressed bytes; a break ends them and sets `damage`."""
        stored = self._stored = self._open_stored()
        start = stored.read(4)
        stored.seek(0)
        if start.startswith(_GZIP):
            unpacked: Any = gzip.GzipFile(fileobj=stored)
        elif start == _ZSTD:
            unpacked = io.BufferedReader(_ZstdReader(stored), BLOCK)
        elif self.member is None:
            return stored
        else:
            unpacked = stored
        reader = _UntilDamage(unpacked, stored, self._damaged)
        return cast("BinaryIO", io.BufferedReader(reader, BLOCK))

    def head(self) -> Head:
        """Return the beginning of the input.

        Raises
        ------
        InputError
            The file cannot be read, or is packed in a way that is not read here.
        """
        head = read_head(self.path, self.open)
        if self.damage and not head.data:
            raise InputError(self.damage, value=self.path)
        for magic, name in _FOREIGN.items():
            if head.data.startswith(magic):
                raise InputError(
                    f"packed with {name}",
                    value=self.path,
                    allowed="plain, gzip, zstd, zip",
                    remedy="unpack it first",
                )
        return head

    def digest(self, advance: Callable[[int], None] | None = None) -> tuple[str, int]:
        """Return the SHA-256 of the decompressed bytes, and their number.

        `advance` is told how many bytes on disk have been read.
        """
        sha256, size = hashlib.sha256(), 0
        with self.open() as handle:
            while chunk := handle.read(BLOCK):
                sha256.update(chunk)
                size += len(chunk)
                if advance is not None and self._stored is not None:
                    advance(self._stored.tell())
        return sha256.hexdigest(), size

    def _open_stored(self) -> BinaryIO:
        try:
            if self.member is None:
                return self.file.open("rb")
            archive = zipfile.ZipFile(self.file)
            return cast("BinaryIO", archive.open(self.member))
        except (OSError, zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
            raise _unreadable(self.path, error) from error

    def _damaged(self, reason: str) -> None:
        self.damage = reason


class _UntilDamage(io.RawIOBase):
    """Reads a decompressor until its end or until the data turns out to be broken."""

    def __init__(self, inner: Any, stored: BinaryIO, damaged: Callable[[str], None]) -> None:
        self._inner = inner
        self._stored = stored
        self._damaged = damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # One step at a time: what was unpacked before the break is not lost.
            chunk: bytes = self._inner.read1(len(buffer))
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
            self._damaged(f"the compressed data is broken: {error}")
            return 0
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._stored.close()  # a gzip reader leaves it open
        super().close()


class _ZstdReader(io.RawIOBase):
    """Decompresses zstd frames one after the other and tells a cut one from a finished one."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._decoder: Any = None
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        import zstandard

        while not self._ready:
            chunk = self._inner.read(1 << 17)
            if not chunk:
                if self._decoder is not None:
                    raise EOFError("the last frame is cut")
                return 0
            try:
                self._ready = self._decompress(chunk)
            except zstandard.ZstdError as error:
                raise EOFError(str(error)) from error
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _decompress(self, chunk: bytes) -> bytes:
        import zstandard

        pieces = []
        while chunk:
            if self._decoder is None:
                # Research archives are packed with windows of up to 2 GiB.
                limits = zstandard.ZstdDecompressor(max_window_size=1 << 31)
                self._decoder = limits.decompressobj()
            pieces.append(self._decoder.decompress(chunk))
            chunk = self._decoder.unused_data if self._decoder.eof else b""
            if self._decoder.eof:
                self._decoder = None
        return b"".join(pieces)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def find_inputs(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Input]:
    """Return the inputs that files, folders, globs and zip archives stand for, each one once.

    Folders are walked to the bottom, hidden files and corpora are left out; the order is that of
    the names.

    Raises
    ------
    InputError
        A file is missing or unreadable, a glob or folder matches nothing.
    """
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not named:
        raise InputError("nothing to load", remedy="name at least one file, folder or glob")
    inputs: dict[str, Input] = {}
    for name in [os.fspath(entry) for entry in named]:
        try:
            for entry in _expand(name):
                inputs.setdefault(entry.path, entry)
        except OSError as error:
            raise _unreadable(name, error) from error
    return list(inputs.values())


def _expand(name: str) -> Iterator[Input]:
    path = Path(name).expanduser()
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file()]
        corpora = [file.parent for file in files if file.name == "corpus.json"]
        kept = [
            file
            for file in files
            if not _hidden(file.relative_to(path).parts)
            and not any(file.is_relative_to(corpus) for corpus in corpora)
        ]
        if not kept:
            raise InputError("the folder has no files", value=name)
        for file in kept:
            yield from _members(file, found=True)
        return
    if path.exists():
        yield from _members(path, found=False)
        return
    if glob.has_magic(name):
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207  takes any pattern
        files = [file for file in map(Path, matches) if file.is_file()]
        if files:
            for file in files:
                yield from _members(file, found=False)
            return
        raise InputError("no file matches", value=name)
    raise InputError("no such file", value=name, remedy="check the name")


def _members(file: Path, *, found: bool) -> Iterator[Input]:
    if not file.is_file():
        raise InputError("not a regular file", value=str(file))
    try:
        with file.open("rb") as handle:
            packed = handle.read(4) == _ZIP
    except OSError as error:
        raise _unreadable(str(file), error) from error
    if not packed:
        yield Input(file, found=found)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as error:
        raise _unreadable(str(file), error) from error
    kept = [name for name in sorted(names) if not _hidden(Path(name).parts)]
    if not kept:
        raise InputError("the archive has no files", value=str(file))
    for name in kept:
        yield Input(file, name, found=True)


def _hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _unreadable(path: str, error: Exception) -> InputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError("cannot read the input", value=path, where=reason)


@contextlib.contextmanager
def one_input(path: str | os.PathLike[str]) -> Iterator[Input]:
    """Give the one input that `path` names; ``-`` is standard input.

    Raises
    ------
    InputError
        The file is missing, unreadable, or an archive of several files.
    """
    if os.fspath(path) == "-":
        with tempfile.NamedTemporaryFile(prefix="workbench-stdin-") as spool:
            shutil.copyfileobj(sys.stdin.buffer, spool, BLOCK)
            spool.flush()
            yield Input(Path(spool.name), shown="standard input")
        return
    entries = find_inputs(path)
    if len(entries) != 1:
        raise InputError(
            "not one file", value=os.fspath(path), allowed="a file, or an archive of one file"
        )
    yield entries[0]
