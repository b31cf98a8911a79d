"""The acts of a batch of pages: references and mentions, and the handles that they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import (
    Ints,
    Mask,
    chosen,
    constant,
    first_of_each,
    integers,
    optional,
    prefixed,
    taken,
    truthy,
)
from workbench.loaders.twitter_v2_batch import KINDS, OTHER, REPLY, SHARE
from workbench.loaders.twitter_v2_rows import PLATFORM
from workbench.loaders.twitter_v2_targets import STEPS, Aim, folded, heads, names_of

if TYPE_CHECKING:
    from workbench.loaders.twitter_v2_batch import Batch
    from workbench.loaders.twitter_v2_targets import Targets

__all__ = ["Acts", "acts", "alias_table"]

_ORIGINS = ("authored", "share_head", "inherited_share", "reply_prefix")
_AUTHORED, _SHARE_HEAD, _INHERITED, _REPLY_PREFIX = range(4)


class Acts(NamedTuple):
    """Interactions, and the aliases that they show."""

    table: Any
    aliases: list[Any]


def acts(batch: Batch, found: Targets) -> Acts:
    """Return the references and mentions of the primary tweets as interactions."""
    tweet, kind = batch.references.parents, batch.reference_kind
    own = np.flatnonzero((tweet < batch.primaries) & (kind != OTHER))
    once = own[first_of_each(tweet[own] * OTHER + kind[own])]
    references = _references(batch, found, once)
    mentions = _mentions(batch, found)
    renamed = once[(kind[once] == SHARE) & (found.references.step[once] == 0)]
    aliases = [_renamed(batch, found, renamed), _mentioned(batch)]
    return Acts(pa.concat_tables([references, mentions], promote_options="default"), aliases)


def _references(batch: Batch, found: Targets, rows: Ints) -> Any:
    tweet = batch.references.parents[rows]
    goal = pc.coalesce(
        taken(batch.posts, batch.original[rows]),
        prefixed(f"{PLATFORM}:", batch.references.values.field("id").take(pa.array(rows))),
    )
    aim = Aim(*(part[rows] for part in found.references))
    return pa.table(
        {
            "kind": chosen(KINDS, batch.reference_kind[rows]),
            "target_id": names_of(batch, aim, found),
            "target_post_id": goal,
            "origin": constant("authored", len(rows)),
            "resolved_by": chosen(STEPS, aim.step),
            **_actor(batch, tweet),
        }
    )


def _mentions(batch: Batch, found: Targets) -> Any:
    """Return the mentions of the primary tweets as interactions."""
    order = batch.mention_order
    tweet = batch.mentions.parents[order]
    aim = Aim(*(part[order] for part in found.mentions))
    return pa.table(
        {
            "kind": constant("mention", len(order)),
            "target_id": names_of(batch, aim, found),
            "start": batch.mentions.values.field("start").take(pa.array(order)).cast(pa.int32()),
            "origin": chosen(_ORIGINS, _origins(batch, order, tweet)),
            "resolved_by": chosen(STEPS, aim.step),
            **_actor(batch, tweet),
        }
    )


def _actor(batch: Batch, tweet: Ints) -> dict[str, Any]:
    """Return the columns that all acts of a tweet share."""
    times = batch.at.columns(tweet)
    del times["created_from"]
    return {
        "platform": constant(PLATFORM, len(tweet)),
        "actor_id": batch.author_names.take(pa.array(tweet)),
        "post_id": batch.posts.take(pa.array(tweet)),
        **times,
        "weight": pa.array(np.ones(len(tweet))),
        "record": pa.array(batch.record[tweet]),
    }


def _origins(batch: Batch, order: Ints, tweet: Ints) -> Ints:
    """Return the origin of mentions in the order of their tweets and offsets (definitions 0)."""
    values = batch.mentions.values
    start = integers(values.field("start"), missing=-1)[order]
    end = integers(values.field("end"), missing=-1)[order]
    begun = pc.is_valid(values.field("start")).to_numpy(zero_copy_only=False)[order]
    ended = pc.is_valid(values.field("end")).to_numpy(zero_copy_only=False)[order]
    shares = _with_reference(batch, SHARE)[tweet]
    replies = _with_reference(batch, REPLY)[tweet] & ~shares
    origin = np.where(shares, np.where(start == 3, _SHARE_HEAD, _INHERITED), _AUTHORED)
    expected = np.zeros(len(batch.kind), np.int64)
    waiting = np.flatnonzero(replies & begun & ended)
    # One round for the first such mention of every tweet, one for the second, and so on.
    rank = np.arange(len(waiting)) - np.searchsorted(tweet[waiting], tweet[waiting])
    for turn in range(int(rank.max(initial=-1)) + 1):
        now = waiting[rank == turn]
        meant = now[start[now] == expected[tweet[now]]]
        origin[meant] = _REPLY_PREFIX
        expected[tweet[meant]] = end[meant] + 1
    return origin


def _with_reference(batch: Batch, kind: int) -> Mask:
    """Return which tweets have a reference of a kind."""
    found = np.zeros(len(batch.kind), np.bool_)
    found[batch.references.parents[batch.reference_kind == kind]] = True
    return found


def _renamed(batch: Batch, found: Targets, rows: Ints) -> Any:
    """Return the handles in the heads of retweets as aliases of who is retweeted."""
    tweet = batch.references.parents[rows]
    coded = batch.coded_at()
    handles = heads(batch.field("text").take(pa.array(tweet)))
    return alias_table(
        taken(batch.accounts, found.references.account[rows]),
        handles,
        how="text",
        at=optional(coded.ms[tweet], coded.known[tweet]),
    )


def _mentioned(batch: Batch) -> Any:
    """Return the handles of mentions that name an account as aliases."""
    order = batch.mention_order
    named = order[batch.mentioned[order] >= 0]
    tweet = batch.mentions.parents[named]
    return alias_table(
        taken(batch.accounts, batch.mentioned[named]),
        batch.mentions.values.field("username").take(pa.array(named)),
        how="entity",
        at=optional(batch.at.ms[tweet], batch.at.known[tweet]),
    )


def alias_table(accounts: Any, handles: Any, *, how: str, at: Any) -> Any:
    """Return aliases, one an observation; without a handle there is none."""
    table = pa.table(
        {
            "account_id": accounts,
            "handle": folded(handles),
            "resolved_by": constant(how, len(accounts)),
            "first_seen_ms": at,
            "last_seen_ms": at,
        }
    )
    return table.filter(pa.array(truthy(handles)))
