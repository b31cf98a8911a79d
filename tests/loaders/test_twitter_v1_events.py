from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import fill, source_of
from workbench.loaders.recorder import Recorder
from workbench.loaders.twitter_v1_events import CONTROLS, control


def told(line):
    """Return the event that a control line becomes, and how many posts it says are left out."""
    left_out = []

    def read(sink):
        with Recorder(sink, "twitter") as recorder, recorder.record():
            left_out.append(control(line, recorder))

    corpus, _ = fill(source_of(b"x"), read)
    (event,) = corpus.table("events").to_pylist()
    names = ("kind", "subject_type", "subject", "at_ms", "reason", "detail")
    return tuple(event[name] for name in names), left_out[0]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ({"delete": {"status": {"id": 5, "id_str": "6"}, "timestamp_ms": "7"}},
         ("delete", "post", "twitter:6", 7, "delete", None)),
        ({"delete": {"status": {"id": 5}}, "timestamp_ms": 1609848000123},
         ("delete", "post", "twitter:5", 1609848000123, "delete", None)),
        ({"scrub_geo": {"user_id": 1, "up_to_status_id": 5}},
         ("scrub_geo", "account", "twitter:1", None, "scrub_geo", "twitter:5")),
        ({"status_withheld": {"id": 5, "user_id": 1, "withheld_in_countries": ["DE", "AR"]}},
         ("withhold", "post", "twitter:5", None, "status_withheld", "DE,AR")),
        ({"user_withheld": {"id": 1, "withheld_in_countries": ["DE"]}},
         ("withhold", "account", "twitter:1", None, "user_withheld", "DE")),
        ({"user_suspend": {"id": 1}},
         ("suspend", "account", "twitter:1", None, "user_suspend", None)),
        ({"warning": {"code": "FALLING_BEHIND", "message": "someone is slow"}},
         ("control", "record", None, None, "warning", "FALLING_BEHIND")),
        ({"disconnect": {"code": 4, "stream_name": "someone-1", "reason": "x"}},
         ("control", "record", None, None, "disconnect", "4")),
        ({"errors": [{"code": 144, "message": "x"}]},
         ("control", "record", None, None, "errors", "144")),
        ({"friends": [1, 2]}, ("control", "record", None, None, "friends", None)),
    ],
)  # fmt: skip
def test_control_lines(line, event):
    assert told(line) == (event, 0)


def test_a_limit_says_how_much_was_left_out():
    event, left_out = told({"limit": {"track": 12, "timestamp_ms": "1609848000123"}})
    assert event == ("control", "record", None, 1609848000123, "limit", "12")
    assert left_out == 12


@pytest.mark.parametrize("odd", [None, True, "12", [], {}, 1.5])
def test_a_limit_that_is_no_number_counts_nothing(odd):
    assert told({"limit": {"track": odd}})[1] == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({}, "no post, user, page or control line"),
        ({"delete": 5}, "no post, user, page or control line"),
        ({"delete": {}}, "no id"),
        ({"scrub_geo": {"id": 5}}, "no id"),
        ({"user_withheld": {"id": True}}, "no id"),
        ({"direct_message": {}}, "private"),
        ({"delete": {"direct_message": {"id": 5}}}, "private"),
    ],
)
def test_what_is_none(line, reason):
    with pytest.raises(ValueError, match=reason):
        told(line)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=2)
                    | st.dictionaries(st.sampled_from(["id", "id_str", "status", "code", "track",
                                                       "timestamp_ms"]), inner, max_size=3),
                    max_leaves=6)  # fmt: skip


@given(st.dictionaries(st.sampled_from(CONTROLS), JSON, max_size=2))
def test_anything_is_an_event_or_refused(line):
    with contextlib.suppress(ValueError):
        told(line)
