"""The page ``docs/cypher.md``: the property graph, every query with rows, ten recipes."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.recipes import RECIPES, Recipe

if TYPE_CHECKING:
    import pandas as pd

    from workbench.store.library import Query
    from workbench.store.protocol import GraphStore

__all__ = ["filled", "page"]

_ROWS = 3
_WIDTH = 56
_HEAD = """# Cypher

Rendered from the query library (`cypher/`), the schema and the recipes; the rows are those of the
bundled crisis, whose accounts are invented. A test holds the page to the code.

![Labels as boxes with their keys, relationship types on arrows](property_graph.svg)

An arrow points from the one who acts to the one acted upon. `RETWEETED QUOTED REPLIED_TO
MENTIONED` sum the acts of a pair of accounts; the others say which post did what. Every property
is in [schema.md](schema.md).

## How to ask

| | in a shell | in Python |
|---|---|---|
| a query of the library | `workbench cypher --name AREA/NAME --study DIR --param limit=5` | `store.query("AREA/NAME", limit=5)` |
| a query of your own | `workbench cypher "MATCH …" --study DIR` or `workbench cypher FILE.cypher …` | `store.cypher("MATCH …", hashtag="ysmar")` |
| another form | `--format table\\|csv\\|json`, `--limit N` | a pandas DataFrame |
| on a server | `--store neo4j://HOST:PORT` | `wb.connect("neo4j://HOST:PORT")` |

Queries read; a write needs `--write` (`write=True`). Values travel as parameters: `$word` in the
text, `--param word=…` beside it. A name that the schema does not have, a parameter that is missing
or left over, a path without an upper bound are refused with the place.

## What both stores make of it

The embedded store and Neo4j read the same language with small differences that raise no error.
Here they are, and what the workbench does so that a query means one thing:

| form | difference | here |
|---|---|---|
| `sum` or `collect` of nothing | null, or 0 and `[]` | 0 and `[]` in both |
| `-[:R*1..5]->` on a cycle | walks, or every relationship once | every relationship once in both |
| `(a)-[:R]->(b)-[:R]->(c)` on a loop | one relationship twice, or never | never in both |
| `-[:R]-` without a direction | loops twice, or once | refused where loops are possible |
| a path beside another relationship of its type | | refused; use two MATCH |
| `-[:R*0..5]->` | wrong counts in the embedded store | refused |
| `count(DISTINCT x)` before a plain aggregate | wrong in the embedded store | refused |
| `list[0]`, slices, `substring` | from 1, or from 0 | refused |
| `log`, `labels`, `id`, `stDev`, `percentileCont` | other values, or missing | refused |
| `x IN [null]` | false, or null | refused |
| a missing parameter | null, or an error | an error in both |
| `avg`, sums of fractions | added in another order: the last digits may differ | divide a sum by a count |
| `collect` | in the store's own order | sort, or count instead |
| a column without `AS` | named otherwise | give it a name |

Texts sort by code point in both. `workbench.store.portability.faults(text)` says of a query of
yours what the library would not let pass.
"""  # noqa: E501  rows of a table are lines


def page() -> str:
    """Return the page; its rows come from a store that is filled for it once."""
    return _page()


@cache
def _page() -> str:
    from workbench.store.library import NOT_IN_CYPHER, queries

    found = list(queries().values())
    with tempfile.TemporaryDirectory() as folder:
        store = filled(folder)
        try:
            lines = [_HEAD, "## The library", ""]
            lines += [f"- [`{q.name}`](#{_anchor(q.name)}): {q.title.lower()}" for q in found]
            for query in found:
                lines += _described(query, store.query(query.name, limit=_ROWS))
            lines += ["## Not in Cypher", "", "| question | why | instead |", "|---|---|---|"]
            lines += [
                f"| {entry.title} (`{name}`) | {entry.reason} | `{entry.remedy}` |"
                for name, entry in NOT_IN_CYPHER.items()
            ]
            lines += ["", f"## {_counted(len(RECIPES))} recipes", ""]
            for number, recipe in enumerate(RECIPES, 1):
                lines += _recipe(number, recipe, store)
        finally:
            store.close()
    return "\n".join(lines)


def filled(folder: str | Path) -> GraphStore:
    """Return a new embedded store with the bundled crisis, its camps, scores and two indices."""
    from workbench import connect, load
    from workbench.cli.inputs import read_partition
    from workbench.influence import in_strength
    from workbench.polarisation import report
    from workbench.resources import datasets_folder

    crisis = datasets_folder() / "crisis_small"
    corpus = load(sorted((crisis / "posts").glob("*.gz")), progress=False)
    store: GraphStore = connect(Path(folder) / "graph")
    store.write(corpus, progress=False)
    retweets = corpus.graph("retweet")
    camps = read_partition(retweets, crisis / "truth" / "sides.csv")
    store.annotate(camps, in_strength(retweets), name="camps")
    indices = report(retweets, camps, measures=["ei_index", "modularity"], null="none", seed=7)
    store.annotate(*indices.indices, name="indices")
    return store


def _described(query: Query, rows: pd.DataFrame) -> list[str]:
    file = f"[`{query.name}.cypher`](../cypher/{query.name}.cypher)"
    bodies = "" if query.portability == "both" else " and has a body for each store"
    lines = ["", f"### `{query.name}`", "", f"**{query.question}**", ""]
    lines += [f"{file} reads `{query.reads}`{bodies}."]
    lines += ["", "| parameter | type, unit | default | |", "|---|---|---|---|"]
    lines += [
        f"| `${p.name}` | {p.type}, {p.unit} | `{_default(p.default)}` | {p.meaning} |"
        for p in query.parameters
    ]
    lines += ["", "| column | |", "|---|---|"]
    lines += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in query.columns.items()]
    return [*lines, "", *_table(rows), ""]


def _recipe(number: int, recipe: Recipe, store: GraphStore) -> list[str]:
    lines = [f"### {number}. {recipe.title}", "", recipe.how, "", "```cypher", recipe.text, "```"]
    if recipe.parameters:
        given = ", ".join(f"`${name}` = `{v}`" for name, v in recipe.parameters.items())
        lines += ["", f"With {given}:"]
    text, values = recipe.text, dict(recipe.parameters)
    if recipe.several_studies:
        text = text.replace(" {study: $study}", "")
        values.pop("study")
    return [*lines, "", *_table(store.cypher(text, **values).head(_ROWS)), ""]


def _table(rows: pd.DataFrame) -> list[str]:
    columns = list(rows.columns)
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    whole = rows.astype(object).where(rows.notna(), None)
    for row in whole.itertuples(index=False, name=None):
        shown = [_value(name, value) for name, value in zip(columns, row, strict=True)]
        lines.append("| " + " | ".join(shown) + " |")
    return lines


def _value(column: str, value: Any) -> str:
    """Return a cell; what differs from run to run, and who wrote a linked post, is left out."""
    if value is None:
        return "–"
    if column in {"run", "written_ms"}:
        return "…"
    if isinstance(value, float):
        return f"{value:.6g}"
    if hasattr(value, "isoformat"):
        return str(value.isoformat(timespec="seconds"))
    text = re.sub(r"(twitter\.com/)\w+/", r"\1…/", str(value))
    return _cell(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def _default(value: Any) -> str:
    return '""' if value == "" else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(name: str) -> str:
    return re.sub(r"[^\w-]", "", name)


def _counted(number: int) -> str:
    return {10: "Ten"}.get(number, str(number))
