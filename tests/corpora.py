"""Small corpora: drawn by hypothesis, and the invented crisis that comes with the package."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from workbench.loaders import load
from workbench.model import Corpus
from workbench.model.kinds import KINDS, ORIGINS
from workbench.model.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = [f"x:{i}" for i in range(1, 7)]
TAGS = ["peace", "été", "мир"]


@cache
def crisis() -> Corpus:
    """Return the bundled crisis, loaded once a process."""
    return load(sorted((ROOT / "datasets" / "crisis_small" / "posts").glob("*.gz")))


@cache
def crisis_names() -> frozenset[str]:
    """Return every account id, post id and handle (case-folded) in the pages of the crisis."""
    found: set[str] = set()
    for file in sorted((ROOT / "datasets" / "crisis_small" / "posts").glob("*.gz")):
        text = gzip.decompress(file.read_bytes()).decode("utf-8")
        found |= set(re.findall(r"(?<!\d)\d{19}(?!\d)", text))
        found |= {handle.casefold() for handle in re.findall(r'"username":"(\w+)"', text)}
    return frozenset(found)


def corpus_of(**tables: list[dict[str, Any]]) -> Corpus:
    """Return a corpus in memory from rows; columns that no row has are null."""
    made = {}
    for name, rows in tables.items():
        present = {key for row in rows for key in row}
        schema = pa.schema([column for column in TABLES[name] if column.name in present])
        made[name] = pa.Table.from_pylist(rows, schema)
    return Corpus.from_tables(made)


@st.composite
def corpora(draw: Any) -> Corpus:
    """Draw posts with acts and hashtags: self-loops, unknown ends, undated and untagged ones."""
    n = draw(st.integers(1, 12))
    posts, acts, carried = [], [], []
    for i in range(n):
        author = draw(st.sampled_from(PEOPLE))
        base = {"platform": "x", "post_id": f"x:p{i}", "source_id": "s", "record": i}
        time = {"created_ms": draw(st.integers(0, 9)) * 1000}
        lang = draw(st.sampled_from(["fr", "en"]))
        posts.append(
            base | time | {"author_id": author, "version_id": f"x:p{i}", "seen_as": "primary",
                           "availability": "full", "lang": lang, "kind": "original",
                           "text": draw(st.sampled_from(["War and Peace", "nothing", "paix"]))}
        )  # fmt: skip
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=3, unique=True)):
            target = draw(st.sampled_from([*PEOPLE, None]))
            act = base | time | {
                "kind": kind, "actor_id": author, "target_id": target, "weight": 1.0,
                "resolved_by": "id_field",
                "origin": draw(st.sampled_from(ORIGINS)) if kind == "mention" else "authored",
                "start": 0 if kind == "mention" else None,
                "target_post_id": None
                if kind == "mention"
                else f"x:p{draw(st.integers(0, n - 1))}",
            }  # fmt: skip
            acts.append(act)
        for tag in draw(st.lists(st.sampled_from(TAGS), max_size=2, unique=True)):
            carried.append(
                base | time | {"author_id": author, "kind": "hashtag", "value": tag,
                               "origin": draw(st.sampled_from(["authored", "inherited_share"])),
                               "seen_as": "primary", "start": len(carried)}
            )  # fmt: skip
    tables = {"posts": posts, "interactions": acts, "attachments": carried}
    return corpus_of(**{name: rows for name, rows in tables.items() if rows})
