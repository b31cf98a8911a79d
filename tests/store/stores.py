"""The stores that keep the contract; a new one only adds its line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.store.protocol import GraphStore

#: Name → a function that opens an empty store of its own for one test, given an empty folder.
STORES: dict[str, Callable[[Path], GraphStore]] = {
    "embedded": lambda folder: EmbeddedStore(folder / "graph"),
}
