"""Columns instead of rows: flattened lists, joins on codes, a look at every distinct value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "Keyed",
    "Lists",
    "UnusualError",
    "chosen",
    "codes",
    "constant",
    "distinct",
    "first_of_each",
    "integers",
    "optional",
    "prefixed",
    "spread",
    "taken",
    "truthy",
    "unnest",
]

Ints = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


class UnusualError(Exception):
    """The columns hold something that only the path by rows can read."""


class Lists(NamedTuple):
    """A flattened list column.

    Attributes
    ----------
    values
        The elements of all lists.
    parents
        The row of each element.
    starts, counts
        For each row, where its elements start and how many there are.
    """

    values: Any
    parents: Ints
    starts: Ints
    counts: Ints


def unnest(column: Any) -> Lists:
    """Return the elements of a list column with their rows; a missing list has none.

    Raises
    ------
    UnusualError
        An element is null.
    """
    counts = integers(pc.list_value_length(column), missing=0)
    values = column.flatten()
    if values.null_count:
        raise UnusualError
    parents = np.repeat(np.arange(len(counts)), counts)
    return Lists(values, parents, np.cumsum(counts) - counts, counts)


def spread(lists: Lists, rows: Ints) -> tuple[Ints, Ints]:
    """Return positions in `rows` and the elements of these rows, one pair an element."""
    counts = lists.counts[rows]
    owners = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owners, within + np.repeat(lists.starts[rows], counts)


def integers(column: Any, *, missing: int) -> Ints:
    """Return an integer column with `missing` in place of null."""
    filled = pc.fill_null(column, missing) if column.null_count else column
    return np.asarray(filled.to_numpy(zero_copy_only=False), np.int64)


def optional(values: Ints, known: Mask, kind: Any = None) -> Any:
    """Return an Arrow column of `values` that is null where not `known`."""
    return pa.array(values, kind or pa.int64(), mask=None if known.all() else ~known)


def chosen(names: Sequence[str | None], positions: Ints) -> Any:
    """Return ``names[position]`` for every position."""
    return pa.array(names, pa.string()).take(pa.array(positions))


def constant(text: str, count: int) -> Any:
    """Return a column of `count` equal texts."""
    return pa.repeat(pa.scalar(text), count)


def taken(column: Any, positions: Ints) -> Any:
    """Return the elements of `column` at `positions`; a negative one stands for null."""
    if (positions < 0).any():
        return column.take(optional(positions, positions >= 0))
    return column.take(pa.array(positions))


def truthy(column: Any) -> Mask:
    """Return where a text column is neither null nor empty."""
    return integers(pc.binary_length(column), missing=0) > 0


def prefixed(prefix: str, column: Any) -> Any:
    """Return a text column with `prefix` before every value."""
    return pc.binary_join_element_wise(prefix, column, "")


def codes(*columns: Any) -> tuple[Any, list[Ints]]:
    """Return the distinct values of all text columns, and each column as positions in them.

    Null is -1.
    """
    encoded = pa.concat_arrays(list(columns)).dictionary_encode()
    found = integers(encoded.indices, missing=-1)
    ends = np.cumsum([len(column) for column in columns])
    return encoded.dictionary, np.split(found, ends[:-1])


def distinct(column: Any, function: Callable[[str], Any], kind: Any = None) -> Any:
    """Return `function` of every value, called once for each distinct value; null stays null."""
    encoded = column.dictionary_encode()
    mapped = pa.array(list(map(function, encoded.dictionary.to_pylist())), kind or pa.string())
    return mapped.take(encoded.indices)


def first_of_each(keys: Ints) -> Ints:
    """Return the positions, ascending, at which a key stands for the first time."""
    return np.sort(np.unique(keys, return_index=True)[1])


class Keyed:
    """Finds things by a group and a code: the user of a page, the tweet of a page.

    Parameters
    ----------
    groups, values
        The pair that names each thing.
    width
        More than any code.
    things
        What is found; by default the position of the pair.

    Raises
    ------
    UnusualError
        A pair names two things.
    """

    def __init__(
        self, groups: Ints, values: Ints, *, width: int, things: Ints | None = None
    ) -> None:
        keys = groups * width + values
        order = np.argsort(keys, kind="stable")
        self._width = width
        self._keys = keys[order]
        self._things = order if things is None else things[order]
        if (self._keys[1:] == self._keys[:-1]).any():
            raise UnusualError

    def find(self, groups: Ints, values: Ints) -> Ints:
        """Return the thing that each pair names; -1 when it names none or its code is negative."""
        if not len(self._keys):
            return np.full(len(groups), -1)
        keys = groups * self._width + values
        positions = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found = (self._keys[positions] == keys) & (values >= 0)
        return np.where(found, self._things[positions], -1)
