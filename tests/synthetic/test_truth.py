"""Generator against loader: two programs that know nothing of each other count the same graphs."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.synthetic.raw import summary
from workbench.engine import session, views
from workbench.loaders import load
from workbench.synthetic import Config, make


def counted(corpus) -> dict[str, Counter]:
    """Return how often each pair occurs, by graph, from the collapsed tables of a corpus."""
    with session(corpus) as opened:
        acts = opened.collect(views.interactions(opened)).to_pylist()
        carried = opened.collect(views.attachments(opened)).to_pylist()
    pairs: dict[str, Counter] = {}
    for act in acts:
        names = [{"share": "retweet", "mention": "mention_all"}.get(act["kind"], act["kind"])]
        if act["kind"] == "mention" and act["origin"] == "authored":
            names.append("mention")
        for name in names:
            pairs.setdefault(name, Counter())[act["actor_id"], act["target_id"]] += 1
    tags = pairs["account_hashtag"] = Counter()
    for thing in carried:
        own = thing["origin"] == "authored" and thing["seen_as"] == "primary"
        if thing["kind"] == "hashtag" and own:
            tags[thing["author_id"], "#" + thing["value"]] += 1
    return pairs


@pytest.mark.parametrize(("posts", "seed", "file_posts"), [(5_000, 7, 50_000), (6_000, 3, 900)])
def test_a_loaded_crisis_has_the_graphs_of_its_truth(tmp_path, posts, seed, file_posts):
    config = Config(page_posts=100, file_posts=file_posts)
    manifest = make(tmp_path / "out", posts=posts, seed=seed, config=config)
    files = sorted((tmp_path / "out" / "posts").iterdir())
    for order in (files, files[::-1]):
        corpus = load(order)
        assert corpus.loaded.records_read == manifest.records
        assert corpus.loaded.rejected == 0
        pairs = counted(corpus)
        for kind, expected in manifest.graphs.items():
            assert summary(pairs[kind], bipartite=kind == "account_hashtag") == expected, kind
