from __future__ import annotations

import gzip
import io
import sys

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.reference import reference_data
from workbench.errors import InputError
from workbench.loaders.edge_files import UNDIRECTED, read_edges, read_sides
from workbench.model import InteractionGraph

EDGES = [("a", "b", 2.0), ("b", "c", 0.5), ("a", "b", 1.0), ("c", "c", 1.0)]
TEXT = "source,target,weight\n" + "".join(f"{u},{v},{w}\n" for u, v, w in EDGES)


def edges_of(path, **options) -> list[tuple]:
    table = read_edges(path, **options)
    assert table.column_names == ["source", "target", "weight", "created_ms"]
    return list(zip(*(table.column(i).to_pylist() for i in range(3)), strict=True))


def graph(directed: bool) -> nx.Graph:
    made = nx.DiGraph() if directed else nx.Graph()
    made.add_weighted_edges_from([("a", "b", 3.0), ("b", "c", 0.5), ("c", "c", 1.0)])
    return made


@pytest.mark.parametrize(
    ("name", "pack"),
    [("e.csv", bytes), ("e.csv.gz", gzip.compress), ("e.txt.zst", zstandard.compress)],
)
def test_text_plain_and_packed(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack(TEXT.encode()))
    assert edges_of(tmp_path / name) == EDGES


def test_every_separator_gives_the_same(tmp_path):
    for separator in ("\t", ";", " "):
        (tmp_path / "e").write_text(TEXT.replace(",", separator))
        assert edges_of(tmp_path / "e") == EDGES


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert edges_of("-") == EDGES


def test_parquet_by_names_or_by_place(tmp_path):
    u, v, w = (list(column) for column in zip(*EDGES, strict=True))
    pq.write_table(pa.table({"w": w, "to": v, "from": u}), tmp_path / "named.parquet")
    pq.write_table(pa.table({"x": u, "y": v, "z": w}), tmp_path / "placed.parquet")
    assert edges_of(tmp_path / "named.parquet") == EDGES
    assert edges_of(tmp_path / "placed.parquet") == EDGES
    exact = pa.table({"source": [2**53 + 1, 5], "target": [1.0, 2.0]})
    pq.write_table(exact, tmp_path / "ints.parquet")
    assert edges_of(tmp_path / "ints.parquet") == [(str(2**53 + 1), "1", 1.0), ("5", "2", 1.0)]


def test_parquet_with_rounded_or_missing_ids_is_refused(tmp_path):
    for ids in ([9.06e17, 1.0], [None, "a"]):
        pq.write_table(pa.table({"source": ids, "target": ["a", "b"]}), tmp_path / "bad.parquet")
        with pytest.raises(InputError, match="the table is no edge list"):
            read_edges(tmp_path / "bad.parquet")


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("write", [nx.write_graphml, nx.write_gexf])
def test_graphml_and_gexf(tmp_path, directed, write):
    write(graph(directed), tmp_path / "g.xml")
    once = [("a", "b", 3.0), ("b", "c", 0.5), ("c", "c", 1.0)]
    both = [*once, ("b", "a", 3.0), ("c", "b", 0.5)]
    assert sorted(edges_of(tmp_path / "g.xml")) == sorted(once if directed else both)
    assert sorted(edges_of(tmp_path / "g.xml", kind="co_hashtag")) == once
    told = read_edges(tmp_path / "g.xml").schema.metadata
    assert told == (None if directed else {UNDIRECTED: b"2"})


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_graph_files_plain_and_packed_with_their_times(tmp_path, pack):
    text = (
        '<gexf><graph defaultedgetype="directed"><edges>'
        '<edge source=" a" target="b" start="2012-07-01T00:02:52.250Z"/>'
        '<edge source=" a" target="b" weight=" 2 " timestamp="1341100972"/>'
        "</edges></graph></gexf>"
    )
    (tmp_path / "g.gexf").write_bytes(pack(text.encode()))
    assert edges_of(tmp_path / "g.gexf") == [(" a", "b", 1.0), (" a", "b", 2.0)]
    times = read_edges(tmp_path / "g.gexf").column("created_ms").to_pylist()
    assert times == [1341100972250, 1341100972000]


def test_times_are_read(tmp_path):
    (tmp_path / "e.csv").write_text("a,b,1,1341100972\na,c,1,2012-07-01T00:02:52.250Z\n")
    assert read_edges(tmp_path / "e.csv").column("created_ms").to_pylist() == [
        1341100972000,
        1341100972250,
    ]


def test_activity_is_read_one_kind_at_a_time(tmp_path):
    (tmp_path / "a.txt").write_text("1 2 5 RT\n3 4 5 MT\n5 6 5 RT\n")
    assert edges_of(tmp_path / "a.txt") == [("1", "2", 1.0), ("5", "6", 1.0)]
    assert edges_of(tmp_path / "a.txt", kind="mention") == [("3", "4", 1.0)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a,b,1\nc,d,x\ne,,1\n", r"a line is no edge: the weight .*bad:2, and 1 more lines"),
        (b"a,b,1\n\xe9,d,1\n", r"not UTF-8 \(.*bad:2\)"),
        (b"", "the file is empty"),
        (b"a,b\rc,d\r", r"the lines end with CR alone: .*bad; allowed: LF or CR LF; .* tr '\\r'"),
        (b"# nothing\n", "not an edge list"),
        (b"source,target\n", "the file has no edges"),
        (b"<xml>", "neither GraphML nor GEXF"),
        (b"<html>\n", r"neither GraphML nor GEXF: <html> \(.*bad:1\)"),
        (b"<gexf>\n<graph>", r"broken XML: no element found \(.*bad:2\)"),
        (b"<gexf>\n<graph/></gexf>", "the file has no edges"),
        (
            b"<gexf><graph>\n<edge source='a' target='b' weight='0'/>\n<edge/></graph></gexf>",
            r"an edge cannot be used: the weight .*bad:2, and 1 more edges",
        ),
        (b"<!DOCTYPE gexf>\n<gexf/>", r"the file has a DOCTYPE \(.*bad:1\)"),
        (b'{"a": 1}', "not an edge list"),
        (b"PAR1\0broken", "the Parquet file is broken"),
        (gzip.compress(b"a,b,1\n" * 9999)[:-9], "the compressed data is broken"),
        (b"\0\1\2", "not an edge list"),
    ],
)
def test_bad_files_are_one_line_of_error(tmp_path, data, message):
    (tmp_path / "bad").write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_edges(tmp_path / "bad")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"a,b,1\nc,d,x\n", gzip.compress(TEXT.encode())[:-9]],
    ids=["empty", "no edge", "broken"],
)
def test_errors_of_standard_input_name_it(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with pytest.raises(InputError, match="standard input") as caught:
        read_edges("-")
    assert "workbench-stdin" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "a,x\nb,y\n",
        "node;side\na;x\nb;y\n",
        "b y\na x\na x\n",
        "n,community,account\n1,x,a\n2,y,b\n".replace("n,", "w,"),
    ],
)
def test_sides_in_every_writing(tmp_path, text):
    (tmp_path / "s").write_text(text)
    table = read_sides(tmp_path / "s")
    assert dict(zip(*(column.to_pylist() for column in table.columns), strict=True)) == {
        "a": "x",
        "b": "y",
    }


def test_sides_from_parquet(tmp_path):
    pq.write_table(pa.table({"account": ["a", "b"], "community": [0, 1]}), tmp_path / "s.parquet")
    assert read_sides(tmp_path / "s.parquet").to_pylist() == [
        {"node": "a", "side": "0"},
        {"node": "b", "side": "1"},
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,x\na,y\n", r"a node is on two sides: a \(.*:2\)"),
        ("a,x\nb\n", "a line without node and side"),
        ("a,x\nb,\n", "a line without node and side"),
        ("", "the file is empty"),
        ("a,x\rb,y\r", "the lines end with CR alone"),
        ("# only\n", "not a file of sides"),
        ("node,side\n", "the file of sides is empty"),
        ("source,target\na,b\n", "does not name node and side"),
    ],
)
def test_bad_sides_are_one_line_of_error(tmp_path, text, message):
    (tmp_path / "s").write_text(text)
    with pytest.raises(InputError, match=message):
        read_sides(tmp_path / "s")


@pytest.mark.reference
@pytest.mark.parametrize(
    ("kind", "nodes", "edges", "weight", "loops"),
    [
        ("retweet", 256_491, 328_132, 354_930, 0),
        ("mention", 116_408, 150_818, 171_237, 5_353),
        ("reply", 38_918, 32_523, 36_902, 343),
    ],
)
def test_higgs_as_edge_file(kind, nodes, edges, weight, loops):
    made = []
    for name in (f"higgs-{kind}_network.edgelist.gz", "higgs-activity_time.txt.gz"):
        table = read_edges(reference_data(f"diffusion/higgs/{name}"), kind=kind)
        source, target = (table.column(i).combine_chunks() for i in range(2))
        weights = table.column("weight").to_numpy()
        made.append(InteractionGraph.from_edges(source, target, weights, kind=kind))
    assert made[0].fingerprint == made[1].fingerprint
    found = made[0]
    assert (found.nodes, found.edges, found.total_weight) == (nodes, edges, weight)
    assert found.self_loops == loops
