from __future__ import annotations

import pyarrow as pa
import pytest

from workbench.model import LoadReport
from workbench.model.schema import TABLES


def test_the_sum_always_holds():
    assert LoadReport(records_read=6, ok=3, rejected=2, duplicates=1).to_dict()["ok"] == 3
    with pytest.raises(AssertionError, match=r"3 \+ 2 \+ 0 != 6"):
        LoadReport(records_read=6, ok=3, rejected=2)


def test_a_reopened_corpus_reports_the_sum_of_its_sources():
    row = dict.fromkeys(TABLES["sources"].names)
    first = row | {
        "format": "twitter_v2", "records_read": 5, "records_ok": 4, "records_rejected": 1,
        "records_duplicate": 0, "unknown_keys_json": '{"data.new": 2}',
        "refused_json": '[{"graph": "retweet", "reason": "no author"}]',
    }  # fmt: skip
    second = first | {"records_read": 2, "records_ok": 0, "records_rejected": 0}
    second |= {"records_duplicate": 2}
    report = LoadReport.from_sources(pa.Table.from_pylist([first, second], TABLES["sources"]))
    assert (report.records_read, report.ok, report.rejected, report.duplicates) == (7, 4, 1, 2)
    assert report.formats == {"twitter_v2": 2}
    assert report.unknown_keys == {"data.new": 4}
    assert report.refused == [{"graph": "retweet", "reason": "no author"}]
