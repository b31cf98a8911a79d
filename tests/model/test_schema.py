from __future__ import annotations

import pyarrow as pa

from workbench.model.schema import TABLES


def test_every_time_is_utc_and_also_in_milliseconds():
    for name, schema in TABLES.items():
        for column in schema:
            if pa.types.is_timestamp(column.type):
                assert column.type == pa.timestamp("us", "UTC"), f"{name}.{column.name}"
        if "created_at" in schema.names and name != "accounts":
            assert schema.field("created_ms").type == pa.int64()


def test_ids_are_text():
    for schema in TABLES.values():
        for column in schema:
            if column.name.endswith("_id"):
                assert column.type == pa.string()
