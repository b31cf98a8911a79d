"""What a study knows of people, as a search needs it: hashes of words, and names word by word."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow.compute as pc

from workbench.model.kinds import ATTACHMENTS, GRAPHS, KINDS, ORIGINS, RESOLVED_BY
from workbench.model.schema import TABLES
from workbench.privacy.pseudonyms import is_pseudonym

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbench.model.revision import Read
    from workbench.privacy.pseudonyms import Pseudonymiser
    from workbench.privacy.public_actors import PublicActors

__all__ = ["Known", "KnownPseudonyms", "KnownWords"]

_SHORTEST = 5
#: Columns of the corpus that hold somebody's → what they hold.
_COLUMNS = {
    "posts": {"post_id": "post", "version_id": "post", "conversation_id": "post",
              "author_id": "account", "author_handle": "handle"},
    "interactions": {"actor_id": "account", "target_id": "account", "post_id": "post",
                     "target_post_id": "post"},
    "accounts": {"account_id": "account", "handle": "handle", "name": "name"},
    "aliases": {"account_id": "account", "handle": "handle"},
}  # fmt: skip
_KINDS = ("account", "post", "handle", "name")
_WORDS = re.compile(r"\w+")
#: What outputs consist of: names of columns, kinds, and the words of file formats.
_COMMON = frozenset(
    {name for schema in TABLES.values() for name in schema.names}
    | {*TABLES, *KINDS, *ORIGINS, *RESOLVED_BY, *ATTACHMENTS, *GRAPHS}
    | {
        "source", "target", "weight", "label", "nodes", "edges", "graph", "graphml", "count",
        "value", "values", "title", "class", "style", "width", "height", "color", "colour",
        "double", "string", "float", "integer", "boolean", "directed", "undirected", "attvalue",
        "attvalues", "attribute", "attributes", "default", "retweet", "twitter", "bluesky",
        "mastodon", "telegram", "reddit", "tiktok", "youtube", "facebook", "instagram", "threads",
        "handle", "account", "community", "score", "forgotten",
    }
)  # fmt: skip
Ints = np.ndarray[Any, np.dtype[np.int64]]


class Known(Protocol):
    """Answers whether words are somebody's.

    Attributes
    ----------
    counts
        How many accounts, posts, handles and names are looked for, and how many are not because
        they are too short or too common (``left_out``).
    """

    counts: dict[str, int]

    @property
    def has_phrases(self) -> bool:
        """Whether names are looked for."""
        ...

    def kinds(self, words: Sequence[str]) -> list[str | None]:
        """Return for each word whether it is an ``account``, a ``post``, a ``handle``; or None."""
        ...

    def phrases(self, text: str) -> Iterator[str]:
        """Yield the names of several words in a text."""
        ...


class KnownWords:
    """The words of a raw corpus, case-folded; of its public actors none."""

    def __init__(self, read: Read, *, public: PublicActors | None = None) -> None:
        self.counts: dict[str, int] = dict.fromkeys([*_KINDS, "left_out"], 0)
        self._trie: dict[str, Any] = {}
        self._first: set[str] = set()
        named = (
            set()
            if public is None
            else public.handles | {n.casefold() for n in public.names.values()}
        )
        named |= set() if public is None else {_bare(one).casefold() for one in public.ids}
        hashes: list[Ints] = []
        kinds: list[np.ndarray[Any, np.dtype[np.int8]]] = []
        for kind, every in _words(read):
            words = every - named
            if kind == "name":
                self._add_names(words)
                words = {name for name in words if _is_telling(name)}
            fit = {w for w in words if len(w) >= _SHORTEST and w not in _COMMON}
            self.counts["left_out"] += len(words) - len(fit)
            hashes.append(np.fromiter(map(hash, fit), np.int64, len(fit)))
            kinds.append(np.full(len(fit), _KINDS.index(kind), np.int8))
        self._table = _Table(hashes, kinds)
        counted = self._table.counts()
        self.counts |= counted | {"name": self.counts["name"] + counted["name"]}

    @property
    def has_phrases(self) -> bool:
        """Whether names are looked for."""
        return bool(self._trie)

    def kinds(self, words: Sequence[str]) -> list[str | None]:
        """Return for each word whether it is an ``account``, a ``post``, a ``handle``; or None."""
        folded = np.fromiter((hash(word.casefold()) for word in words), np.int64, len(words))
        return [None if k < 0 else _KINDS[k] for k in self._table.find(folded).tolist()]

    def phrases(self, text: str) -> Iterator[str]:
        """Yield the names of several words in a text, wherever they begin and however far."""
        words = _WORDS.findall(text.casefold())
        if self._first.isdisjoint(words):
            return
        for start, word in enumerate(words):
            node = self._trie.get(word)
            place = start + 1
            while node is not None:
                if "" in node:
                    yield node[""]
                node = node.get(words[place]) if place < len(words) else None
                place += 1

    def _add_names(self, names: Iterable[str]) -> None:
        for name in names:
            words = _WORDS.findall(name)
            if _is_telling(name):
                continue
            if len(words) < 2 or sum(map(len, words)) < 2 * _SHORTEST - 3:
                self.counts["left_out"] += 1
                continue
            node = self._trie
            for word in words:
                node = node.setdefault(word, {})
            node[""] = name
            self._first.add(words[0])
            self.counts["name"] += 1


class KnownPseudonyms:
    """The pseudonyms of a corpus, and the key that tells which words have them."""

    has_phrases = False

    def __init__(self, read: Read, names: Pseudonymiser) -> None:
        self._names = names
        self.counts: dict[str, int] = dict.fromkeys([*_KINDS, "left_out"], 0)
        self._platforms: set[str] = set()
        hashes: list[Ints] = []
        kinds: list[np.ndarray[Any, np.dtype[np.int8]]] = []
        for kind, words in _words(read, self._platforms):
            fit = [_number(word) for word in words if is_pseudonym(word)]
            if kind == "name":
                continue
            hashes.append(np.array(fit, np.int64))
            kinds.append(np.full(len(fit), _KINDS.index(kind), np.int8))
        self._table = _Table(hashes, kinds)
        self.counts |= self._table.counts()

    def kinds(self, words: Sequence[str]) -> list[str | None]:
        """Return for each word whether it is an ``account``, a ``post``, a ``handle``; or None."""
        numbers: list[int] = []
        owners: list[int] = []
        for place, word in enumerate(words):
            if is_pseudonym(word) or word.casefold() in _COMMON:
                continue
            for made in self._pseudonyms(word):
                bare = _bare(made)
                if is_pseudonym(bare):  # a public actor has none
                    numbers.append(_number(bare))
                    owners.append(place)
        found: list[str | None] = [None] * len(words)
        kinds = self._table.find(np.array(numbers, np.int64)).tolist()
        for owner, kind in zip(owners, kinds, strict=True):
            if kind >= 0 and found[owner] is None:
                found[owner] = _KINDS[kind]
        return found

    def phrases(self, text: str) -> Iterator[str]:  # noqa: ARG002  of the protocol
        """Yield nothing: a pseudonymous study has no names of people."""
        yield from ()

    def _pseudonyms(self, word: str) -> Iterator[str]:
        yield self._names.handle(word)
        for platform in self._platforms:
            whole = f"{platform}:{word}" if platform else word
            yield self._names.account(whole)
            yield self._names.post(whole)


class _Table:
    """Sorted hashes, each with the kind of what it stands for."""

    def __init__(self, hashes: list[Ints], kinds: list[np.ndarray[Any, np.dtype[np.int8]]]) -> None:
        every = np.concatenate([np.empty(0, np.int64), *hashes])
        which = np.concatenate([np.empty(0, np.int8), *kinds])
        order = np.argsort(every, kind="stable")
        self._hashes, self._kinds = every[order], which[order]

    def counts(self) -> dict[str, int]:
        """Return kind → how many different hashes."""
        return {
            kind: len(np.unique(self._hashes[self._kinds == place]))
            for place, kind in enumerate(_KINDS)
        }

    def find(self, numbers: Ints) -> np.ndarray[Any, np.dtype[np.int8]]:
        """Return the kind of each number, -1 where it is not there."""
        if not len(self._hashes) or not len(numbers):
            return np.full(len(numbers), -1, np.int8)
        place = np.minimum(np.searchsorted(self._hashes, numbers), len(self._hashes) - 1)
        return np.where(self._hashes[place] == numbers, self._kinds[place], -1).astype(np.int8)


def _words(read: Read, platforms: set[str] | None = None) -> Iterator[tuple[str, set[str]]]:
    """Yield kind and case-folded words without platform, once for each column of the corpus."""
    for table, columns in _COLUMNS.items():
        found: dict[str, set[str]] = {column: set() for column in columns}
        for rows in read(table, list(columns)):
            for column in columns:
                found[column].update(v for v in pc.unique(rows.column(column)).to_pylist() if v)
        for column, kind in columns.items():
            if kind in {"account", "post"}:
                if platforms is not None:
                    platforms |= {_platform(one) for one in found[column]}
                yield kind, {_bare(one).casefold() for one in found[column]}
            else:
                yield kind, {one.casefold().lstrip("@＠") for one in found[column]}


def _is_telling(name: str) -> bool:
    """Return whether a name of one word can be told from the words of a text."""
    return " " not in name and (len(name) >= 12 or any(c.isdigit() or c == "_" for c in name))


def _platform(value: str) -> str:
    return value.removeprefix("handle:").partition(":")[0] if ":" in value else ""


def _bare(value: str) -> str:
    """Return an id without its platform."""
    before, _, after = value.removeprefix("handle:").partition(":")
    return after or before


def _number(pseudonym: str) -> int:
    """Return the first 64 bits of a pseudonym, as a signed number."""
    data = base64.b32decode(pseudonym[3:].upper())
    return int.from_bytes(data[:8], "big", signed=True)
