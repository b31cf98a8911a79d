"""Where the reference data is, and what happens when it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def reference_data(name: str) -> Path:
    """Return the file or folder `name` of the reference data, or skip (fail when CI=true)."""
    folder = Path(os.environ.get("WORKBENCH_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    path = folder / name
    if path.exists():
        return path
    reason = f"reference data not found: {path} (set WORKBENCH_REFERENCE_DATA)"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
