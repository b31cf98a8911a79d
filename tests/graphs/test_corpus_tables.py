"""Rows for coordination tools."""

from __future__ import annotations

import pytest

from tests.corpora import corpus_of, crisis
from workbench.errors import CannotBuildError, UsageError
from workbench.graphs.corpus_tables import coortweet, qut
from workbench.model.filters import Filters


def post(name, **more):
    return {
        "post_id": f"x:{name}", "version_id": f"x:{name}", "author_id": "x:1", "text": "t",
        "seen_as": "primary", "availability": "full", "created_ms": 1500, "source_id": "s",
        "record": 1, "kind": "original",
    } | more  # fmt: skip


def carried(name, value, **more):
    return {
        "post_id": f"x:{name}", "author_id": "x:1", "kind": "url", "value": value,
        "origin": "authored", "seen_as": "primary", "source_id": "s", "record": 1,
    } | more  # fmt: skip


def act(name, kind, target, **more):
    return {
        "post_id": f"x:{name}", "actor_id": "x:1", "kind": kind, "target_post_id": target,
        "origin": "authored", "resolved_by": "id_field", "weight": 1.0, "source_id": "s",
        "record": 1,
    } | more  # fmt: skip


def rows_of(table):
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def test_a_repost_carries_the_links_of_what_it_repeats_and_others_their_own():
    corpus = corpus_of(
        posts=[post("1"), post("2", kind="share"), post("3", seen_as="referenced")],
        interactions=[act("2", "share", "x:9")],
        attachments=[
            carried("1", "https://a.example"),
            carried("1", "https://quoted.example", origin="inherited_quote"),
            carried("2", "https://b.example", origin="inherited_share"),
            carried("2", "https://c.example", origin="inherited_share"),
        ],
    )
    first, second = rows_of(qut(corpus))
    assert (first["message_id"], first["urls"], first["repost_id"]) == (
        "x:1", "https://a.example", "",
    )  # fmt: skip
    assert second["urls"] == "https://b.example https://c.example"
    assert second["repost_id"] == "x:9"
    assert second["timestamp"] == "1.500"


def test_a_retracted_act_is_none_and_missing_values_are_empty():
    corpus = corpus_of(
        posts=[post("1", author_id=None, created_ms=None, text=None)],
        interactions=[act("1", "share", "x:9", retracted_ms=5)],
    )
    (row,) = rows_of(qut(corpus))
    assert {value for name, value in row.items() if name != "message_id"} == {""}


def test_an_object_is_shared_once_an_account_and_post():
    corpus = corpus_of(
        posts=[post("1")],
        attachments=[
            carried("1", "https://a.example", start=1), carried("1", "https://a.example", start=9),
            carried("1", "https://a.example", author_id=None),
        ],
    )  # fmt: skip
    (row,) = rows_of(coortweet(corpus, "co_url", Filters()))
    assert row["object_id"] == "https://a.example"


def test_a_refusal_comes_before_anything_is_written():
    with pytest.raises(UsageError, match="projection"):
        coortweet(crisis(), "hashtag_network", Filters())
    shares = corpus_of(posts=[post("1")], interactions=[act("1", "share", None)])
    with pytest.raises(CannotBuildError, match="do not say which post"):
        coortweet(shares, "co_share", Filters())
    with pytest.raises(CannotBuildError, match="no posts"):
        qut(corpus_of(interactions=[act("1", "share", "x:9", post_id=None)]))
