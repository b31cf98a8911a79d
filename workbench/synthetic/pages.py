"""Writing records as pages of the Twitter API v2, one page a line, in gzip files."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from workbench.synthetic.snowflake import stamp, time_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from workbench.synthetic.config import Config
    from workbench.synthetic.records import Record

__all__ = ["Entry", "File", "PageWriter"]


_MEDIA = "https://media.example"
_NOTHING: Record = {"media_keys": []}


class Entry(NamedTuple):
    """A primary record with what a page must include for it.

    Attributes
    ----------
    record
        The post object.
    people
        Accounts whose user objects belong to it.
    included
        Records of the posts it refers to.
    errors
        What the interface says about references it does not expand.
    """

    record: Record
    people: list[int]
    included: list[Record]
    errors: list[Record]


@dataclass(frozen=True)
class File:
    """A finished file: its name, size, SHA-256 (packed and unpacked), pages and records."""

    path: str
    bytes: int
    sha256: str
    content_sha256: str
    pages: int
    records: int


class _OpenFile:
    """A gzip file under way; equal content gives equal bytes: no name and no time in its header."""

    def __init__(self, path: Path, compression: int) -> None:
        self._path = path
        self._raw = path.open("wb")
        self._packed = gzip.GzipFile("", "wb", compression, fileobj=self._raw, mtime=0)
        self._digest = hashlib.sha256()
        self._pages = 0
        self.records = 0

    def write(self, page: bytes, records: int) -> None:
        """Append a page as one line."""
        line = page + b"\n"
        self._packed.write(line)
        self._digest.update(line)
        self._pages += 1
        self.records += records

    def abandon(self) -> None:
        """Close the file as it is."""
        self._packed.close()
        self._raw.close()

    def close(self) -> File:
        """Finish the file and return what it holds."""
        self.abandon()
        packed = self._path.read_bytes()
        return File(
            path=f"{self._path.parent.name}/{self._path.name}",
            bytes=len(packed),
            sha256=hashlib.sha256(packed).hexdigest(),
            content_sha256=self._digest.hexdigest(),
            pages=self._pages,
            records=self.records,
        )


class PageWriter:
    """Collect entries into pages, and pages into files: ``0001.jsonl.gz``, ``0002.jsonl.gz`` ….

    Entries arrive in time order; a page shows the newest first, as the interface does. Now and then
    the last record of a page comes again on the next one of the same file, as happens when a
    collector asks for overlapping spans. Use it as a context manager; only ``close`` finishes.

    Parameters
    ----------
    folder
        Where the files go; it must exist.
    config
        Page and file sizes, gzip level.
    user
        Gives the user object of an account, already encoded.
    repeat_every
        Every so many pages a record is repeated.

    Attributes
    ----------
    files
        The finished files.
    duplicates
        Records that were repeated.
    """

    def __init__(
        self,
        folder: Path,
        config: Config,
        *,
        user: Callable[[int], msgspec.Raw],
        repeat_every: int = 9,
    ) -> None:
        self.files: list[File] = []
        self.duplicates = 0
        self._folder = folder
        self._config = config
        self._user = user
        self._repeat_every = repeat_every
        self._encoder = msgspec.json.Encoder()
        self._page: list[Entry] = []
        self._pages = 0
        self._repeated: Entry | None = None
        self._file: _OpenFile | None = None

    def __enter__(self) -> Self:
        """Start writing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of a file that was not finished."""
        if self._file is not None:
            self._file.abandon()

    def add(self, entry: Entry) -> None:
        """Append a record; a full page is written at once."""
        self._page.append(entry)
        if len(self._page) >= self._config.page_posts:
            self._flush()

    def close(self) -> None:
        """Write what is left and finish the last file."""
        if self._page:
            self._flush()
        if self._file is not None:
            self._finish(self._file)

    def _flush(self) -> None:
        entries = self._page[::-1]
        if self._repeated is not None:
            entries.append(self._repeated)
            self.duplicates += 1
        self._pages += 1
        self._repeated = self._page[-1] if self._pages % self._repeat_every == 0 else None
        self._page = []
        if self._file is None:
            path = self._folder / f"{len(self.files) + 1:04}.jsonl.gz"
            self._file = _OpenFile(path, self._config.compression)
        self._file.write(self._encoder.encode(self._render(entries)), len(entries))
        if self._file.records >= self._config.file_posts:
            self._finish(self._file)

    def _finish(self, file: _OpenFile) -> None:
        self.files.append(file.close())
        self._file = self._repeated = None

    def _render(self, entries: list[Entry]) -> Record:
        posts: dict[str, Record] = {}
        people: dict[int, None] = {}
        media: dict[str, Record] = {}
        errors: list[Record] = []
        for entry in entries:
            people.update(dict.fromkeys(entry.people))
            for record in entry.included:
                posts[record["id"]] = record
            for key in entry.record.get("attachments", _NOTHING)["media_keys"]:
                media[key] = {"media_key": key, "type": "photo", "url": f"{_MEDIA}/{key}.jpg"}
            errors += entry.errors
        ids = [entry.record["id"] for entry in entries]
        newest = max(ids)  # all ids have 19 digits, so text order is numeric order
        page: Record = {
            "data": [entry.record for entry in entries],
            "includes": {
                "users": [self._user(account) for account in people],
                "tweets": list(posts.values()),
            },
        }
        if media:
            page["includes"]["media"] = list(media.values())
        if errors:
            page["errors"] = errors
        page["meta"] = {"newest_id": newest, "oldest_id": min(ids), "result_count": len(ids)}
        page["__twarc"] = {
            "url": "https://api.example/2/tweets/search/all",
            "version": "synthetic",
            "retrieved_at": stamp(time_ms(int(newest)) + 60_000).replace(".000Z", "+00:00"),
        }
        return page
