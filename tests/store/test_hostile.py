"""200 hostile strings through every public call of every store: kept as they are, or refused.

The oracle of every number is counted in Python from the strings themselves. Whatever a string says,
the store runs the statements that it runs for harmless ones.
"""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pytest

from tests.corpora import corpus_of
from tests.store.stores import STORES, emptied, every_store
from tests.store.test_contract import act, post, same
from workbench.errors import NotFoundError, QueryError, StoreError, UsageError, WorkbenchError
from workbench.graphs import graph
from workbench.influence import in_strength
from workbench.model import Partition
from workbench.model.kinds import hashtag
from workbench.store import connect, embedded, library, writing
from workbench.store.bolt import Bolt
from workbench.store.neo4j import Neo4jStore

MEGABYTE = "é'`\"\\" * 160_000
#: Too long for a key of the server, not for a text.
LONG = ["n" * 9_000, MEGABYTE]
HALVES = ["\ud800", "a\udfffb", "'\udc00", "\ud83d"]
_PIECES = [
    "'", '"', "`", "\\", "\\u0027", "\\'", "``", "'}) DETACH DELETE n //", "') RETURN 1 //", "$v",
    "${v}", "{{v}}", "$key[i]", "%s", "{0}", "}", "{", "]", "[", "//", "/*", "*/", "--", ";", "\0",
    "\x00x", "\x01", "\x1b[31m", "\x7f", "\u202eevil", "\u2066x\u2069", "\u200f", "\ufeff", "😀",
    "👩\u200d👩\u200d👧", "é", "e\u0301", "Z\u0335\u0322\u031b", "ﷺ", "ß", "ﬀ", "Ａ", "①", "\n",
    "\r", "\r\n", "\u2028", "\u2029", "\x85", "\t", "\v", " ", "  ", "\u00a0", "\u3000", "a b",
    " a", "a ", "null", "NULL", "NaN", "true", "0", "-1", "1e5", "007", "x:1,x:2", "a\x1fb", "#",
    "#tag", "@a", "http://a.example/?q='&x=`", "../../etc/passwd", "file:///etc/passwd", "<script>",
    "MATCH (n) DETACH DELETE n", "CALL db.labels()", "LOAD CSV FROM 'file:///x' AS l", "COMMIT",
    "%00", "&#39;", "\\x27", "\\0", "'||'", "' OR 1=1 --", ":Account", "(:Run)", "study", "write",
    "__proto__", "\U0010ffff", "\ufffd", "\uffff", "मुक्त", "שלום", "平和", "мир",
]  # fmt: skip


@cache
def strings():
    """Return 200 distinct strings that a store must keep as keys; the same at every call."""
    rng = random.Random(4)
    found = ["", *_PIECES, "é" * 3_000]
    while len(found) < 200:
        made = "".join(rng.choices(_PIECES, k=rng.randint(2, 4)))
        if made not in found:
            found.append(made)
    assert len(set(found)) == 200
    return found


def corpus(names, texts=()):
    """Return a ring of accounts: each mentions and shares the next, with its name everywhere.

    `texts` are of further posts of the first account.
    """
    posts, acts, carried, known = [], [], [], []
    for i, name in enumerate(names):
        after, number = names[(i + 1) % len(names)], f"p:{name}"
        own = {"post_id": number, "created_ms": 1000}
        posts.append(post(number, name, text=name, lang=name, conversation_id=name))
        acts.append(act("mention", name, after, i, start=0, **own))
        acts.append(act("share", name, after, i, **own))
        for kind in ("hashtag", "url", "domain", "media"):
            value = hashtag(name) if kind == "hashtag" else name
            carried.append(
                {"platform": "x", "post_id": number, "author_id": name, "kind": kind,
                 "value": value, "value_raw": name, "origin": "authored", "seen_as": "primary",
                 "start": 0,
                 "created_ms": 1000, "source_id": "s", "record": i}
            )  # fmt: skip
        known.append(
            {"platform": "x", "account_id": name, "handle": name, "name": name,
             "seen_as": "author", "source_id": "s", "record": i}
        )  # fmt: skip
    for i, text in enumerate(texts):
        posts.append(post(f"t:{i}", names[0], text=text, lang=text))
    return corpus_of(posts=posts, interactions=acts, attachments=carried, accounts=known)


def expected_counts(names, texts=()):
    """Return what a store of that corpus holds, nodes and relationships."""
    n, more = len(names), len(texts)
    nodes = {
        "Account": n, "Post": n + more, "Hashtag": len({hashtag(s) for s in names}), "Url": n,
        "Domain": n, "Media": n, "Run": 0, "IndexValue": 0,
    }  # fmt: skip
    between = {
        "POSTED": n + more, "ADDRESSES": n, "MENTIONS": n, "TAGGED": n, "LINKS_TO": n, "SHOWS": n,
        "ON": n, "RETWEETED": n, "MENTIONED": n,
    }  # fmt: skip
    return nodes, between


def check_counts(store, names, texts=()):
    counted = store.counts()
    nodes, between = expected_counts(names, texts)
    assert counted["nodes"] == nodes
    assert {k: v for k, v in counted["relationships"].items() if v} == between


@pytest.fixture
def spied(monkeypatch):
    """Return the set of the texts of all statements that reach an engine."""
    seen = set()

    def spy(owner, name, text_of):
        plain = getattr(owner, name)

        def told(*arguments, **options):
            seen.update(text_of(*arguments))
            return plain(*arguments, **options)

        monkeypatch.setattr(owner, name, told)

    for name in ("rows", "run", "batch"):
        spy(Bolt, name, lambda _bolt, text, *_: [text])
    together = Bolt.together

    def each(bolt, statements):
        listed = list(statements)
        seen.update(text for text, _ in listed)
        together(bolt, listed)

    monkeypatch.setattr(Bolt, "together", each)
    for module in (writing, embedded.writing):
        spy(module, "execute", lambda _connection, text, *_: [text])
    # The library is read once, not 400 times.
    monkeypatch.setattr(library, "queries", cache(library.queries))
    return seen


def tour(store, names):
    """Take names through every public call of a store."""
    made = corpus(names)
    store.write(made, progress=False)
    check_counts(store, names)
    for kind in ("mention", "retweet", "account_hashtag", "account_url", "hashtag_network"):
        same(made, store, kind)
    ask_graphs(store, names)
    ask_cypher(store, names)
    ask_library(store, names)
    write_back(store, names)
    check_counts(store, names)


def ask_graphs(store, names):
    for i, name in enumerate(names):
        found = store.graph("mention", lang=name, accounts=[name])
        after = names[(i + 1) % len(names)]
        assert [[r["source"], r["target"]] for r in found.to_pandas().to_dict("records")] == [
            [name, after]
        ]
        tagged = [s for s in names if hashtag(s) == hashtag(name)]
        wanted = [s for s in tagged if name.lower() in s.lower()]
        found = store.graph("mention", hashtag=name, text=name)
        assert sorted(found.to_pandas()["source"]) == sorted(wanted)
        for wrong in ({"origin": name}, {"since": name}):
            with pytest.raises(UsageError, match=r"no such origin|is not a time"):
                store.graph("mention", **wrong)
        with pytest.raises(UsageError, match="no graph of that kind"):
            store.graph(name)


def ask_cypher(store, names):
    one = "MATCH (a:Account)-[:POSTED]->(p:Post) WHERE a.account_id = $v RETURN a.account_id AS id,"
    one += " a.handle AS handle, a.name AS name, p.post_id AS post, p.text AS text, p.lang AS lang"
    for name in names:
        rows = store.cypher(one, v=name).to_dict("list")
        assert rows.pop("post") == [f"p:{name}"]
        assert all(value == [name] for value in rows.values()), rows
    for label, key in (("Url", "url"), ("Domain", "domain"), ("Media", "media")):
        rows = store.cypher(f"MATCH (n:{label}) WHERE n.{key} IN $v RETURN n.{key} AS x", v=names)
        assert sorted(rows["x"]) == sorted(names)
    rows = store.cypher("MATCH (h:Hashtag) RETURN h.hashtag AS x")
    assert sorted(rows["x"]) == sorted({hashtag(name) for name in names})
    rows = store.cypher("UNWIND $v AS x RETURN x", v=names)
    assert rows["x"].tolist() == names
    set_one = "MATCH (a:Account) WHERE a.account_id = $v SET a.handle = $v RETURN a.handle AS x"
    assert store.cypher(set_one, write=True, v=names[0])["x"].tolist() == names[:1]


def ask_library(store, names):
    for i, name in enumerate(names):
        with pytest.raises(NotFoundError, match="no such query"):
            store.query(name)
        with pytest.raises(UsageError, match="no such parameter"):
            store.query("influence/most_amplified_accounts", **{name: 1})
        rows = store.query("accounts/amplifiers_of_account", account=name)
        if name:  # nothing means the most retweeted one
            assert rows["target"].tolist() == [name]
            assert rows["account"].tolist() == [names[i - 1]]


def write_back(store, names):
    made = store.graph("mention")
    one = "MATCH (r:Run)-[s:ASSIGNED]->(a:Account) WHERE r.run_id = $run RETURN r.name AS run, "
    one += "r.method AS method, s.name AS community, a.account_id AS id"
    sides = Partition.from_labels(made, made.accounts.tolist(), method=names[2])
    run = store.annotate(sides, name=names[1])
    rows = store.cypher(one, run=run)
    assert rows["community"].tolist() == rows["id"].tolist()
    assert sorted(rows["id"]) == sorted(names)
    assert set(rows["run"]) == {names[1]}
    assert set(rows["method"]) == {names[2]}
    counts = store.counts()
    for name in names:
        with pytest.raises(NotFoundError, match="no such run"):
            store.drop_run(name)
        with pytest.raises(NotFoundError, match="no such account"):
            store.forget(f"not {name}")
    assert store.counts() == counts
    runs = [store.annotate(in_strength(made), name=name) for name in names[::10]]
    assert store.runs()["name"].tolist() == [names[1], *[n or "in_strength" for n in names[::10]]]
    for run_id in [run, *runs]:
        store.drop_run(run_id)


@pytest.mark.parametrize("name", every_store())
def test_they_are_kept_as_they_are_and_run_no_other_statement(name, tmp_path, spied):
    harmless = [f"name{i}" for i in range(5)]
    with closing(STORES[name](tmp_path)) as store:
        store.write(corpus(harmless[1:]), progress=False)
        write_back(store, harmless[1:])
        tour(store, harmless)
        store.forget("name4")
        usual = set(spied)
        assert len(usual) > 40

        spied.clear()
        tour(store, strings())
        assert spied - usual == set()
        assert not any(s in text for text in spied for s in strings() if len(s) > 12)
        forgotten = strings()[1::20]
        for who in forgotten:
            assert store.forget(who) == {"accounts": 1, "posts": 1}
        assert store.counts()["nodes"]["Account"] == 200 - len(forgotten)


@pytest.mark.parametrize("name", every_store())
def test_very_long_texts_are_kept(name, tmp_path):
    few, texts = strings()[1:4], [*LONG, *strings()[:3]]
    with closing(STORES[name](tmp_path)) as store:
        made = corpus(few, texts)
        store.write(made, progress=False)
        check_counts(store, few, texts)
        rows = store.cypher("MATCH (p:Post) WHERE p.post_id STARTS WITH 't:' RETURN p.text AS t, "
                            "p.lang AS l ORDER BY p.post_id")  # fmt: skip
        assert rows["t"].tolist() == rows["l"].tolist() == texts
        assert store.cypher("RETURN $v AS x", v=MEGABYTE)["x"].tolist() == [MEGABYTE]
        for text, edges in ((MEGABYTE, 0), ("", 3), (few[0], 1)):
            assert same(made, store, "mention", text=text).edges == edges
        with pytest.raises(NotFoundError, match="no such account"):
            store.forget(MEGABYTE)


@pytest.mark.parametrize("name", every_store())
def test_half_a_character_is_refused_everywhere(name, tmp_path):
    names = [f"name{i}" for i in range(3)]
    with closing(STORES[name](tmp_path)) as store:
        store.write(corpus(names), progress=False)
        made = store.graph("mention")
        sides = Partition.from_labels(made, ["c", "a", "b"], method="given")
        before = store.counts()
        for half in HALVES:
            with pytest.raises(UnicodeEncodeError):  # no corpus can hold it
                corpus([half])
            calls = [
                lambda s: store.graph("mention", text=s),
                lambda s: store.graph("mention", lang=s),
                lambda s: store.graph("mention", hashtag=s),
                lambda s: store.graph("co_hashtag", accounts=[s]),
                lambda s: store.graph("mention", origin=s),
                store.graph,
                lambda s: store.cypher("RETURN $v AS x", v=s),
                lambda s: store.cypher("RETURN $v AS x", v=[{"k": s}]),
                lambda s: store.cypher("RETURN $v AS x", v={s: 1}),
                lambda s: store.cypher(f"RETURN '{s}' AS x"),
                lambda s: store.cypher(f"MATCH (a:Account) SET a.name = '{s}'", write=True),
                store.query,
                lambda s: store.query("accounts/amplifiers_of_account", account=s),
                lambda s: store.annotate(in_strength(made), name=s),
                lambda s: store.annotate(replace(sides, names=(s, "a", "b"))),
                lambda s: store.annotate(replace(sides, method=s)),
                store.drop_run,
                store.forget,
            ]
            for call in calls:
                with pytest.raises(WorkbenchError, match=r"half a character|no such|no graph"):
                    call(half)
        assert store.counts() == before


@pytest.mark.parametrize("name", every_store())
def test_odd_names_in_queries_are_refused(name, tmp_path):
    with closing(STORES[name](tmp_path)) as store:
        store.write(corpus(["a", "b"]), progress=False)
        before = store.counts()
        for text in (
            "MATCH (a:Account) RETURN a.`odd name` AS x",
            "MATCH (a:Account {`odd name`: 1}) RETURN a.account_id AS x",
            "MATCH (a:Account {account_id: 'a', handel: 'b'}) RETURN a.account_id AS x",
            "MATCH (a:Account)-[r:MENTIONED {odd: 1}]->() RETURN a.account_id AS x",
            "MATCH ()<-[{odd: 1}]-(a) RETURN a.account_id AS x",
            "MATCH (a:Account) WHERE EXISTS { MATCH ({odd: 1}) } RETURN a.account_id AS x",
            "MATCH (a:Account) WHERE (a)-[:MENTIONED]->({odd: 1}) RETURN a.account_id AS x",
            "MATCH (a:Account) RETURN a {.account_id, .`odd name`} AS x",
            "MATCH (a:`Odd label`) RETURN a.account_id AS x",
            "MATCH (a:Account)-[:`ODD TYPE`]->() RETURN a.account_id AS x",
        ):
            with pytest.raises(QueryError, match=r"no such (property|label|relationship type)"):
                store.cypher(text)
        for text in (
            "MATCH (a:Account) SET a.`odd name` = 1",
            "MATCH (a:Account) SET a += {odd: 1}",
            "CREATE (:Account {account_id: 'c', `odd name`: 1})",
            "MATCH (a:Account), (b:Account) CREATE (a)-[:MENTIONED {odd: 1}]->(b)",
        ):
            with pytest.raises(QueryError, match="no such property"):
                store.cypher(text, write=True)
        with pytest.raises(QueryError, match="null character"):
            store.cypher("MATCH (a:Account) RETURN a.account_id AS `x\0y`")
        with pytest.raises(QueryError, match="null character"):
            store.cypher("UNWIND [$v] AS x RETURN x", v={"x\0y": 1})
        # Keys of a map that is no pattern are free.
        rows = store.cypher("UNWIND [{odd: 1}] AS m RETURN m AS x, {also: 'odd name'} AS y")
        assert rows.to_dict("list") == {"x": [{"odd": 1}], "y": [{"also": "odd name"}]}
        rows = store.cypher("MATCH (a:Account {account_id: $v}) RETURN a.account_id AS x", v="a")
        assert rows["x"].tolist() == ["a"]
        assert store.counts() == before


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_names_of_studies_are_kept_or_refused():
    harmless = corpus(["a", "b"])
    with closing(connect(emptied(), study="of the test")) as store:
        store.write(harmless, progress=False)
        before = store.counts()
        for name in strings()[1:]:
            with pytest.raises(NotFoundError, match="no such study"):
                store.drop_study(name)
        for name in strings()[1::4]:
            with closing(connect(store.uri, study=name)) as other:
                assert isinstance(other, Neo4jStore)
                with pytest.raises(StoreError, match="does not have this study"):
                    other.graph("mention")
        for wrong in ("", *LONG):
            with pytest.raises(UsageError, match="no name of a study"):
                connect(store.uri, study=wrong)
        for half in HALVES:
            with closing(connect(store.uri, study=half)) as other:
                with pytest.raises(QueryError, match="half a character"):
                    other.write(harmless, progress=False)
                with pytest.raises(WorkbenchError, match="half a character"):
                    other.graph("mention")
        assert store.counts() == before
        # Short ones first in the list, then all at once in one name.
        for name in ("'}) DETACH DELETE n //", "\0`\u202e😀\r\n", "study' OR true"):
            with closing(connect(store.uri, study=name)) as other:
                assert isinstance(other, Neo4jStore)
                assert other.write(harmless, progress=False)["study"] == name
                assert name in other.studies()["study"].tolist()
                same(harmless, other, "mention")
                other.drop_study()
        assert store.counts() == before
        assert store.studies()["study"].tolist() == ["of the test"]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_keys_too_long_for_the_server_are_refused_and_the_embedded_store_keeps_them(tmp_path):
    for long in LONG:
        made = corpus(["a", long])
        with closing(STORES["neo4j"](tmp_path)) as store:
            with pytest.raises(StoreError, match=r"account_id is too long.*embedded store"):
                store.write(made, progress=False)
            with pytest.raises(StoreError, match="was cut off"):
                store.graph("mention")
        folder = tmp_path / str(len(long))
        folder.mkdir()
        with closing(STORES["embedded"](folder)) as store:
            store.write(made, progress=False)
            same(made, store, "mention")
            assert store.cypher("MATCH (a:Account) WHERE a.account_id = $v RETURN 1 AS x", v=long)[
                "x"
            ].tolist() == [1]


def test_the_strings_are_what_they_should_be():
    for name in strings():
        assert pa.array([name])[0].as_py() == name
        assert not any(0xD800 <= ord(c) < 0xE000 for c in name)
    assert all(0xD800 <= max(map(ord, half)) < 0xE000 for half in HALVES)
    assert len(MEGABYTE.encode()) >= 900_000
    assert graph(corpus(strings()), "mention").edges == 200
