from __future__ import annotations

import pytest

from workbench.errors import UsageError
from workbench.synthetic import Config


def test_defaults_describe_three_weeks_in_the_future():
    config = Config()
    assert config.end_ms - config.start_ms == 21 * 86_400_000
    assert config.hours == 504
    assert config.start_ms < config.middle_ms < config.end_ms
    assert config.to_dict()["cross_retweet"] == 0.06


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cross_retweet", -0.1),
        ("neutral_share", 1.5),
        ("days", 6),
        ("page_posts", 501),
        ("file_posts", 10),
        ("compression", 0),
    ],
)
def test_refuses_what_no_crisis_is_made_of(name, value):
    with pytest.raises(UsageError, match=rf"no crisis .*{name}={value}"):
        Config(**{name: value})


def test_names_all_faults_at_once():
    with pytest.raises(UsageError, match=r"french=2.*days=1.*"):
        Config(french=2, days=1)
    with pytest.raises(UsageError, match="planted shares exceed half"):
        Config(campaign_share=0.3, cascade_share=0.3)
