"""Pages of a few invented people who quote, share and mention each other, in two files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

#: Snowflakes of March 2031, and ids and handles that are words of no text.
BOB, ANN, EVE = "7700112233", "8800112233", "9900112233"
HANDLES = {BOB: "bob_tidewave", ANN: "ann_tidewave", EVE: "eve_tidewave"}
NAMES = {BOB: "Robert of the Tide", ANN: "Ann of the Tide", EVE: "Eve of the Tide"}
SECRET = "the harbour of Velmora is closed"  # what only Bob wrote


def _id(number: int) -> str:
    return str(((1930000000000 - 1288834974657) << 22) + number)


POSTS = {
    name: _id(i + 1) for i, name in enumerate(["bob1", "bob2", "ann1", "ann2", "eve1", "eve2"])
}


def user(key: str) -> dict[str, Any]:
    return {
        "id": key, "username": HANDLES[key], "name": NAMES[key],
        "description": f"I am {NAMES[key]}",
        "created_at": "2020-01-01T00:00:00.000Z",
        "public_metrics": {"followers_count": 5, "following_count": 5, "tweet_count": 5,
                           "listed_count": 0},
    }  # fmt: skip


def tweet(name: str, author: str, text: str, **more: Any) -> dict[str, Any]:
    mentions = [
        {
            "start": text.find("@" + h),
            "end": text.find("@" + h) + len(h) + 1,
            "username": h,
            "id": k,
        }
        for k, h in HANDLES.items()
        if "@" + h in text
    ]
    tags = [
        {"start": text.find("#" + t), "end": text.find("#" + t) + len(t) + 1, "tag": t}
        for t in ("harbour", "peace")
        if "#" + t in text
    ]
    return {
        "id": POSTS[name], "author_id": author, "text": text, "lang": "en",
        "created_at": "2031-02-27T23:06:40.000Z", "conversation_id": POSTS[name],
        "edit_history_tweet_ids": [POSTS[name]],
        "entities": {"mentions": mentions, "hashtags": tags},
        **more,
    }  # fmt: skip


def refers(kind: str, name: str) -> dict[str, Any]:
    return {"referenced_tweets": [{"type": kind, "id": POSTS[name]}]}


def page(*tweets: dict[str, Any], included: tuple[dict[str, Any], ...] = ()) -> str:
    people = [user(key) for key in HANDLES]
    return json.dumps(
        {"data": list(tweets), "includes": {"users": people, "tweets": list(included)},
         "meta": {"result_count": len(tweets)}}
    )  # fmt: skip


def bob1() -> dict[str, Any]:
    return tweet("bob1", BOB, f"{SECRET} #harbour @{HANDLES[EVE]}")


def write(folder: Path) -> list[Path]:
    """Write two files of pages and return them; Bob is in both."""
    folder.mkdir(exist_ok=True)
    link = f"https://twitter.com/{HANDLES[BOB]}/status/{POSTS['bob1']}"
    first = page(
        bob1(),
        tweet("ann1", ANN, f"RT @{HANDLES[BOB]}: {SECRET} #harbour @{HANDLES[EVE]}",
              **refers("retweeted", "bob1")),
        tweet("eve1", EVE, f"dear @{HANDLES[BOB]} and @{HANDLES[ANN]}, see {link} #peace"),
        included=(bob1(),),
    )  # fmt: skip
    second = page(
        tweet("bob2", BOB, f"@{HANDLES[ANN]} no #peace", in_reply_to_user_id=ANN,
              **refers("replied_to", "ann2")),
        tweet("ann2", ANN, f"I disagree: {link}", **refers("quoted", "bob1")),
        tweet("eve2", EVE, f"@{HANDLES[BOB]} yes", in_reply_to_user_id=BOB,
              **{**refers("replied_to", "bob2"), "conversation_id": POSTS["bob2"]}),
        included=(bob1(),),
    )  # fmt: skip
    files = [folder / "first.jsonl", folder / "second.jsonl"]
    for file, text in zip(files, (first, second), strict=True):
        file.write_text(text + "\n", "utf-8")
    return files


#: What must not be left of Bob.
TRACES = [BOB, HANDLES[BOB], NAMES[BOB], POSTS["bob1"], POSTS["bob2"], SECRET]
