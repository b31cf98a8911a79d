from __future__ import annotations

import pytest

from tests.synthetic.raw import read
from workbench.synthetic import Config, make


@pytest.mark.parametrize("seed", range(3))
def test_everything_planted_is_there_even_in_the_smallest_crisis(tmp_path, seed):
    make(tmp_path / "out", posts=1_000, seed=seed)
    truth = read(tmp_path / "out").truth
    assert {row["tactic"] for row in truth["campaign"]} == {
        "fast_links",
        "copied_text",
        "retweet_ring",
        "slow_links",
    }
    assert len(truth["pile_on"]) == 19
    assert {row["veracity"] for row in truth["cascades"]} == {"rumour", "correction"}
    assert len(truth["aliases"]) == 2


def test_nothing_is_planted_without_a_share(tmp_path):
    config = Config(cascade_share=0.0)
    make(tmp_path / "out", posts=1_000, seed=1, config=config)
    assert read(tmp_path / "out").truth["cascades"] == []
