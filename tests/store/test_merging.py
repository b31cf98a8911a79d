"""Batches into a server: nothing is lost, nothing is built from values, no two writers meet."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest

from tests.store.stores import emptied
from workbench.errors import StoreError
from workbench.store import merging
from workbench.store.bolt import Bolt
from workbench.store.merging import merge, merge_statement
from workbench.store.parameters import Parameters
from workbench.store.projection import arrow_schema
from workbench.store.schema import NODES, RELATIONSHIPS, neo4j_statements
from workbench.store.studies import Studies

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture
def bolt():
    """Open an empty database with its constraints."""
    opened = Bolt(emptied())
    for statement in neo4j_statements():
        opened.run(statement)
    yield opened
    opened.close()


def accounts(names):
    columns = {"account_id": list(names)}
    return pa.Table.from_pylist(
        [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
        schema=arrow_schema("Account"),
    )


def sums(source, target, weight):
    rows = {"source": source, "target": target, "weight": weight, "weight_all": weight}
    empty = pa.nulls(len(source), pa.int64())
    return pa.table({**rows, "first_ms": empty, "last_ms": empty}, arrow_schema("RETWEETED"))


def quiet(_rows):
    pass


@pytest.fixture
def turn(bolt):
    """Begin to fill a study."""
    return Studies(bolt).begin("s", "corpus")


@pytest.mark.parametrize("same", [True, False])
def test_two_writers_never_share_a_node_and_every_block_is_written_once(same):
    cells = []
    for one, other in merging._schedule(same=same):
        cells += one + other
        sources = [{cell[0] for cell in part} for part in (one, other)]
        targets = [{cell[1] for cell in part} for part in (one, other)]
        assert not sources[0] & sources[1]
        assert not targets[0] & targets[1]
        if same:
            assert not (sources[0] | targets[0]) & (sources[1] | targets[1])
    assert sorted(cells) == sorted(itertools.product(range(4), repeat=2))


def test_statements_name_every_property_and_no_value():
    for name in [*NODES, *RELATIONSHIPS]:
        rows = Parameters(pa.table({f: ["it's", "1"] for f in arrow_schema(name).names}))
        text, new = merge_statement(name, rows), merge_statement(name, rows, new=True)
        assert text.count("MERGE") == new.count("CREATE") == 1
        assert "'" not in (text + new).replace("''", "")
        for key in (NODES.get(name) or RELATIONSHIPS[name]).properties:
            own = key == "kind" if name == "ADDRESSES" else name in NODES and key == NODES[name].key
            assert (f"{key}: {key}[i]" if own else f".{key} = ") in text
            assert f"{key}: " in new


def test_acts_of_several_kinds_upon_one_account_stay_apart_when_a_push_is_healed(bolt, turn):
    posts = pa.Table.from_pylist([{"post_id": "x:p"}], schema=arrow_schema("Post"))
    kinds = ["quote", "reply", "share"]
    rows = pa.table(
        {
            "source": ["x:p"] * 3, "target": ["x:a"] * 3, "kind": kinds,
            "created_ms": [1, 2, 3], "resolved_by": ["id"] * 3, "weight": [1.0, 2.0, 3.0],
        },
        arrow_schema("ADDRESSES"),
    )  # fmt: skip
    for _ in range(2):
        merge(bolt, "Account", accounts(["x:a"]), turn=turn, done=quiet)
        merge(bolt, "Post", posts, turn=turn, done=quiet)
        merge(bolt, "ADDRESSES", rows, turn=turn, done=quiet)
        turn = Studies(bolt).begin("s", "corpus")
    assert not turn.new_relationships
    found = bolt.rows(
        "MATCH ()-[r:ADDRESSES]->() RETURN r.kind AS kind, r.weight AS weight ORDER BY kind"
    )
    assert found.to_pydict() == {"kind": kinds, "weight": [1.0, 2.0, 3.0]}


def test_many_rows_among_few_accounts_arrive_whole(bolt, turn):
    """Hubs make writers meet, unless the blocks keep them apart."""
    rng = np.random.default_rng(1)
    names = [f"x:{i}" for i in range(300)]
    pairs = rng.permutation(300 * 300)[:30_000]
    rows = sums(
        [names[i] for i in pairs // 300], [names[i] for i in pairs % 300], rng.random(30_000)
    )
    written: list[int] = []
    merge(bolt, "Account", accounts(names), turn=turn, done=quiet)
    merge(bolt, "RETWEETED", rows, turn=turn, done=written.append)
    assert sum(written) == 30_000
    again = Studies(bolt).begin("s", "corpus")
    merge(bolt, "RETWEETED", rows, turn=again, done=quiet)
    found = bolt.rows("MATCH ()-[r:RETWEETED]->() RETURN count(*) AS n, sum(r.weight) AS w")
    assert found.column("n")[0].as_py() == 30_000
    assert found.column("w")[0].as_py() == pytest.approx(float(np.sum(rows.column("weight"))))


def test_a_missing_end_is_an_error(bolt, turn):
    merge(bolt, "Account", accounts(["x:a"]), turn=turn, done=quiet)
    with pytest.raises(StoreError, match=r"RETWEETED lost rows on the way: '?1 of 2"):
        merge(bolt, "RETWEETED", sums(["x:a", "x:a"], ["x:a", "x:b"], [1, 1]), turn=turn,
              done=quiet)  # fmt: skip


def test_whoever_lost_its_turn_writes_nothing(bolt, turn):
    merge(bolt, "Account", accounts(["x:a"]), turn=turn, done=quiet)
    later = Studies(bolt).begin("s", "another corpus")
    with pytest.raises(StoreError, match=r"another process has begun to write this study: s.*wait"):
        merge(bolt, "Account", accounts(["x:b"]), turn=turn, done=quiet)
    with pytest.raises(StoreError, match="another process has begun"):
        Studies(bolt).finish(turn, facts={}, counts={}, refused=[], cuts=[])
    merge(bolt, "Account", accounts(["x:c"]), turn=later, done=quiet)
    found = bolt.rows("MATCH (a:Account) WHERE 's' IN a.studies RETURN a.account_id AS id")
    assert found.column("id").to_pylist() == ["x:c"]


def test_a_key_that_no_index_takes_is_refused(bolt, turn):
    with pytest.raises(StoreError, match=r"account_id is too long.*9,000 bytes.*8,000 bytes"):
        merge(bolt, "Account", accounts(["é" * 4_500]), turn=turn, done=quiet)
    longest = "é" * 4_000
    merge(bolt, "Account", accounts([longest]), turn=turn, done=quiet)
    assert (
        bolt.rows("MATCH (a:Account) RETURN a.account_id AS id").column("id")[0].as_py() == longest
    )
