"""A slow, obvious reading of the raw pages: the oracle for what the generator says it made."""

from __future__ import annotations

import csv
import gzip
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Raw:
    """Pages and truth tables of one output folder, read with nothing but the standard library."""

    folder: Path
    pages: list[dict[str, Any]]
    truth: dict[str, list[dict[str, str]]]
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)  # first id -> first record
    author: dict[str, str] = field(default_factory=dict)  # post id of any version -> author
    owner: dict[str, str] = field(default_factory=dict)  # handle, casefolded -> account

    @property
    def records(self) -> list[dict[str, Any]]:
        return [record for page in self.pages for record in page["data"]]

    @property
    def included(self) -> list[dict[str, Any]]:
        return [record for page in self.pages for record in page["includes"]["tweets"]]

    @property
    def users(self) -> list[dict[str, Any]]:
        return [user for page in self.pages for user in page["includes"]["users"]]


def read(folder: Path) -> Raw:
    pages = []
    for path in sorted((folder / "posts").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            pages += [json.loads(line) for line in file]
    truth = {}
    for path in sorted((folder / "truth").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            truth[path.stem] = list(csv.DictReader(file))
    raw = Raw(folder, pages, truth)
    for user in raw.users:
        raw.owner[user["username"].casefold()] = user["id"]
    for record in [*raw.records, *raw.included]:
        raw.author[record["id"]] = record["author_id"]
    for record in raw.records:
        raw.posts.setdefault(record["edit_history_tweet_ids"][0], record)
    return raw


def reference(record: dict[str, Any], kind: str) -> str | None:
    """Return the id that the record refers to in this way."""
    for other in record.get("referenced_tweets", []):
        if other["type"] == kind:
            return other["id"]
    return None


def edges(raw: Raw) -> dict[str, Counter[tuple[str | None, str | None]]]:
    """Return how often each pair occurs, by graph; a target of None could not be resolved."""
    found: dict[str, Counter] = {name: Counter() for name in _GRAPHS}
    for record in raw.posts.values():
        actor = record["author_id"]
        for name, target in _targets(raw, record):
            found[name][actor, target] += 1
        for account, origin in mentions(raw, record):
            found["mention_all"][actor, account] += 1
            if origin == "authored":
                found["mention"][actor, account] += 1
        if reference(record, "retweeted") is None:
            for tag in record.get("entities", {}).get("hashtags", []):
                plain = unicodedata.normalize("NFKC", tag["tag"]).casefold()
                found["account_hashtag"][actor, "#" + plain] += 1
    return found


_GRAPHS = ("retweet", "quote", "reply", "mention", "mention_all", "account_hashtag")


def _targets(raw: Raw, record: dict[str, Any]) -> list[tuple[str, str | None]]:
    targets = []
    if shared := reference(record, "retweeted"):
        handle = record["text"].removeprefix("RT @").partition(":")[0]
        targets.append(("retweet", raw.author.get(shared) or _account(raw, handle)))
    if quoted := reference(record, "quoted"):
        links = [u["expanded_url"] for u in record["entities"]["urls"]]
        handle = next(link for link in links if f"/status/{quoted}" in link).split("/")[3]
        targets.append(("quote", raw.author.get(quoted) or _account(raw, handle)))
    if answered := reference(record, "replied_to"):
        target = record.get("in_reply_to_user_id") or raw.author.get(answered)
        targets.append(("reply", target))
    return targets


def mentions(raw: Raw, record: dict[str, Any]) -> list[tuple[str, str]]:
    """Return account and origin of every mention, by the rules of the house."""
    shared, answered = reference(record, "retweeted"), reference(record, "replied_to")
    found, reached = [], 0
    for mention in record.get("entities", {}).get("mentions", []):
        account = mention.get("id") or _account(raw, mention["username"])
        if shared:
            origin = "share_head" if mention["start"] == 3 else "inherited_share"
        elif answered and mention["start"] == reached:
            origin, reached = "reply_prefix", mention["end"] + 1
        else:
            origin = "authored"
        found.append((account, origin))
    return found


def _account(raw: Raw, handle: str) -> str:
    return raw.owner.get(handle.casefold(), "handle:" + handle.casefold())


def summary(pairs: Counter[tuple[str | None, str | None]], *, bipartite: bool) -> dict[str, int]:
    """Return the row of ``graphs.csv`` that these pairs make."""
    edges = {pair: times for pair, times in pairs.items() if pair[1] is not None}
    loops = [] if bipartite else [times for (a, b), times in edges.items() if a == b]
    return {
        "nodes": len({account for pair in edges for account in pair}),
        "sources": len({source for source, _ in edges}),
        "targets": len({target for _, target in edges}),
        "edges": len(edges),
        "weight": sum(edges.values()),
        "self_loops": len(loops),
        "self_loop_weight": sum(loops),
        "unresolved": sum(times for (_, b), times in pairs.items() if b is None),
    }
