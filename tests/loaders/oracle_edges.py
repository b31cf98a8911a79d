"""What twarc-network and twitwi make of Twitter v2 files, as JSON: the answers of the oracles.

Runs under ``.oracles/bin/python`` (``make oracles``), which has those packages and no workbench:
``python oracle_edges.py FILE...`` prints one object, file name → package → answer.

twarc-network
    ``get_graph`` names nodes by handle and keeps the id as an attribute; edges here are by id. It
    is asked for one kind at a time (its ``--edges``), once for the whole file and once for every
    tweet; what a tweet makes it raise is counted in ``lost``.
twitwi
    ``normalize_tweets_payload_v2`` of every page; where that raises, of every tweet with the
    includes of its page.

An error is named by its class, and by its key only where that is a field of the API: other keys are
ids and handles.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twarc import ensure_flattened
from twarc_network import get_graph
from twitwi import normalize_tweets_payload_v2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("retweet", "reply", "quote", "mention")
FIELDS = {
    "author", "author_id", "created_at", "description", "id", "includes", "lang", "meta", "name",
    "possibly_sensitive", "profile_image_url", "public_metrics", "source", "text", "type", "url",
    "username", "verified",
}  # fmt: skip
COLUMNS = (
    "id", "user_id", "retweeted_id", "retweeted_user_id", "quoted_id", "quoted_user_id",
    "to_tweetid", "to_userid", "mentioned_ids", "mentioned_names", "hashtags", "links",
)  # fmt: skip


def documents(path: Path) -> Iterator[str]:
    """Yield the lines of a JSONL file, or a JSON document as one line."""
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        yield json.dumps(json.loads(text))
    else:
        yield from text.split("\n")[: -1 if text.endswith("\n") else None]


def named(error: Exception) -> str:
    """Return the name of an error, without ids, handles or texts."""
    key = error.args[0] if isinstance(error, KeyError) and error.args else None
    return f"KeyError {key}" if key in FIELDS else type(error).__name__


def tried(call: Callable[..., Any], *given: Any) -> tuple[Any, str | None]:
    """Return the answer of a call, or the name of its error."""
    try:
        return call(*given), None
    except Exception as error:  # noqa: BLE001  whatever another package raises
        return None, named(error)


def edges(lines: list[str], kind: str) -> dict[str, Any]:
    """Return the graph of one kind: the ids of its nodes; of each edge two ids and the weight."""
    graph = get_graph(lines, "users", (kind,), False)  # its four arguments
    ids = graph.nodes(data="user_id")
    found = graph.edges(data=kind)
    return {
        "nodes": [number for _, number in ids],
        "edges": [(ids[source], ids[target], weight) for source, target, weight in found],
    }


def flattened(line: str) -> list[dict[str, Any]]:
    """Return the tweets of a line as twarc-network sees them."""
    return list(ensure_flattened(json.loads(line)))


def of_twarc_network(lines: list[str]) -> dict[str, Any]:
    """Return for every kind the error or edges of the file, and the edges of every tweet."""
    answer: dict[str, Any] = {}
    read = [tried(flattened, line) for line in lines]
    for kind in KINDS:
        whole, error = tried(edges, lines, kind)
        lost = [(reason, None) for _, reason in read if reason]
        single = []
        for tweet in (tweet for tweets, _ in read for tweet in tweets or ()):
            made, reason = tried(edges, [json.dumps(tweet)], kind)
            single += [(tweet["id"], *edge) for edge in made["edges"]] if made else []
            lost += [(reason, tweet.get("id"))] if reason else []
        answer[kind] = {"whole": whole, "error": error, "edges": single, "lost": lost}
    return answer


def of_twitwi(lines: list[str]) -> dict[str, Any]:
    """Return the errors of pages, and the rows of the tweets that twitwi can read."""
    rows, errors, lost = [], [], []
    for line in lines:
        page, broken = tried(json.loads, line)
        made, reason = (None, broken) if broken else tried(normalize_tweets_payload_v2, page)
        if reason:
            errors.append(reason)
            lost += [(reason, None)] if broken else []
        if reason and not broken:
            made = []
            tweets = page.get("data", page)
            for tweet in tweets if isinstance(tweets, list) else [tweets]:
                single = {**page, "data": [tweet]}
                row, reason = tried(normalize_tweets_payload_v2, single)
                made += row or ()
                lost += [(reason, tweet.get("id"))] if reason else []
        rows += [{column: row.get(column) for column in COLUMNS} for row in made or ()]
    return {"errors": errors, "lost": lost, "rows": rows}


def main(paths: list[str]) -> None:
    """Print the answers."""
    logging.disable(logging.CRITICAL)
    answers = {}
    for path in map(Path, paths):
        lines = list(documents(path))
        answers[path.name] = {"twarc_network": of_twarc_network(lines), "twitwi": of_twitwi(lines)}
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
