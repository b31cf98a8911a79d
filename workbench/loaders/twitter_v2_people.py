"""What a batch of pages shows anew: accounts, included posts, posts that are only referred to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import (
    Ints,
    Mask,
    constant,
    optional,
    prefixed,
    taken,
    truthy,
)
from workbench.loaders.twitter_v2_acts import alias_table
from workbench.loaders.twitter_v2_batch import times
from workbench.loaders.twitter_v2_memory import Memory, Numbers, observation, observations
from workbench.loaders.twitter_v2_posts import metrics, stubs
from workbench.loaders.twitter_v2_rows import PLATFORM

if TYPE_CHECKING:
    from workbench.loaders.twitter_v2_batch import Batch
    from workbench.loaders.twitter_v2_targets import Targets

__all__ = ["People", "new_posts", "new_stubs", "people"]

_USER_TEXTS = ("username", "name", "description", "location", "url", "verified_type")
_USER_COUNTS = {
    "followers": "followers_count",
    "following": "following_count",
    "posts": "tweet_count",
    "listed": "listed_count",
}


class People(NamedTuple):
    """Accounts, and the aliases that they show."""

    table: Any
    aliases: Any


def people(batch: Batch, memory: Memory) -> People:
    """Return the users and other authors of the pages as far as they are new, and all handles."""
    lines, authors = batch.line[: batch.primaries], batch.author[: batch.primaries]
    width = len(batch.account_ids) + 1
    written = lines[authors >= 0] * width + authors[authors >= 0]
    pairs = np.unique(written)
    other_lines, others = pairs // width, pairs % width
    unknown = batch.page_users.find(other_lines, others) < 0
    other_lines, others = other_lines[unknown], others[unknown]
    users = _users(batch, np.isin(batch.users.parents * width + batch.user_account, pairs))
    names = taken(batch.accounts, others)
    fresh = memory.fresh(
        pa.concat_arrays([users.column("account_id").combine_chunks(), names]),
        np.append(_observations(users), _unknown(len(names))),
        np.append(batch.users.parents, other_lines),
    )
    count = len(batch.user_account)
    kept = users.filter(pa.array(fresh[:count]))
    of_others = pa.table(
        {
            "platform": constant(PLATFORM, len(others)),
            "account_id": names,
            "seen_as": constant("author", len(others)),
            "record": pa.array(batch.page_record[other_lines]),
        }
    ).filter(pa.array(fresh[count:]))
    mentioned = _mentioned(batch, memory)
    aliases = alias_table(
        users.column("account_id").combine_chunks(),
        users.column("handle").combine_chunks(),
        how="id_field",
        at=users.column("observed_ms").combine_chunks(),
    )
    return People(
        pa.concat_tables([kept, of_others, mentioned], promote_options="default"), aliases
    )


def _users(batch: Batch, authors: Mask) -> Any:
    values = batch.users.values
    counts = values.field("public_metrics")
    texts = {name: values.field(name) for name in _USER_TEXTS}
    texts["url"] = pc.if_else(pa.array(truthy(texts["url"])), texts["url"], None)
    made = pc.multiply(times(values.field("created_at")), 1000)
    places = pa.array(batch.users.parents)
    return pa.table(
        {
            "platform": constant(PLATFORM, len(values)),
            "account_id": taken(batch.accounts, batch.user_account),
            "handle": texts.pop("username"),
            **texts,
            "created_at": made.cast(pa.timestamp("us", tz="UTC")),
            "verified": values.field("verified"),
            "protected": values.field("protected"),
            **{name: counts.field(field) for name, field in _USER_COUNTS.items()},
            "seen_as": pc.if_else(pa.array(authors), "author", "included"),
            "observed_ms": batch.retrieved.take(places),
            "record": pa.array(batch.page_record).take(places),
        }
    )


def _observations(users: Any) -> Numbers:
    """Return users as ``Rows.account`` compares them."""
    whole = {name: users.column(name).combine_chunks() for name in users.column_names}
    made = whole["created_at"].cast(pa.timestamp("ms", tz="UTC"))
    return observations(
        [whole[name] for name in ("handle", *_USER_TEXTS[1:], "seen_as")],
        [made, whole["verified"], whole["protected"], *(whole[name] for name in _USER_COUNTS)],
    )


def _unknown(count: int) -> Numbers:
    """Return authors without a user object as ``Rows`` compares them."""
    return np.full(count, observation((*[None] * 6, "author"), [None] * 7), np.uint64)


def _mentioned(batch: Batch, memory: Memory) -> Any:
    """Return the accounts that are mentioned and not among the users of their page."""
    parents = batch.mentions.parents
    order = batch.mention_order
    known = order[batch.mentioned[order] >= 0]
    absent = batch.page_users.find(batch.line[parents[known]], batch.mentioned[known]) < 0
    rows = known[absent]
    tweet = parents[rows]
    names = taken(batch.accounts, batch.mentioned[rows])
    handles = batch.mentions.values.field("username").take(pa.array(rows))
    fresh = memory.fresh(prefixed("@", names), observations([handles]))
    return pa.table(
        {
            "platform": constant(PLATFORM, len(rows)),
            "account_id": names,
            "handle": handles,
            "seen_as": constant("mentioned", len(rows)),
            "observed_ms": optional(batch.at.ms[tweet], batch.at.known[tweet]),
            "record": pa.array(batch.record[tweet]),
        }
    ).filter(pa.array(fresh))


def new_posts(batch: Batch, memory: Memory) -> Ints:
    """Return the primary tweets, and the included ones as far as they are new."""
    beside, width = batch.beside, batch.width
    own = batch.line[: batch.primaries] * width + batch.code[: batch.primaries]
    rows = beside[~np.isin(batch.line[beside] * width + batch.code[beside], own)]
    places = pa.array(rows)
    shown = observations(
        [batch.field("text").take(places), batch.author_names.take(places)],
        metrics(batch, rows).values(),
    )
    names = prefixed("post ", batch.field("id").take(places))
    fresh = memory.fresh(names, shown, batch.line[rows])
    return np.concatenate([np.arange(batch.primaries), rows[fresh]])


def new_stubs(batch: Batch, memory: Memory, found: Targets) -> Any:
    """Return the posts that are referred to and not brought, as far as they are new."""
    parents = batch.references.parents
    known = np.zeros(len(batch.kind), np.bool_)
    known[: batch.primaries] = True
    known[batch.beside] = True
    rows = np.flatnonzero(known[parents] & (batch.original < 0))
    names = taken(batch.accounts, found.references.account[rows])
    ids = batch.references.values.field("id").take(pa.array(rows))
    shown = observations([names])
    fresh = memory.fresh(prefixed("stub ", ids), shown, batch.reference_line[rows])
    return stubs(batch, rows[fresh], names.filter(pa.array(fresh)))
