"""What the posts of a batch of pages carry, and what became of them: attachments and events."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import (
    Ints,
    chosen,
    constant,
    distinct,
    first_of_each,
    integers,
    prefixed,
    spread,
    truthy,
    unnest,
)
from workbench.loaders.objects import canonical_url, domain_of, hashtag
from workbench.loaders.twitter_v2_batch import SEEN_AS, SHARE
from workbench.loaders.twitter_v2_posts import countries
from workbench.loaders.twitter_v2_records import MEDIA_LINK
from workbench.loaders.twitter_v2_rows import PLATFORM

if TYPE_CHECKING:
    from workbench.loaders.twitter_v2_batch import Batch

__all__ = ["attachments", "events"]

_hashtag = lru_cache(1 << 16)(hashtag)
_ORIGINS = ("authored", "inherited_share")


def attachments(batch: Batch, rows: Ints) -> Any:
    """Return hashtags, links, domains and media of tweets; a share carries its original's."""
    carriers = _carriers(batch)[rows]
    media = unnest(batch.field("attachments").field("media_keys"))
    owners, elements = spread(media, carriers)
    keys = media.values.take(pa.array(elements))
    nowhere = pa.nulls(len(owners), pa.int64())
    pieces = [
        *(_tags(batch, carriers, kind) for kind in ("hashtag", "cashtag")),
        *_links(batch, carriers),
        ("media", owners, keys, keys, nowhere, nowhere),
    ]
    owner = np.concatenate([piece[1] for piece in pieces])
    kinds = np.repeat(np.arange(len(pieces)), [len(piece[1]) for piece in pieces])
    value, raw, start, end = (
        pa.concat_arrays([piece[place] for piece in pieces]) for place in range(2, 6)
    )
    start = start.cast(pa.int32())
    once = _once(owner * len(pieces) + kinds, value, start)
    if len(once) < len(owner):
        owner, kinds = owner[once], kinds[once]
        value, raw, start, end = (part.take(pa.array(once)) for part in (value, raw, start, end))
    tweet = rows[owner]
    times = batch.at.columns(tweet)
    shared = batch.kind[tweet] == SHARE
    return pa.table(
        {
            "platform": constant(PLATFORM, len(tweet)),
            "post_id": batch.posts.take(pa.array(tweet)),
            "author_id": batch.author_names.take(pa.array(tweet)),
            "created_at": times["created_at"],
            "created_ms": times["created_ms"],
            "kind": chosen([piece[0] for piece in pieces], kinds),
            "value": value,
            "value_raw": raw,
            "start": start,
            "end": end.cast(pa.int32()),
            "origin": chosen(_ORIGINS, shared.astype(np.int64)),
            "seen_as": chosen(SEEN_AS, (tweet >= batch.primaries).astype(np.int64)),
            "record": pa.array(batch.record[tweet]),
        }
    )


def _once(holders: Ints, value: Any, start: Any) -> Ints:
    """Return the places of what is there for the first time; `holders` are a tweet and a kind.

    The platform lists the one link of several photos once for each of them.
    """
    spots = holders * (1 << 32) + integers(start, missing=-(1 << 31))
    _, spot, times = np.unique(spots, return_inverse=True, return_counts=True)
    crowded = times[spot] > 1
    places = np.flatnonzero(crowded)
    if not len(places):
        return np.arange(len(holders))
    values = integers(value.take(pa.array(places)).dictionary_encode().indices, missing=-1)
    first = places[first_of_each(spot[places] * (len(places) + 1) + values)]
    return np.sort(np.append(np.flatnonzero(~crowded), first))


def _carriers(batch: Batch) -> Ints:
    """Return for every tweet the one whose entities it shows: of a share, its original."""
    carriers = np.arange(len(batch.kind))
    shares = np.flatnonzero(batch.reference_kind == SHARE)
    first = shares[first_of_each(batch.references.parents[shares])]
    known = first[batch.original[first] >= 0]
    carriers[batch.references.parents[known]] = batch.original[known]
    return carriers


_Piece = tuple[str, Ints, Any, Any, Any, Any]


def _tags(batch: Batch, carriers: Ints, kind: str) -> _Piece:
    """Return hashtags or cashtags: kind, owners, normal form, raw form and offsets."""
    tags = batch.carried(f"{kind}s")
    owners, elements = spread(tags, carriers)
    kept = truthy(tags.values.field("tag"))[elements]
    places = pa.array(elements[kept])
    raw = tags.values.field("tag").take(places)
    value = distinct(raw, _hashtag if kind == "hashtag" else str.upper)
    offsets = [tags.values.field(name).take(places) for name in ("start", "end")]
    return (kind, owners[kept], value, raw, *offsets)


def _links(batch: Batch, carriers: Ints) -> list[_Piece]:
    """Return links and their domains, except the links that stand for attached media."""
    links = batch.carried("urls")
    owners, elements = spread(links, carriers)
    raw = _first_given(links.values, ("unwound_url", "expanded_url", "url"))
    shown = _first_given(links.values, ("display_url", "expanded_url"))
    media = pc.fill_null(pc.match_substring_regex(shown, MEDIA_LINK), fill_value=False)
    media = pc.or_(media, pc.is_valid(links.values.field("media_key")))
    raw = pc.if_else(media, None, raw).take(pa.array(elements))
    value = distinct(raw, canonical_url)
    found: list[_Piece] = []
    for kind, column, told in (
        ("url", value, raw),
        ("domain", distinct(value, domain_of), value),
    ):
        valid = pc.is_valid(column) if kind == "url" else pa.array(truthy(column))
        kept = np.flatnonzero(valid.to_numpy(zero_copy_only=False))
        places = pa.array(elements[kept])
        offsets = [links.values.field(name).take(places) for name in ("start", "end")]
        found.append(
            (
                kind,
                owners[kept],
                column.take(pa.array(kept)),
                told.take(pa.array(kept)),
                *offsets,
            )
        )
    return found


def _first_given(links: Any, names: tuple[str, ...]) -> Any:
    """Return of each link the first of these fields that says something."""
    fields = [links.field(name) for name in names]
    return pc.coalesce(*(pc.if_else(pa.array(truthy(field)), field, None) for field in fields))


def events(batch: Batch, rows: Ints) -> Any:
    """Return edits and withholdings of the posts at `rows`, and what their pages failed to get."""
    parts = [_edits(batch, rows), _withholdings(batch, rows), _failures(batch)]
    table = pa.concat_tables(parts, promote_options="default")
    return table.append_column("platform", constant(PLATFORM, table.num_rows))


def _edits(batch: Batch, rows: Ints) -> Any:
    edited = rows[batch.versions.counts[rows] > 1]
    owners, elements = spread(batch.versions, edited)
    count = len(owners)
    return pa.table(
        {
            "kind": constant("edit", count),
            "subject_type": constant("post", count),
            "subject": prefixed(f"{PLATFORM}:", batch.versions.values.take(pa.array(elements))),
            "reason": pa.nulls(count, pa.string()),
            "detail": batch.posts.take(pa.array(edited[owners])),
            "record": pa.array(batch.record[edited[owners]]),
        }
    )


def _withholdings(batch: Batch, rows: Ints) -> Any:
    withheld = rows[batch.withheld[rows]]
    count = len(withheld)
    return pa.table(
        {
            "kind": constant("withhold", count),
            "subject_type": constant("post", count),
            "subject": batch.posts.take(pa.array(withheld)),
            "reason": batch.field("withheld").field("scope").take(pa.array(withheld)),
            "detail": pc.binary_join(countries(batch).take(pa.array(withheld)), ","),
            "record": pa.array(batch.record[withheld]),
        }
    )


def _failures(batch: Batch) -> Any:
    """Return what could not be had."""
    values = batch.failures.values
    kinds = pc.index_in(values.field("resource_type"), pa.array(["tweet", "user"]))
    return pa.table(
        {
            "kind": constant("unavailable", len(values)),
            "subject_type": chosen(("post", "account", "record"), integers(kinds, missing=2)),
            "subject": prefixed(f"{PLATFORM}:", values.field("resource_id")),
            "reason": values.field("title"),
            "detail": values.field("parameter"),
            "record": pa.array(batch.page_record[batch.failures.parents]),
        }
    )
