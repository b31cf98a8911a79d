"""A gigabyte of v2 pages, of v1.1 and of Bluesky's firehose: speed, memory, a load that is killed.

The peer is bare decoding of the same lines with msgspec into dicts: no loader can be faster.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_load import POSTS_A_GB, make_pages
from tests.benchmarks.measure import Row, at_least, at_most, run, timed

HERE = "tests.benchmarks.bench_formats"
PARTS = 4
#: Lines of about a gigabyte.
LINES = {"v2": POSTS_A_GB, "v1": 870_000, "jetstream": 2_000_000}
#: What is not slower than this part of bare decoding.
GOALS = {"v2": 0.2, "v1": 0.04, "jetstream": 0.03}
_WORDS = [
    "peace",
    "border",
    "summit",
    "energy",
    "election",
    "minister",
    "sanctions",
    "harvest",
    "port",
    "signal",
]
_DAY = 1_709_251_200  # 2024-03-01


def make(folder: str, kind: str, count: str) -> dict[str, Any]:
    """Write `count` records of a kind in parts; returns their bytes."""
    each = int(count) // PARTS
    with timed() as spent:
        for part in range(PARTS):
            file = Path(folder) / f"{part}.jsonl"
            if kind == "v2":
                make_pages(str(file), str(each))
                continue
            dice = random.Random(part)
            write = {"v1": _tweet, "jetstream": _commit}[kind]
            with file.open("w", encoding="utf-8") as out:
                for number in range(part * each, (part + 1) * each):
                    out.write(json.dumps(write(number, dice)) + "\n")
    return {"seconds": spent[0], "bytes": sum(f.stat().st_size for f in Path(folder).iterdir())}


def _tweet(number: int, dice: random.Random) -> dict[str, Any]:
    """Return a v1.1 tweet: half are retweets, some quote, some answer."""
    act = dice.random()
    other = _plain(dice.randrange(number + 1), dice)
    if act < 0.5:
        head = {"screen_name": other["user"]["screen_name"], "id_str": other["user"]["id_str"],
                "indices": [3, 12]}  # fmt: skip
        tweet = _plain(number, dice)
        tweet["text"] = f"RT @{head['screen_name']}: {other['text']}"
        tweet["entities"]["user_mentions"] = [head]
        return {**tweet, "retweeted_status": other}
    tweet = _plain(number, dice)
    if act < 0.6:
        tweet |= {"quoted_status_id_str": other["id_str"], "quoted_status": other}
    elif act < 0.75:
        tweet |= {"in_reply_to_status_id_str": other["id_str"],
                  "in_reply_to_user_id_str": other["user"]["id_str"]}  # fmt: skip
    return tweet


def _plain(number: int, dice: random.Random) -> dict[str, Any]:
    at = time.gmtime(_DAY + number % 2_000_000)
    who = dice.randrange(40_000)
    tag = dice.choice(_WORDS)
    key = ((_DAY + number % 2_000_000) * 1000 - 1_288_834_974_657 << 22) + number
    text = " ".join(dice.choices(_WORDS, k=14)) + f" #{tag}"
    user = {
        "id_str": str(10**9 + who), "screen_name": f"user{who:05}", "name": f"User {who}",
        "followers_count": who, "friends_count": 3, "statuses_count": 5, "verified": False,
        "description": "an invented account", "created_at": "Wed Mar 01 00:00:00 +0000 2015",
    }  # fmt: skip
    entities = {"hashtags": [{"text": tag, "indices": [len(text) - len(tag) - 1, len(text)]}],
                "urls": [], "user_mentions": [], "symbols": []}  # fmt: skip
    return {
        "created_at": time.strftime("%a %b %d %H:%M:%S +0000 %Y", at), "id_str": str(key),
        "text": text, "truncated": False, "user": user, "entities": entities, "lang": "en",
        "retweet_count": 0, "favorite_count": number % 7, "source": "<a>app</a>",
    }  # fmt: skip


def _commit(number: int, dice: random.Random) -> dict[str, Any]:
    """Return an event of the firehose: posts, reposts, likes, and reposts taken back."""
    act = dice.random()
    who, other = (f"did:plc:{dice.randrange(40_000):024}" for _ in range(2))
    uri = f"at://{other}/app.bsky.feed.post/k{dice.randrange(number + 1)}"
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(_DAY + number // 100))
    record: dict[str, Any] = {"createdAt": at, "subject": {"uri": uri, "cid": "bafy"}}
    collection = "repost" if act < 0.3 else "like"
    if act < 0.45:
        tag = dice.choice(_WORDS)
        text = " ".join(dice.choices(_WORDS, k=20)) + f" #{tag}"
        collection, record = "post", {
            "createdAt": at, "text": text, "langs": ["en"],
            "facets": [{"index": {"byteStart": len(text) - len(tag) - 1, "byteEnd": len(text)},
                        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}]}],
        }  # fmt: skip
        if act < 0.15:
            record["reply"] = {"root": {"uri": uri, "cid": "b"}, "parent": {"uri": uri, "cid": "b"}}
    name = f"app.bsky.feed.{collection}"
    commit = {"rev": "r", "operation": "create", "collection": name, "rkey": f"k{number}",
              "record": {"$type": name, **record}, "cid": "bafy"}  # fmt: skip
    time_us = (_DAY + number // 100) * 10**6
    return {"did": who, "time_us": time_us, "kind": "commit", "commit": commit}


def ours(folder: str, into: str) -> dict[str, Any]:
    """Load the parts into a corpus folder with every table."""
    from workbench.loaders import load

    files = sorted(Path(folder).iterdir())
    with timed() as spent:
        corpus = load(files, into=into, progress=False)
    report = corpus.report
    return {"seconds": spent[0], "records": report.records_read, "rejected": report.rejected}


def fingerprints(into: str) -> dict[str, Any]:
    """Return the fingerprints of a loaded corpus and of its retweet graph."""
    from workbench.graphs import graph
    from workbench.model import Corpus

    corpus = Corpus.open(Path(into))
    made = str(graph(corpus, "retweet").fingerprint)
    return {"seconds": 0.0, "corpus": corpus.fingerprint, "graph": made}


def untyped(folder: str) -> dict[str, Any]:
    """Decode every line into dicts and throw them away."""
    import msgspec

    decode = msgspec.json.Decoder().decode
    with timed() as spent:
        for file in sorted(Path(folder).iterdir()):
            with file.open("rb") as lines:
                for line in lines:
                    decode(line)
    return {"seconds": spent[0]}


def killed(folder: str, into: str, after: float) -> int:
    """Load the parts in a process that is killed after some seconds; return how many are whole."""
    command = [sys.executable, "-m", "tests.benchmarks.measure", f"{HERE}:ours", folder, into]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
    listing = Path(into) / "corpus.json"
    return len(json.loads(listing.read_text("utf-8"))["sources"]) if listing.exists() else 0


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is about a gigabyte of each.

    A load is killed at a random moment between a tenth and nine tenths of its time.
    """
    report = []
    for kind, lines in LINES.items():
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            data, first, again = (Path(name) / part for part in ("data", "first", "again"))
            data.mkdir()
            size = run(f"{HERE}:make", data, kind, int(lines * scale)).answer["bytes"]
            floor = run(f"{HERE}:untyped", data)
            mine = run(f"{HERE}:ours", data, first)
            whole = killed(
                str(data), str(again), mine.seconds * random.Random(kind).uniform(0.1, 0.9)
            )
            run(f"{HERE}:ours", data, again)
            found = [run(f"{HERE}:fingerprints", into).answer for into in (first, again)]
        records = mine.answer["records"]
        told = f"{kind} ({size / 1e9:.2f} GB, {records:,} records)"
        same = all(found[0][key] == found[1][key] for key in ("corpus", "graph"))
        report += [
            at_least(
                f"{told} → corpus: ours / untyped decoding", floor.seconds / mine.seconds,
                GOALS[kind], ours=f"{records / mine.seconds:,.0f} /s",
                peer=f"{records / floor.seconds:,.0f} /s",
            ),
            at_most(
                f"{told}: peak memory, MiB", mine.peak_mb, 600, ours=f"{mine.peak_mb:.0f} MiB",
                peer="600 MiB",
            ),
            at_least(
                f"{told}: killed with {whole} of {PARTS} parts whole, loaded again: the same",
                float(same), 1, ours=found[1]["corpus"][:12], peer=found[0]["corpus"][:12],
            ),
        ]  # fmt: skip
    return report
