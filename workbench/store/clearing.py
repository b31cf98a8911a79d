"""What goes from a Neo4j database: relationships of a study, nodes that are nobody's, people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError
from workbench.store.schema import NODES, RESULTS, UNUSED

if TYPE_CHECKING:
    from workbench.store.bolt import Bolt

__all__ = ["BROUGHT", "clear", "drop_run", "forget", "holding", "leave", "sweep"]

#: The labels that come from a corpus.
BROUGHT = [label for label in NODES if label not in RESULTS]


def clear(bolt: Bolt, kind: str, study: str) -> None:
    """Delete the relationships of one type that a study brought."""
    bolt.run(
        f"MATCH ()-[r:{kind}]->() WHERE r.study = $study "
        "CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS",
        {"study": study},
    )


def leave(bolt: Bolt, study: str, *, blank: bool = False) -> None:
    """Take a study off all nodes; those that nobody else brought keep only their key.

    With `blank`, those that others brought as well.
    """
    for label in BROUGHT:
        key = NODES[label].key
        bolt.run(
            f"MATCH (n:{label}) WHERE $study IN n.studies CALL (n) {{ "
            f"WITH n, [s IN n.studies WHERE s <> $study] AS others "
            f"FOREACH (_ IN CASE WHEN $blank OR size(others) = 0 THEN [1] ELSE [] END | "
            f"SET n = {{{key}: n.{key}}}) SET n.studies = others "
            "} IN TRANSACTIONS OF 10000 ROWS",
            {"study": study, "blank": blank},
        )


def sweep(bolt: Bolt, study: str) -> None:
    """Delete nodes that no study brings any more; results of another study keep theirs.

    Such a node is of a study whose push was cut off: its next push brings it again.
    """
    kept = "EXISTS { MATCH (:Run)-[r:SCORED|ASSIGNED]->(n) WHERE r.study <> $study }"
    for label in BROUGHT:
        bolt.run(
            f"MATCH (n:{label}) WHERE size(n.studies) = 0 AND NOT {kept} "
            "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
            {"study": study},
        )


def holding(bolt: Bolt, account: str) -> list[str]:
    """Return the studies that have an account, posts of it, or acts by it or upon it."""
    itself = "MATCH (a:Account) WHERE a.account_id = $account"
    rows = bolt.rows(
        f"{itself} UNWIND a.studies AS study RETURN study UNION "
        f"{itself} MATCH (a)-[r]-() WHERE r.study IS NOT NULL RETURN r.study AS study UNION "
        f"{itself} MATCH (a)-[:POSTED]->(p:Post) UNWIND p.studies AS study RETURN study UNION "
        f"{itself} MATCH (a)-[:POSTED]->(:Post)-[r]-() WHERE r.study IS NOT NULL "
        "RETURN r.study AS study",
        {"account": account},
    )
    return sorted(rows.column("study").to_pylist()) if rows.num_rows else []


def forget(bolt: Bolt, account: str) -> int:
    """Remove an account from all studies, its posts, and what only they carried; count these.

    Posts of others that deal with it, and that several studies know, lose text and conversation:
    no push would take out what another study had said of them. Studies that lose something no
    longer hold their corpus; others are as they were.

    Raises
    ------
    NotFoundError
        No study has such an account.
    """
    given = {"account": account}
    itself = "MATCH (a:Account) WHERE a.account_id = $account AND a.studies IS NOT NULL"
    wrote = "MATCH (a:Account)-[:POSTED]->(p:Post) WHERE a.account_id = $account"
    if not bolt.rows(f"{itself} RETURN a.account_id", given).num_rows:
        raise NotFoundError("no such account in the store", value=account)
    posts = bolt.rows(f"{wrote} RETURN count(DISTINCT p) AS n", given)
    whole = "MATCH (s:Study) WHERE s.corpus IS NOT NULL AND s.study IN $studies"
    shared, blanked = _shared(bolt, account)
    lost = sorted({*blanked, *holding(bolt, account)})
    statements: list[tuple[str, dict[str, Any]]] = [
        (f"{whole} SET s.corpus = null, s.forgotten = true", {"studies": lost}),
        ("MATCH (s:Study) WHERE s.study IN $studies SET s.stale = true", {"studies": blanked}),
        (
            "MATCH (p:Post) WHERE p.post_id IN $posts SET p.text = null, p.conversation_id = null",
            {"posts": shared},
        ),
        (f"{wrote} DETACH DELETE p", given),
        (f"{itself} DETACH DELETE a", given),
    ]
    for label, pattern in UNUSED.items():
        unused = f"n.studies IS NOT NULL AND NOT EXISTS {{ MATCH {pattern} }}"
        statements.append((f"MATCH (n:{label}) WHERE {unused} DETACH DELETE n", {}))
    bolt.together(statements)
    return int(posts.column("n")[0].as_py())


def _shared(bolt: Bolt, account: str) -> tuple[list[str], list[str]]:
    """Return the posts of others that deal with an account and several studies know; and these."""
    several = "size(p.studies) > 1 RETURN p.post_id AS post, p.studies AS studies"
    itself = "MATCH (a:Account) WHERE a.account_id = $account"
    rows = bolt.rows(
        f"{itself} MATCH (p:Post)-[:MENTIONS|ADDRESSES]->(a) WHERE {several} UNION "
        f"{itself} MATCH (a)-[:POSTED]->(:Post)<-[:SHARES|QUOTES|REPLIES_TO]-(p:Post) "
        f"WHERE {several} UNION "
        f"{itself} MATCH (a)-[:POSTED]->(o:Post) WITH collect(o.post_id) AS own "
        f"MATCH (p:Post) WHERE p.conversation_id IN own AND {several}",
        {"account": account},
    ).to_pylist()
    return [row["post"] for row in rows], sorted({s for row in rows for s in row["studies"]})


def drop_run(bolt: Bolt, run_id: str) -> None:
    """Remove a run with everything it wrote."""
    given = {"run": run_id}
    measured = "MATCH (r:Run)-[:MEASURED]->(i:IndexValue) WHERE r.run_id = $run"
    bolt.together(
        [
            (f"{measured} DETACH DELETE i", given),
            ("MATCH (r:Run) WHERE r.run_id = $run DETACH DELETE r", given),
        ]
    )
