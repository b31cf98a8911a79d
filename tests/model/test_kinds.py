from __future__ import annotations

import pytest

from workbench.errors import UsageError
from workbench.model.kinds import GRAPHS, KINDS, graph_kind


@pytest.mark.parametrize("name", ["share", "repost", "boost", "Retweet", " forward "])
def test_names_users_know_mean_retweet(name):
    assert graph_kind(name).name == "retweet"


def test_every_interaction_kind_has_its_graph_and_direction():
    bases = {kind.base for kind in GRAPHS.values() if kind.family == "interaction"}
    assert bases == set(KINDS)
    assert all(
        kind.directed == (kind.family in {"interaction", "bipartite"}) for kind in GRAPHS.values()
    )
    assert "retweets" in graph_kind("retweet").meaning
    assert "posts both used" in graph_kind("co_share").meaning
    assert "hashtag" in graph_kind("account_hashtag").meaning
    assert "posts that carry both" in graph_kind("hashtag_network").meaning


def test_an_unknown_name_is_refused_with_the_list():
    with pytest.raises(UsageError, match="follows; allowed: retweet, quote"):
        graph_kind("follows")
