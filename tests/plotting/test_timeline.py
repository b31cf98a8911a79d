"""The timeline against a plain count of the posts, and what it says about itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import corpus_of, crisis, crisis_names
from tests.plotting.figures import legend, rendered, untitled, words
from workbench.engine import session, views
from workbench.errors import UndefinedError
from workbench.graphs import describe
from workbench.plotting import timeline
from workbench.plotting.style import OTHER, PALETTE

DAY_MS = 86_400_000
SHOWN = {"original": "original", "share": "retweet", "quote": "quote", "reply": "reply"}


def corpus_with(posts):
    """Return a corpus with a post a pair of day (since 1970) and kind."""
    rows = [
        {"platform": "x", "post_id": f"x:{i}", "version_id": f"x:{i}", "source_id": "s",
         "record": i, "author_id": "x:a", "seen_as": "primary", "availability": "full",
         "kind": kind, "created_ms": None if day is None else day * DAY_MS + i}
        for i, (day, kind) in enumerate(posts)
    ]  # fmt: skip
    return corpus_of(posts=rows)


def date(day):
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day):%Y-%m-%d}"


def bars(ax):
    """Return (place of the day, label) → height of the bar, empty bars left out."""
    found = {}
    for group in ax.containers:
        for bar in group:
            if bar.get_height():
                middle = round(bar.get_x() + bar.get_width() / 2, 9)
                found[middle, group.get_label()] = bar.get_height()
    return found


def shaded(ax):
    bands = [p for p in ax.patches if not any(p in group for group in ax.containers)]
    return [round(band.get_x() + band.get_width() / 2, 9) for band in bands]


days_and_kinds = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 9)),
        st.sampled_from(["original", "share", "quote", "reply", "service"]),
    ),
    min_size=1,
    max_size=25,
).filter(lambda posts: any(day is not None for day, _ in posts))


@settings(max_examples=8)
@given(days_and_kinds)
def test_the_bars_equal_the_count_and_gaps_are_shaded(posts):
    ax = timeline(describe(corpus_with(posts)).per_day)
    dated = [(day, kind) for day, kind in posts if day is not None]
    start, end = min(dated)[0], max(dated)[0]
    expected = Counter((day - start, SHOWN.get(kind, "other")) for day, kind in dated)
    assert bars(ax) == expected
    busy = {day for day, _ in dated}
    assert shaded(ax) == [day - start for day in range(start, end) if day not in busy]
    tops = Counter(day - start for day, _ in dated)
    for group in ax.containers:
        for place, bar in enumerate(group):
            assert bar.get_y() + bar.get_height() <= tops[place]
    most = max(tops.values())
    first = min(day for day, n in tops.items() if n == most)
    silent = end - start + 1 - len(busy)
    assert ax.get_gid() == (
        f"{len(dated)} posts from {date(start)} to {date(end)} (days in UTC); most on "
        f"{date(start + first)} ({most}); days without a post: {silent}."
    )
    plt.close("all")


def test_axes_legend_and_colours():
    posts = [(0, "reply"), (0, "original"), (2, "service"), (2, "share")]
    ax = timeline(describe(corpus_with(posts)).per_day)
    assert ax.get_ylabel() == "posts per day"
    assert legend(ax) == ["original", "retweet", "reply", "other"]
    assert [label.get_text() for label in ax.get_xticklabels()] == [date(d) for d in range(3)]
    assert untitled(ax)
    colours = [group[0].get_facecolor() for group in ax.containers]
    assert len(set(colours)) == 4
    assert colours[0] == pytest.approx(_rgba(PALETTE[0]))
    assert colours[-1] == pytest.approx(_rgba(OTHER))


def _rgba(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] + [1.0]


@pytest.mark.parametrize("n", [1, 6, 7, 40, 365])
def test_few_days_are_written_and_each_below_its_bar(n):
    ax = timeline(describe(corpus_with([(0, "original"), (n - 1, "share")])).per_day)
    written = dict(zip(ax.get_xticks(), [t.get_text() for t in ax.get_xticklabels()], strict=True))
    assert 1 <= len(written) <= 6
    assert written == {place: date(int(place)) for place in written}
    assert ax.get_xlim()[0] < 0
    assert n - 1 < ax.get_xlim()[1] < n


@pytest.mark.parametrize("posts", [[], [(None, "original")]])
def test_without_dated_posts_there_is_nothing_to_draw(posts):
    per_day = describe(corpus_with(posts or [(None, "share")])).per_day
    with pytest.raises(UndefinedError, match="nothing to draw: no post has a time"):
        timeline(per_day)
    assert not plt.get_fignums()


def test_it_draws_where_it_is_told():
    _, (left, right) = plt.subplots(1, 2)
    assert timeline(describe(corpus_with([(3, "quote")])).per_day, ax=left) is left
    assert len(plt.get_fignums()) == 1
    assert left.containers
    assert not right.containers


def test_the_crisis_is_counted_post_by_post():
    per_day = describe(crisis()).per_day
    ax = timeline(per_day)
    with session(crisis()) as opened:
        rows = opened.collect(views.posts(opened)).to_pylist()
    start = min(row["created_ms"] for row in rows if row["seen_as"] == "primary") // DAY_MS
    counted = Counter(
        (row["created_ms"] // DAY_MS - start, SHOWN[row["kind"]])
        for row in rows
        if row["seen_as"] == "primary"
    )
    assert bars(ax) == counted
    assert f"{sum(counted.values()):,} posts from 2031-03-03 to " in ax.get_gid()
    total = np.sum([bar.get_height() for group in ax.containers for bar in group])
    assert total == per_day["posts"].sum()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_crisis_gives_the_same_bytes_and_names_nobody(kind):
    per_day = describe(crisis()).per_day
    ax = timeline(per_day)
    first = rendered(ax, kind)
    assert rendered(timeline(per_day), kind) == first
    assert rendered(timeline(per_day.iloc[1:]), kind) != first
    told = "\n".join(words(ax)).casefold()
    told += first.decode().casefold() if kind == "svg" else ""
    assert "posts per day" in told
    assert not [name for name in crisis_names() if name in told]
