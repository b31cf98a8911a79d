"""A password typed by a person: at a terminal or in a notebook, never shown, never kept."""

from __future__ import annotations

import getpass
import sys
import warnings

__all__ = ["typed"]


def typed(question: str) -> str | None:
    """Return what somebody types after a question, or None where there is nobody.

    In a notebook its front end asks; elsewhere a terminal is needed that does not show the answer.
    """
    if not (_in_notebook() or (sys.stdin is not None and sys.stdin.isatty())):
        return None
    try:
        with warnings.catch_warnings():
            # It would be shown.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(question) or None
    except (EOFError, NotImplementedError, getpass.GetPassWarning):
        # NotImplementedError: a notebook that is run without anybody in front of it.
        return None


def _in_notebook() -> bool:
    """Return whether a Jupyter kernel runs this, without importing what is not there yet."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None
