"""Constraints and indexes of a Neo4j database, also where a server died while it made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import StoreError
from workbench.store.schema import neo4j_statements

if TYPE_CHECKING:
    from workbench.store.bolt import Bolt

__all__ = ["constrain"]

#: Seconds the server may take to fill indexes over what is there already.
_FILLING = 300


def constrain(bolt: Bolt, *, again: str = "push into an empty database") -> None:
    """Make the constraints and indexes of the schema, and wait until they hold.

    A server that is killed while it makes a constraint can keep the constraint's index alone, and
    refuses the constraint from then on. Such an index, of our name, label and key, is dropped
    first; one of our name over anything else is left, and the server's refusal says so.

    Parameters
    ----------
    again
        What to do when a key occurs twice.

    Raises
    ------
    StoreError
        A key occurs twice in the database, or the server refuses for a reason of its own.
    """
    for name in _left_alone(bolt):
        bolt.run(f"DROP INDEX {name} IF EXISTS")
    for statement in neo4j_statements():
        try:
            bolt.run(statement)
        except StoreError as error:
            if "Constraint" not in (error.where or ""):
                raise
            raise StoreError(
                "a key occurs twice in the database",
                value=statement.partition("FOR ")[2],
                where=error.where,
                remedy=again,
            ) from error
    bolt.run(f"CALL db.awaitIndexes({_FILLING})")


def _left_alone(bolt: Bolt) -> list[str]:
    """Return the names of our constraints whose index is there and belongs to no constraint."""
    found = bolt.rows(
        "SHOW INDEXES YIELD name, labelsOrTypes, properties, owningConstraint "
        "WHERE owningConstraint IS NULL AND labelsOrTypes IS NOT NULL "
        "RETURN name, labelsOrTypes[0] AS label, properties[0] AS key, size(properties) AS keys"
    )
    ours = {
        text.split()[2]: text for text in neo4j_statements() if text.startswith("CREATE CONSTRAINT")
    }
    return [
        row["name"]
        for row in found.to_pylist()
        if row["keys"] == 1
        and f"FOR (n:{row['label']}) REQUIRE n.{row['key']} IS" in ours.get(row["name"], "")
    ]
