"""What a corpus holds, counted by the views of the engine: the numbers that ``load`` reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine.session import session
from workbench.engine.views import accounts, interactions, posts
from workbench.model.kinds import KINDS, ORIGINS, RESOLVED_BY

if TYPE_CHECKING:
    from workbench.engine.session import Session
    from workbench.model.corpus import Corpus

__all__ = ["report_counts"]


def report_counts(corpus: Corpus) -> dict[str, Any]:
    """Return how much of what is in the whole corpus.

    Returns
    -------
    dict
        ``posts`` primary posts, ``accounts`` all accounts (authors, included, mentioned),
        ``authors`` of primary posts; ``interactions`` acts by kind; ``origins`` mentions by
        origin; ``resolved_by`` acts by how their target was found; ``unresolved`` acts by kind
        whose actor or target account is unknown.
    """
    with session(corpus) as engine:
        primary = posts(engine).filter(nw.col("seen_as") == "primary")
        authors = primary.select("author_id").filter(~nw.col("author_id").is_null()).unique()
        sizes = {
            "posts": _rows(engine, primary),
            "accounts": _rows(engine, accounts(engine)),
            "authors": _rows(engine, authors),
        }
        open_ = nw.col("actor_id").is_null() | nw.col("target_id").is_null()
        grouped = (
            interactions(engine)
            .with_columns(open_.alias("open"))
            .group_by("kind", "origin", "resolved_by", "open")
            .agg(nw.len().alias("n"))
        )
        groups = engine.collect(grouped).to_pylist()
    mentions = [group for group in groups if group["kind"] == "mention"]
    return {
        **sizes,
        "interactions": _sums(groups, "kind", KINDS),
        "origins": _sums(mentions, "origin", ORIGINS),
        "resolved_by": _sums(groups, "resolved_by", RESOLVED_BY),
        "unresolved": _sums([group for group in groups if group["open"]], "kind", KINDS),
    }


def _rows(engine: Session, frame: nw.LazyFrame[Any]) -> int:
    return int(engine.collect(frame.select(nw.len().alias("n"))).column("n")[0].as_py())


def _sums(groups: list[dict[str, Any]], column: str, names: tuple[str, ...]) -> dict[str, int]:
    """Return the number of acts of each name, also of those that do not occur."""
    return {name: sum(g["n"] for g in groups if g[column] == name) for name in names}
