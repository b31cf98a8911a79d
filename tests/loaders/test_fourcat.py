from __future__ import annotations

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.loaders.sheets import sheet
from workbench import loaders
from workbench.errors import CannotBuildError
from workbench.loaders.counts import report_counts
from workbench.loaders.fourcat import LOADER, sniff
from workbench.loaders.source import Head

FOLDER = golden.FOLDER / "fourcat"
SYNTHETIC = FOLDER / "input_synthetic.csv"
TWEET = "2689767961916342272"  # 2031-03-01T10:00:30.250Z
ROW = {
    "id": TWEET,
    "thread_id": TWEET,
    "timestamp": "2031-03-01 10:00:30",
    "unix_timestamp": "1930125630",
    "body": "words",
    "author": "annauthor",
    "author_id": "33000000001",
    "is_retweet": "no",
    "retweeted_user": "",
}


def rows(**cells):
    corpus, sink = load_bytes(LOADER, sheet([{**ROW, **cells}]))
    assert sink.rejected == 0
    return corpus


def test_the_synthetic_table():
    corpus = loaders.load(SYNTHETIC, progress=False)
    counts = report_counts(corpus)
    assert counts["posts"] == 1
    assert counts["interactions"] == {"share": 1, "quote": 0, "reply": 0, "mention": 1}
    assert counts["origins"]["share_head"] == 1
    share = corpus.table("interactions").to_pylist()[0]
    assert (share["target_id"], share["target_post_id"]) == ("handle:twitter:bob", None)
    with pytest.raises(CannotBuildError, match="no retweeted post"):
        corpus.graph("co_share")
    assert corpus.graph("retweet").edges == 1
    assert corpus.report.notes == ["retweets name no post: cascades cannot be rebuilt"]


@pytest.mark.parametrize(
    ("stated", "unix", "ms", "source"),
    [
        ("2031-03-01 10:00:30", "1930125630", 1930125630250, "snowflake"),
        ("2031-03-01 10:00:30", "1930118430", 1930125630250, "snowflake"),
        ("2031-03-01 12:00:30", "1930125630", 1930125630250, "snowflake"),
        ("2031-03-02 10:00:30", "1930118430", 1930212030000, "record"),
        ("", "1930118430", 1930118430000, "record"),
        ("", "", 1930125630250, "snowflake"),
    ],
)
def test_the_clock_zone_of_a_server_changes_no_time(stated, unix, ms, source):
    post = rows(timestamp=stated, unix_timestamp=unix).table("posts").to_pylist()[0]
    assert (post["created_ms"], post["created_from"]) == (ms, source)


def test_links_with_commas():
    corpus = rows(urls="https://example.org/a,b?c=1,2,http://example.com/d")
    links = corpus.table("attachments").to_pylist()
    assert [t["value"] for t in links if t["kind"] == "url"] == [
        "https://example.org/a,b?c=1%2C2",
        "http://example.com/d",
    ]


def test_removed_names_are_nobody():
    corpus = rows(author="REDACTED", author_id="REDACTED", mentions="REDACTED,bennyother")
    assert corpus.table("posts")["author_id"].to_pylist() == [None]
    assert corpus.table("accounts").num_rows == 0
    assert corpus.table("interactions")["target_id"].to_pylist() == ["handle:twitter:bennyother"]


def test_a_lost_post_is_an_event():
    corpus = rows(author="UNKNOWN", author_id="UNKNOWN", body="")
    assert corpus.table("posts").num_rows == 0
    event = corpus.table("events").to_pylist()[0]
    assert (event["kind"], event["subject"]) == ("unavailable", f"twitter:{TWEET}")


@pytest.mark.parametrize(
    ("quote", "reply"), [("quoted_user", "replied_user"), ("quote_author", "replied_author")]
)
def test_both_sets_of_names(quote, reply):
    cells = {"is_quote_tweet": "yes", quote: "bennyother", "is_reply": "yes", reply: "Cindythird"}
    acts = rows(**cells).table("interactions").to_pylist()
    assert [(a["kind"], a["target_id"]) for a in acts] == [
        ("quote", "handle:twitter:bennyother"),
        ("reply", "handle:twitter:cindythird"),
    ]


def test_a_handle_alone_names_an_author():
    assert rows(author_id="").table("posts")["author_id"].to_pylist() == [
        "handle:twitter:annauthor"
    ]


def test_the_id_of_an_author_is_never_a_float():
    assert rows(author_id="7.0").table("posts")["author_id"].to_pylist() == ["twitter:7"]
    corpus, sink = load_bytes(LOADER, sheet([{**ROW, "author_id": "9.06E+17"}]))
    assert (sink.rejected, corpus.rows("posts")) == (1, 0)


def test_the_header_decides():
    assert sniff(Head("n", sheet([ROW]))) > 0.9
    other = {key: ROW[key] for key in ("id", "thread_id", "timestamp", "body", "author")}
    assert sniff(Head("n", sheet([other]))) == 0
