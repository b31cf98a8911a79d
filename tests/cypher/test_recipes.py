"""The recipes of the page run on every store, and the page shows what there is."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.corpora import corpus_of, crisis_names
from tests.cypher.test_form import listed
from tests.store.stores import emptied
from workbench.cli.cypher_page import page
from workbench.cli.recipes import RECIPES
from workbench.store import EmbeddedStore, connect
from workbench.store.library import NOT_IN_CYPHER, queries
from workbench.store.portability import faults

ALONE = [recipe for recipe in RECIPES if not recipe.several_studies]
(SEVERAL,) = (recipe for recipe in RECIPES if recipe.several_studies)


def test_there_are_ten():
    assert len(RECIPES) == 10
    assert len({recipe.title for recipe in RECIPES}) == 10


@pytest.mark.parametrize("recipe", ALONE, ids=lambda r: r.title)
def test_recipes_are_portable_and_give_rows(store, recipe):
    found = [fault for fault in faults(recipe.text) if "LIMIT $limit" not in fault.what]
    assert found == []
    rows = store.cypher(recipe.text, **recipe.parameters)
    assert len(rows) > 0
    assert not rows.duplicated().any()


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize("recipe", ALONE, ids=lambda r: r.title)
def test_both_stores_give_the_same_rows(pair, recipe):
    one, other = (listed(store.cypher(recipe.text, **recipe.parameters)) for store in pair)
    assert one == other


def shared(*pairs):
    """Return a corpus of retweets: each pair an account that retweets and one that wrote."""
    base = {"platform": "x", "source_id": "s"}
    posts, acts = [], []
    for record, (actor, author) in enumerate(pairs):
        for post, who in ((f"x:r{record}", actor), (f"x:o{record}", author)):
            posts.append(
                base | {"post_id": post, "version_id": post, "author_id": who, "record": record,
                        "seen_as": "primary", "availability": "full", "created_ms": record}
            )  # fmt: skip
        acts.append(
            base | {"kind": "share", "actor_id": actor, "target_id": author, "weight": 1.0,
                    "post_id": f"x:r{record}", "target_post_id": f"x:o{record}",
                    "origin": "authored", "resolved_by": "id_field", "record": record,
                    "created_ms": record}
        )  # fmt: skip
    return corpus_of(posts=posts, interactions=acts)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_the_recipe_for_one_of_several_studies(tmp_path):
    corpora = {
        "one": shared(("x:1", "x:2"), ("x:3", "x:2"), ("x:1", "x:3")),
        "two": shared(("x:1", "x:2"), ("x:2", "x:3")),
    }
    uri = emptied()
    plain = SEVERAL.text.replace(" {study: $study}", "")
    assert plain != SEVERAL.text
    for study, corpus in corpora.items():
        store = connect(uri, study=study)
        store.write(corpus, progress=False)
        store.close()
    for study, corpus in corpora.items():
        alone = EmbeddedStore(tmp_path / study)
        alone.write(corpus, progress=False)
        together = connect(uri, study=study)
        found = listed(together.cypher(SEVERAL.text, study=study))
        assert found == listed(alone.cypher(plain))
        assert found[0][:2] == ("x:2", 2.0 if study == "one" else 1.0)
        alone.close()
        together.close()


def test_the_conversion_of_the_recipe_for_windows():
    (window,) = (recipe for recipe in RECIPES if "since" in recipe.parameters)
    code = re.search(r"`(int\(datetime.*?)`", window.how)[1]
    assert eval(code, {"datetime": datetime}) == window.parameters["since"]
    day = window.parameters["until"] - window.parameters["since"]
    assert day == 24 * 3600 * 1000


def test_the_page_shows_every_query_with_rows_and_no_handle():
    text = page()
    shown = re.findall(r"^### `(.+)`$", text, re.MULTILINE)
    assert shown == list(queries())
    assert all(f"`{name}`" in text for name in NOT_IN_CYPHER)
    for name, query in queries().items():
        section = text.partition(f"### `{name}`")[2].partition("\n### ")[0].partition("\n## ")[0]
        assert query.question in section
        assert all(f"`${p.name}`" in section for p in query.parameters)
        rows = section.partition("| " + " | ".join(query.columns) + " |\n")[2].strip().splitlines()
        assert len(rows) > 1, name
    for recipe in RECIPES:
        assert f"```cypher\n{recipe.text}\n```" in text
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    assert not words & {name for name in crisis_names() if not name.isdigit()}
