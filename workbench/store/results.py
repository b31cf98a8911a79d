"""Rows of a store as one DataFrame that looks the same whichever store they come from."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from workbench.errors import CutWarning, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

__all__ = ["limited", "normalised", "one_more", "within_own_limit"]

_LAST = re.compile(r"\bLIMIT\s+\$limit\s*;?\s*$", re.IGNORECASE)
_USED = re.compile(r"\$limit\b")


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type in which a column of type `kind` is shown."""
    if pa.types.is_decimal(kind) and kind.scale == 0:
        return pa.int64()
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return pa.timestamp("us", "UTC")
    return kind


def normalised(rows: pa.Table) -> pd.DataFrame:
    """Return rows with sums as whole numbers, times in UTC and missing values missing, never 0.

    The embedded store sums integers into 128-bit decimals, and times come without a zone.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            name: _series(column.cast(_plain(column.type)))
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        }
    )


def one_more(limit: int | None) -> int | None:
    """Return how many rows to fetch so that one can tell whether a limit cuts.

    Raises
    ------
    UsageError
        The limit is no whole number, or below 0.
    """
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
        raise UsageError(
            "the limit is no number of rows", value=limit, allowed="a whole number ≥ 0"
        )
    return limit + 1


def limited(rows: pa.Table, limit: int | None) -> pd.DataFrame:
    """Return at most `limit` of the rows, of which ``one_more(limit)`` were fetched.

    ``frame.attrs["cut"]`` says whether there are more; a ``CutWarning`` does as well.
    """
    cut = limit is not None and rows.num_rows > limit
    frame = normalised(rows.slice(0, limit) if cut else rows)
    frame.attrs["cut"] = cut
    if cut:
        warnings.warn(f"cut at {limit:,} rows, there are more", CutWarning, stacklevel=3)
    return frame


def within_own_limit(
    text: str, values: Mapping[str, Any], run: Callable[[str, dict[str, Any]], pa.Table]
) -> pd.DataFrame:
    """Return the rows of a query of the library and, in ``attrs["cut"]``, whether there are more.

    A query that ends in ``LIMIT $limit`` is asked for one row more than it returns. Of another one
    that returns exactly as many rows as its parameter `limit` says, nobody knows: None.
    """
    limit = values.get("limit")
    # No number that a store takes for a limit grows beyond what the store can hold.
    if not isinstance(limit, int) or not 0 <= limit < 2**62:
        limit = None
    if limit is not None and _LAST.search(text) and len(_USED.findall(text)) == 1:
        rows = run(text, {**values, "limit": limit + 1})
        frame = normalised(rows.slice(0, limit))
        frame.attrs["cut"] = rows.num_rows > limit
        return frame
    frame = normalised(run(text, dict(values)))
    frame.attrs["cut"] = None if len(frame) == limit else False
    return frame


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    """Return a column for pandas; whole numbers stay exact where some are missing."""
    import pandas as pd

    if pa.types.is_integer(column.type) and column.null_count:
        series = column.to_pandas(types_mapper=lambda _: pd.Int64Dtype())
    else:
        series = column.to_pandas()
    return cast("pd.Series[Any]", series)
