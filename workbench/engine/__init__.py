"""The table engine: Narwhals over DuckDB or Spark; nothing else opens one."""

from __future__ import annotations

from workbench.engine import views
from workbench.engine.session import Session, session

__all__ = ["Session", "session", "views"]
