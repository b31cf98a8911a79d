"""The parts sum to the change, and each is what a slow restriction gives."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import divided, graph_of, sides_of
from tests.polarisation.test_report import planted
from workbench.errors import UndefinedError, UsageError
from workbench.model import Partition
from workbench.polarisation import INDICES, decompose

MEASURES = ("ei_index", "modularity", "spectral_segregation", "adaptive_ei_index")


def value(measure, edges, labels, choices):
    """Return the index of the acts of a list, or None."""
    if not edges:
        return None
    graph = graph_of(edges)
    sides = Partition.from_labels(graph, [labels.get(a) for a in graph.accounts], method="given")
    try:
        return INDICES[measure].function(graph, sides, **choices).value
    except UndefinedError:
        return None


@settings(max_examples=60, deadline=None)
@given(
    divided(), divided(), st.sampled_from(MEASURES), st.sampled_from(["largest", "all"]),
    st.integers(0, 4),
)  # fmt: skip
def test_the_parts_are_exact_and_sum_to_the_change(one, two, measure, component, shift):
    (edges, labels), (others, late) = one, two
    # Some accounts of the second window are new, and have a side.
    renamed = {f"n{i}": f"m{i}" for i in range(shift)}
    others = [(renamed.get(a, a), renamed.get(b, b)) for a, b in others]
    every = {renamed.get(a, a): side for a, side in late.items()} | labels
    known = graph_of([(a, a) for a in every])
    choices = {"component": component}
    found = decompose(
        graph_of(edges), graph_of(others), sides_of(known, every), measure=measure, choices=choices
    )
    there = [{a for edge in list_ for a in edge} for list_ in (edges, others)]
    both = there[0] & there[1]
    inner = [[e for e in list_ if set(e) <= both] for list_ in (edges, others)]
    i1, i2, j1, j2 = (value(measure, e, every, choices) for e in (edges, others, *inner))
    assert found.accounts == {
        "first": len(there[0]), "second": len(there[1]), "both": len(both),
    }  # fmt: skip
    for part, end, start in (
        ("total", i2, i1), ("exit", j1, i1), ("behaviour", j2, j1), ("entry", i2, j2),
    ):  # fmt: skip
        got = getattr(found, part)
        if end is None or start is None:
            assert got is None
            assert found.reasons[part]
        else:
            assert got == pytest.approx(end - start, abs=1e-12)
            assert part not in found.reasons
    if found.composition is None:
        assert found.reasons["composition"]
    elif found.behaviour is not None:
        assert found.composition + found.behaviour == pytest.approx(found.total, abs=1e-12)


CALM = [("x1", "x2"), ("x2", "x3"), ("y1", "y2"), ("y2", "y3"), ("x1", "y1")]


def known():
    accounts = [f"{s}{i}" for s in "xy" for i in range(1, 9)]
    graph = graph_of([(a, a) for a in accounts])
    return sides_of(graph, {a: a[0] for a in accounts})


def test_only_behaviour():
    turned = [("x1", "y2"), ("x2", "y3"), ("y1", "x2"), ("x3", "y1"), ("y1", "y3")]
    options = {"measure": "ei_index", "choices": {"component": "all"}}
    found = decompose(graph_of(CALM), graph_of(turned), known(), **options)
    assert found.total == pytest.approx(3 / 5 + 3 / 5)
    assert found.behaviour == found.total
    assert (found.exit, found.entry, found.composition) == (0, 0, 0)


def test_only_who_is_there():
    guests = [("x7", "y1"), ("x7", "y2"), ("y8", "x1")]
    found = decompose(graph_of(CALM), graph_of([*CALM, *guests]), known(), measure="ei_index")
    assert found.total == pytest.approx(0 - (-3 / 5))
    assert found.composition == found.entry == found.total
    assert (found.behaviour, found.exit) == (0, 0)
    back = decompose(graph_of([*CALM, *guests]), graph_of(CALM), known(), measure="ei_index")
    assert back.exit == back.total == -found.total
    assert back.accounts == {"first": 8, "second": 6, "both": 6}


def test_without_common_accounts_only_the_total_is_known():
    others = [("x4", "x5"), ("y4", "y5"), ("x4", "y4"), ("x5", "y4")]
    found = decompose(graph_of(CALM), graph_of(others), known(), measure="ei_index")
    assert found.total == pytest.approx(0 + 3 / 5)
    assert (found.exit, found.behaviour, found.entry, found.composition) == (None,) * 4
    assert found.reasons["exit"].startswith("accounts of both, first window: no edge between")
    assert "accounts of both, second window" in found.reasons["behaviour"]
    assert "total" not in found.reasons
    table = found.to_pandas()
    assert table["part"].tolist() == ["total", "behaviour", "composition", "exit", "entry"]
    assert table["value"].isna().tolist() == [False, True, True, True, True]
    assert table["reason"].notna().tolist() == [False, True, True, True, True]
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["composition"] is None
    assert "<table" in found._repr_html_()


def test_wrong_use_is_explained():
    graph, sides = planted()
    with pytest.raises(UsageError, match="no such measure"):
        decompose(graph, graph, sides, measure="rwc")
    with pytest.raises(UsageError, match="has no such choice"):
        decompose(graph, graph, sides, measure="ei_index", choices={"direction_": "directed"})
