from __future__ import annotations

import io
import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders import golden
from tests.loaders.making import source_of
from workbench.errors import InputError
from workbench.loaders import graph_xml
from workbench.loaders.edge_rows import Fault
from workbench.loaders.graph_xml import GraphXml, is_graph_xml
from workbench.loaders.source import read_head
from workbench.model.cells import ROUNDED

FILES = [file.read_bytes() for file in golden.inputs("graph_file")]
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<graphml><graph edgedefault="directed"><edge source="&b;" target="x"/></graph></graphml>"""
OUTSIDE = b"""<!DOCTYPE graphml [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<graphml><graph><edge source="&x;" target="b"/></graph></graphml>"""


def parts_of(data):
    graph = GraphXml(source_of(data))
    return graph, [part for _, parts in graph.parts() for part in parts]


def gexf(edges, **graph):
    told = "".join(f' {name}="{value}"' for name, value in graph.items())
    return f"<gexf><graph{told}><edges>\n{edges}\n</edges></graph></gexf>".encode()


def one(edge, **graph):
    (part,) = parts_of(gexf(edge, **graph))[1]
    return part


#: Characters that XML 1.0 can hold in an attribute as they are.
PLAIN = st.characters(
    min_codepoint=33, exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
)
IDS = st.text(PLAIN, min_size=1, max_size=5).filter(
    lambda text: text.strip() and not re.search(ROUNDED, text.strip())
)
EDGES = st.lists(
    st.tuples(IDS, IDS, st.floats(0.001, 1e6)), min_size=1, max_size=8, unique_by=lambda e: e[:2]
)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("write", [nx.write_gexf, nx.write_graphml])
@given(edges=EDGES)
def test_what_networkx_writes_is_read(write, directed, edges):
    made = nx.MultiDiGraph() if directed else nx.MultiGraph()
    made.add_nodes_from(["alone"])
    for source, target, weight in [*edges, edges[0]]:
        made.add_edge(source, target, weight=weight)
    file = io.BytesIO()
    write(made, file)
    graph, parts = parts_of(file.getvalue())
    assert all(edge.directed == directed for edge in parts)
    wanted = [(*pair, data["weight"]) for *pair, data in made.edges(data=True)]
    assert sorted(edge[:3] for edge in parts) == sorted(wanted)
    assert set(graph.labels) == set(made)


@given(st.data())
@few(80)
def test_any_bytes_are_edges_faults_or_one_error(data):
    content = bytearray(data.draw(st.sampled_from(FILES)))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.integers(1, len(content)))])
    try:
        _, parts = parts_of(content)
    except InputError:
        return
    for part in parts:
        assert part.reason if isinstance(part, Fault) else part.source


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("data", FILES)
def test_the_size_of_the_blocks_changes_nothing(monkeypatch, size, data):
    whole = parts_of(data)
    monkeypatch.setattr(graph_xml, "BLOCK", size)
    cut = parts_of(data)
    assert cut[1] == whole[1]
    assert cut[0].labels == whole[0].labels


def test_faults_are_addressed_by_line_and_byte():
    bad = "<edge source='a>' weight='x' target='b'/>"
    nested = "<ns:edge source='a'>\n<attvalues/></ns:edge >"
    data = gexf(f"{bad}{bad}\n{nested}<edge source='é' target='b'/>").replace(
        b"<gexf>", b"<gexf xmlns:ns='http://gexf.net/1.3'>"
    )
    *faults, edge = parts_of(data)[1]
    assert [fault.data.decode() for fault in faults] == [bad, bad, nested]
    assert [fault.number for fault in faults] == [2, 2, 3]
    for fault in faults:
        assert data[fault.byte_offset :].startswith(fault.data)
    assert edge.source == "é"


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, b"<!DOCTYPE gexf SYSTEM 'gexf.dtd'><gexf/>"])
def test_a_document_type_is_refused(data):
    with pytest.raises(InputError, match="the file has a DOCTYPE") as caught:
        parts_of(data)
    assert caught.value.remedy
    assert "ha" not in str(caught.value.value or "")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<gexf>\n<graph>\n<edge source='a' target='b'>\n</graph></gexf>", r"mismatched.*input:4"),
        (b"<gexf>\n&unknown;</gexf>", r"broken XML: undefined entity \(input:2\)"),
        (b"<gexf><graph><edge source='\xff'/></graph></gexf>", "not well-formed.*input:1"),
        (b"<gexf/>\n<gexf/>", "broken XML: junk after document element .*:2"),
        (b"<svg/>", "neither GraphML nor GEXF: <svg>"),
        (b"<a:gexf/>", "broken XML: unbound prefix"),
        (b"<?xml version='1.0' encoding='nothing'?><gexf/>", "the encoding of the file"),
        (b"<?xml version='1.0' encoding='shift_jis'?><gexf/>", "the encoding of the file"),
    ],
)
def test_broken_xml_is_one_error_with_its_line(data, message):
    with pytest.raises(InputError, match=message):
        parts_of(data)


def test_other_encodings_of_one_byte_are_read():
    text = "<?xml version='1.0' encoding='iso-8859-15'?><gexf><graph><edge source='é' target='€'/>"
    bad = f"{text}<edge source='é'/></graph></gexf>".encode("iso-8859-15")
    edge, fault = parts_of(bad)[1]
    assert edge[:2] == ("é", "€")
    assert fault.data == "<edge source='é'/>".encode("iso-8859-15")


def test_an_endless_element_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(graph_xml, "MAX_LINE", 1 << 10)
    monkeypatch.setattr(graph_xml, "BLOCK", 1 << 9)
    with pytest.raises(InputError, match="an element is longer than"):
        parts_of(gexf(f"<edge source='{'a' * 9999}' target='b'/>"))
    fine = gexf("<edge source='a' target='b'/>\n" * 999)
    assert len(parts_of(fine)[1]) == 999


def test_direction_is_the_graphs_unless_the_edge_says_it():
    edge = "<edge source='a' target='b'{}/>"
    assert not one(edge.format("")).directed  # as the GEXF schema has it
    assert one(edge.format(""), defaultedgetype="directed").directed
    assert one(edge.format(" type='directed'")).directed
    assert not one(edge.format(" type='mutual'"), defaultedgetype="directed").directed
    assert one(edge.format(" type='retweet'"), defaultedgetype="directed").directed
    both = parts_of(gexf(f"{edge.format('')}<edge source='a' target='a'/>"))[0]
    assert both.undirected == 1


@pytest.mark.parametrize(
    ("edge", "weight"),
    [
        ("weight='2.5'/>", 2.5),
        ("/>", 1.0),
        ("weight=''/>", 1.0),
        ("><attvalues><attvalue for='w' value='4'/></attvalues></edge>", 4.0),
        ("weight='2'><attvalues><attvalue for='w' value='4'/></attvalues></edge>", 2.0),
        ("><attvalue for='w' value='4'/><attvalue for='w' value='4'/></edge>", 4.0),
        ("><attvalue for='w' value='4'/><attvalue for='w' value='5'/></edge>", "changes over time"),
        ("weight='0'/>", "not a positive"),
        ("weight='-1'/>", "not a positive"),
        ("weight='nan'/>", "not a positive"),
        ("weight='inf'/>", "not a positive"),
        ("weight='1e999'/>", "not a positive"),
    ],
)
def test_weights(edge, weight):
    attributes = "<attributes class='edge'><attribute id='w' title='Weight'/></attributes>"
    (part,) = parts_of(gexf(f"{attributes}<edge source='a' target='b' {edge}"))[1]
    if isinstance(weight, float):
        assert part.weight == weight
    else:
        assert weight in part.reason


@pytest.mark.parametrize(
    ("edge", "ms", "counts"),
    [
        ("start='2024-03-01'/>", 1709251200000, (0, 0, 0)),
        ("start='2024-03-01' end='2024-03-01'/>", 1709251200000, (0, 0, 0)),
        ("start='2024-03-01' end='2024-03-02'/>", 1709251200000, (1, 0, 0)),
        ("timestamp='1709251200'/>", 1709251200000, (0, 0, 0)),
        ("timestamp='1.7092512E12'/>", 1709251200000, (0, 0, 0)),
        ("timestamps='&lt;[1709251201, 1709251200]&gt;'/>", 1709251200000, (0, 1, 0)),
        ("start='2001.0'/>", None, (0, 0, 1)),
        ("start='-Infinity' end='INF'/>", None, (0, 0, 0)),
        ("end='2024-03-01'/>", None, (0, 0, 0)),
        ("><spells><spell start='2024-03-02'/><spell start='2024-03-01'/></spells></edge>",
         1709251200000, (0, 1, 0)),
        ("/>", None, (0, 0, 0)),
    ],
)  # fmt: skip
def test_times(edge, ms, counts):
    graph, (part,) = parts_of(gexf(f"<edge source='a' target='b' {edge}"))
    assert (part.us and part.us // 1000) == ms
    assert (graph.lasting, graph.several, graph.steps) == counts


def test_a_graphml_file_of_several_graphs_and_keys():
    text = b"""<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://y">
    <key id="weight" for="edge" attr.name="Edge Weight"/><key id="n" for="node" attr.name="weight"/>
    <key id="t" for="all" attr.name="Timestamp"><default>2024-03-01</default></key>
    <key id="other"/>
    <graph edgedefault="directed"><node id="1"><data key="n">7</data>
      <graph edgedefault="undirected"><edge source="1a" target="1b"><data key="n">9</data></edge>
      </graph></node>
      <edge source="1" target="2"><data key="weight"> 3
      </data><y:data key="weight">8</y:data><y:edge/><data key="other">5</data></edge>
    </graph><graph edgedefault="directed"><edge source="2" target="3" directed="false"/></graph>
    </graphml>"""
    graph, parts = parts_of(text)
    assert [(*part[:3], part.directed) for part in parts] == [
        ("1a", "1b", 1.0, False), ("1", "2", 3.0, True), ("2", "3", 1.0, False)
    ]  # fmt: skip
    assert graph.graphs == 3


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b"<gexf>", True),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><g:graphml xmlns:g="u">', True),
        (b"<graphmlx>", False),
        (b"<html><body>gexf</body></html>", False),
        (b'{"a": "<gexf>"}', False),
        (b"", False),
    ],
)
def test_the_beginning_is_recognised(data, is_one):
    assert is_graph_xml(read_head("x", lambda: io.BytesIO(data))) == is_one
