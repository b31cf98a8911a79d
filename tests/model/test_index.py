from __future__ import annotations

import pytest

from workbench.errors import InputError
from workbench.model import IndexValue


def test_denoised_is_observed_minus_null_mean():
    value = IndexValue("ei_index", -0.8, null_mean=-0.3, null_sd=0.1, z=-5.0, runs=20, seed=7)
    assert value.denoised == pytest.approx(-0.5)
    assert value.to_dict()["denoised"] == pytest.approx(-0.5)
    assert IndexValue("ei_index", -0.8).denoised is None


def test_json_has_every_promised_key():
    keys = {"name", "value", "null_mean", "null_sd", "denoised", "z", "p", "low", "high", "choices"}
    assert keys <= set(IndexValue("x", 1.0).to_dict())
    assert "reason" not in IndexValue("x", 1.0).to_dict()
    assert IndexValue("x", None, reason="one side only").to_dict()["reason"] == "one side only"


def test_nan_and_a_missing_value_without_reason_are_refused():
    with pytest.raises(InputError, match="value is not finite"):
        IndexValue("x", float("nan"))
    with pytest.raises(InputError, match="null_sd is not finite"):
        IndexValue("x", 1.0, null_sd=float("inf"))
    with pytest.raises(InputError, match="neither a value nor a reason"):
        IndexValue("x", None)
    with pytest.raises(InputError, match="divided_is"):
        IndexValue("x", 1.0, divided_is="up")
