"""How a result was made: versions, hashes, time and memory, in one manifest; files kept whole."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType
    from typing import Self

__all__ = [
    "Stopwatch",
    "canonical_json",
    "package_version",
    "peak_mb",
    "sha256_file",
    "versions",
    "whole_file",
]

#: What Linux tells a process of itself.
_STATUS = Path("/proc/self/status")

_PARTS = (
    "duckdb", "igraph", "ladybug", "matplotlib", "msgspec", "narwhals", "networkx", "numpy",
    "pandas", "pyarrow", "pypandoc_binary", "python-louvain", "scipy", "typst", "ural",
)  # fmt: skip


def package_version() -> str:
    """Return the version of the workbench."""
    try:
        return metadata.version("workbench")
    except metadata.PackageNotFoundError:  # run from a folder that was never installed
        return "0+unknown"


def versions() -> dict[str, str]:
    """Return the versions of Python, the workbench and the libraries that can change a number."""
    found = {"python": platform.python_version(), "workbench": package_version()}
    for name in _PARTS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def sha256_file(path: str | Path) -> str:
    """Return the SHA-256 of a file, lower-case hexadecimal."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a name to write to; after the block the file at `path` is whole, or as it was before.

    A link or a device is written in place.
    """
    target = Path(path)
    if target.is_symlink() or (target.exists() and not target.is_file()):
        yield target
        return
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield fresh
        if target.exists():
            shutil.copymode(target, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def canonical_json(content: Any) -> str:
    """Return content as JSON whose bytes depend on nothing but the content."""
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def peak_mb() -> float | None:
    """Return the peak resident memory of this process in MiB; None where it is not known.

    Linux tells it of the program that runs. ``getrusage``, the answer of other systems, may count
    what the process that started this one had in memory.
    """
    with suppress(OSError):
        told = re.search(rb"^VmHWM:\s*(\d+) kB", _STATUS.read_bytes(), re.MULTILINE)
        if told:
            return int(told[1]) / (1 << 10)
    try:
        import resource
    except ImportError:  # not a POSIX system
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)


@dataclass
class Stopwatch:
    """Named wall times of a run, in seconds.

    Use ``with stopwatch.of("load"): …``.
    """

    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, name: str) -> _Lap:
        """Return a context manager that adds its time to `name`."""
        return _Lap(self.seconds, name)


@dataclass
class _Lap:
    seconds: dict[str, float]
    name: str
    start: float = 0.0

    def __enter__(self) -> Self:
        self.start = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        spent = time.perf_counter() - self.start
        self.seconds[self.name] = self.seconds.get(self.name, 0.0) + spent


def outputs(folder: Path, names: Mapping[str, str] | list[str]) -> dict[str, str]:
    """Return the SHA-256 of each named file of a folder."""
    return {name: sha256_file(folder / name) for name in sorted(names)}
