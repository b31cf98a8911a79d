"""Writing records as pages of the Twitter API v2, one page a line, in gzip files."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from workbench.synthetic.snowflake import stamp, time_ms

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.synthetic.config import Config

__all__ = ["Entry", "File", "PageWriter"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A primary record with what a page must include for it.

    Attributes
    ----------
    record
        The post object.
    included
        Records of the posts it refers to.
    users
        User objects by account, already encoded.
    errors
        What the interface says about references it does not expand.
    """

    record: dict[str, Any]
    included: tuple[dict[str, Any], ...]
    users: dict[int, msgspec.Raw]
    errors: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class File:
    """A finished file: its name, size, SHA-256 (packed and unpacked), pages and records."""

    path: str
    bytes: int
    sha256: str
    content_sha256: str
    pages: int
    records: int


class PageWriter:
    """Collect entries into pages and pages into files ``0001.jsonl.gz``, ``0002.jsonl.gz``, …

    Entries arrive in time order; a page shows the newest first, as the interface does. Now and then
    the last record of a page comes again on the next one of the same file, as happens when a
    collector asks for overlapping spans.

    Parameters
    ----------
    folder
        Where the files go; it must exist.
    config
        Page and file sizes, gzip level.
    repeat_every
        Every so many pages a record is repeated.
    """

    def __init__(self, folder: Path, config: Config, *, repeat_every: int = 9) -> None:
        self.files: list[File] = []
        self.duplicates = 0
        self._folder = folder
        self._config = config
        self._repeat_every = repeat_every
        self._page: list[Entry] = []
        self._repeated: Entry | None = None
        self._pages = 0
        self._in_file = 0
        self._pages_in_file = 0
        self._encoder = msgspec.json.Encoder()
        self._raw: BinaryIO | None = None
        self._packed: gzip.GzipFile | None = None
        self._digest = hashlib.sha256()

    def add(self, entry: Entry) -> None:
        """Append a record; a full page is written at once."""
        self._page.append(entry)
        if len(self._page) >= self._config.page_posts:
            self._flush()
            if self._in_file >= self._config.file_posts:
                self._finish()

    def close(self) -> None:
        """Write what is left and finish the last file."""
        if self._page:
            self._flush()
        if self._packed is not None:
            self._finish()

    def _flush(self) -> None:
        entries = self._page[::-1]
        if self._repeated is not None:
            entries.append(self._repeated)
            self.duplicates += 1
        self._pages += 1
        self._repeated = self._page[-1] if self._pages % self._repeat_every == 0 else None
        line = self._encoder.encode(self._render(entries)) + b"\n"
        self._file().write(line)
        self._digest.update(line)
        self._in_file += len(entries)
        self._pages_in_file += 1
        self._page = []

    def _render(self, entries: list[Entry]) -> dict[str, Any]:
        posts: dict[str, dict[str, Any]] = {}
        users: dict[int, msgspec.Raw] = {}
        errors: list[dict[str, Any]] = []
        for entry in entries:
            for record in entry.included:
                posts[record["id"]] = record
            users.update(entry.users)
            errors.extend(entry.errors)
        ids = [entry.record["id"] for entry in entries]
        newest = max(ids)  # all ids have 19 digits, so text order is numeric order
        page: dict[str, Any] = {
            "data": [entry.record for entry in entries],
            "includes": {"users": list(users.values()), "tweets": list(posts.values())},
        }
        if errors:
            page["errors"] = errors
        page["meta"] = {"newest_id": newest, "oldest_id": min(ids), "result_count": len(ids)}
        page["__twarc"] = {
            "url": "https://api.example/2/tweets/search/all",
            "version": "synthetic",
            "retrieved_at": stamp(time_ms(int(newest)) + 60_000).replace(".000Z", "+00:00"),
        }
        return page

    def _file(self) -> gzip.GzipFile:
        if self._packed is None:
            self._raw = self._path.open("wb")
            # No file name and no time in the header: equal content gives equal bytes.
            self._packed = gzip.GzipFile(
                "", "wb", self._config.compression, fileobj=self._raw, mtime=0
            )
        return self._packed

    @property
    def _path(self) -> Path:
        return self._folder / f"{len(self.files) + 1:04}.jsonl.gz"

    def _finish(self) -> None:
        assert self._packed is not None
        assert self._raw is not None
        self._packed.close()
        self._raw.close()
        path = self._path
        packed = path.read_bytes()
        self.files.append(
            File(
                path=f"{self._folder.name}/{path.name}",
                bytes=len(packed),
                sha256=hashlib.sha256(packed).hexdigest(),
                content_sha256=self._digest.hexdigest(),
                pages=self._pages_in_file,
                records=self._in_file,
            )
        )
        self._packed = None
        self._digest = hashlib.sha256()
        self._in_file = self._pages_in_file = 0
        self._repeated = None
