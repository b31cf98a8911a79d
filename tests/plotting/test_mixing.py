"""The cells say the shares of acts, and what cannot be a table is refused."""

from __future__ import annotations

import pytest

from tests.plotting.figures import rendered, untitled
from workbench.errors import InputError, UndefinedError
from workbench.plotting import in_language, mixing_matrix

ACTS = [[50, 5], [15, 30]]


def test_cells_axes_and_caption():
    ax = mixing_matrix(ACTS, ["left", "right"])
    cells = {text.get_position()[::-1]: text.get_text() for text in ax.texts}
    assert cells == {(0, 0): "50.0%", (0, 1): "5.0%", (1, 0): "15.0%", (1, 1): "30.0%"}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("side acted upon", "side that acts")
    assert untitled(ax)
    assert ax.get_gid().startswith("Share of 100 acts between 2 sides")
    assert "80.0% stay within" in ax.get_gid()
    assert rendered(ax) == rendered(mixing_matrix(ACTS, ["left", "right"]))


def test_communities_are_called_so():
    ax = mixing_matrix(ACTS, ["0", "other"], of="community")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("community acted upon", "community that acts")
    assert "between 2 communities" in ax.get_gid()
    assert ax.get_gid().endswith("stay within a community.")


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(UndefinedError, match="no act between sides"):
        mixing_matrix([[0, 0], [0, 0]], ["a", "b"])
    with pytest.raises(InputError, match="K x K"):
        mixing_matrix([[1, 2]], ["a", "b"])
    with pytest.raises(InputError, match="K x K"):
        mixing_matrix([[1, -2], [0, 1]], ["a", "b"])


@pytest.mark.parametrize(("of", "word"), [("side", "camp"), ("community", "communauté")])
def test_french_reads_well_of_camps_and_of_communities(of, word):
    with in_language("fr"):
        ax = mixing_matrix([[3, 1], [1, 3]], ["A", "B"], of=of)
    assert ax.get_xlabel() == f"{word} qui reçoit"
    assert ax.get_ylabel() == f"{word} qui agit"
    assert f"75,0\u00a0% restent dans leur {word}." in ax.get_gid()
