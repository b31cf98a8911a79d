"""A search for what must not leave the machine, in any file a study or a report consists of."""

from __future__ import annotations

import gzip
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def leaks(folder: Path, secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Return file and secret for every secret that stands in a file, as a word of its own.

    Letter case does not matter, nor do the escapes of HTML and JSON; file names count too.
    """
    wanted = {secret.casefold() for secret in secrets if secret}
    words = {secret for secret in wanted if re.fullmatch(r"\w+", secret)}
    found = set()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = str(file.relative_to(folder))
        text = "\n".join([name, *_texts(file)]).casefold()
        hits = words & set(re.findall(r"\w+", text))
        for phrase in wanted - words:
            start, end = (r"(?<!\w)" if phrase[0].isalnum() else ""), r"(?!\w)"
            if phrase in text and re.search(start + re.escape(phrase) + end, text):
                hits.add(phrase)
        found |= {(name, hit) for hit in hits}
    return sorted(found)


def _texts(file: Path) -> Iterator[str]:
    if file.suffix == ".parquet":
        yield from _strings(pq.read_table(file).to_pylist())
        return
    data = file.read_bytes()
    data = gzip.decompress(data) if file.suffix == ".gz" else data
    text = data.decode("utf-8")
    yield text
    kind = file.name.removesuffix(".gz").rpartition(".")[2]
    if kind == "html":
        yield html.unescape(text)
    elif kind == "json":
        yield from _strings(json.loads(text))
    elif kind == "jsonl":
        for line in text.splitlines():
            yield from _strings(json.loads(line))


def _strings(content: Any) -> Iterator[str]:
    """Yield every text and number inside a JSON value, keys included."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(content, list):
        for item in content:
            yield from _strings(item)
    elif content is not None:
        yield str(content)
