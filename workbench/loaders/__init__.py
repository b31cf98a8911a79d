"""Raw exports into a corpus: one module a source format."""

from __future__ import annotations

__all__: list[str] = []
