"""Golden folders: what every format makes of a small input, row by row.

``tests/loaders/golden/<format>/`` holds one ``input*`` file or more, ``expected.json``, and
``options.json`` where the format needs options. After a change that is meant,
``python -m tests.loaders.golden FORMAT`` writes ``expected.json`` anew: read the difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.loaders.making import fill, source_of
from workbench.loaders import FORMATS
from workbench.loaders.base import Options
from workbench.model.schema import TABLES

FOLDER = Path(__file__).parent / "golden"
#: What depends on how the bytes are stored and not on what they say.
_PLACES = {"source_id", "path", "sha1"}


def folders() -> list[str]:
    """Return the names of the golden folders."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def inputs(name: str) -> list[Path]:
    """Return the input files of a golden folder."""
    return sorted((FOLDER / name).glob("input*"))


def options(name: str) -> dict[str, Any]:
    """Return the options that a golden folder needs."""
    file = FOLDER / name / "options.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def read(name: str, data: bytes, **more: Any):
    """Return the corpus and the sink that a format makes of bytes."""
    source = source_of(data)
    chosen = Options(**options(name))
    return fill(source, lambda sink: FORMATS[name].read(source, sink, chosen), **more)


def told(corpus, sink) -> dict[str, Any]:
    """Return what was made of an input: its rows without what is null, and its counts."""
    tables: dict[str, Any] = {}
    for table in TABLES:
        rows = [
            {
                key: _plain(value)
                for key, value in row.items()
                if key not in _PLACES and value is not None
            }
            for row in corpus.table(table).to_pylist()
        ]
        if rows and table != "sources":
            tables[table] = rows
    return {
        "read": sink.read,
        "rejected": sink.rejected,
        "duplicates": sink.duplicates,
        "unknown_keys": dict(sorted(sink.unknown_keys.items())),
        "refused": dict(sorted(sink.refused.items())),
        "notes": sink.notes,
        "tables": tables,
    }


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def facts(corpus) -> dict[str, list[str]]:
    """Return the tables of a corpus without the places of their rows, in one order of rows."""
    found = {}
    for name in TABLES:
        rows = corpus.table(name).to_pylist() if name not in {"sources", "rejects"} else []
        found[name] = sorted(
            json.dumps({k: v for k, v in row.items() if k not in {*_PLACES, "record"}}, default=str)
            for row in rows
        )
    return found


def write(name: str) -> None:
    """Write ``expected.json`` of a golden folder anew."""
    made = {file.name: told(*read(name, file.read_bytes())) for file in inputs(name)}
    text = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True)
    (FOLDER / name / "expected.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:]:
        write(each)
