"""Rows of a store as one DataFrame that looks the same whichever store they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["normalised"]


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


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    """Return a column for pandas; whole numbers stay exact where some are missing."""
    import pandas as pd

    if pa.types.is_integer(column.type) and column.null_count:
        series = column.to_pandas(types_mapper=lambda _: pd.Int64Dtype())
    else:
        series = column.to_pandas()
    return cast("pd.Series[Any]", series)
