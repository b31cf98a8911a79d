from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders import golden
from tests.loaders.making import load_bytes
from workbench.loaders import FORMATS, claim_review
from workbench.loaders.detection import detect
from workbench.loaders.source import Head

LINES = golden.inputs("labels_claimreview")


def review(**more):
    return {
        "@type": "ClaimReview",
        "url": "https://checkers.example/a",
        "claimReviewed": "x",
        "reviewRating": {"alternateName": "False"},
    } | more


def labels(*entries, whole=None):
    data = json.dumps(whole) if whole is not None else "\n".join(map(json.dumps, entries))
    corpus, sink = load_bytes(claim_review.LOADER, data.encode())
    return corpus.table("labels").to_pylist(), sink


@pytest.mark.parametrize(
    "whole",
    [
        review(),
        [review()],
        {"@graph": [{"@type": "WebPage"}, review()]},
        {"@graph": review()},
        {"@type": "DataFeed", "dataFeedElement": [{"item": [review()]}]},
        {"@type": "DataFeed", "dataFeedElement": [{"item": review()}]},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_every_shape_gives_the_same_label(whole, indent):
    data = json.dumps(whole, indent=indent).encode()
    assert detect(Head("x", data), FORMATS).name == "labels_claimreview"
    corpus, sink = load_bytes(claim_review.LOADER, data)
    (row,) = corpus.table("labels").to_pylist()
    assert (row["subject_type"], row["subject"]) == ("claim", "https://checkers.example/a")
    assert (row["scheme"], row["value"]) == ("claimreview:checkers.example", "False")
    assert (sink.read, sink.rejected) == (1, 0)


@pytest.mark.parametrize(
    ("rating", "score"),
    [
        ({"ratingValue": 1, "worstRating": 1, "bestRating": 5}, 0.0),
        ({"ratingValue": "5", "worstRating": "1", "bestRating": "5"}, 1.0),
        ({"ratingValue": 3, "worstRating": 1, "bestRating": 5}, 0.5),
        ({"ratingValue": 0, "worstRating": 1, "bestRating": 5}, None),
        ({"ratingValue": -1, "worstRating": 1, "bestRating": 5}, None),
        ({"ratingValue": 3, "worstRating": 5, "bestRating": 5}, None),
        ({"ratingValue": 3}, None),
        ({"ratingValue": "half", "worstRating": 1, "bestRating": 5}, None),
    ],
)
def test_the_score_is_the_rating_within_its_bounds_or_none(rating, score):
    (row,), sink = labels(review(reviewRating=rating | {"alternateName": "so"}))
    assert row["score"] == score
    assert bool(sink.notes) == (score is None)
    if score is None:
        assert labels(review(reviewRating=rating))[1].rejected == 1


def test_pages_where_the_claim_was_made_have_the_verdict_and_the_review_itself_has_not():
    item = {
        "appearance": [{"url": "https://zeta.example/a#x"}, "https://zeta.example/b", None, 7],
        "firstAppearance": {"url": "https://checkers.example/a"},
    }
    found, _ = labels(review(itemReviewed=item))
    kinds = {row["subject"]: row["subject_type"] for row in found}
    assert kinds == {
        "https://checkers.example/a": "claim",
        "https://zeta.example/a": "url",
        "https://zeta.example/b": "url",
    }


def test_the_scheme_names_who_reviews():
    by = {"name": "Checkers", "url": "https://www.others.example/about"}
    (row,), _ = labels(review(author=[{"name": "x"}, by]))
    assert row["scheme"] == "claimreview:others.example"


def test_a_date_that_cannot_be_read_is_counted_and_the_label_stays():
    found, sink = labels(review(datePublished="20204-08-02"), review(datePublished="2024-01-02"))
    assert [row["valid_from"] and row["valid_from"].day for row in found] == [None, 2]
    assert sink.notes == ["dates that cannot be read, left out: 1"]


def test_the_claim_and_who_made_it_are_not_kept():
    item = {"author": {"name": "Ada Quill"}, "appearance": []}
    found, _ = labels(review(claimReviewed="secret words", itemReviewed=item))
    assert "Quill" not in str(found)
    assert "secret" not in str(found)


def test_a_review_twice_is_one_and_another_claim_another():
    found, sink = labels(review(), review(), review(claimReviewed="y"))
    assert (sink.read, sink.duplicates, len(found)) == (3, 1, 2)


@pytest.mark.parametrize(
    "entry", [{}, {"@type": "WebPage"}, {"@graph": []}, {"@graph": [[[[[[]]]]]]}]
)
def test_what_holds_no_review_is_rejected(entry):
    assert labels(entry)[1].rejected == 1


@given(st.data())
@few(80)
def test_changed_types_and_bytes_never_raise(data):
    text = data.draw(st.sampled_from(LINES)).read_bytes()
    odd = data.draw(
        st.sampled_from([b"null", b"[]", b"{}", b"0", b'"\\ud800"', b"1e999", b"[[1]]"])
    )
    content = bytearray(text)
    for _ in range(data.draw(st.integers(1, 3))):
        places = [i for i in range(len(content) - 1) if content[i : i + 1] == b":"]
        at = data.draw(st.sampled_from(places)) + 1
        content[at : at + data.draw(st.integers(0, 12))] = odd
    content[random.Random(len(content)).randrange(len(content))] = data.draw(st.integers(0, 255))
    corpus, sink = load_bytes(claim_review.LOADER, bytes(content))
    assert corpus.rows("rejects") == sink.rejected
    assert sink.read >= sink.rejected + sink.duplicates
