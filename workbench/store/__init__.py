"""The graph database: a folder or a Neo4j server; what it holds is rebuilt from the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import StoreError
from workbench.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    import os

    from workbench.store.bolt import Ask
    from workbench.store.protocol import GraphStore

__all__ = ["EmbeddedStore", "connect"]


def connect(
    uri: str | os.PathLike[str],
    *,
    study: str | None = None,
    shared: bool = False,
    secret: Ask | None = None,
) -> GraphStore:
    """Return the store at `uri`: a Neo4j server, or the folder of an embedded store.

    Parameters
    ----------
    uri
        ``neo4j://…`` or ``bolt://…`` (with ``+s`` for TLS, ``+ssc`` for TLS with a certificate of
        the server's own), or the path of a folder, made when written to.
    study
        Which study of a server is meant, which may hold several; by default the only one.
    shared
        Whether a server's database may hold data that the workbench has not written.
    secret
        Called with a question where a server wants a password and none was given; its answer is
        used once and kept nowhere. ``workbench.store.secret.typed`` asks the user.

    Raises
    ------
    StoreError
        The store cannot be opened, or `uri` is of a scheme that nothing here speaks.
    """
    scheme, mark, _ = str(uri).partition("://")
    if not mark:
        return EmbeddedStore(uri)
    from workbench.store.bolt import SCHEMES
    from workbench.store.neo4j import Neo4jStore

    if scheme not in SCHEMES:
        raise StoreError(
            "nothing here speaks this scheme",
            value=f"{scheme}://…",
            allowed=f"{', '.join(SCHEMES)}, or the path of an embedded store",
        )
    return Neo4jStore(str(uri), study=study, shared=shared, secret=secret)
