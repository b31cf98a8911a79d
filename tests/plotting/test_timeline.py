"""The timeline against a plain count of the posts, and what it says about itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import corpus_of, crisis, crisis_names
from tests.plotting.figures import legend, rendered, untitled, words
from workbench.engine import session, views
from workbench.errors import InputError, UndefinedError
from workbench.graphs import describe
from workbench.plotting import alt_of, data_of, timeline
from workbench.plotting.style import OTHER, PALETTE
from workbench.plotting.timeline import bursts

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
    spans = [(band.get_x(), band.get_x() + band.get_width()) for band in bands]
    assert all(end < start for (_, end), (start, _) in pairwise(spans)), "a band a run of gaps"
    return [day for start, end in spans for day in range(round(start + 0.5), round(end + 0.5))]


def told(day):
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day):%-d\u00a0%B %Y}"


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
        for bar in group:
            place = round(bar.get_x() + bar.get_width() / 2)
            assert bar.get_y() + bar.get_height() <= tops[place]
    most = max(tops.values())
    first = min(day for day, n in tops.items() if n == most)
    silent = end - start + 1 - len(busy)
    assert ax.get_gid().startswith(
        f"{len(dated)} post{'' if len(dated) == 1 else 's'} from {told(start)} to {told(end)} "
        f"(days in UTC); most on {told(start + first)} ({most}); days without a post: {silent}."
    )
    plt.close("all")


def test_axes_legend_and_colours():
    posts = [(0, "reply"), (0, "original"), (2, "service"), (2, "share")]
    ax = timeline(describe(corpus_with(posts)).per_day)
    assert ax.get_ylabel() == "posts per day"
    assert "4 posts over 3 days, the highest bar" in alt_of(ax)
    assert legend(ax) == ["original", "retweet", "reply", "other", "no post"]
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


def test_a_stray_day_long_before_makes_no_patch_a_day():
    ax = timeline(pd.DataFrame({"day": ["2011-01-01", "2031-01-01"], "posts": [1, 3],
                                "share": [0, 0]}))  # fmt: skip
    assert len(ax.patches) == 3
    (first, last), left = ax.containers[0], ax.get_window_extent().x0
    assert first.get_window_extent().width > 0.4, "seen"
    assert abs(first.get_window_extent().x0 - left) < 2
    assert last.get_height() == 3
    assert legend(ax) == ["other", "no post"]


@pytest.mark.parametrize("counts", [(1, 3), (float("nan"), 0), (-1, 0)])
def test_what_is_no_count_of_posts_and_their_kinds_is_refused(counts):
    table = pd.DataFrame({"day": ["2031-01-01"], "posts": counts[:1], "share": counts[1:]})
    with pytest.raises(InputError, match=r"posts of a day are no number ≥ 0, or fewer than those"):
        timeline(table)


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
    assert f"{sum(counted.values()):,} posts from 3\u00a0March 2031 to " in ax.get_gid()
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


def slow_bursts(counts):
    """Return the runs above the median plus five robust sds, period by period."""
    if len(counts) < 8 or not (middle := median(counts)):
        return []
    spread = max(1.4826 * median(abs(n - middle) for n in counts), middle**0.5)
    runs, inside = [], False
    for place, n in enumerate([*counts, 0]):
        if n > middle + 5 * spread and not inside:
            start, inside = place, True
        elif n <= middle + 5 * spread and inside:
            runs.append((start, place))
            inside = False
    return runs


@given(st.lists(st.one_of(st.integers(0, 30), st.integers(0, 900)), max_size=40))
def test_bursts_are_those_of_the_slow_count(counts):
    found, limit = bursts(np.array(counts, dtype=float))
    assert found == slow_bursts(counts)
    assert all(max(counts[start:end]) > limit for start, end in found)
    assert found or not [n for n in counts if n > limit]


def table(counts, period="day"):
    start, step = datetime(2031, 3, 3, tzinfo=UTC), timedelta(**{f"{period}s": 1})
    text = "%Y-%m-%d" if period == "day" else "%Y-%m-%dT%H:%M"
    rows = [(f"{start + i * step:{text}}", n, n) for i, n in enumerate(counts)]
    return pd.DataFrame(rows, columns=[period, "posts", "original"])


@pytest.mark.parametrize("period", ["day", "hour"])
def test_gaps_that_the_table_leaves_out_and_bursts_are_shown(period):
    counts = [10, 11, 9, 10, 90, 80, 9, 10, 10, 12, 11, 50, 10]
    posts = table(counts, period).drop(index=[2, 7, 8])
    ax = timeline(posts)
    assert shaded(ax) == [2, 7, 8]
    (mark,) = [line for line in ax.lines if line.get_marker() == "v"]
    assert mark.get_xdata().tolist() == [4, 11]
    assert sorted(text.get_text() for text in ax.texts) == ["×5", "×9"]
    assert ax.get_ylabel() == f"posts per {period}"
    assert "Bursts, marked with" in ax.get_gid()
    assert f"{period}s without a post: 3." in ax.get_gid()
    data = data_of(ax)
    assert data["posts"].tolist() == [n if i not in {2, 7, 8} else 0 for i, n in enumerate(counts)]
    assert np.flatnonzero(data["burst"]).tolist() == [4, 5, 11]
    assert data[f"{period}_utc"].tolist() == table(counts, period)[period].tolist()


def test_a_table_that_is_no_timeline_is_refused():
    posts = table([1, 2, 3])
    with pytest.raises(InputError, match=r"needs day or hour, and posts: .*original"):
        timeline(posts.drop(columns="day"))
    with pytest.raises(InputError, match="each day must be there once: 2031-03-03"):
        timeline(pd.concat([posts, posts]))
    with pytest.raises(InputError, match="a day cannot be read"):
        timeline(posts.assign(day="soon"))
    late = ["2031-03-03", "2031-03-04T05:00", "2031-03-06"]
    with pytest.raises(InputError, match="a day starts in the middle of one"):
        timeline(posts.assign(day=late))
