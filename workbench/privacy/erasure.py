"""Taking an account or a post out of a corpus: which rows go, and what changes in the others.

Of an account go its posts, the acts by it and upon it, what its posts carried, its observations,
handles, labels and events. Who shared its posts keeps the shares as posts without text, because the
text was not theirs; quotes keep theirs, without the tags and links that they inherited. In what
others wrote, mentions of it and links to it read ``forgotten``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from workbench.privacy.pseudonyms import is_pseudonym
from workbench.privacy.texts import in_calls, in_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workbench.model.revision import Change, Read

__all__ = ["FORGOTTEN", "Subjects", "erasure", "widened"]

FORGOTTEN = "forgotten"
#: What may be a handle or an id in a text.
_WORD = re.compile(r"(?<=[@＠])[^\s/?#=&<>\"«»()\[\]{},;!]+|\bdid:[\w:.%-]*\w|\bp1_[a-z2-7]{16}\b")
#: The same in the address of a profile or a post.
_STEP = re.compile(r"[^\s/?#=&<>\"«»()\[\]{},;!@＠]+")
_PIECE = re.compile(r"\w+")
#: Columns that hold an account, a post or a place, of the tables from which rows go.
_ACCOUNTS = {
    "posts": ("author_id",), "interactions": ("actor_id", "target_id"),
    "attachments": ("author_id",), "accounts": ("account_id",), "aliases": ("account_id",),
    "labels": ("subject",), "events": ("subject", "detail"), "containers": ("container_id",),
}  # fmt: skip
_POSTS = {
    "posts": ("post_id", "version_id"), "interactions": ("post_id", "target_post_id"),
    "attachments": ("post_id",), "labels": ("subject",), "events": ("subject", "detail"),
}  # fmt: skip
#: Columns in which an id is taken out and the row stays.
_EMPTIED = {"posts": ("conversation_id", "container_id"), "containers": ("parent_id",)}
#: Columns in which others may name it.
_TOLD = {
    "posts": ("text", "url"), "attachments": ("value", "value_raw"), "events": ("reason",),
    "accounts": ("name", "description", "location", "url"), "containers": ("name",),
}  # fmt: skip


@dataclass
class Subjects:
    """Whom and what to forget, as the corpus names them.

    Attributes
    ----------
    accounts, posts
        Ids.
    handles
        Case-folded, without a sign.
    shared, quoted
        Posts of others that repeat what is forgotten.
    is_name
        Whether a word of a text is a handle or an id of theirs; None asks the sets.
    """

    accounts: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    handles: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    quoted: set[str] = field(default_factory=set)
    is_name: Callable[[str], bool] | None = None

    def words(self) -> set[str]:
        """Return every word that names them in a text, case-folded."""
        ids = (entry.removeprefix("handle:").partition(":") for entry in self.accounts | self.posts)
        return self.handles | {(bare or name).casefold() for name, _, bare in ids}


def widened(read: Read, subjects: Subjects) -> Subjects:
    """Return subjects with all that belongs to them: handles, posts and their versions, copies."""
    accounts = set(subjects.accounts)
    handles = set(subjects.handles)
    for table, column in (
        ("aliases", "handle"),
        ("accounts", "handle"),
        ("posts", "author_handle"),
    ):
        owner = _ACCOUNTS[table][0]
        for rows in read(table, [owner, column]):
            mine = rows.filter(_among(rows.column(owner), accounts)).column(column)
            handles |= {_folded(name) for name in pc.unique(mine).to_pylist() if name}
    platforms = {entry.removeprefix("handle:").partition(":")[0] for entry in accounts}
    handles |= {e.rpartition(":")[2] for e in accounts if e.startswith("handle:")}
    accounts |= {f"handle:{platform}:{name}" for platform in platforms for name in handles}
    posts = _posts_of(read, accounts, set(subjects.posts))
    found = Subjects(accounts, posts, handles, is_name=subjects.is_name)
    columns = ["kind", "post_id", "target_id", "target_post_id"]
    for rows in read("interactions", columns):
        upon = pc.or_(
            _among(rows.column("target_id"), accounts), _among(rows.column("target_post_id"), posts)
        )
        for kind, copies in (("share", found.shared), ("quote", found.quoted)):
            mine = pc.and_(
                upon, pc.fill_null(pc.equal(rows.column("kind"), kind), fill_value=False)
            )
            copies.update(_texts(rows.filter(mine).column("post_id")))
    return found


def _posts_of(read: Read, accounts: set[str], posts: set[str]) -> set[str]:
    """Return the posts of accounts, with those that only an act, an event or their id names."""
    others: set[str] = set()
    upon: set[str] = set()
    owned = _owned(accounts)
    for rows in read("interactions", ["target_id", "target_post_id"]):
        mine = _among(rows.column("target_id"), accounts)
        targets = rows.column("target_post_id")
        upon.update(_texts(targets.filter(pc.or_(mine, _begins(targets, owned)))))
    for rows in read("posts", ["post_id", "version_id", "author_id"]):
        author, ids = rows.column("author_id"), rows.column("post_id")
        written = _among(author, accounts)
        mine = rows.filter(pc.or_(written, _among(ids, posts)))
        posts = posts.union(_texts(mine.column("post_id")), _texts(mine.column("version_id")))
        unclear = pc.or_(_among(ids, upon), _begins(ids, owned))
        theirs = pc.and_(pc.is_valid(author), pc.invert(written))
        others.update(_texts(ids.filter(pc.and_(theirs, unclear))))
        upon.update(_texts(ids.filter(unclear)))
    posts |= upon - others
    for rows in read("events", ["kind", "subject", "detail"]):
        subject, detail = rows.column("subject"), rows.column("detail")
        posts = posts.union(_texts(subject.filter(_begins(subject, owned))) - others)
        edit = pc.fill_null(pc.equal(rows.column("kind"), "edit"), fill_value=False)
        mine = rows.filter(pc.and_(edit, pc.or_(_among(subject, posts), _among(detail, posts))))
        posts = posts.union(_texts(mine.column("subject")), _texts(mine.column("detail")))
    return posts


def _owned(accounts: set[str]) -> list[str]:
    """Return how the ids of an account's posts begin, where an id says whose it is."""
    found = []
    for account in accounts:
        platform, _, name = account.partition(":")
        if platform == "bluesky":
            found.append(f"bluesky:at://{name}/")
        elif platform == "telegram" and name.startswith("channel"):
            found.append(f"telegram:{name}/")
        elif platform == "mastodon" and "@" in name:
            user, _, host = name.partition("@")
            found += [f"mastodon:https://{host}/users/{user}/", f"mastodon:https://{host}/@{user}/"]
    return found


def _begins(values: pa.ChunkedArray, starts: list[str]) -> pa.ChunkedArray:
    """Return where values begin so."""
    found = pa.chunked_array([pa.repeat(pa.scalar(value=False), len(values))])
    for start in starts:
        found = pc.or_(found, pc.fill_null(pc.starts_with(values, start), fill_value=False))
    return found


def erasure(subjects: Subjects) -> Mapping[str, Change]:
    """Return table → what takes the subjects out of its rows; give it what ``widened`` found."""
    words = subjects.words()
    known = subjects.is_name or words.__contains__
    # Whoever is named in a text by a known word is so by the longest piece of it, too.
    pieces = None if subjects.is_name else {max(_PIECE.findall(w) or [w], key=len) for w in words}
    names = partial(_renamed, known=lambda word: word in words or known(word), pieces=pieces)
    tables = {*_ACCOUNTS, *_POSTS, *_TOLD}
    return {
        table: partial(_without, table=table, subjects=subjects, names=names) for table in tables
    }


def _without(
    rows: pa.Table, /, *, table: str, subjects: Subjects, names: Callable[[str], str]
) -> pa.Table:
    """Return the rows that stay, as they stay; the same object when nothing is to be done."""
    gone = pa.chunked_array([pa.repeat(pa.scalar(value=False), rows.num_rows)])
    for columns, ids in ((_ACCOUNTS, subjects.accounts), (_POSTS, subjects.posts)):
        for column in columns.get(table, ()):
            gone = pc.or_(gone, _among(rows.column(column), ids))
    if table in {"attachments", "interactions"}:
        gone = pc.or_(gone, _inherited(rows, subjects))
    made = rows.filter(pc.invert(gone)) if pc.any(gone).as_py() else rows
    both = subjects.accounts | subjects.posts
    for column in _EMPTIED.get(table, ()):
        made = _put(made, column, _among(made.column(column), both), None)
    if table == "posts" and subjects.shared:
        copies = _among(made.column("post_id"), subjects.shared)
        told = pc.and_(copies, pc.is_valid(made.column("text")))
        made = _put(_put(made, "text", told, None), "text_status", told, "removed")
    for column in _TOLD.get(table, ()):
        made = _told(made, column, names)
    return made


def _inherited(rows: pa.Table, subjects: Subjects) -> pa.ChunkedArray:
    """Return which rows come from what somebody forgotten wrote, by way of others' posts."""
    origin, post = rows.column("origin"), rows.column("post_id")
    found = pa.chunked_array([pa.repeat(pa.scalar(value=False), rows.num_rows)])
    for name, copies in (
        ("inherited_share", subjects.shared),
        ("inherited_quote", subjects.quoted),
    ):
        here = pc.fill_null(pc.equal(origin, name), fill_value=False)
        found = pc.or_(found, pc.and_(here, _among(post, copies)))
    return found


def _put(rows: pa.Table, column: str, where: pa.ChunkedArray, value: str | None) -> pa.Table:
    if not pc.any(where).as_py():
        return rows
    place = rows.column_names.index(column)
    fresh = pc.if_else(where, pa.scalar(value, pa.string()), rows.column(column))
    return rows.set_column(place, column, fresh)


def _told(rows: pa.Table, column: str, names: Callable[[str], str]) -> pa.Table:
    """Return rows in whose texts nobody forgotten is named."""
    values = rows.column(column).to_pylist()
    fresh = [value if value is None else names(value) for value in values]
    if fresh == values:
        return rows
    place = rows.column_names.index(column)
    return rows.set_column(place, column, pa.array(fresh, pa.string()))


def _renamed(text: str, *, known: Callable[[str], bool], pieces: set[str] | None) -> str:
    """Return a text in which every mention and address of somebody known reads ``forgotten``."""
    if pieces is not None and pieces.isdisjoint(_PIECE.findall(text.casefold())):
        return text
    if "@" not in text and "＠" not in text and ":" not in text and "/" not in text:
        return text if "p1_" not in text else _WORD.sub(lambda m: _replaced(m[0], known), text)

    def steps(address: str) -> str:
        return _STEP.sub(lambda found: _replaced(found[0], known), address)

    text = in_calls(in_places(text, steps), lambda name: _replaced(name, known))
    return _WORD.sub(lambda found: _replaced(found[0], known), text)


def _replaced(word: str, known: Callable[[str], bool]) -> str:
    """Return a word, or ``forgotten`` and what follows the name that it begins with."""
    whole = word.rstrip(".:’'*_…")
    plain = re.match(r"\w+", word)
    candidates = [word, whole, whole.partition(":")[0]]
    if plain is not None and (is_pseudonym(plain[0]) or word[plain.end() :][:1] not in {"@", "-"}):
        candidates.append(plain[0])
    for candidate in candidates:
        if candidate and known(_folded(candidate)):
            return FORGOTTEN + word[len(candidate) :]
    return word


def _among(values: pa.ChunkedArray, ids: Iterable[str]) -> pa.ChunkedArray:
    """Return where values are among ids; null is not."""
    return pc.is_in(values, value_set=pa.array(list(ids), pa.string()), skip_nulls=True)


def _texts(values: pa.ChunkedArray) -> set[str]:
    return {value for value in pc.unique(values).to_pylist() if value is not None}


def _folded(name: str) -> str:
    return name.casefold().lstrip("@＠")
