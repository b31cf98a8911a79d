"""What a graph store can do, whichever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    import pyarrow as pa

    from workbench.model.corpus import Corpus
    from workbench.model.filters import Instant
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores

__all__ = ["GraphStore"]


class GraphStore(Protocol):
    """A graph database filled from a corpus and asked in Cypher."""

    uri: str

    def write(self, corpus: Corpus, *, progress: bool | None = None) -> dict[str, Any]:
        """Make the store hold `corpus`; writing what it holds already changes nothing.

        Returns
        -------
        dict
            ``uri``, ``nodes`` by label, ``relationships`` by type, ``seconds``.
        """
        ...

    def graph(
        self,
        kind: str = "retweet",
        *,
        since: Instant = None,
        until: Instant = None,
        min_weight: float | None = None,
        origin: str | Iterable[str] | None = None,
        lang: str | None = None,
        hashtag: str | None = None,
        text: str | None = None,
        accounts: Iterable[str] | None = None,
        max_accounts: int | None = None,
        largest_component: bool = False,
        backbone: float | None = None,
    ) -> InteractionGraph:
        """Return the same graph, with the same fingerprint, as the corpus would give."""
        ...

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Return the rows of a query of the library.

        ``attrs["cut"]`` of the rows says whether the query's own limit left some out; it is None
        where nobody can tell.
        """
        ...

    def cypher(
        self, text: str, *, write: bool = False, limit: int | None = None, **parameters: Any
    ) -> pd.DataFrame:
        """Return the rows of a query; it reads unless `write`.

        Of more than `limit` rows the first are returned, with a ``CutWarning`` and
        ``attrs["cut"]`` true.
        """
        ...

    def annotate(self, *results: Partition | NodeScores | IndexValue, name: str = "") -> str:
        """Write results back under one new run and return its id; earlier runs stay."""
        ...

    def held(self) -> dict[str, Any]:
        """Return what the store says of the corpus it holds.

        Returns
        -------
        dict
            ``corpus`` (its content key), ``facts`` (what the store cannot tell apart, see
            ``workbench.store.projection``), ``refused`` (graphs that cannot be built, and why).

        Raises
        ------
        StoreError
            The store is empty.
        """
        ...

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield name and rows of each label and type that came from the corpus, nodes first.

        They are those that ``workbench.store.projection.Projection.rows`` made of it.
        """
        ...

    def runs(self) -> pd.DataFrame:
        """Return the runs written back, the newest last."""
        ...

    def drop_run(self, run_id: str) -> None:
        """Remove a run with everything it wrote."""
        ...

    def forget(self, account: str) -> dict[str, int]:
        """Remove an account, its posts, every relationship of theirs, what only they carried."""
        ...

    def counts(self) -> dict[str, dict[str, int]]:
        """Return ``nodes`` by label and ``relationships`` by type."""
        ...

    def close(self) -> None:
        """Release the store."""
        ...
