"""What ``doctor`` says of a Neo4j server."""

from __future__ import annotations

import time
from typing import NamedTuple

from workbench.errors import QueryError, StoreError
from workbench.store.bolt import Bolt
from workbench.store.schema import neo4j_statements

__all__ = ["Check", "server_checks"]

#: Seconds by which the clocks may differ before times written back mislead.
SKEW = 2.0
_FILES = "dbms.security.allow_csv_import_from_file_urls"
_MEMORY = ("server.memory.heap.max_size", "server.memory.pagecache.size")


class Check(NamedTuple):
    """One thing that was looked at: what was found, whether it is well, what to do if not."""

    check: str
    found: str
    ok: bool
    remedy: str = ""


def server_checks(uri: str) -> list[Check]:
    """Return version, memory, constraints, clock, access to files and plugins of a server.

    A server that does not answer, or is too old, is one check that failed.
    """
    try:
        bolt = Bolt(uri)
    except StoreError as error:
        found = f"{error.what}: {error.value}"
        return [Check("neo4j", found, ok=False, remedy=error.remedy or error.allowed or "")]
    try:
        return [_version(bolt), *_settings(bolt), _constraints(bolt), _clock(bolt), _gds(bolt)]
    finally:
        bolt.close()


def _version(bolt: Bolt) -> Check:
    rows = bolt.rows("CALL dbms.components() YIELD versions, edition RETURN versions, edition")
    version, edition = rows.column("versions")[0].as_py()[0], rows.column("edition")[0].as_py()
    return Check("neo4j", f"{version} {edition} at {bolt.uri}, database {bolt.database}", ok=True)


def _settings(bolt: Bolt) -> list[Check]:
    """Return the checks of settings; none where the user may not see them."""
    try:
        rows = bolt.rows("SHOW SETTINGS YIELD name, value RETURN name, value")
    except (QueryError, StoreError):
        return []
    names, values = rows.column("name").to_pylist(), rows.column("value").to_pylist()
    known = dict(zip(names, values, strict=True))
    memory = ", ".join(f"{name.split('.')[2]} {known.get(name, '?')}" for name in _MEMORY)
    opened = known.get(_FILES) == "true"
    return [
        Check("neo4j memory", memory, ok=True),
        Check(
            "neo4j LOAD CSV",
            "reads files of the server, for everybody who may read" if opened else "reads no files",
            ok=not opened,
            remedy=f"set {_FILES}=false in neo4j.conf",
        ),
    ]


def _constraints(bolt: Bolt) -> Check:
    try:
        have = set(bolt.rows("SHOW CONSTRAINTS YIELD name").column("name").to_pylist())
    except (QueryError, StoreError) as error:
        return Check("neo4j constraints", str(error), ok=False, remedy="ask with more rights")
    want = [text.split()[2] for text in neo4j_statements() if text.startswith("CREATE CONSTRAINT")]
    missing = [name for name in want if name not in have]
    if len(missing) == len(want):
        return Check("neo4j constraints", "none yet; the first push makes them", ok=True)
    return Check(
        "neo4j constraints",
        f"{len(want) - len(missing)} of {len(want)}",
        ok=not missing,
        remedy="push again: workbench store push --study DIR --to neo4j://…",
    )


def _clock(bolt: Bolt) -> Check:
    before = time.time()
    rows = bolt.rows("RETURN datetime().epochMillis AS ms")
    here = (before + time.time()) / 2
    skew = rows.column("ms")[0].as_py() / 1000 - here
    return Check(
        "neo4j clock",
        f"{skew:+.1f} s from the one here",
        ok=abs(skew) < SKEW,
        remedy="set both clocks by NTP",
    )


def _gds(bolt: Bolt) -> Check:
    try:
        version = bolt.rows("RETURN gds.version() AS v").column("v")[0].as_py()
    except (QueryError, StoreError):
        return Check("neo4j GDS", "absent; nothing here needs it", ok=True)
    return Check("neo4j GDS", str(version), ok=True)
