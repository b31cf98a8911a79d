from __future__ import annotations

from collections import Counter

import pytest

from tests.loaders.making import load_bytes, source_of
from tests.reference import reference_data
from workbench import loaders
from workbench.errors import InputError
from workbench.loaders import edge_list
from workbench.loaders.counts import report_counts
from workbench.loaders.edge_list import LOADER, sniff
from workbench.loaders.source import Head, read_head

ACTIVITY = b"""\
1 2 1341100972 MT
1 2 1341100972 RE
3 1 1341100973 RT
3 1 1341100973 MT
2 2 1341100974 RT
"""


def certainty(text: str) -> float:
    return sniff(Head("n", text.encode()))


def test_activity_becomes_acts_with_time_and_kind():
    corpus, sink = load_bytes(LOADER, ACTIVITY)
    acts = corpus.table("interactions").to_pylist()
    assert [(a["kind"], a["actor_id"], a["target_id"], a["created_ms"]) for a in acts] == [
        ("mention", "1", "2", 1341100972000),
        ("reply", "1", "2", 1341100972000),
        ("share", "3", "1", 1341100973000),
        ("mention", "3", "1", 1341100973000),
        ("share", "2", "2", 1341100974000),
    ]
    assert [a["record"] for a in acts] == [1, 2, 3, 4, 5]
    constant = {"platform": None, "post_id": None, "weight": 1.0, "origin": "authored"}
    assert all(constant.items() <= a.items() for a in acts)
    assert {a["resolved_by"] for a in acts} == {"id_field"}
    assert acts[0]["created_at"].isoformat() == "2012-07-01T00:02:52+00:00"
    assert sink.read == 5
    assert sink.stats["acts_without_post"] == 5


def test_coinciding_kinds_are_noted():
    _, sink = load_bytes(LOADER, ACTIVITY)
    overlap = "in accounts and time: they are kept, so the kinds overlap and must not be added up"
    assert sink.notes == [
        f"1 of 1 reply rows equal a mention row {overlap}",
        f"1 of 2 mention rows equal a share row {overlap}",
    ]
    named = ACTIVITY.replace(b"1 2", b"ann bob")
    assert load_bytes(LOADER, named)[1].notes == sink.notes


def test_coincidences_of_a_huge_file_are_counted_in_its_beginning(monkeypatch):
    monkeypatch.setattr(edge_list, "_BLOCK", 40)
    monkeypatch.setattr(edge_list, "_COMPARED", 2)
    _, sink = load_bytes(LOADER, ACTIVITY)
    assert [note.split(":")[0] for note in sink.notes] == [
        "1 of 1 reply rows equal a mention row in accounts and time (of the first 2 rows)"
    ]


def test_accounts_are_written_once_with_the_record_that_showed_them(monkeypatch):
    monkeypatch.setattr(edge_list, "_BLOCK", 20)
    corpus, _ = load_bytes(LOADER, ACTIVITY)
    accounts = corpus.table("accounts").to_pylist()
    assert [(a["account_id"], a["seen_as"], a["record"]) for a in accounts] == [
        ("1", "author", 1),
        ("2", "mentioned", 1),
        ("3", "author", 3),
        ("2", "author", 5),
    ]


def test_the_kind_is_an_option_and_its_absence_is_noted():
    corpus, sink = load_bytes(LOADER, b"a,b,2\nb,c,0.5\n", kind="quote")
    assert corpus.table("interactions").column("kind").to_pylist() == ["quote", "quote"]
    assert corpus.table("interactions").column("weight").to_pylist() == [2.0, 0.5]
    assert sink.notes == []
    corpus, sink = load_bytes(LOADER, b"a,b\n")
    assert corpus.table("interactions").column("kind").to_pylist() == ["share"]
    assert "taken as shares" in sink.notes[0]


def test_graphs_of_posts_and_objects_are_refused():
    _, sink = load_bytes(LOADER, b"a,b\n")
    assert {"co_share", "account_hashtag", "co_url", "hashtag_network"} <= set(sink.refused)
    assert not {"retweet", "quote", "reply", "mention"} & set(sink.refused)


def test_ids_beyond_two_to_the_53_stay_exact():
    data = b"9007199254740993,18446744073709551617\n"
    corpus, _ = load_bytes(LOADER, data)
    act = corpus.table("interactions").to_pylist()[0]
    assert (act["actor_id"], act["target_id"]) == ("9007199254740993", "18446744073709551617")


def test_rejects_stand_between_the_good_rows():
    corpus, sink = load_bytes(LOADER, b"a,b,1\nc,,1\nd,e,1\nf,g\n")
    rejects = corpus.table("rejects").to_pylist()
    assert [(r["line"], r["byte_offset"], r["reason"]) for r in rejects] == [
        (2, 6, "no target"),
        (4, 17, "2 cells where 3 are expected"),
    ]
    assert corpus.table("interactions").column("record").to_pylist() == [1, 3]
    assert (sink.read, sink.rejected) == (4, 2)


def test_rows_without_time_have_none():
    corpus, _ = load_bytes(LOADER, b"source,target,weight,time\na,b,,\na,c,1,2017-04-24\n")
    acts = corpus.table("interactions").to_pylist()
    assert [(a["weight"], a["created_ms"], a["created_precision"]) for a in acts] == [
        (1.0, None, None),
        (1.0, 1492992000000, "day"),
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (ACTIVITY.decode(), 0.9, 1),
        ("source,target\na,b\n", 0.9, 1),
        ("a,b,1\nc,d,2\n", 0.5, 0.8),
        ("1 2\n3 4\n", 0.5, 0.8),
        ("a\tb\nc\td\n", 0.5, 0.8),
        ("a b\nc d\n", 0, 0.45),
        ("node,side\na,left\nb,right\n", 0, 0.4),
        ("who,whom,often\na,b,1\n", 0, 0.4),
        ("id,text,likes\n1,hello,3\n", 0, 0.4),
        ("It was a\ndark and\nstormy night, said\nnobody\n", 0, 0.4),
        ('{"id": "1"}\n{"id": "2"}\n', 0, 0),
        ("a,b,c\nd,e,f\n", 0, 0.4),
        ("", 0, 0),
    ],
)
def test_certainty(text, low, high):
    assert low <= certainty(text) <= high


def test_a_forced_format_that_does_not_fit_is_an_error():
    with pytest.raises(InputError, match="not an edge list"):
        load_bytes(LOADER, b'{"id": 1}\n')


def test_the_head_of_a_long_file_is_enough():
    data = b"".join(b"%d %d 1341100972 RT\n" % (i, i + 1) for i in range(50_000))
    assert sniff(read_head("n", source_of(data).opener)) == 0.95


HIGGS = "diffusion/higgs/higgs-activity_time.txt.gz"


@pytest.mark.reference
def test_higgs_activity_gives_the_published_rows():
    corpus = loaders.load(reference_data(HIGGS))
    counts = report_counts(corpus)
    assert counts["interactions"] == {
        "share": 354_930,
        "mention": 171_237,
        "reply": 36_902,
        "quote": 0,
    }
    assert counts["accounts"] == 304_691
    assert counts["origins"]["authored"] == 171_237
    assert counts["unresolved"] == dict.fromkeys(counts["interactions"], 0)
    report = corpus.report
    assert (report.records_read, report.ok) == (563_069, 563_069)
    assert any("36,902 of 36,902 reply rows equal a mention row" in note for note in report.notes)
    assert any("3,549 of 171,237 mention rows equal a share row" in note for note in report.notes)
    times = corpus.table("interactions").column("created_ms")
    assert (times.to_numpy().min(), times.to_numpy().max()) == (1341100972000, 1341705593000)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("kind", "edges", "weight"),
    [("retweet", 328_132, 354_930), ("mention", 150_818, 171_237), ("reply", 32_523, 36_902)],
)
def test_higgs_edge_lists_load_and_equal_the_activity(kind, edges, weight):
    listed = loaders.load(
        reference_data(f"diffusion/higgs/higgs-{kind}_network.edgelist.gz"), kind=kind
    )
    acts = listed.table("interactions")
    assert acts.num_rows == edges
    assert acts.column("weight").to_numpy().sum() == weight
    assert set(acts.column("kind").unique().to_pylist()) == {"share" if kind == "retweet" else kind}
    activity = loaders.load(reference_data(HIGGS)).table("interactions").to_pandas()
    rows = activity[activity["kind"] == acts.column("kind")[0].as_py()]
    summed = Counter(zip(rows["actor_id"], rows["target_id"], strict=True))
    columns = (acts.column(name).to_pylist() for name in ("actor_id", "target_id", "weight"))
    pairs = {(source, target): weight for source, target, weight in zip(*columns, strict=True)}
    assert pairs == summed
