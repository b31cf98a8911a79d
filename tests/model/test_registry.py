"""Registries list measures and change nothing."""

from __future__ import annotations

import pytest

from workbench.model.registry import Registry


def test_a_measure_is_listed_and_stays_a_function():
    registry = Registry()

    @registry(reference="Someone (2031). doi:10.1/x", bounds=(0.0, 1.0), divided_is="low")
    def measure(graph: str) -> str:
        """Return the graph.

        More.
        """
        return graph

    assert measure("g") == "g"
    listed = registry["measure"]
    assert listed.function is measure
    assert listed.meaning == "Return the graph."
    assert (listed.bounds, listed.divided_is, listed.stochastic) == ((0.0, 1.0), "low", False)
    with pytest.raises(AssertionError, match="measure is registered twice"):
        registry(reference="again")(measure)
