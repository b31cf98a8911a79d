"""Replication packages: outputs, how they were made, and what is needed to make them again."""

from __future__ import annotations

from workbench.studies.packing.package import Packed, pack

__all__ = ["Packed", "pack"]
