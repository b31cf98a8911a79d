"""Rows of a store as one DataFrame that looks the same whichever store they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """Return rows with sums as whole numbers, times in UTC and missing values as None.

    The embedded store sums integers into 128-bit decimals, and times come without a zone.
    """
    columns = {}
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        columns[name] = column.cast(_plain(column.type))
    frame: pd.DataFrame = pa.table(columns).to_pandas()
    for name in frame.columns:
        if frame[name].isna().any() and frame[name].dtype.kind == "f":
            source = columns[name].type
            if pa.types.is_integer(source):
                frame[name] = frame[name].astype("Int64")
    return frame
