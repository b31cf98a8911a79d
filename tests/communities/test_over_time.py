"""Windows of a corpus: what moves beyond the noise of seeds and of which acts were seen."""

from __future__ import annotations

import numpy as np
import pytest

from tests.communities.planted import cliques
from tests.corpora import crisis
from tests.plotting.figures import isolates
from workbench.communities import louvain, modularity, over_time
from workbench.errors import InputError, UsageError
from workbench.model import InteractionGraph
from workbench.rng import spawn


def sampled(groups, *, seed, acts=700, inside=0.9):
    """Return acts drawn among planted groups: the same truth, other samples."""
    rng = np.random.default_rng(seed)
    of = np.concatenate([[i] * len(group) for i, group in enumerate(groups)])
    people = np.concatenate(groups)
    source = rng.integers(len(people), size=acts)
    target = rng.integers(len(people), size=acts)
    near = rng.random(acts) < inside
    for i in np.flatnonzero(near):
        target[i] = rng.choice(np.flatnonzero(of == of[source[i]]))
    keep = source != target
    ids = [f"x:{a}" for a in people]
    return InteractionGraph.from_edges(
        [ids[i] for i in source[keep]], [ids[i] for i in target[keep]]
    )


GROUPS = [list(range(i, i + 25)) for i in (0, 100, 200, 300)]


def test_clear_communities_go_on_without_noise():
    graphs = {str(i): cliques(GROUPS, seed=i) for i in range(3)}
    found = over_time(graphs, runs=2, noise=2, seed=3)
    assert set(found.events["event"]) == {"continue"}
    steps = found.steps
    assert steps["moved"].tolist() == steps["noise_moved"].tolist() == [0, 0]
    assert steps["noise_runs"].tolist() == [4, 4]
    assert steps["dealt_runs"].tolist() == [2, 2]
    assert steps["dealt_moved"].tolist() == [0, 0]
    assert steps["noise_share"].isna().all(), "nothing moved"
    assert (found.choices["method"], found.choices["runs"], found.seed) == ("leiden", 2, 3)


def test_a_real_merge_stands_out_from_both_floors():
    before = sampled(GROUPS, seed=1)
    after = sampled([GROUPS[0] + GROUPS[1], *GROUPS[2:]], seed=2)
    found = over_time({"a": before, "b": after}, runs=3, noise=3, least=8, seed=5)
    (merge,) = found.events.query("event == 'merge'").itertuples()
    assert set(merge.sources) <= {0, 1, 2, 3}
    assert len(merge.sources) == 2
    step = found.steps.iloc[0]
    assert step["moved"] > 0.2
    assert step["noise_moved"] < step["moved"] / 3


def test_thin_samples_of_one_truth_are_not_told_apart_from_dealt_acts():
    graphs = {str(i): sampled(GROUPS, seed=i, acts=130, inside=0.8) for i in range(2)}
    step = over_time(graphs, runs=2, noise=6, seed=5).steps.iloc[0]
    assert step["moved"] > 0.3, "which acts were seen decides who is with whom"
    assert step["noise_moved"] < step["moved"], "seeds alone would sell it as a change"
    assert step["dealt_share"] > 0.75
    assert step["dealt_ami"] == pytest.approx(step["ami"], abs=0.25)


def test_same_seed_same_bytes_and_windows_of_a_corpus():
    cut = {"every": "11d", "until": "2031-03-25"}
    first, second = (over_time(crisis(), runs=1, noise=1, seed=7, **cut) for _ in range(2))
    assert str(first.to_dict()) == str(second.to_dict())
    assert first.windows == ["2031-03-03", "2031-03-14"]
    assert first.choices["noise"] == 1


def test_silent_windows_and_what_has_no_floor():
    graphs = {
        "1": cliques(GROUPS), "2": isolates(0), "3": isolates(4), "4": cliques(GROUPS, seed=2),
    }  # fmt: skip
    found = over_time(graphs, runs=1, noise=0, seed=1)
    assert found.silent == ("2", "3")
    assert found.windows == ["1", "4"]
    step = found.steps.iloc[0]
    assert (step["noise_runs"], step["dealt_runs"]) == (0, 0)
    assert step[["noise_moved", "dealt_moved"]].isna().all()
    half = {
        name: InteractionGraph.from_edges(["x:1", "x:2", "x:3"], ["x:2", "x:3", "x:1"], [0.5] * 3)
        for name in "ab"
    }
    step = over_time(half, runs=1, noise=2, least=1, seed=1).steps.iloc[0]
    assert (step["noise_runs"], step["dealt_runs"]) == (4, 0), "halves of acts cannot be dealt"


def test_dealing_keeps_the_acts():
    from workbench.communities.over_time import _dealt, _pooled

    first, second = (sampled(GROUPS, seed=i, acts=n) for i, n in ((1, 300), (2, 90)))
    pool = _pooled(first, second)
    assert pool.total_weight == first.total_weight + second.total_weight
    one, other = _dealt(pool, int(first.weight.sum()), np.random.default_rng(1))
    assert (one.total_weight, other.total_weight) == (first.total_weight, second.total_weight)
    assert {one.kind, other.kind} == {"retweet"}
    for graph in (one, other):
        used = np.diff(graph.indptr) > 0
        used[graph.indices] = True
        assert used.all(), "no account without an act"


def test_bad_requests():
    graphs = {"1": cliques(GROUPS), "2": cliques(GROUPS, seed=1)}
    for wrong, message in (
        ({"method": "magic"}, "no such method: magic"),
        ({"runs": 0}, "the numbers of runs are too small"),
        ({"noise": -1}, "the numbers of runs are too small"),
        ({"every": "7d"}, "these graphs are cut already"),
        ({"rule": "magic"}, "no such rule of matching"),
        ({"parameters": {"resolution": 0}}, "resolution"),
    ):
        with pytest.raises(UsageError, match=message):
            over_time(graphs, **wrong)
    with pytest.raises(InputError, match="0 of 0 windows"):
        over_time({"1": isolates(0), "2": isolates(3)})
    with pytest.raises(InputError, match="1 of 1 windows"):
        over_time({"1": cliques(GROUPS)})


def test_the_communities_of_a_window_are_best_at_their_resolution():
    graphs = {str(i): sampled(GROUPS, seed=i, inside=0.6) for i in range(2)}
    asked = {"resolution": 4.0}
    for seed in range(4):
        found = over_time(
            graphs, method="louvain", parameters=asked, runs=6, noise=0, least=1, seed=seed
        )
        for name, graph in graphs.items():
            runs = [louvain(graph, **asked, seed=spawn(seed, name, i)) for i in range(6)]
            reached = max(modularity(graph, run, **asked) for run in runs)
            assert modularity(graph, found.partitions[name], **asked) == reached
