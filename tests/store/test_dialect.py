"""What the embedded store is given, so that it answers as Neo4j does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import QueryError
from workbench.store.dialect import spelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MATCH (a:Account) RETURN sum(a.posts) AS n",
            "MATCH (a:Account) RETURN coalesce(sum(coalesce(a.posts, 0)), 0) AS n",
        ),
        (
            "MATCH (a:Account) RETURN a.lang AS l, sum(DISTINCT a.posts) AS n",
            "MATCH (a:Account) RETURN a.lang AS l, sum(DISTINCT coalesce(a.posts, 0)) AS n",
        ),
        (
            "MATCH (a:Account) RETURN collect(a.name) AS n",
            "MATCH (a:Account) RETURN coalesce(collect(a.name), []) AS n",
        ),
        (
            "MATCH (a)-[:QUOTED*2]->(b) RETURN count(*) AS n",
            "MATCH (a)-[:QUOTED* TRAIL 2..2]->(b) RETURN count(*) AS n",
        ),
        (
            "MATCH (a)-[:QUOTED*..3]->(b) RETURN count(*) AS n",
            "MATCH (a)-[:QUOTED* TRAIL 1..3]->(b) RETURN count(*) AS n",
        ),
        (
            "MATCH (a)-[:QUOTED]->(b)<-[r:QUOTED]-(c) RETURN count(*) AS n",
            (
                "MATCH (a)-[_link0_0:QUOTED]->(b)<-[r:QUOTED]-(c) WHERE _link0_0 <> r "
                "RETURN count(*) AS n"
            ),
        ),
        (
            "MATCH (a)-->(b), (b)-[s:ON]->(c) WHERE a.x = 1 OR a.x = 2 RETURN a",
            (
                "MATCH (a)-[_link0_0]->(b), (b)-[s:`ON`]->(c) "
                "WHERE _link0_0 <> s AND ( a.x = 1 OR a.x = 2) RETURN a"
            ),
        ),
    ],
)
def test_forms(text, expected):
    assert spelled(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a)-[:POSTED]->(b)-[:SHARES]->(c) RETURN c",
        "MATCH p = (a)-[:QUOTED* SHORTEST 1..3]->(b) RETURN length(p) AS n",
        "MATCH p = (a)-[:QUOTED*1..3]->(b) WITH a, b, min(length(p)) AS n RETURN n",
        "MATCH (sum:Post) RETURN sum.likes AS collect, 'sum(x)' AS text // sum(x)",
        "MATCH (u)-[:LINKS_TO]->(d) WHERE u.url = ':ON' RETURN u",
    ],
)
def test_what_means_the_same_is_left_alone(text):
    assert spelled(text) == text


def test_a_type_that_is_a_keyword_is_quoted_and_texts_are_not():
    text = "MATCH (u)-[:LINKS_TO|ON]->(d) WHERE u.url = ':ON' RETURN u"
    assert spelled(text) == text.replace("|ON]", "|`ON`]")


@given(st.text("abON:|-[]() '\"`", max_size=30))
def test_respelling_touches_only_the_type(text):
    try:
        respelled = spelled(text)
    except QueryError:
        return
    assert respelled.replace("`ON`", "ON") == text.replace("`ON`", "ON")
