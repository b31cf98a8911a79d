from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import source_of
from workbench.loaders.bluesky_events import REPOST, change_of, decode_event, deletions, seen_at
from workbench.loaders.moments import UNKNOWN

SIGNS = "234567abcdefghijklmnopqrstuvwxyz"


def commit(operation="delete", rkey="3k1", time=1_930_000_000_000_000, **more):
    made = {"operation": operation, "collection": REPOST, "rkey": rkey, "rev": "3r", **more}
    return {"did": "did:plc:annzz", "time_us": time, "kind": "commit", "commit": made}


def tap(rev, action="delete"):
    record = {"did": "did:plc:annzz", "collection": REPOST, "rkey": "3k1", "action": action,
              "rev": rev}  # fmt: skip
    return {"id": 1, "type": "record", "record": record}


def change(item):
    return change_of(decode_event(json.dumps(item).encode()))


def revision(us):
    """Return the revision of a time, the other way round."""
    number, signs = us << 10, ""
    for _ in range(13):
        signs, number = SIGNS[number & 31] + signs, number >> 5
    return signs


@given(st.integers(1, 2**53 - 1))
def test_a_revision_says_its_microsecond(us):
    assert change(tap(revision(us))).seen.us == us


@pytest.mark.parametrize("rev", [None, "", "3k", "3mc7ffzlabc21", "3MC7FFZLABC2K"])
def test_another_revision_says_no_time(rev):
    assert change(tap(rev)).seen == UNKNOWN


def test_both_envelopes_tell_the_same():
    one, other = change(commit(time=5)), change(tap(revision(5)))
    assert one[:4] == other[:4] == ("did:plc:annzz", REPOST, "3k1", "delete")
    assert one.seen == other.seen
    assert one.where.uri == f"at://did:plc:annzz/{REPOST}/3k1"
    assert change(commit("d")).operation == "delete"
    assert change({"did": "did:plc:annzz", "kind": "identity", "identity": {}}) is None


@pytest.mark.parametrize(
    "item",
    [commit("move"), commit(rkey=None), {**commit(), "did": None}, tap("3k", action="x")],
)
def test_a_change_needs_its_parts(item):
    with pytest.raises(ValueError, match=r"neither created|without account"):
        change(item)


def test_times_of_the_firehose_are_of_the_index():
    event = decode_event(b'{"time_us": 1930000000000000}')
    assert seen_at(event, None)[1:] == (1_930_000_000_000, "us", "indexed")
    assert seen_at(decode_event(b"{}"), "2031-01-01T00:00:00Z").source == "indexed"
    assert seen_at(decode_event(b'{"time_us": -5}'), None) == UNKNOWN
    assert seen_at(decode_event(b'{"time_us": 9000000000000000000}'), None) == UNKNOWN


@pytest.mark.parametrize("indent", [None, 1, "array"])
def test_deletions_are_found_anywhere(indent):
    items = [
        commit("create", "3k0"), commit("delete", "3k1", 7), commit("delete", "3k1", 9),
        {"text": f'"delete" {REPOST}'}, commit("delete", "3k2", 8),
        commit("delete", "3k3", 8, collection="x"),
    ]  # fmt: skip
    if indent is None:
        data = "\n".join([*map(json.dumps, items), '{"broken "delete" app.bsky.feed.repost'])
    else:
        data = json.dumps(items, indent=1 if indent == 1 else None)
    found = deletions(source_of(data.encode()))
    told = {key: moment.us for (_, key), moment in found.items()}
    assert told == {"3k1": 9, "3k2": 8}
