from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders import golden
from tests.loaders.making import load_bytes, source_of
from tests.loaders.sheets import check_survives
from workbench import loaders
from workbench.loaders import FORMATS
from workbench.loaders.counts import report_counts
from workbench.loaders.detection import detect
from workbench.loaders.fourcat import LOADER
from workbench.loaders.fourcat_objects import is_objects, restored
from workbench.loaders.source import Head

INPUT = golden.FOLDER / "fourcat" / "input_objects.ndjson"
LINES = INPUT.read_bytes().splitlines(keepends=True)


def test_the_objects_inside_resolve_every_act():
    corpus = loaders.load(INPUT, progress=False)
    report = corpus.report
    assert (report.records_read, report.ok, report.rejected, report.duplicates) == (10, 5, 4, 1)
    counts = report_counts(corpus)
    assert (counts["posts"], counts["authors"]) == (4, 3)
    assert counts["interactions"] == {"share": 1, "quote": 1, "reply": 1, "mention": 3}
    assert counts["resolved_by"]["expanded"] == 2
    assert counts["resolved_by"]["url"] == 1
    assert corpus.graph("co_share").edges == 0  # not refused: the retweeted post is known
    events = corpus.table("events").to_pylist()
    assert [(e["kind"], e["subject"]) for e in events] == [
        ("unavailable", "twitter:2689767961916349999")
    ]


def test_a_tweet_gets_the_form_of_twarc():
    made = restored(
        {
            "id": "1",
            "author_user": {"id": "2"},
            "attachments": {
                "media_keys": [{"media_key": "3_1"}, "3_2", {"error": {}}],
                "poll_ids": [{}],
            },
            "referenced_tweets": [{"id": "4", "type": "quoted", "author_user": {"id": "5"}}, 7],
        }
    )
    assert made == {
        "id": "1",
        "author": {"id": "2"},
        "attachments": {"media_keys": ["3_1", "3_2"]},
        "referenced_tweets": [{"id": "4", "type": "quoted", "author": {"id": "5"}}, 7],
    }


def test_only_objects_of_4cat_are_recognised():
    head = Head("n", INPUT.read_bytes())
    assert is_objects(head)
    assert detect(head, loaders.FORMATS).name == "fourcat"
    for other in (
        b'{"id": "1", "author_id": "2"}\n',
        b"author_user\n1\n",
        b"",
        b'[{"author_user": 1}]',
    ):
        assert not is_objects(Head("n", other))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize(
    "first", [b'{"broken', b'{"id": "1", "author_id": "2", "text": "x"}', b"{}"]
)
def test_a_first_line_without_its_author_does_not_make_it_another_format(first):
    head = source_of(b"\n".join([first, *LINES])).head()
    assert detect(head, FORMATS).name == "fourcat"


@few(60)
@given(st.data())
def test_other_types_are_rejected_and_lose_nothing(data):
    tweet = json.loads(data.draw(st.sampled_from(LINES[:5])))
    place = tweet
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        inner = place[key][0] if isinstance(place[key], list) and place[key] else place[key]
        if not isinstance(inner, dict) or not inner or data.draw(st.booleans()):
            break
        place = inner
    place[key] = data.draw(VALUES)
    check_survives(LOADER, LINES[0] + json.dumps(tweet).encode() + b"\n" + LINES[1])


@few(30)
@given(st.data())
def test_broken_bytes_are_rejected(data):
    body = bytearray(b"".join(LINES[1:]))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    check_survives(LOADER, LINES[0] + bytes(body))


def test_a_line_is_one_record():
    _, sink = load_bytes(LOADER, LINES[0] + b"\n\n" + LINES[1] + b"{}{}\n")
    assert (sink.read, sink.rejected) == (3, 1)
