"""An index value: one number about a graph, with what it takes to read it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.language import decimal
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["IndexValue"]


@dataclass(frozen=True, repr=False)
class IndexValue(Tabular):
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

    def _words(self) -> str:
        if self.value is None:
            return f"{self.name}: undefined, {self.reason}"
        null = (
            ""
            if self.null_mean is None
            else f", null {self.null_mean:.4g} ± {self.null_sd or 0:.4g} ({self.runs:,} runs)"
        )
        bounds = (
            ""
            if self.low is None or self.high is None
            else f", 95 % interval {self.low:.4g} to {self.high:.4g}"
        )
        tested = "" if self.p is None else f", p {self.p:.4g}"
        return f"{self.name}: {self.value:.4g}{null}{tested}{bounds}; {self.divided_is} = divided"

    def _shown(self) -> dict[str, str]:
        names = ("value", "null_mean", "null_sd", "denoised", "z", "p", "low", "high")
        numbers = {name.replace("_", " "): getattr(self, name) for name in names}
        facts = {
            name: decimal(number, "en", digits=4)
            for name, number in numbers.items()
            if number is not None
        }
        if self.runs:
            facts["null samples"] = f"{self.runs:,}"
        if self.seed is not None:
            facts["seed"] = str(self.seed)
        if self.reason:
            facts["reason"] = self.reason
        return facts | {name: str(value) for name, value in self.choices.items()}

    def _caption(self) -> str:
        return (
            f"{self.name.replace('_', ' ')}: {self.divided_is} means divided. The value stands "
            "beside graphs of the same degrees (null); low to high is its 95 % interval."
        )
