from __future__ import annotations

import json

import msgspec
import pytest

from workbench.loaders.drift import known_keys, sampled


class _Inner(msgspec.Struct):
    name: str | None = None


class _Outer(msgspec.Struct):
    id: str | None = None
    shown: str | None = msgspec.field(default=None, name="$type")


KNOWN = known_keys([_Outer, _Inner], "extra", "blob")


def test_unknown_keys_are_found_at_any_depth_but_below_opaque_ones():
    record = {
        "id": 1, "$type": 2, "new": 3, "blob": {"x": 1}, "extra": [[{"name": {"deep": 1}}]],
    }  # fmt: skip
    assert KNOWN.unknown(json.dumps(record).encode()) == {"new", "deep"}


@pytest.mark.parametrize("data", [b"", b"no JSON", b'"text"', b"\xff", b"[" * 100_000])
def test_what_is_no_record_has_none(data):
    assert KNOWN.unknown(data) == set()


@pytest.mark.parametrize(
    ("number", "wanted"), [(1, True), (20, True), (21, False), (50, False), (51, True), (101, True)]
)
def test_which_records_are_looked_at(number, wanted):
    assert sampled(number) is wanted
