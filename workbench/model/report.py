"""The load report: what was read, what was not, and what the data cannot say."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

__all__ = ["LoadReport", "refused_by_all"]


@dataclass(frozen=True, repr=False)
class LoadReport(Tabular):
    """Counts of one load; ``ok + rejected + duplicates == records_read`` always holds.

    Attributes
    ----------
    records_read, ok, rejected, duplicates
        Records: primary objects of the input, or lines that could not be read.
    formats
        Format name → number of files.
    unknown_keys
        Key path → number of records that carry it and that no column keeps (drift report).
    refused
        Graphs that no source of this load can support, each ``{"graph": …, "reason": …}``.
    notes
        Sentences a reader of the numbers must know.
    seconds, peak_mb
        Wall time (s) and peak resident memory (MiB) of the load; None for a reopened corpus.
    """

    records_read: int = 0
    ok: int = 0
    rejected: int = 0
    duplicates: int = 0
    formats: dict[str, int] = field(default_factory=dict)
    unknown_keys: dict[str, int] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float | None = None
    peak_mb: float | None = None

    def __post_init__(self) -> None:
        """Check the promise that no record is lost."""
        total = self.ok + self.rejected + self.duplicates
        if total != self.records_read:
            message = f"{self.ok} + {self.rejected} + {self.duplicates} != {self.records_read}"
            raise AssertionError(message)

    @classmethod
    def from_sources(cls, sources: pa.Table) -> LoadReport:
        """Return the report that the stored ``sources`` table implies."""
        rows = sources.to_pylist()
        unknown: Counter[str] = Counter()
        refused = []
        for row in rows:
            unknown.update(json.loads(row["unknown_keys_json"] or "{}"))
            entries = json.loads(row["refused_json"] or "[]")
            refused.append({entry["graph"]: entry["reason"] for entry in entries})
        return cls(
            records_read=sum(row["records_read"] or 0 for row in rows),
            ok=sum(row["records_ok"] or 0 for row in rows),
            rejected=sum(row["records_rejected"] or 0 for row in rows),
            duplicates=sum(row["records_duplicate"] or 0 for row in rows),
            formats=dict(sorted(Counter(row["format"] for row in rows).items())),
            unknown_keys=dict(unknown.most_common()),
            refused=refused_by_all(refused),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the record counts, formats, refusals and costs as JSON values."""
        return {
            "records_read": self.records_read,
            "ok": self.ok,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "formats": self.formats,
            "unknown_keys": self.unknown_keys,
            "refused": self.refused,
            "notes": self.notes,
            "seconds": self.seconds,
            "peak_mb": self.peak_mb,
        }

    def _words(self) -> str:
        return (
            f"{self.records_read:,} records: {self.ok:,} ok, {self.rejected:,} rejected, "
            f"{self.duplicates:,} duplicates"
        )

    def _shown(self) -> dict[str, str]:
        counts = {"records read": self.records_read, "ok": self.ok, "rejected": self.rejected,
                  "duplicates": self.duplicates}  # fmt: skip
        facts = {name: f"{count:,}" for name, count in counts.items()}
        facts["formats"] = ", ".join(f"{n} ({files:,})" for n, files in self.formats.items())
        facts["keys no column keeps"] = f"{len(self.unknown_keys):,}"
        facts |= {f"no {entry['graph']} graph": entry["reason"] for entry in self.refused}
        return facts | {f"note {i}": note for i, note in enumerate(self.notes, start=1)}

    def _caption(self) -> str:
        return "what a load read and could not read; read = ok + rejected + duplicates."


def refused_by_all(sources: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the graphs that no source supports; of each source, graph → reason is given."""
    common = set.intersection(*map(set, sources)) if sources else set()
    return [{"graph": graph, "reason": sources[0][graph]} for graph in sorted(common)]
