"""Synthetic corpora with planted truth: a diplomatic crisis that never happened."""

from __future__ import annotations

from workbench.synthetic.config import Config
from workbench.synthetic.make import Manifest, make

__all__ = ["Config", "Manifest", "make"]
