"""The views against a slow, obvious reading of the same observations."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.engine import session, views
from workbench.model import Corpus
from workbench.model.schema import TABLES

KEYS = {"platform": "x", "weight": 1.0, "created_precision": "s"}


def post(number: int, source: str = "s1", **over: Any) -> dict[str, Any]:
    row = {
        "platform": "x",
        "post_id": f"x:{number}",
        "version_id": f"x:{number}",
        "author_id": f"x:a{number}",
        "created_ms": number,
        "kind": "original",
        "availability": "full",
        "seen_as": "primary",
        "source_id": source,
        "record": number,
    }
    return row | over


def act(kind: str, number: int, source: str = "s1", **over: Any) -> dict[str, Any]:
    row = KEYS | {
        "kind": kind,
        "actor_id": "x:me",
        "post_id": f"x:{number}",
        "target_id": None,
        "target_post_id": None,
        "start": None,
        "created_ms": number,
        "origin": "authored",
        "resolved_by": "none",
        "source_id": source,
        "record": number,
    }
    return row | over


def corpus(**tables: list[dict[str, Any]]) -> Corpus:
    made = {}
    for name, observed in tables.items():
        present = {key for row in observed for key in row}
        schema = pa.schema([column for column in TABLES[name] if column.name in present])
        made[name] = pa.Table.from_pylist(observed, schema)
    return Corpus.from_tables(made)


def rows(view: str, made: Corpus, engine: str = "duckdb") -> list[dict[str, Any]]:
    with session(made, engine=engine) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def test_primary_beats_referenced_and_metrics_are_maxima():
    made = corpus(
        posts=[
            post(1, "s1", seen_as="referenced", likes=9, text="as seen", created_ms=5),
            post(1, "s2", likes=2, shares=None, text="itself", created_ms=6),
            post(1, "s3", likes=None, shares=4, text="later", retrieved_ms=99, created_ms=6),
        ]
    )
    (row,) = rows("posts", made)
    assert (row["text"], row["likes"], row["shares"], row["views"]) == ("later", 9, 4, None)
    assert (row["seen_as"], row["created_ms"]) == ("primary", 5)


def test_full_beats_stub_among_referenced():
    made = corpus(
        posts=[
            post(1, "s1", seen_as="referenced", availability="stub", text=None),
            post(1, "s2", seen_as="referenced", text="known"),
        ]
    )
    assert [r["text"] for r in rows("posts", made)] == ["known"]


def test_an_act_seen_in_two_files_is_one_act_and_the_better_resolution_wins():
    made = corpus(
        interactions=[
            act("share", 2, "s1", target_post_id="x:1", resolved_by="text", target_id="handle:x:b"),
            act("share", 2, "s2", target_post_id="x:1", resolved_by="expanded", target_id="x:b"),
        ]
    )
    (row,) = rows("interactions", made)
    assert (row["target_id"], row["resolved_by"]) == ("x:b", "expanded")


def test_two_mentions_of_one_account_in_one_post_are_two_acts():
    made = corpus(
        interactions=[
            act("mention", 2, target_id="x:b", start=0),
            act("mention", 2, target_id="x:b", start=9),
            act("mention", 2, "s2", target_id="x:b", start=9),
        ]
    )
    assert sorted(r["start"] for r in rows("interactions", made)) == [0, 9]


def test_acts_without_a_post_are_never_merged():
    twin = act("share", 2, target_id="x:b", post_id=None)
    assert len(rows("interactions", corpus(interactions=[twin, dict(twin)]))) == 2


reposts = st.lists(
    st.fixed_dictionaries(
        {
            "actor_id": st.sampled_from(["x:me", "x:you", None]),
            "post_id": st.just(None),
            "target_post_id": st.sampled_from(["x:1", "x:2", None]),
            "target_id": st.sampled_from(["x:a", None]),
            "created_ms": st.integers(1, 5),
            "retracted_ms": st.sampled_from([None, None, 2, 4]),
            "source_id": st.sampled_from(["s1", "s2"]),
            "record": st.integers(1, 9),
        }
    ),
    max_size=8,
    unique_by=lambda r: (r["source_id"], r["record"]),
)


@settings(max_examples=25)
@given(reposts, st.randoms())
def test_acts_without_a_post_upon_one_post_are_one_and_the_last_word_counts(observed, shuffler):
    last, alone = {}, 0
    for row in observed:
        if row["target_post_id"] is None:
            alone += 1
            continue
        at = row["created_ms"] if row["retracted_ms"] is None else row["retracted_ms"]
        rank = (-at, row["retracted_ms"] is None, row["source_id"], row["record"])
        key = (row["actor_id"], row["target_post_id"])
        if key not in last or rank < last[key][0]:
            last[key] = (rank, row)
    acts = [act("share", 1, **{**row, "resolved_by": "uri"}) for row in observed]
    shuffler.shuffle(acts)
    found = rows("interactions", corpus(interactions=acts))
    assert sum(row["target_post_id"] is None for row in found) == alone
    kept = {(r["actor_id"], r["target_post_id"]): r for r in found if r["target_post_id"]}
    assert len(found) == alone + len(kept)
    assert set(kept) == set(last)
    for key, (_, row) in last.items():
        assert (kept[key]["created_ms"], kept[key]["retracted_ms"]) == (
            row["created_ms"],
            row["retracted_ms"],
        )


def test_the_author_of_a_known_post_resolves_an_open_target_across_files():
    made = corpus(
        posts=[post(1, "s2")],
        interactions=[
            act("quote", 2, target_post_id="x:1"),
            act("quote", 3, target_post_id="x:9"),
        ],
    )
    found = {r["post_id"]: (r["target_id"], r["resolved_by"]) for r in rows("interactions", made)}
    assert found == {"x:2": ("x:a1", "in_file_join"), "x:3": (None, "none")}


@pytest.mark.parametrize("author", ["x:a1", "handle:x:anna"])
def test_an_author_known_by_any_observation_resolves_an_open_target(author):
    made = corpus(
        posts=[
            post(1, "s1", author_id=author, retrieved_ms=1),
            post(1, "s2", author_id=None, retrieved_ms=9),
        ],
        interactions=[act("reply", 2, target_post_id="x:1")],
    )
    (row,) = rows("interactions", made)
    assert (row["target_id"], row["resolved_by"]) == (author, "in_file_join")


def test_a_handle_becomes_an_account_only_when_one_account_bore_it():
    made = corpus(
        interactions=[
            act("mention", 2, target_id="handle:x:bob", start=0, resolved_by="entity"),
            act("mention", 3, target_id="handle:x:eve", start=0, resolved_by="entity"),
            act("mention", 4, target_id="handle:x:nobody", start=0, resolved_by="entity"),
        ],
        aliases=[
            {"platform": "x", "account_id": "x:7", "handle": "bob", "source_id": "s1", "record": 1},
            {"platform": "x", "account_id": "x:8", "handle": "eve", "source_id": "s1", "record": 1},
            {"platform": "x", "account_id": "x:9", "handle": "eve", "source_id": "s2", "record": 1},
        ],
    )
    found = {r["post_id"]: r["target_id"] for r in rows("interactions", made)}
    assert found == {"x:2": "x:7", "x:3": "handle:x:eve", "x:4": "handle:x:nobody"}


def test_who_is_known_by_a_handle_acts_as_the_account_that_bore_it():
    tag = {"platform": "x", "kind": "hashtag", "value": "peace", "origin": "authored"}
    by_name = {"author_id": "handle:x:bob", "source_id": "s1", "record": 1}
    made = corpus(
        posts=[post(1, "s1", **by_name), post(1, "s2", author_id="x:7")],
        interactions=[
            act("reply", 1, "s1", actor_id="handle:x:bob", target_id="x:8", target_post_id="x:3"),
            act("reply", 1, "s2", actor_id="x:7", target_id="x:8", target_post_id="x:3"),
            act("reply", 2, "s1", actor_id="handle:x:eve", target_post_id="x:1"),
        ],
        attachments=[tag | by_name | {"post_id": "x:1", "seen_as": "primary"}],
        accounts=[
            {"platform": "x", "account_id": name, "seen_as": "author", "source_id": "s1",
             "record": 1}
            for name in ("handle:x:bob", "x:7", "handle:x:eve")
        ],
        aliases=[
            {"platform": "x", "account_id": account, "handle": handle, "source_id": "s2",
             "record": 1}
            for account, handle in (("x:7", "bob"), ("x:8", "eve"), ("x:9", "eve"))
        ],
    )  # fmt: skip
    ends = sorted((r["post_id"], r["actor_id"], r["target_id"]) for r in rows("interactions", made))
    assert ends == [("x:1", "x:7", "x:8"), ("x:2", "handle:x:eve", "x:7")]
    assert {r["author_id"] for name in ("posts", "attachments") for r in rows(name, made)} == {
        "x:7"
    }
    assert {r["account_id"] for r in rows("accounts", made)} == {"x:7", "handle:x:eve"}


def edited() -> Corpus:
    edits = [
        {"platform": "x", "kind": "edit", "subject_type": "post", "subject": version,
         "detail": "x:1", "source_id": "s1", "record": 1}
        for version in ("x:1", "x:11")
    ]  # fmt: skip
    tag = {"platform": "x", "kind": "hashtag", "origin": "authored", "seen_as": "primary"}
    return corpus(
        posts=[
            post(1, "s1", text="first"),
            post(1, "s2", version_id="x:11", text="second", created_ms=11, record=5),
        ],
        interactions=[
            act("mention", 1, "s1", target_id="x:old", start=0),
            act("mention", 1, "s2", target_id="x:new", start=0, record=5),
            act("quote", 20, "s3", target_post_id="x:11", target_id="x:a1"),
        ],
        attachments=[
            tag | {"post_id": "x:1", "value": "old", "source_id": "s1", "record": 1},
            tag | {"post_id": "x:1", "value": "new", "source_id": "s2", "record": 5},
            tag | {"post_id": "x:1", "value": "kept", "source_id": "s1", "record": 1},
            tag | {"post_id": "x:1", "value": "kept", "source_id": "s2", "record": 5},
        ],
        events=edits,
    )


def test_versions_of_an_edited_post_are_one_post_and_the_newest_counts():
    made = edited()
    (row,) = rows("posts", made)
    assert (row["text"], row["created_ms"]) == ("second", 1)
    acts = {r["kind"]: r for r in rows("interactions", made)}
    assert acts["mention"]["target_id"] == "x:new"
    assert acts["quote"]["target_post_id"] == "x:1"
    carried = sorted((r["value"], r["source_id"]) for r in rows("attachments", made))
    assert carried == [("kept", "s2"), ("new", "s2")]


def test_a_post_edited_under_its_id_does_only_what_its_best_observation_says():
    tag = {"platform": "x", "post_id": "x:1", "kind": "hashtag", "value": "peace"}
    tag |= {"origin": "authored", "seen_as": "primary", "record": 1}
    made = corpus(
        posts=[post(1, "s1"), post(1, "s2", retrieved_ms=9), post(2, "s1"), post(2, "s2")],
        interactions=[
            act("mention", 1, "s1", target_id="x:7", start=0),
            act("mention", 1, "s2", target_id="x:7", start=5),
            act("mention", 2, "s1", target_id="x:7", start=0),
            act("mention", 2, "s2", target_id="x:7", start=5),
        ],
        attachments=[
            tag | {"start": 10, "source_id": "s1"},
            tag | {"start": 15, "source_id": "s2"},
        ],
        events=[
            {"platform": "x", "kind": "edit", "subject_type": "post", "subject": "x:1",
             "source_id": "s2", "record": 1},
        ],
    )  # fmt: skip
    mentions = sorted((r["post_id"], r["start"]) for r in rows("interactions", made))
    assert mentions == [("x:1", 5), ("x:2", 0), ("x:2", 5)]
    assert [r["start"] for r in rows("attachments", made)] == [15]


def test_what_an_edited_post_carries_has_the_time_of_the_post():
    later = {"source_id": "s2", "record": 5, "created_ms": 11}
    tables = {name: edited().table(name).to_pylist() for name in ("posts", "events")}
    made = corpus(
        **tables,
        interactions=[act("mention", 1, "s2", target_id="x:new", start=0, **later)],
        attachments=[
            {"platform": "x", "post_id": "x:1", "kind": "hashtag", "value": "new",
             "origin": "authored", "seen_as": "primary", **later},
        ],
    )  # fmt: skip
    (row,) = rows("posts", made)
    for name in ("interactions", "attachments"):
        (carried,) = rows(name, made)
        assert carried["created_ms"] == row["created_ms"] == 1, name


def test_attachments_of_a_post_seen_twice_are_counted_once():
    tag = {"platform": "x", "post_id": "x:1", "kind": "hashtag", "value": "peace", "start": 3}
    tag |= {"origin": "authored", "record": 1}
    made = corpus(
        attachments=[
            tag | {"seen_as": "referenced", "source_id": "s1"},
            tag | {"seen_as": "primary", "source_id": "s2"},
            tag | {"seen_as": "primary", "source_id": "s2", "start": 20},
        ]
    )
    found = sorted((r["start"], r["seen_as"]) for r in rows("attachments", made))
    assert found == [(3, "primary"), (20, "primary")]


def test_one_row_an_account_and_the_newest_observation():
    account = {"platform": "x", "account_id": "x:1", "record": 1}
    made = corpus(
        accounts=[
            account | {"seen_as": "mentioned", "observed_ms": 9, "source_id": "s1"},
            account | {"seen_as": "author", "observed_ms": 1, "followers": 5, "source_id": "s1"},
            account | {"seen_as": "author", "observed_ms": 2, "followers": 6, "source_id": "s0"},
        ]
    )
    assert [(r["followers"], r["seen_as"]) for r in rows("accounts", made)] == [(6, "author")]


def test_aliases_and_events_are_merged():
    alias = {"platform": "x", "account_id": "x:1", "handle": "bob", "record": 1}
    event = {"platform": "x", "kind": "delete", "subject_type": "post", "subject": "x:1"}
    made = corpus(
        aliases=[
            alias | {"first_seen_ms": 5, "last_seen_ms": 6, "source_id": "s1"},
            alias | {"first_seen_ms": 2, "last_seen_ms": 4, "source_id": "s2"},
        ],
        events=[event | {"source_id": s, "record": 1} for s in ("s1", "s2")],
    )
    (row,) = rows("aliases", made)
    assert (row["first_seen_ms"], row["last_seen_ms"]) == (2, 6)
    assert len(rows("events", made)) == 1


observations = st.lists(
    st.builds(
        post,
        st.integers(1, 3),
        st.sampled_from(["s1", "s2"]),
        seen_as=st.sampled_from(["primary", "referenced"]),
        availability=st.sampled_from(["full", "stub"]),
        likes=st.none() | st.integers(0, 9),
        retrieved_ms=st.none() | st.integers(1, 3),
        text=st.sampled_from(["p", "q"]),
        record=st.integers(0, 99),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda r: (r["source_id"], r["record"]),
)


@settings(max_examples=25)
@given(observations, st.randoms())
def test_posts_equal_the_obvious_reading_in_any_order(observed, shuffler):
    expected = {}
    for row in observed:
        rank = (
            row["seen_as"] != "primary",
            row["availability"] != "full",
            -(row["retrieved_ms"] or 0),
            row["source_id"],
            row["record"],
        )
        best = expected.get(row["post_id"])
        if best is None or rank < best[0]:
            expected[row["post_id"]] = (rank, row)
    shuffled = observed[:]
    shuffler.shuffle(shuffled)
    found = {r["post_id"]: r for r in rows("posts", corpus(posts=shuffled))}
    assert set(found) == set(expected)
    for key, (_, row) in expected.items():
        assert (found[key]["text"], found[key]["record"]) == (row["text"], row["record"])
        likes = [r["likes"] for r in observed if r["post_id"] == key and r["likes"] is not None]
        assert found[key]["likes"] == (max(likes) if likes else None)


@pytest.mark.slow
@pytest.mark.parametrize("view", ["posts", "interactions", "attachments", "accounts", "aliases"])
def test_spark_gives_the_same_rows_as_duckdb(view):
    pytest.importorskip("pyspark", reason="needs the extra: pip install 'workbench[spark]'")
    made = edited()

    def key(row):
        return sorted((k, str(v)) for k, v in row.items())

    assert sorted(map(key, rows(view, made, "spark"))) == sorted(map(key, rows(view, made)))


@pytest.mark.parametrize("turned", [False, True])
def test_equal_observations_are_told_apart_by_what_they_say(turned):
    told = [post(1, author_id="x:b", text="a"), post(1, author_id="x:a", text="z")]
    told += [post(2, author_id="x:a", text="z"), post(2, author_id="x:a", text="a")]
    told += [post(3)]
    whole = corpus(
        posts=told[::-1] if turned else told,
        interactions=[act("share", 9, target_post_id="x:1")],
    )
    with session(whole) as opened:
        rows = opened.collect(views.posts(opened)).sort_by("post_id").to_pylist()
        acts = opened.collect(views.interactions(opened)).to_pylist()
    assert [(row["author_id"], row["text"]) for row in rows] == [
        ("x:a", "z"), ("x:a", "a"), ("x:a3", None),
    ]  # fmt: skip
    assert [row["target_id"] for row in acts] == ["x:a"]
