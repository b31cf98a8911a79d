"""Mutated records through every loader: no exception, and no record lost.

``python -m tests.loaders.fuzz [--json 100000] [--csv 20000] [--seed 1]`` runs the campaign over the
golden inputs and says how many records it read and how long that took.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import Any

from tests.loaders import golden
from workbench.errors import InputError
from workbench.privacy.pseudonyms import Pseudonymiser

#: What stands in for a value: other types, numbers beyond columns, texts that look like others.
ODD: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 10**30, 1.5, -0.0, "", " ", "0", "NaN", "1e3", "éé",
    "\u0000", "\ud83d", "@", "#", "RT @x: y", "2031-13-45T99:00:00Z", "2031-01-01", "at://x", "https://",
    "https://example.org/\u202e", [], [None], [[]], {}, {"id": None}, "did:plc:x", "[deleted]",
]  # fmt: skip


def changed(value: Any, dice: random.Random) -> Any:
    """Return a JSON value with one of its parts replaced, dropped or doubled."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        act = dice.random()
        if act < 0.1:
            return {k: v for k, v in value.items() if k != key}
        if act < 0.15:
            return {**value, key + "x": value[key]}
        return {**value, key: changed(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.8:
        place = dice.randrange(len(value))
        if dice.random() < 0.1:
            return [*value, value[place]]
        return [*value[:place], changed(value[place], dice), *value[place + 1 :]]
    return dice.choice(ODD)


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Return bytes of which one, or a stretch, is another, missing or there twice."""
    if not data:
        return data
    place = dice.randrange(len(data))
    act = dice.random()
    if act < 0.6:
        return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]
    end = place + dice.randrange(1, 20)
    return data[:place] + data[end:] if act < 0.8 else data[:end] + data[place:]


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Return an input of which some lines, or the whole document, are mutated."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return b"\n".join(_line(line, dice) for line in data.split(b"\n"))
    if dice.random() < 0.3:
        return flipped(data, dice)
    return json.dumps(changed(whole, dice)).encode("utf-8", "surrogatepass")


def _line(line: bytes, dice: random.Random) -> bytes:
    act = dice.random()
    if act < 0.2:
        return line
    if act < 0.5 or line[:1] not in {b"{", b"["}:
        return flipped(line, dice)
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return flipped(line, dice)
    return json.dumps(changed(value, dice), ensure_ascii=dice.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def check(name: str, data: bytes, *, hide: bool) -> int:
    """Read mutated data; return the number of records, all of which are told."""
    more = {"pseudonymise": Pseudonymiser(b"k" * 32).table} if hide else {}
    try:
        corpus, sink = golden.read(name, data, **more)
    except InputError:  # the whole input is refused, with the reason: a header without columns
        return 1
    assert corpus.table("rejects").num_rows == sink.rejected
    assert 0 <= sink.read - sink.rejected - sink.duplicates <= sink.read
    return max(1, sink.read)


def campaign(names: list[str], records: int, seed: int) -> dict[str, int]:
    """Mutate the golden inputs of formats until enough records are read; return how many by format.

    The formats take turns.
    """
    dice = random.Random(seed)
    read = dict.fromkeys(names, 0)
    inputs = {name: [file.read_bytes() for file in golden.inputs(name)] for name in names}
    while sum(read.values()) < records:
        name = min(read, key=lambda each: read[each])
        data = mutated(dice.choice(inputs[name]), dice)
        try:
            read[name] += check(name, data, hide=dice.random() < 0.1)
        except Exception:
            sys.stderr.write(f"{name}: {data!r}\n")
            raise
    return read


def kinds() -> tuple[list[str], list[str]]:
    """Return the formats of JSON and those of tables and other texts."""
    starts = {name: golden.inputs(name)[0].read_bytes().lstrip()[:1] for name in golden.folders()}
    of_json = [name for name, start in starts.items() if start in {b"{", b"["}]
    return of_json, [name for name in starts if name not in of_json]


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=int, default=100_000)
    parser.add_argument("--csv", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for title, names, records in zip(
        ("json", "csv"), kinds(), (chosen.json, chosen.csv), strict=True
    ):
        start = time.perf_counter()
        read = campaign(names, records, chosen.seed)
        seconds = time.perf_counter() - start
        print(f"{title}: {sum(read.values()):,} records in {seconds:.0f} s: {read}")


if __name__ == "__main__":
    main()
