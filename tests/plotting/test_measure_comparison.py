"""A cell a pair of measures, as the agreement says it."""

from __future__ import annotations

import pytest

from tests.influence.test_ranking import audience
from tests.plotting.figures import rendered, untitled
from workbench.errors import UsageError
from workbench.influence import agreement, core_number, in_strength, unique_amplifiers
from workbench.plotting import measure_comparison


def test_cells_axes_and_caption():
    graph = audience(5, 3, 2)
    found = agreement([measure(graph) for measure in (in_strength, unique_amplifiers, core_number)],
                      at=(2,))  # fmt: skip
    ax = measure_comparison(found, k=2)
    table = found.matrix(2)
    cells = {text.get_position()[::-1]: text.get_text() for text in ax.texts}
    assert cells == {
        (0, 0): f"{table.iloc[1, 0]:.2f}",
        (1, 0): f"{table.iloc[2, 0]:.2f}",
        (1, 1): f"{table.iloc[2, 1]:.2f}",
    }
    assert cells[0, 0] == "1.00"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["in-strength", "unique amplifiers"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["unique amplifiers", "core number"]
    assert ax.get_xlabel() == "share of the top 2 in common"
    assert ax.get_gid().startswith("Share of the top 2 in common, between 3 measures: from ")
    assert untitled(ax)
    assert rendered(ax) == rendered(measure_comparison(found, k=2))
    whole = measure_comparison(found)
    assert whole.get_xlabel() == "rank-biased overlap, p = 0.9"
    with pytest.raises(UsageError, match="not looked at"):
        measure_comparison(found, k=3)
