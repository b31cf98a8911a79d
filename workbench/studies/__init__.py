"""Studies: from a configuration to claims, figures, tables and a report."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.studies.running import StudyRun, run_study
    from workbench.studies.words import summary

__all__ = ["StudyRun", "run_study", "summary"]

#: Loaded when first asked for: most commands need the study folder only.
_MODULES = {"StudyRun": "running", "run_study": "running", "summary": "words"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"workbench.studies.{_MODULES[name]}"), name)
    message = f"module 'workbench.studies' has no attribute {name!r}"
    raise AttributeError(message)
