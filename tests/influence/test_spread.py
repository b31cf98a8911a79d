"""Simulated cascades: held to the enumeration of every live-edge graph, and to their direction."""

from __future__ import annotations

import importlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.influence.cascades import exact_spread, tiny
from tests.influence.test_measures import higgs
from tests.reference import reference_data
from workbench.errors import InputError, NotFoundError, UndefinedError, UsageError
from workbench.influence import spread
from workbench.influence.flow import MODELS
from workbench.model import InteractionGraph

MODEL = pytest.mark.parametrize("model", MODELS)


def chain():
    """Return a graph in which `source` is amplified by all, one after another."""
    return InteractionGraph.from_edges(["b", "c", "d"], ["a", "b", "c"])


def close(found, exact, runs):
    """Whether a mean of `runs` is within five of its standard errors; small runs may not vary."""
    return abs(found.mean - exact) <= 5 * found.standard_error + 12 / runs


@MODEL
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_mean_is_that_of_every_live_edge_graph(model, data):
    graph = data.draw(tiny())
    factor = data.draw(st.sampled_from([0.0, 0.3, 0.8, 1.0]))
    seeds = data.draw(st.lists(st.integers(0, graph.nodes - 1), min_size=1, unique=True))
    names = graph.accounts[seeds].tolist()
    exact = exact_spread(graph, seeds, model, factor=factor)
    found = spread(graph, names, model=model, factor=factor, runs=2_000, seed=1)
    assert close(found, exact, 2_000)
    assert len(seeds) <= found.reached.min() <= found.reached.max() <= graph.nodes


@settings(max_examples=15, deadline=None)
@given(graph=tiny(), p=st.sampled_from([0.0, 0.2, 0.7, 1.0]))
def test_a_constant_probability_ignores_weights(graph, p):
    exact = exact_spread(graph, [0], "independent_cascade", probability=p)
    found = spread(graph, [graph.accounts[0]], probability=p, runs=2_000, seed=2)
    assert close(found, exact, 2_000)


@MODEL
def test_information_flows_from_author_to_amplifier(model):
    assert spread(chain(), ["a"], model=model, runs=10, seed=1).reached.tolist() == [4] * 10
    assert spread(chain(), ["d"], model=model, runs=10, seed=1).reached.tolist() == [1] * 10


def test_the_amplifiers_acts_divide_not_the_authors():
    graph = InteractionGraph.from_edges(["u", "u", "x"], ["v", "w", "v"], [1, 3, 9])
    found = spread(graph, ["v"], runs=10_000, seed=3)
    assert close(found, 1 + 1 / 4 + 1, 10_000)
    assert found.choices == {"direction": "author to amplifier", "factor": 1.0}


@MODEL
def test_self_loops_are_left_out_before_dividing(model):
    graph = InteractionGraph.from_edges(["b", "b"], ["a", "b"], [1, 99])
    assert spread(graph, ["a"], model=model, runs=5, seed=1).mean == 2


def test_thresholds_add_up():
    graph = InteractionGraph.from_edges(["c", "c"], ["a", "b"], [1, 1])
    assert spread(graph, ["a", "b"], model="linear_threshold", runs=50, seed=1).mean == 3
    independent = spread(graph, ["a", "b"], runs=10_000, seed=1)
    assert close(independent, 2.75, 10_000)


@MODEL
def test_same_seed_same_bytes_and_weights_of_every_type(model):
    edges = [("b", "a"), ("c", "a"), ("c", "b"), ("d", "c")]
    runs = [
        spread(
            InteractionGraph.from_edges(*zip(*edges, strict=True), weights),
            ["a"],
            model=model,
            factor=0.6,
            runs=300,
            seed=5,
        )
        for weights in ([3, 1, 2, 5], np.array([3, 1, 2, 5], np.int32), [3.0, 1.0, 2.0, 5.0])
    ]
    assert {run.reached.tobytes() for run in runs} == {runs[0].reached.tobytes()}
    drawn = spread(chain(), ["a"], factor=0.5, runs=50)
    again = spread(chain(), ["a"], factor=0.5, runs=50, seed=drawn.seed)
    assert drawn.to_dict() == again.to_dict()
    assert (
        drawn.reached.tobytes()
        != spread(chain(), ["a"], factor=0.5, runs=50, seed=drawn.seed ^ 1).reached.tobytes()
    )


def test_batches_do_not_mix_simulations(monkeypatch):
    module = importlib.import_module("workbench.influence.spread")
    monkeypatch.setattr(module, "_CELLS", 12)
    monkeypatch.setattr("workbench.influence.flow._TRIED", 2)
    graph = InteractionGraph.from_edges(["b", "c", "d", "d"], ["a", "a", "b", "c"])
    for model in MODELS:
        found = spread(graph, ["a"], model=model, factor=0.5, runs=1_001, seed=1)
        assert len(found.reached) == 1_001
        assert close(found, exact_spread(graph, [0], model, factor=0.5), 1_001)


def test_what_the_result_says():
    found = spread(chain(), ["a"], probability=0.5, runs=100, seed=9)
    assert found.to_pandas()["reached"].mean() == found.mean
    assert found.share == found.mean / 4
    assert found.standard_error == pytest.approx(found.reached.std(ddof=1) / 10)
    told = found.to_dict()
    assert json.loads(json.dumps(told)) == told
    assert told["graph"]["fingerprint"] == chain().fingerprint
    assert told["choices"]["probability"] == 0.5
    assert "of 4 accounts from 1 seeds, 100 runs" in repr(found)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"model": "sir"}, UsageError, "no such diffusion model: sir; allowed: independent"),
        ({"factor": 1.01}, UsageError, r"factor is out of range: 1\.01"),
        ({"factor": float("nan")}, UsageError, "factor is out of range"),
        ({"probability": -0.1}, UsageError, "probability is out of range"),
        ({"probability": 0.5, "factor": 0.5}, UsageError, "exclude each other"),
        ({"runs": 1}, UsageError, "a standard error needs runs: 1"),
    ],
)
def test_options_are_checked(options, error, said):
    with pytest.raises(error, match=said):
        spread(chain(), ["a"], **options)


def test_bad_seeds_and_graphs():
    with pytest.raises(UsageError, match="list of accounts"):
        spread(chain(), [])
    with pytest.raises(UsageError, match="list of accounts"):
        spread(chain(), "a")
    with pytest.raises(UsageError, match="named twice: a"):
        spread(chain(), ["a", "b", "a"])
    with pytest.raises(NotFoundError, match="no such account"):
        spread(chain(), ["z"])
    with pytest.raises(UndefinedError, match="no accounts"):
        spread(InteractionGraph.from_edges([], []), ["a"])
    with pytest.raises(UndefinedError, match="every edge is a self-loop"):
        spread(InteractionGraph.from_edges(["a"], ["a"]), ["a"])
    with pytest.raises(UndefinedError, match="also holds what they used"):
        spread(
            InteractionGraph.from_edges(
                ["a"], ["t"], kind="account_hashtag", parts=np.array([0, 1], np.int8)
            ),
            ["a"],
        )
    for weight in (-1.0, float("nan")):
        with pytest.raises(InputError, match="finite and > 0"):
            InteractionGraph.from_edges(["a"], ["b"], [weight])


def test_constant_probabilities_of_a_threshold_add_up_to_one_at_most():
    graph = InteractionGraph.from_edges(["u", "u", "u"], ["a", "b", "c"])
    with pytest.raises(UsageError, match=r"at most 1.*0\.4 on 3 arcs.*0\.333333 in this graph"):
        spread(graph, ["a"], model="linear_threshold", probability=0.4)
    assert spread(graph, ["a"], model="linear_threshold", probability=1 / 3, runs=9).mean >= 1


@pytest.mark.reference
def test_higgs_spread_of_the_reference_seeds():
    values = json.loads(reference_data("diffusion/reference_values.json").read_text())
    expected = values["higgs"]["ris_ic_p_half_w_over_in_w"]
    mean, error = expected["independent_mc_spread_mean_se"]
    seeds = [str(account) for account in expected["top10_seeds"]]
    found = spread(higgs(), seeds, factor=0.5, runs=100, seed=1)
    assert abs(found.mean - mean) <= 3 * np.hypot(error, found.standard_error)
