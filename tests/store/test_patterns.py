"""The patterns of a query."""

from __future__ import annotations

import pytest

from workbench.store.patterns import (
    closing,
    matches,
    only_shortest,
    projections,
    stray_chains,
    tables_of,
)
from workbench.store.tokens import tokens


def found(text):
    return matches(tokens(text))


def test_relationships_of_a_pattern():
    (match,) = found(
        "MATCH p = (a:Account)-[r:QUOTED|:RETWEETED*..3]->(b)<-[:POSTED]-(c)--(d)-->(e) RETURN 1"
    )
    first, second, third, fourth = match.links
    assert first.name == "r"
    assert first.types == {"QUOTED", "RETWEETED"}
    assert first.star is not None
    assert (second.name, second.types, second.directed) == ("", {"POSTED"}, True)
    assert (third.directed, third.types, third.bracket) == (False, frozenset(), None)
    assert fourth.directed
    assert match.paths == ("p",)
    assert not first.shares_type(second)
    assert second.shares_type(third)
    assert first.loops
    assert not second.loops


def test_a_match_ends_with_its_clause_or_its_braces():
    text = (
        "MATCH (a:Account) WHERE EXISTS { MATCH (a)-[:POSTED]->(p:Post) WHERE p.lang = 'fr' } "
        "AND a.name STARTS WITH 'x' WITH a MATCH (a)-[:QUOTED]->(b) RETURN b"
    )
    pieces = tokens(text)
    outer, inner, last = matches(pieces)
    assert [len(m.links) for m in (outer, inner, last)] == [0, 1, 1]
    assert pieces[outer.where_end - 1].text == "'x'"
    assert pieces[outer.where_end].text == "WITH"
    assert pieces[inner.where_end].text == "}"
    assert pieces[last.end].text == "RETURN"
    assert pieces[closing(pieces, 1)].text == ")"


def test_items_of_a_projection():
    pieces = tokens(
        "MATCH (a) WITH DISTINCT a.name AS n, sum(a.posts + 1) AS s RETURN count(*) AS c"
    )
    first, last = projections(pieces)
    assert [pieces[item[0]].text for item in first.items] == ["a", "sum"]
    assert first.grouped(pieces)
    assert not last.grouped(pieces)


def test_what_a_variable_may_be():
    pieces = tokens(
        "MATCH (a:Account)-[r:QUOTED|RETWEETED]->(b) MATCH (a)-[s]->(b:Account) RETURN a"
    )
    tables = tables_of(pieces)
    assert tables["a"] == tables["b"] == {"Account"}
    assert tables["r"] == {"QUOTED", "RETWEETED"}
    assert len(tables["s"]) > 10


@pytest.mark.parametrize(
    ("rest", "safe"),
    [
        ("WITH a, b, min(length(p)) AS d RETURN d, count(*) AS n", True),
        ("WHERE a.lang = 'fr' WITH a, b, min(length(p)) AS d RETURN d", True),
        ("WITH DISTINCT a, b RETURN count(*) AS n", True),
        ("RETURN count(*) AS n", False),
        ("WITH a, b, max(length(p)) AS d RETURN d", False),
        ("WITH a, b, min(length(p)) AS d, count(*) AS n RETURN d, n", False),
        ("WHERE length(p) > 2 WITH a, b, min(length(p)) AS d RETURN d", False),
        ("WITH DISTINCT a, b, length(p) AS d RETURN d", False),
        ("WITH a, b, p RETURN min(length(p)) AS d", False),
    ],
)
def test_whether_only_the_shortest_way_counts(rest, safe):
    pieces = tokens(f"MATCH p = (a:Post)-[:REPLIES_TO*1..4]->(b:Post) {rest}")
    assert only_shortest(pieces, matches(pieces)[0]) is safe


def test_chains_outside_a_match():
    one = "MATCH (a) WHERE (a)-[:QUOTED]->(:Account) RETURN a"
    two = "MATCH (a) WHERE NOT (a)-[:QUOTED]->(:Account)-[:QUOTED]->(:Account) RETURN a"
    assert stray_chains(tokens(one)) == []
    assert len(stray_chains(tokens(two))) == 1
