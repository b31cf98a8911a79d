"""What accounts used in common: by hand, and as the graphs count it."""

from __future__ import annotations

import pytest

from tests.corpora import corpus_of, crisis
from workbench.engine import session as open_session
from workbench.graphs import graph
from workbench.graphs.used import in_common, members, used
from workbench.model.filters import Filters
from workbench.model.kinds import graph_kind

KEEP = ["actor_id", "target_id", "post_id", "record"]


def carried(*rows):
    """Return a corpus of posts that carry hashtags: account, post, tag, record."""
    common = {"platform": "x", "source_id": "s", "origin": "authored", "seen_as": "primary"}
    return corpus_of(
        attachments=[
            common | {"author_id": who, "post_id": post, "kind": "hashtag", "value": tag,
                      "record": record, "start": record, "created_ms": 1000 * record}
            for who, post, tag, record in rows
        ]
    )  # fmt: skip


CORPUS = carried(
    ("x:a", "x:1", "peace", 1), ("x:a", "x:1", "peace", 2), ("x:a", "x:2", "peace", 3),
    ("x:b", "x:3", "peace", 4), ("x:b", "x:3", "war", 5), ("x:c", "x:4", "war", 6),
    ("x:c", "x:4", "peace", 7), ("x:a", "x:5", "alone", 8),
)  # fmt: skip


def rows_of(frame, session):
    return sorted(session.collect(frame.select(*KEEP)).to_pylist(), key=lambda row: row["record"])


def test_a_thing_twice_in_a_post_is_one_use_and_led_to_by_its_first_record():
    with open_session(CORPUS) as session:
        found = rows_of(used(session, graph_kind("account_hashtag"), Filters.parse()), session)
    assert [row["record"] for row in found] == [1, 3, 4, 5, 6, 7, 8]
    assert found[0] == {
        "actor_id": "x:a", "target_id": "hashtag:peace", "post_id": "x:1", "record": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "ends", "most", "records", "weights"),
    [
        ("co_hashtag", ["x:a", "x:b"], None, [1, 3, 4], {"hashtag:peace": 1}),
        ("co_hashtag", ["x:b", "x:c"], None, [4, 5, 6, 7], {"hashtag:peace": 1, "hashtag:war": 1}),
        ("co_hashtag", ["x:b", "x:c"], 2, [5, 6], {"hashtag:war": 1}),
        ("co_hashtag", ["x:a"], None, [1, 3], {"hashtag:peace": 2}),
        ("co_hashtag", ["x:b"], None, [4, 5], {"hashtag:peace": 2, "hashtag:war": 1}),
        ("hashtag_network", ["hashtag:war", "hashtag:peace"], None, [5, 6], {"x:3": 1, "x:4": 1}),
        ("hashtag_network", ["hashtag:peace"], None, [4, 7], {"x:3": 1, "x:4": 1}),
        ("hashtag_network", ["hashtag:alone"], None, [], {}),
    ],
)
def test_what_nodes_have_in_common(kind, ends, most, records, weights):
    what = graph_kind(kind)
    with open_session(CORPUS) as session:
        rows = used(session, what, Filters.parse())
        behind, common = in_common(rows, what, ends, most=most)
        assert [row["record"] for row in rows_of(behind, session)] == records
        told = session.collect(common).to_pylist()
    thing = members(what)[1]
    assert {row[thing]: row["weight"] for row in told} == weights


def test_shares_of_a_post_are_rows_and_the_post_the_thing():
    edges = graph(crisis(), "co_share").to_pandas()
    source, target, weight = edges.sort_values("weight").iloc[-1]
    what = graph_kind("co_share")
    with open_session(crisis()) as session:
        rows = used(session, what, Filters.parse())
        behind, common = in_common(rows, what, [source, target], most=None)
        found = rows_of(behind, session)
        assert len(session.collect(common)) == weight > 1
    assert {row["actor_id"] for row in found} == {source, target}
    assert len({row["target_id"] for row in found}) == weight
