"""Registries: the one list of measures, from which docs, command line and contract tests come.

A registry does not dispatch: users call ``polarisation.ei_index(graph, sides)``. It says what is
true of every measure, so that a test can hold each one to it without new code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Measure", "Registry"]

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Measure:
    """What is true of one measure.

    Attributes
    ----------
    name, function
        Its promised name and the function that computes it.
    reference
        Who defined it, with DOI where there is one.
    bounds
        Smallest and largest value; None where there is none.
    divided_is
        For indices, which end of the scale is the divided one: ``high`` or ``low``.
    choices
        Names of the choices it has, beside ``direction``, ``weights`` and ``component``.
    sides
        Number of sides it needs; None means two or more.
    weighted
        Whether weights can change its value.
    stochastic
        Whether it takes a seed.
    kernel
        The same measure on prepared arrays, for null models and batches.
    needs
        What it takes beside the graph, as its second argument: ``""`` nothing, ``"sides"`` a
        partition of the graph (or several), ``"posts"`` the corpus the graph was built from.
    ranks
        For influence measures, who is on top: ``amplified`` (whom others act upon), ``amplifiers``
        (who act), or ``both``: turning every edge changes no value.
    """

    name: str
    function: Callable[..., Any]
    reference: str
    bounds: tuple[float | None, float | None] = (None, None)
    divided_is: str = "high"
    choices: tuple[str, ...] = ()
    sides: int | None = None
    weighted: bool = True
    stochastic: bool = False
    kernel: Callable[..., Any] | None = None
    needs: str = ""
    ranks: str | None = None

    @property
    def meaning(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]


class Registry(dict[str, Measure]):
    """Measures of one family by name, in the order in which they were written."""

    def __call__(self, *, reference: str, **facts: Any) -> Callable[[Function], Function]:
        """Return a decorator that lists a function and gives it back unchanged."""

        def register(function: Function) -> Function:
            name = function.__name__
            if name in self:
                message = f"{name} is registered twice"
                raise AssertionError(message)
            self[name] = Measure(name, function, reference, **facts)
            return function

        return register
