"""An import by the server's own tool, adopted, is the database that a push makes."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
from collections import Counter
from contextlib import closing
from functools import cache

import neo4j
import pyarrow as pa
import pytest

from tests.corpora import corpus_of, crisis
from tests.neo4j_server import Server, UnavailableError
from tests.store.stores import emptied, server
from tests.store.test_contract import HOSTILE, act, post, same
from workbench.errors import NotFoundError, StoreError
from workbench.graphs import graph
from workbench.model import Corpus
from workbench.model.kinds import GRAPHS
from workbench.model.schema import TABLES
from workbench.store import connect
from workbench.store.adoption import adopt
from workbench.store.bulk import export_bulk
from workbench.store.schema import NODES

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

STUDY = "été; \"one\" 'two', $three|four\\"
TEXTS = [
    "", None, " ", "\n", "a\r\nb\tc", 'say "no"', "it's", "a,b;c|d", "\\", "\\n", '""', "null",
    "a\0b", "\u202eright to left", "😀", "e\u0301", "${x} `y` {z}", "\ufeff", "x" * 1_000_000,
]  # fmt: skip


@cache
def mixed() -> Corpus:
    """Return the crisis together with hostile texts, ids, times and numbers."""
    utc = dt.UTC
    posts = [
        post(f"x:t{i}", HOSTILE[i % len(HOSTILE)], text=text, lang="" if i % 3 else "fr",
             created_ms=i, created_at=dt.datetime(1969, 12, 31, 23, 59, 59, 1999 + i, utc),
             likes=[None, 0, 2**62, -1][i % 4])
        for i, text in enumerate(TEXTS)
    ]  # fmt: skip
    posts.append(post("x:stub", None, availability="stub", seen_as="referenced"))
    acts = [act("mention", a, "x:'", i, post_id="x:t0", start=i) for i, a in enumerate(HOSTILE)]
    acts += [
        # The post answers and quotes an account: two acts upon it, its posts are unknown.
        act("reply", HOSTILE[0], HOSTILE[1], 1, post_id="x:t0", target_post_id="x:gone"),
        act("quote", HOSTILE[0], HOSTILE[1], 1, post_id="x:t0", target_post_id="x:gone2"),
        act(
            "share", HOSTILE[2], HOSTILE[3], 2, post_id="x:t2", target_post_id="x:stub", weight=0.1
        ),
        act("share", HOSTILE[3], HOSTILE[3], 3, post_id="x:t3", target_post_id="x:t3"),
    ]
    tags = [
        {"platform": "x", "post_id": f"x:t{i}", "kind": kind, "value": value, "value_raw": value,
         "origin": "authored",
         "seen_as": "primary", "start": 0, "created_ms": i, "source_id": "s", "record": i,
         "author_id": HOSTILE[i % len(HOSTILE)]}
        for i, value in enumerate(HOSTILE)
        for kind in ("hashtag", "url", "domain", "media")
    ]  # fmt: skip
    accounts = [
        {"platform": "x", "account_id": a, "name": "" if i % 2 else None, "handle": a, "record": i,
         "verified": [True, False, None][i % 3], "followers": i or None, "seen_as": "author",
         "created_at": dt.datetime(2020, 1, 1 + i, tzinfo=utc) if i % 2 else None,
         "source_id": "s"}
        for i, a in enumerate(HOSTILE)
    ]  # fmt: skip
    extra = corpus_of(posts=posts, interactions=acts, attachments=tags, accounts=accounts)
    return Corpus.from_tables(
        {name: pa.concat_tables([crisis().table(name), extra.table(name)]) for name in TABLES}
    )


def prints(corpus):
    return {k: graph(corpus, k).fingerprint for k in ("retweet", "quote", "reply", "mention")}


def run(uri, text, **parameters):
    with neo4j.GraphDatabase.driver(
        uri, telemetry_disabled=True, notifications_min_severity="OFF"
    ) as driver:
        return [r.values() for r in driver.execute_query(text, parameters).records]


def dump(uri):
    """Return everything in a database: nodes and relationships with each property and its type."""
    keys = [node.key for node in NODES.values()]
    end = "[k IN $keys WHERE {0}[k] IS NOT NULL | k + {0}[k]]"
    nodes = run(uri, "MATCH (n) RETURN labels(n), properties(n)")
    between = run(
        uri,
        f"MATCH (a)-[r]->(b) RETURN type(r), {end.format('a')}, {end.format('b')}, properties(r)",
        keys=keys,
    )
    told = Counter()
    for *what, properties in [*nodes, *between]:
        for passing in ("written_ms", "token"):
            properties.pop(passing, None)
        told[repr((what, sorted(properties.items())))] += 1
    return told


def refusal(uri, corpus=None, **more):
    with pytest.raises(StoreError) as refused:
        adopt(
            uri, corpus or mixed(), study=STUDY, progress=False,
            **{"fingerprints": prints(mixed()), **more},
        )  # fmt: skip
    return str(refused.value)


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Import the mixed corpus, tamper with it, mend it, adopt it; returns what happened."""
    out = tmp_path_factory.mktemp("bulk") / "out"
    made = export_bulk(mixed(), out, study=STUDY, progress=False)
    try:
        started = Server()
    except UnavailableError:
        server()  # fails or skips, with the reason
        raise
    try:
        subprocess.run(
            ["sh", out / "import.sh"],
            env={**os.environ, "NEO4J_HOME": str(started.home)}, check=True, capture_output=True,
        )  # fmt: skip
        started.start()
        yield {"made": made, "uri": started.uri, **tampered(started.uri)}
    finally:
        started.close()


def tampered(uri):
    """Adopt an import at last, after everything that must be refused."""
    told = {"unadopted": None}
    with closing(connect(uri, study=STUDY)) as store:
        try:
            store.graph("retweet")
        except StoreError as error:
            told["unadopted"] = str(error)
    told["other"] = refusal(uri, corpus_of(posts=[post("x:p", "x:a")]))
    run(uri, "CREATE (:Account {account_id: $id})", id=HOSTILE[0])
    told["twice"] = refusal(uri)
    run(uri, "MATCH (n:Account {account_id: $id}) WHERE n.handle IS NULL DELETE n", id=HOSTILE[0])
    run(uri, "MATCH (p:Post {post_id: 'x:t5'}) SET p.was = p.text REMOVE p.text")
    told["valueless"] = refusal(uri)
    run(uri, "MATCH (p:Post {post_id: 'x:t5'}) SET p.text = p.was REMOVE p.was")
    told["graph"] = refusal(uri, fingerprints={**prints(mixed()), "reply": "0" * 64})
    told["held"] = run(uri, "MATCH (s:Study) RETURN s.corpus")
    told["adopted"] = adopt(uri, mixed(), study=STUDY, fingerprints=prints(mixed()), progress=False)
    return told


def test_an_import_is_not_served_before_it_is_adopted(imported):
    assert "was cut off" in imported["unadopted"]
    assert imported["held"] == [[None]]


def test_what_differs_is_refused_and_named(imported):
    assert "holds this study with another corpus" in imported["other"]
    assert (
        "a key occurs twice in the database: (n:Account) REQUIRE n.account_id" in imported["twice"]
    )
    told = re.search(
        r"what was imported is not what was exported: Post.text ([\d,]+) instead of ([\d,]+) \(",
        imported["valueless"],
    )
    found, expected = (int(number.replace(",", "")) for number in told.groups())
    assert found == expected - 1 > 5_000
    assert "import the files again" in imported["valueless"]
    assert "the reply graph of the store is not that of the corpus" in imported["graph"]


def test_it_is_adopted_with_the_counts_of_the_export(imported):
    made, adopted = imported["made"], imported["adopted"]
    assert not adopted["already"]
    for what in ("nodes", "relationships"):
        assert {k: n for k, n in adopted[what].items() if n} == {
            k: n for k, n in made[what].items() if n
        }
    assert adopted["fingerprints"] == prints(mixed())
    assert (adopted["uri"], adopted["study"]) == (imported["uri"], STUDY)
    assert adopted["relationships"]["ADDRESSES"] == 2


@pytest.mark.parametrize("kind", GRAPHS)
def test_every_graph_is_that_of_the_corpus(imported, kind):
    with closing(connect(imported["uri"], study=STUDY)) as store:
        same(mixed(), store, kind)


def test_adopting_again_only_checks(imported):
    uri = imported["uri"]
    before = run(uri, "MATCH (s:Study) RETURN s.written_ms")
    again = adopt(uri, mixed(), study=STUDY, fingerprints=prints(mixed()), progress=False)
    assert again["already"]
    assert again["nodes"] == imported["adopted"]["nodes"]
    assert run(uri, "MATCH (s:Study) RETURN s.written_ms") == before != [[None]]


def test_it_is_what_a_push_makes_property_by_property(imported):
    other = emptied()
    with closing(connect(other, study=STUDY)) as store:
        pushed = store.write(mixed(), progress=False)
        counted = store.counts()
    for what in ("nodes", "relationships"):
        assert imported["adopted"][what] == pushed[what] == counted[what]
    expected, found = dump(other), dump(imported["uri"])
    assert sum(expected.values()) > 36_000
    assert found - expected == Counter()
    assert expected - found == Counter()
    shown = "SHOW CONSTRAINTS YIELD name, labelsOrTypes, properties RETURN *"
    assert sorted(map(str, run(other, shown))) == sorted(map(str, run(imported["uri"], shown)))


def test_a_push_of_the_same_corpus_finds_it_there(imported):
    uri = imported["uri"]
    before = run(uri, "MATCH (s:Study) RETURN s.written_ms")
    with closing(connect(uri, study=STUDY)) as store:
        again = store.write(mixed(), progress=False)
    assert again["nodes"] == imported["adopted"]["nodes"]
    assert run(uri, "MATCH (s:Study) RETURN s.written_ms") == before


# -- without the tool: a push made to look like an import ----------------------------------------

SMALL = {
    "posts": [post("x:p1", "x:a", text="", lang="fr"), post("x:p2", "x:b")],
    "interactions": [act("share", "x:a", "x:b", 1, target_post_id="x:p2")],
}


@pytest.fixture
def small():
    """Return a database as an import of a small corpus leaves it, and the corpus."""
    uri, corpus = emptied(), corpus_of(**SMALL)
    with closing(connect(uri, study="one")) as store:
        store.write(corpus, progress=False)
    told = {"corpus": corpus.content_key, "known": {}, "empty": {}}
    run(uri, "MATCH (n) WHERE n.studies IS NOT NULL REMOVE n.studies")
    run(
        uri, "MATCH (s:Study) SET s.corpus = null, s.written_ms = null, s.imported = $told",
        told=json.dumps(told),
    )  # fmt: skip
    return uri, corpus


def take(uri, corpus, study="one"):
    return adopt(uri, corpus, study=study, fingerprints=prints(corpus), progress=False)


def test_what_is_no_import_is_refused(small):
    uri, corpus = small
    with pytest.raises(StoreError, match=r"not hold an import of this study: two \(it holds one\)"):
        take(uri, corpus, "two")
    run(uri, "CREATE (:Study {study: 'two', version: 1})")
    with pytest.raises(StoreError, match=r"another study was pushed before .*: two; .*push the"):
        take(uri, corpus)
    run(uri, "MATCH (s:Study {study: 'two'}) DELETE s")
    run(uri, "MATCH (s:Study) SET s.imported = null")
    with pytest.raises(StoreError, match=r"a push that was cut off, not an import: one; push it"):
        take(uri, corpus)
    emptied()
    with pytest.raises(StoreError, match=r"not hold an import .*it is empty.*export-bulk"):
        take(uri, corpus)


def test_a_study_that_was_pushed_is_held_already_and_a_changed_one_is_not(small):
    uri, corpus = small
    assert not take(uri, corpus)["already"]
    assert take(uri, corpus)["already"]
    run(uri, "MATCH (p:Post {post_id: 'x:p1'}) DETACH DELETE p")
    with pytest.raises(StoreError, match=r"changed since it was written: one; push it again"):
        take(uri, corpus)


@pytest.mark.parametrize("corpus", ["same", "other"])
def test_a_push_onto_an_import_that_nobody_adopted_replaces_it(small, corpus):
    uri, imported = small
    run(uri, "MATCH (p:Post {post_id: 'x:p1'}) SET p.text_empty = true REMOVE p.text")
    pushed = imported if corpus == "same" else corpus_of(posts=[post("x:p9", "x:z")])
    with closing(connect(uri, study="one")) as store:
        store.write(pushed, progress=False)
        same(pushed, store, "retweet")
    found = dump(uri)
    fresh = emptied()
    with closing(connect(fresh, study="one")) as store:
        store.write(pushed, progress=False)
    assert found == dump(fresh)


def test_an_import_that_nobody_adopted_can_be_dropped_and_forgotten_from(small):
    uri, _ = small
    with closing(connect(uri, study="one")) as store:
        assert store.forget("x:a") == {"accounts": 1, "posts": 1}
        with pytest.raises(NotFoundError):
            store.forget("x:a")
        assert run(uri, "MATCH (p:Post) RETURN p.post_id") == [["x:p2"]]
        store.drop_study("one")
    assert run(uri, "MATCH (n) WHERE NOT n:Lock RETURN count(*)") == [[0]]
