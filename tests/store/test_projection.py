"""Corpus → rows of a store: every endpoint exists, no pair twice, nothing invented."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis
from workbench.engine import session
from workbench.loaders import load
from workbench.model import Corpus
from workbench.store.projection import NOTHING, Projection, arrow_schema, tables, write_parquet
from workbench.store.schema import AS_KNOWN, NODES, RELATIONSHIPS


def projected(corpus):
    with session(corpus) as opened:
        made = Projection(opened)
        return dict(made.rows()), made.facts()


def check(corpus):
    made, _ = projected(corpus)
    assert list(made) == tables()
    keys = {}
    for name, table in made.items():
        assert table.schema == arrow_schema(name)
        if name in NODES:
            key = table.column(NODES[name].key).to_pylist()
            assert None not in key
            assert len(set(key)) == len(key)
            keys[name] = set(key)
        else:
            kind = RELATIONSHIPS[name]
            pairs = list(zip(table["source"].to_pylist(), table["target"].to_pylist(), strict=True))
            if name == "ADDRESSES":
                pairs = list(zip(pairs, table["kind"].to_pylist(), strict=True))
                assert {p[0][0] for p in pairs} <= keys["Post"]
            else:
                assert {p[0] for p in pairs} <= keys[kind.source]
                assert {p[1] for p in pairs} <= keys[kind.target]
            assert len(set(pairs)) == len(pairs)
    return made


@few(2)
@given(corpora())
def test_random_corpora(corpus):
    made = check(corpus)
    with session(corpus) as opened:
        known = set(opened.collect(opened.table("posts")).column("post_id").to_pylist())
    assert set(made["Post"].column("post_id").to_pylist()) == known  # no post is invented


def test_the_crisis_and_its_files(tmp_path):
    made = check(crisis())
    with session(crisis()) as opened:
        write_parquet(opened, tmp_path)
    for name, table in made.items():
        assert pq.read_table(tmp_path / f"{name}.parquet").num_rows == table.num_rows


@pytest.mark.parametrize("rows", [64, 1 << 17])
def test_posts_in_pieces_are_the_same_posts(monkeypatch, rows):
    monkeypatch.setattr("workbench.store.projection._PIECE", rows)
    whole, _ = projected(crisis())
    with session(crisis()) as opened:
        made = Projection(opened)
        assert made.posts() == whole["Post"].num_rows > 64
        pieces = list(made.rows(pieces=True))
    assert list(dict(pieces)) == tables()
    posts = [table for name, table in pieces if name == "Post"]
    assert all(table.schema == arrow_schema("Post") for table in posts)
    together = pa.concat_tables(posts).sort_by("post_id")
    assert together.to_pylist() == whole["Post"].sort_by("post_id").to_pylist()
    others = {name: table for name, table in pieces if name != "Post"}
    assert {name: table.num_rows for name, table in others.items()} == {
        name: table.num_rows for name, table in whole.items() if name != "Post"
    }


def test_pieces_of_nothing_are_one_empty_table():
    with session(Corpus.empty()) as opened:
        pieces = list(Projection(opened).rows(pieces=True))
    assert [name for name, _ in pieces] == tables()
    assert not any(table.num_rows for _, table in pieces)


def test_who_posted_what_can_say_what_is_known_of_the_post():
    with session(crisis()) as opened:
        made = dict(Projection(opened).rows(known=True))
    posts = {post["post_id"]: post for post in made["Post"].to_pylist()}
    assert made["POSTED"].column_names == ["source", "target", *AS_KNOWN]
    assert len({post["lang"] for post in posts.values()}) > 1
    for row in made["POSTED"].to_pylist():
        assert [row[key] for key in AS_KNOWN] == [posts[row["target"]][key] for key in AS_KNOWN]


def test_what_a_store_cannot_tell_apart():
    assert projected(Corpus.empty())[1] == NOTHING
    act = {"platform": "x", "kind": "share", "actor_id": "x:a", "target_id": "x:b", "weight": 1.0}
    act |= {"origin": "authored", "source_id": "s", "record": 1}
    assert projected(corpus_of(interactions=[act]))[1]["only_sums"] == 1
    found = projected(crisis())[1]
    assert (found["only_sums"], found["unknown_shared"], found["objects"]) == (0, 0, False)
    assert {"authored", "reply_prefix", "share_head", "inherited_share"} <= set(found["origins"])


def test_a_post_whose_author_is_unknown_is_not_given_to_whom_others_name():
    post = {"platform": "x", "seen_as": "primary", "source_id": "s", "kind": "original"}
    act = {"platform": "x", "kind": "share", "actor_id": "x:a", "target_id": "x:b", "weight": 1.0}
    act |= {"origin": "authored", "source_id": "s", "record": 2, "post_id": "x:2"}
    for availability, authors in (("full", {"x:a"}), ("stub", {"x:a", "x:b"})):
        corpus = corpus_of(
            posts=[
                post | {"post_id": "x:1", "availability": availability, "record": 1},
                post | {"post_id": "x:2", "availability": "full", "author_id": "x:a", "record": 2},
            ],
            interactions=[act | {"target_post_id": "x:1"}],
        )
        made = check(corpus)
        assert set(made["POSTED"].column("source").to_pylist()) == authors


def test_each_domain_is_of_its_link_with_or_without_a_place():
    post = {"platform": "x", "seen_as": "primary", "source_id": "s", "kind": "original",
            "availability": "full", "post_id": "x:1", "author_id": "x:a", "record": 1}  # fmt: skip
    carried = {"platform": "x", "post_id": "x:1", "seen_as": "primary", "source_id": "s",
               "origin": "authored", "record": 1}  # fmt: skip
    links = [("https://a.example/1", "a.example"), ("https://b.example/2", "b.example")]
    rows = [
        carried | {"kind": kind, "value": value, "value_raw": link, "start": start}
        for link, domain in links
        for kind, value, start in (("url", link, None), ("domain", domain, None))
    ]
    made, facts = projected(corpus_of(posts=[post], attachments=rows))
    assert facts["domains_astray"] == 0
    found = zip(made["ON"]["source"].to_pylist(), made["ON"]["target"].to_pylist(), strict=True)
    assert sorted(found) == links
    lost = [row | {"value_raw": None} for row in rows]
    made, facts = projected(corpus_of(posts=[post], attachments=lost))
    assert (facts["domains_astray"], made["ON"].num_rows) == (2, 0)
    beside = [*rows, carried | {"kind": "domain", "value": "c.example", "value_raw": "no link"}]
    assert projected(corpus_of(posts=[post], attachments=beside))[1]["domains_astray"] == 1


def test_two_links_of_one_domain_in_one_post_both_belong_to_it(tmp_path):
    for name in ("1", "2"):  # a second file, so that the views have to tell what is the same
        (tmp_path / f"{name}.csv").write_text(
            f"post,user,links\np1,ann,https://a.example/x|https://a.example/y\np{name}2,ann,\n"
        )
    columns = {"post": "post", "author": "user", "urls": "links"}
    column_map = {"list_separator": "|", "columns": columns}
    made, facts = projected(load(str(tmp_path / "*.csv"), column_map=column_map, progress=False))
    assert facts["domains_astray"] == 0
    assert sorted(made["ON"]["source"].to_pylist()) == [
        "https://a.example/x",
        "https://a.example/y",
    ]
