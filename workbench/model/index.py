"""An index value: one number about a graph, with what it takes to read it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["IndexValue"]


@dataclass(frozen=True)
class IndexValue:
    """One index of one graph, beside its null model and its uncertainty.

    Attributes
    ----------
    name
        The measure.
    value
        The observed value; None when it is undefined, and then ``reason`` says why.
    null_mean, null_sd
        Mean and standard deviation over the null samples; None without a null.
    z
        (value − null_mean) / null_sd, with the raw sign; None when the sd is 0 or unknown.
    p
        (1 + #{null at least as divided}) / (runs + 1), one-sided towards divided; None below 199
        runs.
    low, high
        95 % interval of the raw value; None when none was asked for.
    runs, seed
        Null samples and the seed that made them.
    divided_is
        ``"high"`` or ``"low"``: which end of the scale is the divided one.
    choices
        Every choice that changed the number.
    """

    name: str
    value: float | None
    null_mean: float | None = None
    null_sd: float | None = None
    z: float | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None
    runs: int = 0
    seed: int | None = None
    divided_is: str = "high"
    choices: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    graph_fingerprint: str = ""

    def __post_init__(self) -> None:
        """Refuse NaN, and a missing value without its reason."""
        if self.divided_is not in {"high", "low"}:
            raise InputError("divided_is", value=self.divided_is, allowed="high, low")
        for name in ("value", "null_mean", "null_sd", "z", "p", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise InputError(f"{self.name}.{name} is not finite", value=number)
        if self.value is None and not self.reason:
            raise InputError(f"{self.name} has neither a value nor a reason")

    @property
    def denoised(self) -> float | None:
        """Observed minus null mean; None without a null."""
        if self.value is None or self.null_mean is None:
            return None
        return self.value - self.null_mean

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of this index; unknown is None."""
        entry = {
            "name": self.name,
            "value": self.value,
            "null_mean": self.null_mean,
            "null_sd": self.null_sd,
            "denoised": self.denoised,
            "z": self.z,
            "p": self.p,
            "low": self.low,
            "high": self.high,
            "runs": self.runs,
            "seed": self.seed,
            "divided_is": self.divided_is,
            "choices": dict(self.choices),
        }
        if self.reason:
            entry["reason"] = self.reason
        return entry
