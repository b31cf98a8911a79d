"""Who is meant by the references and mentions of a batch of pages: the ladder, by columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import (
    Ints,
    Keyed,
    codes,
    distinct,
    first_of_each,
    integers,
    prefixed,
    spread,
    taken,
    truthy,
)
from workbench.loaders.twitter_v2_batch import QUOTE, REPLY, SHARE, Batch
from workbench.loaders.twitter_v2_rows import HEAD, PLATFORM, STATUS

if TYPE_CHECKING:
    from workbench.loaders.columnar import Mask

__all__ = ["STEPS", "Aim", "Targets", "folded", "heads", "names_of", "targets"]

STEPS = ("expanded", "id_field", "entity", "text", "url", "none")
_EXPANDED, _ID_FIELD, _ENTITY, _TEXT, _URL, _NONE = range(6)
_ASCII_HEAD = r"^RT @(?P<handle>[0-9A-Za-z_]{1,50}):"


class Aim(NamedTuple):
    """For each act the account acted upon, else its handle (-1: unknown), and the step taken."""

    account: Ints
    handle: Ints
    step: Ints


class Targets(NamedTuple):
    """Whom references and mentions mean; handles are positions in `handles`."""

    references: Aim
    mentions: Aim
    handles: Any


class _Query(NamedTuple):
    """Handles to look up in the users of their page."""

    rows: Ints
    lines: Ints
    handles: Any


def targets(batch: Batch) -> Targets:
    """Return whom every reference and mention means, as ``Rows`` would find out."""
    references, mentions = batch.references, batch.mentions
    tweet, kind = references.parents, batch.reference_kind
    account = np.where(batch.original >= 0, batch.author[batch.original], -1)
    aim = Aim(account, np.full(len(kind), -1), np.where(account >= 0, _EXPANDED, _NONE))
    said = np.where(kind == REPLY, batch.replied_to[tweet], -1)
    said = np.where(account < 0, said, -1)
    _settle(aim, np.flatnonzero(said >= 0), said[said >= 0], _ID_FIELD)
    whom = Aim(
        batch.mentioned.copy(),
        np.full(len(mentions.values), -1),
        np.where(batch.mentioned >= 0, _ENTITY, _NONE),
    )
    opening = _opening_mentions(batch)
    shares = np.flatnonzero((aim.step == _NONE) & (kind == SHARE))
    bare = shares[opening[tweet[shares]] < 0]
    quotes = np.flatnonzero((aim.step == _NONE) & (kind == QUOTE))
    named = np.flatnonzero((batch.mentioned < 0) & truthy(mentions.values.field("username")))
    queries = [
        _Query(
            named,
            batch.line[mentions.parents[named]],
            mentions.values.field("username").take(pa.array(named)),
        ),
        _Query(
            bare,
            batch.reference_line[bare],
            heads(batch.field("text").take(pa.array(tweet[bare]))),
        ),
        _linked(batch, quotes),
    ]
    handles = _look_up(batch, queries, [(whom, _ENTITY), (aim, _TEXT), (aim, _URL)])
    headed = shares[opening[tweet[shares]] >= 0]
    by = opening[tweet[headed]]
    for mine, theirs in zip(aim, whom, strict=True):
        mine[headed] = theirs[by]
    return Targets(aim, whom, handles)


def heads(texts: Any) -> Any:
    """Return the handle in a retweet's head (``RT @handle:``); null where there is none."""
    found = pc.extract_regex(texts, _ASCII_HEAD)
    handles = pc.struct_field(found, "handle")
    missed = pc.and_(pc.is_null(handles), pc.starts_with(texts, "RT @"))
    if pc.any(missed).as_py():
        return pc.if_else(pc.fill_null(missed, fill_value=False), distinct(texts, _head), handles)
    return handles


def folded(handles: Any) -> Any:
    """Return handles in lower case, as ``str.casefold`` makes it."""
    if pc.all(pc.string_is_ascii(handles)).as_py() is False:
        return distinct(handles, str.casefold)
    return pc.ascii_lower(handles)


def _head(text: str) -> str | None:
    found = HEAD.match(text)
    return found[1] if found else None


def _settle(aim: Aim, rows: Ints, accounts: Ints, step: int) -> None:
    aim.account[rows] = accounts
    aim.step[rows] = step


def _opening_mentions(batch: Batch) -> Ints:
    """Return for every tweet its first mention at offset 3, the head of a retweet; -1: none."""
    starts = integers(batch.mentions.values.field("start"), missing=-1)
    found = np.flatnonzero(starts == 3)[::-1]
    opening = np.full(len(batch.kind), -1)
    opening[batch.mentions.parents[found]] = found
    return opening


def _linked(batch: Batch, quotes: Ints) -> _Query:
    """Return the handles in the links by which tweets quote what their page does not bring."""
    nothing = _Query(quotes[:0], quotes[:0], pa.array([], pa.string()))
    if not len(quotes):
        return nothing
    links = batch.carried("urls")
    owners, elements = spread(links, batch.references.parents[quotes])
    fields = [links.values.field(name).take(pa.array(elements)) for name in _LINKS]
    raw = pc.coalesce(pc.if_else(pa.array(truthy(fields[0])), fields[0], None), fields[1])
    handles, numbers = _statuses(raw)
    ids = batch.references.values.field("id").take(pa.array(quotes[owners]))
    fits = _flags(pc.equal(numbers, ids)) & _flags(pc.not_equal(handles, "i"))
    fitting = np.flatnonzero(fits)
    best = fitting[first_of_each(owners[fitting])]
    rows = quotes[owners[best]]
    return _Query(rows, batch.reference_line[rows], handles.take(pa.array(best)))


_LINKS = ("unwound_url", "expanded_url")


def _statuses(links: Any) -> tuple[Any, Any]:
    """Return the handles and the ids of the posts that links lead to; null where to none."""
    encoded = links.dictionary_encode()
    found = [STATUS.search(link) for link in encoded.dictionary.to_pylist()]
    handles, ids = (
        pa.array([match and match[group] for match in found], pa.string()) for group in (1, 2)
    )
    return handles.take(encoded.indices), ids.take(encoded.indices)


def _flags(mask: Any) -> Mask:
    return np.asarray(pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False))


def _look_up(batch: Batch, queries: list[_Query], aims: list[tuple[Aim, int]]) -> Any:
    """Give acts known by a handle the user of the page that bears it; return all handles.

    Raises
    ------
    UnusualError
        Two users of one page bear the same handle.
    """
    if not any(len(query.rows) for query in queries):
        return pa.array([], pa.string())
    bearers = batch.users.values.field("username")
    names, found = codes(folded(bearers), *(folded(query.handles) for query in queries))
    borne = np.flatnonzero(truthy(bearers))
    known = Keyed(
        batch.users.parents[borne],
        found[0][borne],
        width=len(names) + 1,
        things=batch.user_account[borne],
    )
    for query, handle, (aim, step) in zip(queries, found[1:], aims, strict=True):
        given = handle >= 0
        rows, code = query.rows[given], handle[given]
        account = known.find(query.lines[given], code)
        _settle(aim, rows, account, step)
        aim.handle[rows] = np.where(account < 0, code, -1)
    return prefixed(f"handle:{PLATFORM}:", names)


def names_of(batch: Batch, aim: Aim, found: Targets) -> Any:
    """Return the accounts acted upon, or their handles."""
    known = taken(batch.accounts, aim.account)
    if not len(found.handles):
        return known
    return pc.coalesce(known, taken(found.handles, aim.handle))
