"""The sentences of the demo's page hedge as far as the numbers do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workbench.studies.demo_page import _share_across, _span, _stability


@pytest.mark.parametrize(
    ("agreement", "sentence"),
    [
        (1.0, "Five seeds find the same camps (agreement 1.00 of 1)."),
        (0.8, "Five seeds find the same camps (agreement 0.80 of 1)."),
        (0.54, "Five seeds agree on the camps to 0.54 of 1 only"),
    ],
)
def test_camps_that_hang_on_the_seed_are_called_so(agreement, sentence):
    text = _stability(SimpleNamespace(parameters={"agreement": agreement}))
    assert text.startswith(sentence)
    assert ("depends on the seed" in text) == (agreement < 0.8)


def test_ranks_in_words():
    assert _span(1, 1) == "1"
    assert _span(2, 5) == "2 to 5"


@pytest.mark.parametrize(("value", "share"), [(-1.0, 0.0), (0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_the_share_that_crosses_comes_from_the_index(value, share):
    assert _share_across({"ei_index": SimpleNamespace(value=value)}) == share
