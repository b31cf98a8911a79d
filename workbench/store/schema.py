"""The property graph, declared once; every store and the documentation are rendered from it.

Keys are text. Every time is kept twice: ``created_at`` (native) and ``created_ms`` (epoch
milliseconds, the one that all stores compare alike). Relationships are one per pair and type, so
that no query counts a parallel one twice.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AS_KNOWN",
    "KEY_BYTES",
    "NODES",
    "RELATIONSHIPS",
    "SUMS",
    "Node",
    "Relationship",
    "ladybug_statements",
    "markdown",
    "neo4j_statements",
    "rows_of",
    "table_order",
]

STORE_VERSION = 1
#: The longest key that an index of a Neo4j server takes, in bytes.
KEY_BYTES = 8_000

_LADYBUG = {
    "text": "STRING",
    "integer": "INT64",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}


@dataclass(frozen=True)
class Node:
    """A label: its key property first, then the others, name → type."""

    label: str
    meaning: str
    properties: dict[str, str]

    @property
    def key(self) -> str:
        """The property that identifies a node."""
        return next(iter(self.properties))


@dataclass(frozen=True)
class Relationship:
    """A relationship type between two labels."""

    type: str
    source: str
    target: str
    meaning: str
    properties: dict[str, str]


_SUM = {"weight": "float", "weight_all": "float", "first_ms": "integer", "last_ms": "integer"}
_MENTIONED = {**_SUM, "first_authored_ms": "integer", "last_authored_ms": "integer"}
_ACT = {
    "created_ms": "integer",
    "resolved_by": "text",
    "target_id": "text",
    "weight": "float",
}
_USE = {"n_authored": "integer", "n_inherited": "integer"}

NODES: dict[str, Node] = {
    node.label: node
    for node in (
        Node(
            "Account",
            "somebody who acted, was acted upon or was seen",
            {
                "account_id": "text", "platform": "text", "handle": "text", "name": "text",
                "created_at": "time", "followers": "integer", "following": "integer",
                "posts": "integer", "verified": "boolean", "seen_as": "text",
            },
        ),
        Node(
            "Post",
            "a post that exists; of a stub only the id, perhaps the author, is known",
            {
                "post_id": "text", "platform": "text", "created_at": "time",
                "created_ms": "integer", "kind": "text", "text": "text", "lang": "text",
                "conversation_id": "text", "availability": "text", "seen_as": "text",
                "likes": "integer", "shares": "integer", "replies": "integer",
                "quotes": "integer", "views": "integer",
            },
        ),
        Node("Hashtag", "a hashtag, NFKC and case-folded, without its sign", {"hashtag": "text"}),
        Node("Url", "a canonical link", {"url": "text"}),
        Node("Domain", "a registrable domain", {"domain": "text"}),
        Node("Media", "an attached picture or film", {"media": "text"}),
        Node(
            "Run",
            "an analysis whose results were written back",
            {
                "run_id": "text", "name": "text", "method": "text", "parameters": "text",
                "seed": "integer", "version": "text", "input": "text", "written_ms": "integer",
            },
        ),
        Node(
            "IndexValue",
            "an index value of a run",
            {
                "index_id": "text", "name": "text", "value": "float", "null_mean": "float",
                "null_sd": "float", "z": "float", "p": "float", "low": "float", "high": "float",
                "choices": "text",
            },
        ),
    )
}  # fmt: skip

RELATIONSHIPS: dict[str, Relationship] = {
    relationship.type: relationship
    for relationship in (
        Relationship("POSTED", "Account", "Post", "wrote", {}),
        Relationship("SHARES", "Post", "Post", "retweets, reposts, boosts, forwards", _ACT),
        Relationship("QUOTES", "Post", "Post", "quotes", _ACT),
        Relationship("REPLIES_TO", "Post", "Post", "answers", _ACT),
        Relationship(
            "ADDRESSES",
            "Post",
            "Account",
            "shares, quotes or answers an account; its post is unknown",
            {"kind": "text", "created_ms": "integer", "resolved_by": "text", "weight": "float"},
        ),
        Relationship(
            "MENTIONS",
            "Post",
            "Account",
            "names; how often, by origin",
            {
                "n_authored": "integer", "n_reply_prefix": "integer", "n_share_head": "integer",
                "n_inherited": "integer",
            },
        ),
        Relationship("TAGGED", "Post", "Hashtag", "carries", _USE),
        Relationship("LINKS_TO", "Post", "Url", "carries", _USE),
        Relationship("SHOWS", "Post", "Media", "carries", _USE),
        Relationship("ON", "Url", "Domain", "belongs to", {}),
        Relationship("RETWEETED", "Account", "Account", "sum of shares", _SUM),
        Relationship("QUOTED", "Account", "Account", "sum of quotes", _SUM),
        Relationship("REPLIED_TO", "Account", "Account", "sum of replies", _SUM),
        Relationship("MENTIONED", "Account", "Account", "sum of mentions", _MENTIONED),
        Relationship(
            "SCORED", "Run", "Account", "gave a score", {"name": "text", "value": "float"}
        ),
        Relationship(
            "ASSIGNED", "Run", "Account", "gave a community",
            {"community": "integer", "name": "text"},
        ),
        Relationship("MEASURED", "Run", "IndexValue", "gave an index value", {}),
    )
}  # fmt: skip

#: Interaction kind → the relationship that sums its acts.
SUMS = {
    "share": "RETWEETED",
    "quote": "QUOTED",
    "reply": "REPLIED_TO",
    "mention": "MENTIONED",
}
#: Interaction kind → the relationship between the two posts.
ACTS = {"share": "SHARES", "quote": "QUOTES", "reply": "REPLIES_TO"}
#: Attachment kind → relationship and label.
USES = {
    "hashtag": ("TAGGED", "Hashtag"),
    "url": ("LINKS_TO", "Url"),
    "media": ("SHOWS", "Media"),
}
#: What a study on a server knows of a post that graphs choose by, kept by ``POSTED`` because other
#: studies may know it differently: property → type.
AS_KNOWN = {"seen_as": "text", "lang": "text", "created_ms": "integer"}
#: Label → the pattern that a thing some post carries takes part in; the others can go.
UNUSED = {
    "Hashtag": "()-[:TAGGED]->(n)",
    "Url": "()-[:LINKS_TO]->(n)",
    "Media": "()-[:SHOWS]->(n)",
    "Domain": "()-[:`ON`]->(n)",
}
#: What analyses write; everything else comes from the corpus.
RESULTS = ("Run", "IndexValue", "SCORED", "ASSIGNED", "MEASURED")


def table_order() -> list[str]:
    """Return labels and relationship types in the order in which they are filled."""
    return [*NODES, *RELATIONSHIPS]


def properties_of(name: str) -> dict[str, str]:
    """Return the properties of a label or relationship type, name → type."""
    return NODES[name].properties if name in NODES else RELATIONSHIPS[name].properties


def rows_of(name: str) -> str:
    """Return the query of all rows of a label or relationship type, with its ends first."""
    if name in NODES:
        columns = ", ".join(f"n.{key} AS {key}" for key in NODES[name].properties)
        return f"MATCH (n:{name}) RETURN {columns}"
    kind = RELATIONSHIPS[name]
    ends = f"a.{NODES[kind.source].key} AS source, b.{NODES[kind.target].key} AS target"
    columns = "".join(f", r.{key} AS {key}" for key in kind.properties)
    return f"MATCH (a:{kind.source})-[r:`{name}`]->(b:{kind.target}) RETURN {ends}{columns}"


def ladybug_statements() -> list[str]:
    """Return the statements that make the tables of the embedded store."""
    statements = []
    for node in NODES.values():
        columns = ", ".join(f"{name} {_LADYBUG[kind]}" for name, kind in node.properties.items())
        statements.append(f"CREATE NODE TABLE `{node.label}`({columns}, PRIMARY KEY({node.key}))")
    for relationship in RELATIONSHIPS.values():
        columns = "".join(
            f", {name} {_LADYBUG[kind]}" for name, kind in relationship.properties.items()
        )
        statements.append(
            f"CREATE REL TABLE `{relationship.type}`"
            f"(FROM {relationship.source} TO {relationship.target}{columns})"
        )
    return statements


def neo4j_statements() -> list[str]:
    """Return the constraints and indexes of a Neo4j database, idempotent."""
    statements = [
        f"CREATE CONSTRAINT {node.label.lower()}_key IF NOT EXISTS "
        f"FOR (n:{node.label}) REQUIRE n.{node.key} IS UNIQUE"
        for node in NODES.values()
    ]
    statements.append(
        "CREATE CONSTRAINT study_key IF NOT EXISTS FOR (n:Study) REQUIRE n.study IS UNIQUE"
    )
    statements.append("CREATE INDEX post_created_ms IF NOT EXISTS FOR (n:Post) ON (n.created_ms)")
    return statements


def markdown() -> str:
    """Return the property graph as the page ``docs/schema.md``."""
    lines = [
        "# The property graph",
        "",
        "Rendered from `workbench/store/schema.py`; a test holds the page to it. Times are kept",
        "twice: `created_at` (native) and `created_ms` (epoch milliseconds). An edge points from",
        "the one who acts to the one acted upon.",
        "",
        "## Nodes",
        "",
        "| label | is | properties (the first is the key) |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{node.label}` | {node.meaning} | {_listed(node.properties)} |"
        for node in NODES.values()
    ]
    lines += ["", "## Relationships", "", "| pattern | says | properties |", "|---|---|---|"]
    lines += [
        f"| `(:{r.source})-[:{r.type}]->(:{r.target})` | {r.meaning} | {_listed(r.properties)} |"
        for r in RELATIONSHIPS.values()
    ]
    lines += [
        "",
        "The sums (`RETWEETED QUOTED REPLIED_TO MENTIONED`) are one per pair: `weight` is that of",
        "the default graph (for mentions: those an author chose to write), `weight_all` counts",
        "every origin. A pair whose `weight` is 0 is no edge of the default graph. `first_ms` and",
        "`last_ms` are of every act in `weight_all`; `first_authored_ms` and `last_authored_ms` of",
        "those in `weight`.",
        "",
    ]
    return "\n".join(lines)


def _listed(properties: dict[str, str]) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in properties.items()) or "–"
