"""Make the synthetic datasets again and bring their cards up to date.

Run ``python -m tests.refresh_datasets`` after a change of the generator; ``tests/test_datasets.py``
fails until then. What a person wrote in a card is kept; only its list of files is replaced.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from workbench.synthetic import Config, make

ROOT = Path(__file__).resolve().parent.parent / "datasets"
PARTS = ("posts", "truth", "manifest.json")
_MARK = "# Files: written by tests/refresh_datasets.py\n"


def generate(card: dict[str, Any], out: Path) -> None:
    """Make the dataset that the card describes."""
    recipe = card["generator"]
    make(out, posts=recipe["posts"], seed=recipe["seed"], config=Config(**recipe["config"]))


def shape(path: Path) -> tuple[int, list[str]]:
    """Return the number of rows (pages of a ``.jsonl.gz``) and the columns (or keys) of a file."""
    if path.name.endswith(".jsonl.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            pages = [json.loads(line) for line in file]
        return len(pages), list(dict.fromkeys(key for page in pages for key in page))
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        return len(rows), header
    return 1, list(json.loads(path.read_text(encoding="utf-8")))


def describe(folder: Path, path: Path, description: str) -> str:
    """Return the entry of a file for the card."""
    rows, columns = shape(path)
    data = path.read_bytes()
    return (
        "[[files]]\n"
        f'path = "{path.relative_to(folder).as_posix()}"\n'
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"\n'
        f"bytes = {len(data)}\n"
        f"rows = {rows}\n"
        f"columns = {json.dumps(columns)}\n"
        f"description = {json.dumps(description, ensure_ascii=False)}\n"
    )


def refresh(folder: Path) -> None:
    """Make the files of a dataset again and replace the list of files in its card."""
    card_file = folder / "card.toml"
    text = card_file.read_text(encoding="utf-8").partition(_MARK)[0]
    card = tomllib.loads(text)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "out"
        generate(card, made)
        for part in PARTS:
            old, new = folder / part, made / part
            if old.is_dir():
                shutil.rmtree(old)
            (shutil.copytree if new.is_dir() else shutil.copy)(new, old)
    paths = sorted(p for part in PARTS for p in [folder / part, *(folder / part).rglob("*")])
    descriptions = card["descriptions"]
    entries = [
        describe(
            folder, path, descriptions[path.parent.name if "posts" in path.parts else path.stem]
        )
        for path in paths
        if path.is_file()
    ]
    card_file.write_text(text + _MARK + "\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    for found in sorted(ROOT.glob("*/card.toml")):
        if "generator" in tomllib.loads(found.read_text(encoding="utf-8")):
            refresh(found.parent)
