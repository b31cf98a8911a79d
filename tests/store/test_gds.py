"""Graph Data Science on the same server as an oracle of our PageRank and components.

Its PageRank r is the fixed point of r = (1 − d) + d·Pᵀr: not divided by the number of accounts, and
what accounts without outgoing edges hold goes nowhere. Ours, p, lets the reader jump from there to
any account. As that jump is uniform, like the other one, p = c·(I − d·Pᵀ)⁻¹·1 = r / Σr exactly.
"""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from tests.corpora import crisis
from tests.neo4j_server import GDS_VERSION, gds_jars
from tests.store.faults import lively
from tests.store.stores import own_server
from workbench.graphs import graph
from workbench.influence import pagerank
from workbench.store import connect
from workbench.store.bolt import Bolt
from workbench.store.schema import SUMS
from workbench.store.server_checks import server_checks

pytestmark = [pytest.mark.slow, pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

CORPORA = {"crisis": crisis, "lively": lively}
KINDS = {"share": "retweet", "quote": "quote", "reply": "reply", "mention": "mention"}


@pytest.fixture(scope="module")
def gds():
    """Open a database with two studies on a server with Graph Data Science."""
    with own_server(plugins=gds_jars, dbms__security__procedures__unrestricted="gds.*") as started:
        for study, corpus in CORPORA.items():
            with closing(connect(started.uri, study=study)) as store:
                store.write(corpus(), progress=False)
        with closing(Bolt(started.uri)) as bolt:
            yield bolt


def projected(bolt, study, base, *, weighted=True):
    """Project the graph of one kind of a study as ``g``."""
    bolt.rows("CALL gds.graph.drop('g', false) YIELD graphName RETURN graphName")
    values = "{relationshipProperties: r {.weight}}" if weighted else "{}"
    rows = bolt.rows(
        f"MATCH (a:Account)-[r:{SUMS[base]}]->(b:Account) WHERE r.study = $study AND r.weight > 0 "
        f"WITH gds.graph.project('g', a, b, {values}) AS g "
        "RETURN g.nodeCount AS nodes, g.relationshipCount AS edges",
        {"study": study},
    )
    return rows.to_pylist()[0]


def streamed(bolt, text, column, **parameters):
    rows = bolt.rows(
        f"{text} RETURN gds.util.asNode(nodeId).account_id AS id, {column} AS value", parameters
    )
    return dict(zip(*(rows.column(name).to_pylist() for name in ("id", "value")), strict=True))


def ranked(bolt, damping):
    return streamed(
        bolt,
        "CALL gds.pageRank.stream('g', {dampingFactor: $d, tolerance: 1e-14, maxIterations: 1000, "
        "relationshipWeightProperty: 'weight', scaler: 'None'}) YIELD nodeId, score",
        "score",
        d=damping,
    )


def test_doctor_sees_it(gds):
    (check,) = (c for c in server_checks(gds.uri) if c.check == "neo4j GDS")
    assert (check.found, check.ok) == (GDS_VERSION, True)


@pytest.mark.parametrize("study", CORPORA)
@pytest.mark.parametrize("base", KINDS)
def test_pagerank_to_a_millionth(gds, study, base):
    ours = graph(CORPORA[study](), KINDS[base])
    size = projected(gds, study, base)
    assert size == {"nodes": ours.nodes, "edges": ours.edges}
    out = ours.out_strength()
    for damping in (0.85, 0.5):
        found = ranked(gds, damping)
        theirs = np.array([found[a] for a in ours.accounts.tolist()])
        ours_values = pagerank(ours, damping=damping).values
        np.testing.assert_allclose(ours_values, theirs / theirs.sum(), rtol=1e-6, atol=1e-9)
        # Without the division they are the fixed point above, to what our sums allow.
        share = np.divide(1.0, out, out=np.zeros(ours.nodes), where=out > 0)
        fixed = (1 - damping) + damping * (ours.to_scipy().T @ (theirs * share))
        np.testing.assert_allclose(theirs, fixed, rtol=1e-9)
        lost = damping * theirs[out == 0].sum()
        # What is not lost at those who point to nobody is one an account.
        assert theirs.sum() * (1 - damping) + lost == pytest.approx(
            ours.nodes * (1 - damping), rel=1e-9
        )
    if (out == 0).any():
        assert theirs.sum() < ours.nodes * (1 - 1e-6)
    # The other direction is another ranking: the one above is not right by chance.
    turned = pagerank(ours.reversed(), damping=0.5).values
    assert np.abs(turned - theirs / theirs.sum()).max() > 1e-4


@pytest.mark.parametrize("study", CORPORA)
@pytest.mark.parametrize("base", KINDS)
def test_weakly_connected_components(gds, study, base):
    ours = graph(CORPORA[study](), KINDS[base])
    projected(gds, study, base, weighted=False)
    found = streamed(gds, "CALL gds.wcc.stream('g') YIELD nodeId, componentId", "componentId")
    theirs = np.array([found[a] for a in ours.accounts.tolist()])
    pairs = set(zip(ours.components().tolist(), theirs.tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert len(found) == ours.nodes
