from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.json_objects import mend_surrogates, objects

values = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
things = st.dictionaries(st.text(max_size=4), values, max_size=3)


@given(st.lists(things, max_size=4), st.sampled_from(["", " ", "\n", ",\r\n"]), st.booleans())
def test_every_object_is_found_whatever_stands_between(entries, between, in_array):
    text = between.join(json.dumps(entry, ensure_ascii=False, indent=1) for entry in entries)
    data = (f"[{text}]" if in_array else text).encode()
    spans = list(objects(data))
    assert all(span.whole for span in spans)
    assert [json.loads(data[span.start : span.end]) for span in spans] == entries


def test_what_is_left_over_is_told():
    data = b'{"a": 1} rubbish {"b": {"c": 2}} {"d": '
    found = [(data[s.start : s.end], s.whole) for s in objects(data)]
    assert found == [
        (b'{"a": 1}', True), (b"rubbish", False), (b'{"b": {"c": 2}}', True), (b'{"d":', False),
    ]  # fmt: skip


def test_lone_surrogates_are_mended_and_pairs_are_not():
    assert json.loads(mend_surrogates(b'"\\ud83d x \\ude00"')) == "\ufffd x \ufffd"
    assert json.loads(mend_surrogates(b'"\\ud83d\\ude00"')) == "\U0001f600"
