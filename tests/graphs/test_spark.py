"""Every graph expression on Spark gives the graph that DuckDB gives."""

from __future__ import annotations

import pytest

from tests.corpora import ROOT
from workbench.graphs import graph
from workbench.loaders import load
from workbench.model.kinds import GRAPHS

FILTERS = (
    {},
    {"since": "2031-03-08", "until": "2031-03-15"},
    {"lang": "fr"},
    {"hashtag": "#Ysmar"},
    {"text": "rt @"},
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    files = sorted((ROOT / "datasets" / "crisis_small" / "posts").glob("*.gz"))
    return load(files[:2], into=tmp_path_factory.mktemp("spark") / "corpus")


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(GRAPHS))
def test_spark_gives_the_same_graph_as_duckdb(corpus, kind):
    pytest.importorskip("pyspark", reason="needs the extra: pip install 'workbench[spark]'")
    edges = 0
    for filters in FILTERS:
        here = graph(corpus, kind, **filters)
        there = graph(corpus, kind, **filters, engine="spark")
        assert there.fingerprint == here.fingerprint, filters
        assert (there.first_ms, there.last_ms) == (here.first_ms, here.last_ms)
        edges += here.edges
    assert edges > 0
