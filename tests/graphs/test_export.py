"""Graphs into files: what other programs read back is the graph."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from workbench.errors import InputError, UsageError
from workbench.graphs.export import DATED, SUFFIXES, Spans, export
from workbench.loaders.edge_files import read_edges, read_sides
from workbench.model import InteractionGraph

NAMES = ["x:=1+1", 'x:"a"', "x:<b>&", "x:é😀", "x:a,b", "x:new\nline"]


def graph_of(weights=(2.5, 1.0, 4.0, 1.0, 3.0)):
    return InteractionGraph.from_edges(NAMES[:5], [*NAMES[1:5], NAMES[0]], list(weights))


def attributes(graph):
    return {
        "community": np.arange(graph.nodes) % 2,
        "score": np.linspace(0.1, 1.0, graph.nodes),
        "flagged": np.arange(graph.nodes) == 1,
        "camp": np.array([f"<{name}>" for name in graph.accounts.tolist()], dtype=object),
    }


def as_dict(graph):
    return {(s, t): w for s, t, w in graph.to_pandas().itertuples(index=False)}


@settings(max_examples=25)
@given(graphs(min_edges=1))
def test_graphml_and_gexf_are_read_back_by_networkx(tmp_path_factory, graph):
    folder = tmp_path_factory.mktemp("g")
    for suffix, read in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        back = read(export(graph, folder / f"g{suffix}", attributes=attributes(graph)))
        assert back.is_directed()
        assert {(s, t): d["weight"] for s, t, d in back.edges(data=True)} == as_dict(graph)
        assert set(back) == set(graph.accounts.tolist())
        first = graph.accounts[0]
        data = back.nodes[first]
        assert data["community"] == 0
        assert data["score"] == pytest.approx(0.1, abs=0)
        assert data["camp"] == f"<{first}>"
        assert data["flagged"] in (False, "False", "false")


@settings(max_examples=25)
@given(graphs(min_edges=1))
def test_tables_are_read_back_by_pandas(tmp_path_factory, graph):
    folder = tmp_path_factory.mktemp("g")
    file = export(graph, folder / "g.parquet", attributes=attributes(graph))
    edges = pd.read_parquet(file)
    assert {(s, t): w for s, t, w in edges.itertuples(index=False)} == as_dict(graph)
    nodes = pd.read_parquet(folder / "g.nodes.parquet")
    assert nodes["account"].tolist() == graph.accounts.tolist()
    with export(graph, folder / "g.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    assert rows[0] == ["source", "target", "weight"]
    assert {(s, t): float(w) for s, t, w in rows[1:]} == as_dict(graph)
    assert not (folder / "g.nodes.csv").exists()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_graphs_give_equal_bytes_and_labels_replace_ids(tmp_path, suffix):
    one = export(graph_of(), tmp_path / f"a{suffix}", attributes=attributes(graph_of()))
    two = export(graph_of(), tmp_path / f"b{suffix}", attributes=attributes(graph_of()))
    assert one.read_bytes() == two.read_bytes()
    hidden = {name: f"account {i}" for i, name in enumerate(NAMES)}
    file = export(graph_of(), tmp_path / f"c{suffix}", labels=hidden.__getitem__)
    content = file.read_bytes()
    if suffix == ".parquet":
        content = pd.read_parquet(file).to_csv().encode()
    assert b"account 1" in content
    assert b"x:" not in content


def test_the_attribute_label_is_what_stands_beside_a_node(tmp_path):
    graph = graph_of()
    shown = np.array([f"p<{i}>" for i in range(graph.nodes)])
    for suffix, read in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        file = export(graph, tmp_path / f"g{suffix}", attributes={"label": shown})
        back = read(file)
        assert [back.nodes[a]["label"] for a in graph.accounts.tolist()] == shown.tolist()
        assert file.read_text("utf-8").count('<key id="label"') == (suffix == ".graphml")
        plain = read(export(graph, tmp_path / f"p{suffix}"))
        assert [plain.nodes[a]["label"] for a in plain] == list(plain)


def test_undirected_edges_are_written_once(tmp_path):
    made = InteractionGraph.from_codes(
        ["a", "b", "c"], np.array([0, 1]), np.array([1, 2]), weight=np.array([2.0, 1.0]),
        both_ways=True,
    )  # fmt: skip
    from dataclasses import replace

    made = replace(made, kind="co_hashtag")
    back = nx.read_graphml(export(made, tmp_path / "g.graphml"))
    assert not back.is_directed()
    assert sorted(d["weight"] for *_, d in back.edges(data=True)) == [1.0, 2.0]
    rows = export(made, tmp_path / "g.csv").read_text().splitlines()
    assert rows == ["source,target,weight", "a,b,2", "b,c,1"]


IDS = st.one_of(
    st.text("'=+-@#%1e.,;\" aé", min_size=1, max_size=6).filter(lambda text: text == text.strip()),
    st.from_regex(r"'{0,2}=?[0-9]{15,20}(\.0)?", fullmatch=True),
)


@given(st.lists(st.tuples(IDS, IDS, st.integers(1, 5)), min_size=1, max_size=9))
def test_csv_is_read_back_as_the_same_graph(tmp_path_factory, rows):
    graph = InteractionGraph.from_edges(*map(list, zip(*rows, strict=True)))
    file = tmp_path_factory.mktemp("g") / "g.csv"
    export(graph, file, attributes={"community": graph.accounts})
    back = read_edges(file)
    ends = [back.column(name).combine_chunks() for name in ("source", "target")]
    again = InteractionGraph.from_edges(*ends, back.column("weight").to_numpy())
    assert again.fingerprint == graph.fingerprint
    sides = read_sides(file.with_suffix(".nodes.csv"))
    assert sides.column("node").to_pylist() == graph.accounts.tolist()
    assert sides.column("side").to_pylist() == graph.accounts.tolist()


def test_long_numbers_keep_their_digits(tmp_path):
    ids = ["1234567890123456789", "=cmd()"]
    graph = InteractionGraph.from_edges(ids[:1], ids[1:])
    text = export(graph, tmp_path / "g.csv").read_text()
    assert text.splitlines()[1] == "'1234567890123456789,'=cmd(),1"


def test_empty_graphs_are_files_too(tmp_path):
    empty = InteractionGraph.from_edges([], [])
    assert export(empty, tmp_path / "g.csv").read_text() == "source,target,weight\n"
    assert len(nx.read_graphml(export(empty, tmp_path / "g.graphml"))) == 0
    assert len(nx.read_gexf(export(empty, tmp_path / "g.gexf"))) == 0


def test_what_cannot_be_written_says_why(tmp_path):
    with pytest.raises(UsageError, match=r"not written in this format: g\.xlsx.*\.graphml"):
        export(graph_of(), tmp_path / "g.xlsx")
    with pytest.raises(InputError, match="score needs one value a node"):
        export(graph_of(), tmp_path / "g.gexf", attributes={"score": np.ones(2)})
    with pytest.raises(InputError, match="cannot write the graph"):
        export(graph_of(), tmp_path / "missing" / "g.csv")
    if Path("/dev/full").exists():
        (tmp_path / "full.csv").symlink_to("/dev/full")
        with pytest.raises(InputError, match="No space left"):
            export(graph_of(), tmp_path / "full.csv")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failed_export_leaves_nothing_behind(tmp_path, full_disk, suffix):
    graph = graph_of(np.linspace(1.1, 1.7, 5))
    camp = np.array([str(i) * 4096 for i in range(graph.nodes)])
    with full_disk(after=1024), pytest.raises(InputError, match="cannot write the graph"):
        export(graph, tmp_path / f"g{suffix}", attributes={"camp": camp})
    assert list(tmp_path.iterdir()) == []


def test_times_of_edges_are_written_where_the_format_has_a_place(tmp_path):
    graph = graph_of()
    spans = Spans([1000, None, 5, 6, 7], [2500, None, 5, 6, 7])
    for suffix in DATED:
        text = export(graph, tmp_path / f"g{suffix}", spans=spans).read_text("utf-8")
        assert text.count("1970-01-01T00:00:02.500Z") == 1
        assert text.count("1970-01-01T00:00:00.005Z") == 2
        back = read_edges(tmp_path / f"g{suffix}")
        assert sorted(back.column("created_ms").to_pylist(), key=str) == [1000, 5, 6, 7, None]
    for suffix in set(SUFFIXES) - set(DATED):
        with pytest.raises(UsageError, match="edges with their times"):
            export(graph, tmp_path / f"t{suffix}", spans=spans)
