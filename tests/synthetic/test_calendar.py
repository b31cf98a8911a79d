from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.synthetic import Config
from workbench.synthetic.calendar import HOUR_MS, events, quotas


@given(st.integers(1_000, 10_000_000), st.integers(7, 60))
def test_quotas_sum_to_the_posts(posts, days):
    hourly = quotas(Config(days=days), posts)
    assert hourly.sum() == posts
    assert len(hourly) == 24 * days
    assert (hourly >= 0).all()


def test_nights_are_quiet_and_evenings_loud():
    hourly = quotas(Config(), 1_000_000).reshape(-1, 24)
    assert hourly[0].argmin() == 3
    assert hourly[0].argmax() == 19


def test_sundays_are_quieter_than_mondays():
    days = quotas(Config(start="2031-03-03"), 1_000_000).reshape(-1, 24).sum(axis=1)
    assert days[-1] < days[0]  # 2031-03-03 is a Monday, the last day a Sunday


def test_incident_is_sudden_and_conference_announces_itself():
    config = Config()
    incident, conference = events(config)
    hours = config.hours
    before, after = incident.lift(hours)[incident.hour - 1], incident.lift(hours)[incident.hour]
    assert (before, after) == (0.0, 3.0)
    rise = conference.lift(hours)[conference.hour - 8 : conference.hour + 1]
    assert (np.diff(rise) > 0).all()
    for event in (incident, conference):
        since, until = event.window(config)
        at = config.start_ms + event.hour * HOUR_MS
        assert config.start_ms <= since <= at < until <= config.end_ms
