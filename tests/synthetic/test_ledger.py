from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.synthetic import ledger as module
from workbench.synthetic.ledger import EdgeCount, Ledger

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=80)


@pytest.mark.parametrize("bipartite", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=pairs)
def test_counts_are_those_of_a_counter(tmp_path, monkeypatch, bipartite, acts):
    monkeypatch.setattr(module, "_SPILL", 7)
    monkeypatch.setattr(module, "_BLOCK", 5)
    count = EdgeCount(tmp_path / "pairs")
    for source, target in acts:
        count.add(source, target)
    edges = Counter(acts)
    sources, targets = {a for a, _ in edges}, {b for _, b in edges}
    loops = [] if bipartite else [times for (a, b), times in edges.items() if a == b]
    assert count.close(bipartite=bipartite) == {
        "nodes": len(sources) + len(targets) if bipartite else len(sources | targets),
        "sources": len(sources),
        "targets": len(targets),
        "edges": len(edges),
        "weight": len(acts),
        "self_loops": len(loops),
        "self_loop_weight": sum(loops),
        "unresolved": 0,
    }
    assert list(tmp_path.iterdir()) == []


def test_large_indices_do_not_run_into_each_other(tmp_path):
    count = EdgeCount(tmp_path / "pairs")
    count.add(2**32 - 1, 0)
    count.add(0, 2**32 - 1)
    assert count.close()["edges"] == 2


def test_only_chosen_mentions_enter_the_default_graph(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.mention(1, 2, "authored")
        ledger.mention(1, 3, "share_head")
        ledger.graphs["reply"].unresolved += 1
        counts = ledger.finish()
    assert (counts["mention"]["edges"], counts["mention_all"]["edges"]) == (1, 2)
    assert ledger.origins == {"authored": 1, "share_head": 1}
    lines = (tmp_path / "graphs.csv").read_text().splitlines()
    assert (
        lines[0] == "kind,nodes,sources,targets,edges,weight,self_loops,self_loop_weight,unresolved"
    )
    assert "reply,0,0,0,0,0,0,0,1" in lines


def test_tables_have_a_header_and_unix_lines(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.note("missing", "twitter:1", "", "deleted")
        ledger.finish()
    assert (tmp_path / "missing.csv").read_bytes() == (
        b"post_id,author_id,reason\ntwitter:1,,deleted\n"
    )
