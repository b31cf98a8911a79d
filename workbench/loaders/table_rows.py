"""One row of a mapped table as rows of the corpus: post, acts, attachments, account, alias."""

from __future__ import annotations

import ast
import json
import math
import re
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.loaders.moments import parse_time
from workbench.loaders.objects import canonical_url, domain_of, hashtag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbench.loaders.base import Sink, Source
    from workbench.loaders.table_map import ColumnMap

__all__ = ["MISSING", "RowReader", "clean_id", "items"]

#: What programs write for a missing value.
MISSING = frozenset({"", "nan", "NaN", "None", "null", "NULL", "NA", "<NA>"})

_REMEMBERED = 1 << 18  # accounts and aliases written once; with more, some are written again
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d*)?[eE]\+?\d+")  # a comma in many countries' Excel
_WHOLE = re.compile(r"(\d{1,15})\.0+")
_LONG_WHOLE = re.compile(r"\d{16,}[.,]0+")
_CONTACTS = ("followers", "following")
_METRICS = ("likes", "shares", "replies", "quotes", "views", "bookmarks")


def clean_id(value: Any) -> str | None:
    """Return an id as text; None for an empty cell and for NaN.

    An integer that a float column made ``12.0`` is exact up to 15 digits and becomes ``12``.

    Raises
    ------
    ValueError
        The number was rounded, so that the id is lost.
    """
    text = str(value).strip()
    if text.isdecimal():
        return text
    if not text or text in {"nan", "NaN"}:
        return None
    if _ROUNDED.fullmatch(text) or _LONG_WHOLE.fullmatch(text):
        raise ValueError("an id is a rounded number")
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def items(value: Any, separator: str | None) -> list[str]:
    """Return the values of a cell that holds several: a list, JSON, a Python list, or separated.

    A cell with nothing but what programs write for a missing value (``MISSING``) holds none; beside
    other values, or where quotes say that it is text, ``NA`` is a value.

    Raises
    ------
    ValueError
        The cell begins like a list and is none.
    """
    if isinstance(value, list):
        return _stripped(str(item) for item in value if not _is_missing(item))
    text = str(value).strip()
    if text.startswith("[") and text.endswith("]"):
        return _stripped(_bracketed(text))
    return _unless_missing(text.split(separator) if separator else [text])


def _is_missing(item: object) -> bool:
    return item is None or (isinstance(item, float) and math.isnan(item))


def _unless_missing(written: Iterable[str]) -> list[str]:
    """Return values that no quotes mark as text; none if all of them stand for missing ones."""
    found = _stripped(written)
    return [] if MISSING.issuperset(found) else found


def _stripped(found: Iterable[str]) -> list[str]:
    return [item.strip() for item in found if item.strip()]


def _bracketed(text: str) -> list[str]:
    plain = _quoted(text)
    if plain is not None:
        return plain
    for parse in (json.loads, _literal):
        try:
            parsed = parse(text)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(parsed, list) and not any(isinstance(x, list | dict) for x in parsed):
            # What cannot be encoded is half of a character that an escape has cut.
            given = (str(item) for item in parsed if not _is_missing(item))
            return [item.encode("utf-8", "replace").decode() for item in given]
    if "[" in text[1:]:
        raise ValueError("a list that cannot be read")
    return _unless_missing(item.strip("'\" ") for item in text[1:-1].split(","))


def _quoted(text: str) -> list[str] | None:
    """Return the texts of a Python list without quotes and escapes in them; None of another."""
    if not text.startswith("['") or not text.endswith("']") or "\\" in text or '"' in text:
        return None
    found = text[2:-2].split("', '")
    return None if any("'" in item for item in found) else found


def _literal(text: str) -> Any:
    if "\\" not in text:
        return ast.literal_eval(text)
    with warnings.catch_warnings(action="ignore"):  # of escapes that mean nothing
        return ast.literal_eval(text)


class _Act(NamedTuple):
    """An act of the row's author; `resolved_by` says how the target account is known."""

    kind: str
    target_id: str | None
    target_post_id: str | None
    origin: str
    resolved_by: str
    weight: float = 1.0


@dataclass(frozen=True)
class _Parsed:
    """What a row says, before anything of it is kept."""

    cell: Mapping[str, Any]
    author_id: str | None
    handle: str | None
    at: int | None  # microseconds since 1970
    precision: str | None
    post_id: str | None
    acts: list[_Act]
    objects: list[tuple[str, str, str]]  # kind, value, as written
    numbers: Mapping[str, int | None]

    @property
    def at_ms(self) -> int | None:
        return None if self.at is None else self.at // 1000


class RowReader:
    """Turns the cells of rows into rows of the corpus tables.

    Parameters
    ----------
    positions
        Key of the column map → position of its cell in a row.
    """

    def __init__(
        self, source: Source, sink: Sink, columns: ColumnMap, *, positions: Mapping[str, int]
    ) -> None:
        self._sink = sink
        self._map = columns
        self._positions = positions
        self._row_prefix = f"row:{source.source_id[:12]}"
        self._seen: set[int] = set()
        self._acting = [
            kind
            for kind in ("share", "quote", "reply")
            if any(f"{kind}_{end}" in positions for end in ("post", "author", "handle"))
        ]
        self._numbers = [name for name in (*_METRICS, *_CONTACTS) if name in positions]
        self._mentions = bool({"mentions", "mention_handles"} & set(positions))
        # A row that names a target and no post is an act of its own, as in an edge list.
        self._has_posts = "post" in positions or "target" not in positions

    def read(self, cells: Sequence[Any]) -> tuple[str | int, str]:
        """Add what `cells` say to the tables; return what makes this record the same as another.

        That is its post and object; a row without a post is a record of its own.

        Raises
        ------
        ValueError
            The row cannot be read; nothing has been added, the message is the reason.
        """
        row = self._parse({key: cells[place] for key, place in self._positions.items()})
        record = self._sink.record()
        if row.post_id is None and self._has_posts:
            row = replace(row, post_id=f"{self._row_prefix}:{record}")
        if self._has_posts:
            self._sink.rows["posts"].append((*self._post(row), record))
        self._add_acts(row, record)
        self._add_objects(row, record)
        self._add_account(row, record)
        return row.post_id or record, str(row.cell.get("object", ""))

    def _parse(self, cell: Mapping[str, Any]) -> _Parsed:
        handle = str(cell.get("handle", "")).strip().removeprefix("@") or None
        author = self._id(cell.get("author", ""))
        at, precision = None, None
        if str(cell.get("time", "")).strip():
            at, precision = parse_time(str(cell["time"]), zone=self._map.zone)
        post_id = self._id(cell.get("post", ""))
        if "post" in cell and post_id is None:
            raise ValueError("no post id")
        return _Parsed(
            cell=cell,
            author_id=author or (self._handle(handle) if handle else None),
            handle=handle,
            at=at,
            precision=precision,
            post_id=post_id,
            acts=self._acts(cell),
            objects=self._objects(cell),
            numbers={name: _count(cell[name], name) for name in self._numbers},
        )

    def _acts(self, cell: Mapping[str, Any]) -> list[_Act]:
        """Return the acts of a row: what it shares, quotes, answers, its target, its mentions."""
        acts = []
        for kind in self._acting:
            post = self._id(cell.get(f"{kind}_post", ""))
            account = self._id(cell.get(f"{kind}_author", ""))
            handle = str(cell.get(f"{kind}_handle", "")).strip().removeprefix("@")
            if account:
                acts.append(_Act(kind, account, post, "authored", "id_field"))
            elif handle:
                acts.append(_Act(kind, self._handle(handle), post, "authored", "entity"))
            elif post:
                acts.append(_Act(kind, None, post, "authored", "none"))
        if "target" in cell:
            target = self._id(cell["target"])
            resolved = "id_field" if target else "none"
            weight = _weight(cell.get("weight", ""))
            acts.append(_Act(self._map.kind, target, None, "authored", resolved, weight))
        if not self._mentions:
            return acts
        shared = next((act.target_id for act in acts if act.kind == "share"), None)
        inherited = any(act.kind == "share" for act in acts)
        for account, known in self._mentioned(cell).items():
            origin = "authored" if not inherited else "inherited_share"
            origin = "share_head" if inherited and account == shared else origin
            acts.append(_Act("mention", account, None, origin, known))
        return acts

    def _mentioned(self, cell: Mapping[str, Any]) -> dict[str, str]:
        """Return the accounts a row mentions, each once, and how they are known."""
        separator = self._map.list_separator
        found: dict[str, str] = {}
        for item in items(cell.get("mentions", ""), separator):
            target = self._id(item)
            if target:
                found[target] = "entity"
        for item in items(cell.get("mention_handles", ""), separator):
            found.setdefault(self._handle(item.removeprefix("@")), "entity")
        return found

    def _objects(self, cell: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        separator = self._map.list_separator
        found: list[tuple[str, str, str]] = []
        if "hashtags" in cell:
            tags = items(cell["hashtags"], separator)
            found = [("hashtag", hashtag(tag), tag) for tag in tags]
        for written in items(cell["urls"], separator) if "urls" in cell else ():
            link = canonical_url(written)
            if link is not None:
                found.append(("url", link, written))
                domain = domain_of(link)
                if domain is not None:
                    found.append(("domain", domain, link))
        thing = str(cell.get("object", "")).strip()
        if thing:
            found.append(("object", thing, thing))
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def _post(self, row: _Parsed) -> tuple[Any, ...]:
        """Return the row of the posts table, without its record number."""
        cell, numbers = row.cell, row.numbers
        text = str(cell.get("text", "")) or None
        kind = next((act.kind for act in row.acts if act.kind != "mention"), "original")
        known = None if row.at is None else "record"
        return (
            *(self._map.platform, row.post_id, row.post_id, row.author_id, row.handle),
            *(row.at, row.at_ms, row.precision, known),
            *(kind, text, "full" if text else "absent", _text(cell, "lang")),
            *(self._id(cell.get("conversation", "")), None, None, None, _text(cell, "url")),
            *(None, None, "full", "primary"),
            *map(numbers.get, _METRICS),
            None,
        )

    def _add_acts(self, row: _Parsed, record: int) -> None:
        for act in row.acts:
            self._sink.rows["interactions"].append(
                (
                    *(self._map.platform, act.kind, None, row.author_id, row.post_id),
                    *(act.target_id, act.target_post_id, None),
                    *(row.at, row.at_ms, row.precision),
                    *(act.origin, act.resolved_by, act.weight, None, record),
                )
            )

    def _add_objects(self, row: _Parsed, record: int) -> None:
        shared = any(act.kind == "share" for act in row.acts)
        origin = "inherited_share" if shared else "authored"
        for kind, value, raw in row.objects:
            self._sink.rows["attachments"].append(
                (
                    *(self._map.platform, row.post_id, row.author_id, row.at, row.at_ms),
                    *(kind, value, raw, None, None),
                    *("authored" if kind == "object" else origin, "primary", record),
                )
            )

    def _add_account(self, row: _Parsed, record: int) -> None:
        """Add what the row says about its author, once for every different thing it says."""
        if row.author_id is None:
            return
        name = _text(row.cell, "name")
        contacts = tuple(map(row.numbers.get, _CONTACTS))
        if self._is_new(row.author_id, row.handle, name, contacts):
            self._sink.rows["accounts"].append(
                (
                    *(self._map.platform, row.author_id, row.handle, name),
                    *(None,) * 8,
                    *contacts,
                    *(None, None, None, "author", row.at_ms, record),
                )
            )
        if (
            row.handle
            and _text(row.cell, "author")
            and self._is_new("alias", row.author_id, row.handle)
        ):
            self._sink.rows["aliases"].append(
                (
                    *(self._map.platform, row.author_id, row.handle.casefold()),
                    *(row.at_ms, row.at_ms, "id_field", record),
                )
            )

    def _is_new(self, *facts: object) -> bool:
        key = hash(facts)
        if key in self._seen:
            return False
        if len(self._seen) < _REMEMBERED:
            self._seen.add(key)
        return True

    def _id(self, value: Any) -> str | None:
        """Return an id with its platform."""
        text = clean_id(value)
        if text is None or self._map.platform is None:
            return text
        return f"{self._map.platform}:{text}"

    def _handle(self, name: str) -> str:
        """Return what stands for an account of which only the handle is known."""
        platform = self._map.platform
        return name if platform is None else f"handle:{platform}:{name.casefold()}"


def _text(cell: Mapping[str, Any], key: str) -> str | None:
    return str(cell.get(key, "")).strip() or None


def _count(value: Any, name: str) -> int | None:
    text = str(value).strip()
    if not text or text in {"nan", "NaN"}:
        return None
    try:
        number = int(text) if text.isdecimal() else _whole(float(text))
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is not a number") from None
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} is beyond 64 bits")
    return number


def _whole(number: float) -> int:
    """Return a number without a fraction; one with a fraction counts nothing."""
    if not number.is_integer():
        raise ValueError("a fraction")
    return int(number)


def _weight(value: Any) -> float:
    text = str(value).strip() or "1"
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise ValueError("the weight is not a positive number")
    return weight
