"""The graph database: embedded by default; what it holds is rebuilt from the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import StoreError
from workbench.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    import os

    from workbench.store.protocol import GraphStore

__all__ = ["EmbeddedStore", "connect"]


def connect(uri: str | os.PathLike[str]) -> GraphStore:
    """Return the store at `uri`: the path of an embedded store (a folder, made when written to).

    Raises
    ------
    StoreError
        The store cannot be opened; or `uri` names a server, which this version does not speak to.
    """
    if "://" in str(uri):
        raise StoreError(
            "this version has the embedded store only",
            value=str(uri).partition("://")[0] + "://…",
            allowed="the path of an embedded store, such as my_study/graph",
        )
    return EmbeddedStore(uri)
