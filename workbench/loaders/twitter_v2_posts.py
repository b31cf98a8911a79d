"""The posts of a batch of pages: with content, or known only as what another one refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import (
    Ints,
    Lists,
    Mask,
    chosen,
    constant,
    integers,
    prefixed,
    taken,
    unnest,
)
from workbench.loaders.twitter_v2_batch import KINDS, SEEN_AS, SHARE
from workbench.loaders.twitter_v2_rows import PLATFORM

if TYPE_CHECKING:
    from workbench.loaders.twitter_v2_batch import Batch

__all__ = ["countries", "metrics", "posts", "stubs"]

_TEXT_STATUS = ("full", "truncated", "withheld", "absent")
_METRICS = {
    "likes": "like_count",
    "shares": "retweet_count",
    "replies": "reply_count",
    "quotes": "quote_count",
    "views": "impression_count",
    "bookmarks": "bookmark_count",
}


def posts(batch: Batch, rows: Ints) -> Any:
    """Return the tweets at `rows` as observations of posts."""
    places = pa.array(rows)
    texts = batch.field("text").take(places)
    withheld = batch.withheld[rows]
    kind = batch.kind[rows]
    cut = pc.and_kleene(pc.ends_with(texts, "…"), pa.array(kind == SHARE))
    status = np.where(integers(pc.cast(cut, pa.int8()), missing=0) == 1, 1, 0)
    status = np.where(withheld, 2, status)
    status = np.where(pc.is_null(texts).to_numpy(zero_copy_only=False), 3, status)
    author = batch.author[rows]
    user = batch.page_users.find(batch.line[rows], author)
    conversation = batch.field("conversation_id").take(places)
    return pa.table(
        {
            "platform": constant(PLATFORM, len(rows)),
            "post_id": batch.posts.take(places),
            "version_id": batch.version_names.take(places),
            "author_id": batch.author_names.take(places),
            "author_handle": taken(batch.users.values.field("username"), user),
            **batch.at.columns(rows),
            "kind": chosen(KINDS, kind),
            "text": texts,
            "text_status": chosen(_TEXT_STATUS, status),
            "lang": batch.field("lang").take(places),
            "conversation_id": prefixed(f"{PLATFORM}:", conversation),
            "edit_ids": _edit_ids(batch).take(places),
            "source_app": batch.field("source").take(places),
            "sensitive": batch.field("possibly_sensitive").take(places),
            "withheld": countries(batch).take(places),
            "availability": chosen(("full", "withheld"), withheld.astype(np.int64)),
            "seen_as": chosen(SEEN_AS, (rows >= batch.primaries).astype(np.int64)),
            **metrics(batch, rows),
            "retrieved_ms": batch.retrieved.take(pa.array(batch.line[rows])),
            "record": pa.array(batch.record[rows]),
        }
    )


def metrics(batch: Batch, rows: Ints) -> dict[str, Any]:
    """Return the counts of tweets; the retweets of a retweet are the original's and left out."""
    counts = batch.field("public_metrics")
    places = pa.array(rows)
    found = {name: counts.field(field).take(places) for name, field in _METRICS.items()}
    shared = batch.kind[rows] == SHARE
    found["shares"] = pc.if_else(pa.array(shared), pa.scalar(None, pa.int64()), found["shares"])
    return found


def _edit_ids(batch: Batch) -> Any:
    """Return for all tweets the ids of their versions, when there is more than one."""
    versions = batch.versions
    many = versions.counts > 1
    if not many.any():
        return pa.nulls(len(many), pa.list_(pa.string()))
    return _list_column(versions, prefixed(f"{PLATFORM}:", versions.values), many)


def countries(batch: Batch) -> Any:
    """Return for all tweets where they are withheld; null for those that are not."""
    if not batch.withheld.any():
        return pa.nulls(len(batch.withheld), pa.list_(pa.string()))
    codes = unnest(batch.field("withheld").field("country_codes"))
    return _list_column(codes, codes.values, batch.withheld)


def _list_column(lists: Lists, values: Any, known: Mask) -> Any:
    offsets = np.append(lists.starts, len(values)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(~known))


def stubs(batch: Batch, rows: Ints, authors: Any) -> Any:
    """Return the references at `rows`, which their pages do not bring, as posts without content."""
    names = prefixed(f"{PLATFORM}:", batch.references.values.field("id").take(pa.array(rows)))
    count = len(rows)
    return pa.table(
        {
            "platform": constant(PLATFORM, count),
            "post_id": names,
            "version_id": names,
            "author_id": authors,
            **batch.reference_at.columns(rows),
            "text_status": constant("absent", count),
            "availability": constant("stub", count),
            "seen_as": constant("referenced", count),
            "record": pa.array(batch.record[batch.references.parents[rows]]),
        }
    )
