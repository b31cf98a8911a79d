"""Roles: the bounds of Guimerà and Amaral, and the vote over partitions."""

from __future__ import annotations

import pytest

from tests.influence.test_participation import karate, split
from workbench.errors import UsageError
from workbench.influence import ROLES, participation, roles, within_module_z
from workbench.influence.roles import _role
from workbench.model import InteractionGraph
from workbench.model.partition import Partition


@pytest.mark.parametrize(
    ("z", "spread", "role"),
    [
        (0.0, 0.0, "ultra-peripheral"), (0.0, 0.05, "ultra-peripheral"), (0.0, 0.06, "peripheral"),
        (2.4, 0.62, "peripheral"), (2.4, 0.63, "connector"), (0.0, 0.80, "connector"),
        (-3.0, 0.81, "kinless"), (2.5, 0.0, "provincial hub"), (9.0, 0.30, "provincial hub"),
        (9.0, 0.31, "connector hub"), (2.5, 0.75, "connector hub"), (2.5, 0.76, "kinless hub"),
    ],
)  # fmt: skip
def test_bounds(z, spread, role):
    import numpy as np

    assert ROLES[int(_role(np.array([z]), np.array([spread]))[0])] == role


def test_karate_has_two_hubs_at_home():
    graph, clubs = karate()
    told = roles(graph, clubs, direction="both", weights="unweighted")
    rows = told.to_pandas().set_index("account")
    assert set(rows.index[rows["role"] == "provincial hub"]) == {"0", "33"}
    assert told.counts["connector"] == told.counts["kinless"] == 0
    assert sum(told.counts.values()) + told.choices["without"] == graph.nodes
    for column, measure in (("participation", participation), ("within_module_z", within_module_z)):
        scores = measure(graph, clubs, direction="both", weights="unweighted")
        assert rows[column].tolist() == pytest.approx(scores.values.tolist())
    assert set(told.to_dict()) == {"counts", "choices", "accounts"}
    assert "<table" in told._repr_html_()


def test_of_several_partitions_the_most_frequent_role_is_given():
    graph, clubs = karate()
    options = {"direction": "both", "weights": "unweighted"}
    mixed = split(graph, (0, 1))
    votes = [roles(graph, one, **options).rows.set_index("account") for one in (clubs, mixed)]
    told = roles(graph, [clubs, clubs, mixed], **options).rows.set_index("account")
    changed = votes[0]["role"] != votes[1]["role"].reindex(votes[0].index)
    assert changed.any()
    assert (told["role"] == votes[0]["role"]).all()
    assert told["agreement"].tolist() == pytest.approx([2 / 3 if c else 1.0 for c in changed])


def test_who_has_no_role():
    graph = InteractionGraph.from_edges(["a", "b", "c"], ["x", "x", "y"])
    told = roles(graph, Partition.from_labels(graph, ["1"] * 5, method="given"))
    assert told.rows["account"].tolist() == ["x", "y"]
    assert told.choices["without"] == 3
    with pytest.raises(UsageError, match="a role needs sides"):
        roles(graph, None)
