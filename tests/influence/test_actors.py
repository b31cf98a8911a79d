"""Kinds of actors from labels: their time, handles, and two labels of one account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.corpora import corpus_of, crisis
from tests.influence.test_reshares import built_of_crisis
from workbench.errors import CannotBuildError
from workbench.graphs import graph
from workbench.influence import actor_kinds, audience


def corpus_with(labels, aliases=()):
    """Return five shares at noon of five days, labels (account, value, from, to), and aliases."""
    acts = [
        {"platform": "x", "kind": "share", "actor_id": f"x:{i}", "target_id": "x:9", "weight": 1.0,
         "created_ms": int(datetime(2031, 3, i, 12, tzinfo=UTC).timestamp() * 1000),
         "origin": "authored", "source_id": "s", "record": i}
        for i in range(1, 6)
    ]  # fmt: skip
    rows = [
        {"subject_type": "account", "subject": subject, "scheme": "public_actor", "value": value,
         "valid_from": since and datetime.fromisoformat(since).replace(tzinfo=UTC),
         "valid_to": until and datetime.fromisoformat(until).replace(tzinfo=UTC),
         "source_id": "l", "record": i}
        for i, (subject, value, since, until) in enumerate(labels)
    ]  # fmt: skip
    names = [
        {"platform": "x", "account_id": account, "handle": handle, "source_id": "s", "record": i}
        for i, (account, handle) in enumerate(aliases)
    ]
    tables = {"interactions": acts, "labels": rows, "aliases": names}
    return corpus_of(**{name: table for name, table in tables.items() if table})


def kinds(corpus, **filters):
    built = graph(corpus, "retweet", **filters)
    found = actor_kinds(built, corpus, scheme="public_actor")
    names = [None if i < 0 else found.names[i] for i in found.labels]
    return dict(zip(built.accounts, names, strict=True)), found.parameters


def test_labels_of_accounts_and_of_handles():
    corpus = corpus_with(
        [("x:1", "embassy", None, None), ("handle:x:desk", "media", None, None),
         ("handle:x:shared", "media", None, None), ("x:77", "embassy", None, None)],
        [("x:2", "desk"), ("x:3", "shared"), ("x:4", "shared")],
    )  # fmt: skip
    found, facts = kinds(corpus)
    assert found == {
        "x:1": "embassy", "x:2": "media", "x:3": None, "x:4": None, "x:5": None, "x:9": None,
    }  # fmt: skip
    assert facts == {"not_in_graph": 2, "ambiguous": 0}
    built = graph(corpus, "retweet")
    rows = audience(built, actor_kinds(built, corpus, scheme="public_actor"), top=1).to_pandas()
    assert rows[["from_embassy", "from_media", "from_none"]].to_numpy().tolist() == [[1, 1, 3]]


def test_a_label_counts_when_its_time_overlaps_that_of_the_graph():
    corpus = corpus_with(
        [("x:1", "minister", None, "2031-02-01"), ("x:2", "minister", "2031-03-03", None),
         ("x:3", "minister", "2031-03-06", None), ("x:4", "minister", "2031-01-01", "2031-03-01")]
    )  # fmt: skip
    found, _ = kinds(corpus)
    assert {account for account, kind in found.items() if kind} == {"x:2"}
    found, _ = kinds(corpus, since="2031-01-15")
    assert {account for account, kind in found.items() if kind} == {"x:1", "x:2", "x:4"}
    found, _ = kinds(corpus, until="2031-03-03")
    assert not any(found.values())


def test_two_labels_of_one_account_are_none_and_counted():
    corpus = corpus_with(
        [("x:1", "embassy", None, None), ("x:1", "media", None, None),
         ("x:2", "media", None, None), ("x:2", "media", None, None)]
    )  # fmt: skip
    found, facts = kinds(corpus)
    assert (found["x:1"], found["x:2"]) == (None, "media")
    assert facts["ambiguous"] == 1


def test_a_corpus_without_such_labels_is_refused():
    with pytest.raises(CannotBuildError, match=r"no such labels of accounts.*load a list"):
        actor_kinds(built_of_crisis(), crisis(), scheme="public_actor")
    corpus = corpus_with([("x:1", "embassy", None, None)])
    with pytest.raises(CannotBuildError, match="allowed: public_actor"):
        actor_kinds(graph(corpus, "retweet"), corpus, scheme="bot")
