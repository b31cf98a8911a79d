from __future__ import annotations

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.loaders.sheets import sheet
from tests.reference import reference_data
from workbench import loaders
from workbench.errors import CannotBuildError
from workbench.loaders.counts import report_counts
from workbench.loaders.minet import LOADER, own_text, sniff
from workbench.loaders.source import Head

FOLDER = golden.FOLDER / "minet"
TWEET = "2689767961916342272"  # 2031-03-01T10:00:30.250Z
ROW = {
    "id": TWEET,
    "timestamp_utc": "1930125630.0",
    "local_time": "2031-03-01T11:00:30",
    "user_screen_name": "emilauthor",
    "user_id": "34000000001",
    "text": "words",
    "to_tweetid": "",
    "retweeted_id": "",
    "quoted_id": "",
    "mentioned_names": "",
    "mentioned_ids": "",
}


def rows(**cells):
    corpus, sink = load_bytes(LOADER, sheet([{**ROW, **cells}]))
    assert sink.rejected == 0
    return corpus


def test_the_time_is_no_local_time():
    post = rows().table("posts").to_pylist()[0]
    assert (post["created_ms"], post["created_from"]) == (1930125630250, "snowflake")
    post = rows(id="4321").table("posts").to_pylist()[0]
    assert (post["created_ms"], post["created_precision"]) == (1930125630000, "s")


@pytest.mark.parametrize(
    ("via", "match", "seen_as"),
    [
        ("search", "1", "primary"),
        ("thread", "0", "context"),
        ("quote|search", "1", "primary"),
        ("retweet", "1", "primary"),
        ("quote", "", "context"),
        ("quote|thread", "", "context"),
        ("quote|search", "", "primary"),
        ("", "", "primary"),
    ],
)
def test_what_is_no_hit_of_the_query_is_context(via, match, seen_as):
    cells = {"collected_via": via, "match_query": match, "mentioned_ids": "1", "hashtags": "tag"}
    corpus = rows(**cells)
    assert corpus.table("posts")["seen_as"].to_pylist() == [seen_as]
    assert corpus.table("interactions").num_rows == (seen_as == "primary")
    assert report_counts(corpus)["posts"] == (seen_as == "primary")


@pytest.mark.parametrize(
    ("names", "ids", "targets"),
    [
        ("ann_a|bob_b", "1|2", ["twitter:1", "twitter:2"]),
        ("ann_a|bob_b", "1|", ["twitter:1", "handle:twitter:bob_b"]),
        ("ann_a", "1|2", ["twitter:1", "twitter:2"]),
        ("ann_a|bob_b", "", ["handle:twitter:ann_a", "handle:twitter:bob_b"]),
        ("", "", []),
    ],
)
def test_mentions_pair(names, ids, targets):
    acts = rows(mentioned_names=names, mentioned_ids=ids).table("interactions")
    assert acts["target_id"].to_pylist() == targets


STATUS = "https://twitter.com/bee_one/status/8"


@pytest.mark.parametrize(
    ("text", "quoted", "own"),
    [
        (f"mine « Bee_one: theirs — {STATUS} » after", "bee_one", f"mine {STATUS} after"),
        (f"« bee_one: two\nlines « x » — {STATUS} »", "bee_one", STATUS),
        (f"RT @a: b « bee_one: theirs — {STATUS} »", None, f"RT @a: b {STATUS}"),
        (f"« somebody: says — {STATUS} »", "bee_one", f"« somebody: says — {STATUS} »"),
        (f"« somebody: says — {STATUS} »", None, f"« somebody: says — {STATUS} »"),
        ("« bee_one: without a link »", "bee_one", "« bee_one: without a link »"),
        ("words", "bee_one", "words"),
    ],
)
def test_the_text_is_the_authors_own(text, quoted, own):
    assert own_text(text, quoted) == own


def test_an_added_column_of_the_same_name():
    data = (FOLDER / "input_added_column.csv").read_bytes()
    corpus, sink = load_bytes(LOADER, data)
    assert (sink.read, sink.rejected) == (2, 1)
    assert "two columns are called id" in corpus.table("rejects")["reason"].to_pylist()[0]


def test_the_header_decides():
    assert sniff(Head("n", sheet([ROW]))) > 0.9
    del (less := dict(ROW))["retweeted_id"]
    assert sniff(Head("n", sheet([less]))) == 0


def test_a_table_of_users_has_no_graph():
    corpus = loaders.load(FOLDER / "input_users.csv", progress=False)
    report = corpus.report
    assert (report.records_read, report.ok, report.rejected, report.duplicates) == (5, 2, 2, 1)
    made = {a["handle"]: a for a in corpus.table("accounts").to_pylist()}
    assert made["emilauthor"]["created_at"].isoformat() == "2029-05-06T08:00:00+00:00"
    assert (made["emilauthor"]["protected"], made["fannyother"]["followers"]) == (True, None)
    event = corpus.table("events").to_pylist()[0]
    assert (event["kind"], event["reason"], event["detail"]) == ("withhold", "user", "FR,GR")
    with pytest.raises(CannotBuildError, match="accounts and no posts"):
        corpus.graph("mention")


@pytest.mark.reference
def test_the_users_of_twitwi():
    corpus = loaders.load(reference_data("loaders/twitter_v1/twitwi_user-export.csv"))
    assert corpus.report.formats == {"minet": 1}
    assert (corpus.report.ok, corpus.report.unknown_keys) == (3, {})
    assert report_counts(corpus)["accounts"] == 3


@pytest.mark.reference
def test_the_export_of_twitwi():
    # Twelve lines behind the header, for the texts run over lines: four posts.
    corpus = loaders.load(reference_data("loaders/twitter_v1/twitwi_tweet-export.csv"))
    report = corpus.report
    assert report.formats == {"minet": 1}
    assert (report.records_read, report.ok, report.rejected) == (4, 4, 0)
    assert report.unknown_keys == {}
    counts = report_counts(corpus)
    assert (counts["posts"], counts["authors"]) == (4, 4)
    assert counts["interactions"] == {"share": 1, "quote": 1, "reply": 2, "mention": 5}
    assert counts["origins"] == {
        "authored": 0, "share_head": 1, "inherited_share": 0, "reply_prefix": 4,
        "inherited_quote": 0, "thread_self": 0,
    }  # fmt: skip
    assert sum(counts["unresolved"].values()) == 0
    assert set(corpus.table("interactions")["created_precision"].to_pylist()) == {"ms"}
    tags = [t for t in corpus.table("attachments").to_pylist() if t["kind"] == "hashtag"]
    assert sorted(t["origin"] for t in tags) == ["authored"] * 5 + ["inherited_share"] * 5
