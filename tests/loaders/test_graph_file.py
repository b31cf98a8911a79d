from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import few
from tests.graph_strategies import graphs
from tests.loaders import golden
from tests.loaders.making import load_bytes
from workbench import loaders
from workbench.cli.inputs import read_graph
from workbench.errors import CannotBuildError, InputError
from workbench.graphs import export, graph
from workbench.loaders import graph_file
from workbench.model import InteractionGraph


def gexf(edges):
    return f"<gexf><graph defaultedgetype='directed'>{edges}</graph></gexf>".encode()


@pytest.mark.parametrize("suffix", [".gexf", ".graphml"])
@settings(max_examples=20)
@given(made=graphs(min_edges=1))
def test_an_export_is_loaded_as_the_same_graph(tmp_path_factory, suffix, made):
    file = export(made, tmp_path_factory.mktemp("g") / f"g{suffix}")
    corpus = loaders.load(file, progress=False)
    assert graph(corpus, "retweet").fingerprint == replace(made, kind="retweet").fingerprint
    told = read_graph("retweet", edges=str(file)).graph
    assert told.fingerprint == replace(made, kind="retweet").fingerprint
    assert corpus.report.ok == made.edges


@pytest.mark.parametrize("suffix", [".gexf", ".graphml", ".csv", ".parquet"])
@given(pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9))
@settings(max_examples=20)
def test_an_export_without_direction_is_read_as_the_same_graph(tmp_path_factory, suffix, pairs):
    once = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}) or [(0, 1)]
    source, target = np.array(once).T
    made = InteractionGraph.from_codes(
        [f"x:{i}" for i in range(6)], source, target, weight=np.arange(1.0, len(once) + 1),
        both_ways=True, kind="co_hashtag",
    )  # fmt: skip
    file = export(made, tmp_path_factory.mktemp("g") / f"g{suffix}")
    back = read_graph("co_hashtag", edges=str(file)).graph
    assert back.fingerprint == made.fingerprint
    assert back.total_weight == made.total_weight
    assert "undirected_edges" not in back.choices
    if suffix in {".gexf", ".graphml"}:
        arcs = replace(made, kind="retweet")
        told = read_graph("retweet", edges=str(file)).graph
        assert told.fingerprint == arcs.fingerprint
        assert told.choices["undirected_edges"] == len(once)
        loaded = graph(loaders.load(file, progress=False), "retweet")
        assert loaded.fingerprint == arcs.fingerprint


@pytest.mark.parametrize("file", golden.inputs("graph_file"), ids=lambda file: file.name)
def test_files_for_one_analysis_and_loaded_files_give_the_same_graph(tmp_path, file):
    import re

    text = file.read_text("utf-8")
    bad = json_rejects(file)
    lines = [line for i, line in enumerate(text.splitlines(), 1) if i not in bad]
    (tmp_path / "g").write_text("\n".join(lines), "utf-8")
    assert not re.search("heavy|hyperedge", "\n".join(lines))
    for kind in ("retweet", "mention"):
        told = read_graph(kind, edges=str(tmp_path / "g")).graph
        base = {"retweet": "share"}.get(kind, kind)
        loaded = graph(loaders.load(tmp_path / "g", kind=base, progress=False), kind)
        assert told.fingerprint == loaded.fingerprint
        assert (told.first_ms, told.last_ms) == (loaded.first_ms, loaded.last_ms)


def json_rejects(file):
    corpus, _ = golden.read("graph_file", file.read_bytes())
    return set(corpus.table("rejects")["line"].to_pylist())


@given(st.data())
@few(60)
def test_mutated_files_never_lose_a_record(data):
    content = bytearray(data.draw(st.sampled_from(golden.inputs("graph_file"))).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + 1] = data.draw(st.sampled_from([b"", b"0", b'"', b"<", b"\xff", b"-"]))
    try:
        corpus, sink = load_bytes(graph_file.LOADER, bytes(content))
    except InputError:
        return
    records = set(corpus.table("interactions")["record"].to_pylist())
    assert len(records) + sink.rejected == sink.read
    assert sink.duplicates == 0


def test_parallel_edges_are_separate_acts_and_loops_one():
    edge = "<edge source='a' target='b' type='{}'/>"
    corpus, sink = load_bytes(graph_file.LOADER, gexf(edge.format("directed") * 2))
    assert (sink.read, corpus.rows("interactions")) == (2, 2)
    assert graph(corpus, "retweet").total_weight == 2
    corpus, sink = load_bytes(graph_file.LOADER, gexf(edge.format("mutual")))
    assert (sink.read, corpus.rows("interactions")) == (1, 2)
    loop = edge.format("undirected").replace("'b'", "'a'")
    corpus, sink = load_bytes(graph_file.LOADER, gexf(loop))
    assert (sink.read, corpus.rows("interactions")) == (1, 1)
    assert len(sink.notes) == 1


def test_the_kind_is_said_or_noted():
    data = gexf("<edge source='a' target='b'/>")
    corpus, sink = load_bytes(graph_file.LOADER, data, kind="mention")
    assert corpus.table("interactions")["kind"].to_pylist() == ["mention"]
    assert sink.notes == []
    assert "taken as shares" in load_bytes(graph_file.LOADER, data)[1].notes[0]


def test_an_empty_graph_and_nodes_without_edges(tmp_path):
    data = gexf("<nodes><node id='a'/><node id='b'/></nodes><edges/>")
    corpus, sink = load_bytes(graph_file.LOADER, data)
    assert (sink.read, corpus.rows("accounts")) == (0, 0)
    assert sink.notes[1:] == [
        "nodes without an edge: 2; they are not in the graph",
        "the graph has no edges",
    ]


def test_graphs_of_posts_and_objects_are_refused():
    corpus, _ = load_bytes(graph_file.LOADER, gexf("<edge source='a' target='b'/>"))
    loaded = corpus.table("interactions")
    assert loaded["post_id"].null_count == loaded.num_rows
    with pytest.raises(CannotBuildError):
        graph(corpus, "co_share")


def test_a_broken_file_leaves_nothing_in_the_corpus(tmp_path):
    good, bad = tmp_path / "a.gexf", tmp_path / "b.gexf"
    good.write_bytes(gexf("<edge source='a' target='b'/>"))
    bad.write_bytes(gexf("<edge source='a' target='b'/>")[:-3])
    with pytest.raises(InputError, match=r"broken XML: .*b\.gexf:1"):
        loaders.load(bad, into=tmp_path / "c", progress=False)
    corpus = loaders.load(good, into=tmp_path / "c", progress=False)
    assert corpus.rows("interactions") == 1


@pytest.mark.parametrize("gap", ["\n", ""])
def test_a_long_file_is_inspected_by_its_beginning(tmp_path, gap):
    edges = gap.join(f"<edge source='a{i}' target='b'/>" for i in range(20_000))
    (tmp_path / "g.gexf").write_bytes(gexf(edges))
    (found,) = loaders.inspect(tmp_path / "g.gexf")
    assert (found["format"], found["problem"], found["whole"]) == ("graph_file", None, False)
    assert 0 < found["records"] <= 20_000
    assert found["rejected"] == 0
    (tmp_path / "cut.gexf").write_bytes(gexf("<edge source='a' target='b'/>")[:-9])
    with pytest.raises(InputError, match="broken XML"):
        loaders.inspect(tmp_path / "cut.gexf")
