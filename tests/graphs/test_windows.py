"""Windows cut every act once, keep the silent ones, and are graphs like any other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import corpora, corpus_of, crisis
from workbench.errors import CannotBuildError, UsageError
from workbench.graphs import graph, windows
from workbench.model.filters import instant_ms

HOUR, DAY = 3_600_000, 86_400_000


def corpus_at(times):
    """Return a corpus of one retweet a time, in ms since 1970; None is undated."""
    acts = [
        {"platform": "x", "kind": "share", "actor_id": f"x:{i % 4}", "target_id": f"x:{i % 3 + 7}",
         "source_post_id": f"x:p{i}", "source_id": "s", "record": i, "weight": 1.0,
         "created_ms": time}
        for i, time in enumerate(times)
    ]  # fmt: skip
    return corpus_of(interactions=acts)


def edges(made):
    return Counter({(s, t): w for s, t, w in made.to_pandas().itertuples(index=False)})


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.integers(0, 9 * DAY), min_size=1, max_size=20),
    st.sampled_from(["5h", "36h", "1d", "2d", "1w"]),
)
def test_every_act_is_in_one_window_and_windows_join(times, every):
    corpus = corpus_at(times)
    made = windows(corpus, every=every)
    bounds = [each.window for each in made.values()]
    length = int(every[:-1]) * {"h": HOUR, "d": DAY, "w": 7 * DAY}[every[-1]]
    assert all(until - since == length for since, until in bounds)
    assert [since for since, _ in bounds[1:]] == [until for _, until in bounds[:-1]]
    assert bounds[0][0] == min(times) - min(times) % (HOUR if "h" in every else DAY)
    assert bounds[-1][0] <= max(times) < bounds[-1][1]
    assert sum((edges(each) for each in made.values()), Counter()) == edges(graph(corpus))


def test_a_window_is_the_graph_of_its_time_under_the_same_filters():
    made = windows(crisis(), "mention", every="4d", origin="all", lang="fr")
    assert list(made)[:3] == ["2031-03-03", "2031-03-07", "2031-03-11"]
    alone = graph(
        crisis(), "mention", since="2031-03-07", until="2031-03-11", origin="all", lang="fr"
    )
    assert made["2031-03-07"].fingerprint == alone.fingerprint
    assert made["2031-03-07"].choices == alone.choices
    assert alone.edges > 0


def test_silence_is_an_empty_window():
    made = windows(corpus_at([HOUR, 3 * DAY]), every="1d")
    assert [(name, each.edges) for name, each in made.items()] == [
        ("1970-01-01", 1), ("1970-01-02", 0), ("1970-01-03", 0), ("1970-01-04", 1),
    ]  # fmt: skip


def test_bounds_cut_the_time_and_the_last_window_says_that_it_is_shorter():
    made = windows(
        corpus_at([HOUR, 3 * DAY]), every="36h", since="1970-01-01T12:00", until="1970-01-04"
    )
    assert list(made) == ["1970-01-01T12:00", "1970-01-03T00:00"]
    assert [each.window[1] for each in made.values()] == [
        instant_ms("1970-01-03"), instant_ms("1970-01-04"),
    ]  # fmt: skip
    assert sum(each.edges for each in made.values()) == 0


@pytest.mark.parametrize("every", ["7", "0d", "d", "7 days", "1.5d", "-1d", "1m"])
def test_lengths_that_cannot_be_read_are_refused(every):
    with pytest.raises(UsageError, match="every is not a length of time"):
        windows(crisis(), every=every)


def test_what_cannot_be_cut_is_refused():
    with pytest.raises(CannotBuildError, match="no act that passes has a time"):
        windows(corpus_at([None, None]))
    with pytest.raises(UsageError, match=r"too many windows: 1001"):
        windows(corpus_at([5]), every="1h", since="1970-01-01", until="1970-02-11T17:00")
    with pytest.raises(UsageError, match="since must be before until"):
        windows(corpus_at([DAY]), since="1970-02-01", until="1970-01-09")


@settings(max_examples=5, deadline=None)
@given(corpora())
def test_drawn_corpora_keep_their_dated_acts(corpus):
    dated = graph(corpus, "mention", since="1970-01-01", until="1970-01-02")
    if dated.edges:
        made = windows(corpus, "mention", every="1d")
        assert edges(made["1970-01-01"]) == edges(dated)
