"""What accounts put into their posts, post by post, and what several of them have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.graphs.selection import chosen_acts, chosen_attachments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.engine import Session
    from workbench.model.filters import Filters
    from workbench.model.kinds import GraphKind

__all__ = ["in_common", "members", "used"]

Frame = nw.LazyFrame[Any]

_KEEP = ("post_id", "created_ms", "source_id", "record", "start")


def used(session: Session, kind: GraphKind, filters: Filters) -> Frame:
    """Return one row a post and thing it carries; of ``co_share``, a row an act of sharing.

    Columns are those of acts: ``actor_id`` (the account), ``target_id`` (the thing as bipartite
    graphs call it, ``hashtag:…``; of a share the id of the post), ``post_id created_ms source_id
    record start kind origin``, and ``weight``, which is 1. Bipartite graphs, projections and
    networks of hashtags are sums over these rows.
    """
    if kind.base != "share":
        carried = chosen_attachments(session, kind.base, filters).unique(
            subset=["author_id", "post_id", "value"],
            keep="first",
            order_by=["created_ms", "source_id", "record"],
        )
        return _things(carried, kind.base)
    shares = chosen_acts(session, "share", filters).filter(
        ~nw.col("actor_id").is_null(), ~nw.col("target_post_id").is_null()
    )
    acts = shares.select(
        "actor_id", nw.col("target_post_id").alias("target_id"), *_KEEP, "kind", "origin",
        nw.lit(1.0).alias("weight"),
    )  # fmt: skip
    objects = _things(chosen_attachments(session, "object", filters), "object")
    return nw.concat([acts, objects], how="vertical")


def _things(carried: Frame, prefix: str) -> Frame:
    """Return attachments as acts upon what is attached."""
    thing = nw.concat_str(nw.lit(prefix), nw.col("value"), separator=":")
    return carried.select(
        nw.col("author_id").alias("actor_id"), thing.alias("target_id"), *_KEEP, "kind", "origin",
        nw.lit(1.0).alias("weight"),
    )  # fmt: skip


def members(kind: GraphKind) -> tuple[str, str]:
    """Return the columns of ``used`` that are the nodes of a graph, and what joins them."""
    return ("target_id", "post_id") if kind.family == "cooccurrence" else ("actor_id", "target_id")


def in_common(
    rows: Frame, kind: GraphKind, ends: Sequence[str], *, most: int | None
) -> tuple[Frame, Frame]:
    """Return what one node has in common with any other, or two nodes with each other.

    Parameters
    ----------
    rows
        Of ``used``.
    kind
        A projection or co-occurrence.
    ends
        One node, or two different ones.
    most
        What more nodes have is left out.

    Returns
    -------
    LazyFrame, LazyFrame
        The rows of `ends` (of two hashtags those of the first, so that a post comes once), and
        what they have in common with ``weight``: 1 for two nodes; for one node, the other nodes
        that have it. The weights add up to that of the edge, or to the strength of the node.
    """
    member, thing = members(kind)
    shared = rows.group_by(thing).agg(nw.col(member).n_unique().alias("nodes"))
    shared = shared.filter(nw.col("nodes") >= 2)
    if most is not None:
        shared = shared.filter(nw.col("nodes") <= most)
    for end in ends:
        has = rows.filter(nw.col(member) == end).select(thing).unique()
        shared = shared.join(has, on=thing, how="semi")
    own = ends[:1] if kind.family == "cooccurrence" else ends
    behind = rows.filter(nw.col(member).is_in(list(own))).join(shared, on=thing, how="semi")
    weight = nw.lit(1) if len(ends) > 1 else nw.col("nodes") - 1
    return behind, shared.select(thing, weight.alias("weight"))
