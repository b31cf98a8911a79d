"""The property graph, declared once."""

from __future__ import annotations

import re

from workbench.store.schema import (
    ACTS,
    NODES,
    RELATIONSHIPS,
    RESULTS,
    SUMS,
    UNUSED,
    USES,
    ladybug_statements,
    markdown,
    neo4j_statements,
    properties_of,
    table_order,
)


def test_names_follow_the_conventions_of_cypher():
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", name) for name in NODES)
    assert all(re.fullmatch(r"[A-Z_]+", name) for name in RELATIONSHIPS)
    for name in table_order():
        assert all(re.fullmatch(r"[a-z_]+", key) for key in properties_of(name)), name


def test_relationships_join_labels_and_tables_come_after_what_they_need():
    order = table_order()
    for kind in RELATIONSHIPS.values():
        assert {kind.source, kind.target} <= set(NODES)
        assert order.index(kind.type) > max(order.index(kind.source), order.index(kind.target))
    known = {
        *SUMS.values(),
        *ACTS.values(),
        *RESULTS,
        *(name for pair in USES.values() for name in pair),
    }
    assert known <= {*NODES, *RELATIONSHIPS}
    assert {"Hashtag", "Url", "Media", "Domain"} == set(UNUSED)


def test_every_table_is_made_once_in_each_dialect():
    statements = ladybug_statements()
    assert len(statements) == len(NODES) + len(RELATIONSHIPS)
    assert all("PRIMARY KEY" in text for text in statements[: len(NODES)])
    for node in NODES.values():
        made = [text for text in neo4j_statements() if f"(n:{node.label}) REQUIRE" in text]
        assert len(made) == 1
        assert f"n.{node.key} IS UNIQUE" in made[0]
        assert node.properties[node.key] == "text"


def test_times_are_kept_twice():
    for name in ("Post", "Account"):
        assert properties_of(name)["created_at"] == "time"
    assert properties_of("Post")["created_ms"] == "integer"


def test_the_page_names_every_label_type_and_property():
    page = markdown()
    for name in [*NODES, *RELATIONSHIPS]:
        assert name in page
        assert all(f"`{key}`" in page for key in properties_of(name))
