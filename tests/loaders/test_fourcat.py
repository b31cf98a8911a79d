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


@pytest.mark.parametrize(
    ("cells", "target", "post", "how"),
    [
        ({}, "handle:twitter:cy", "twitter:7", "url"),
        ({"quote_tweet_id": "7"}, "handle:twitter:cy", "twitter:7", "url"),
        ({"quote_tweet_id": "8"}, None, "twitter:8", "none"),
        ({"quoted_user": "Cy"}, "handle:twitter:cy", "twitter:7", "entity"),
        ({"quoted_user": "dee"}, "handle:twitter:dee", None, "entity"),
        ({"urls": "https://x.com/i/status/7"}, None, "twitter:7", "none"),
        ({"urls": "https://x.com/Cy/status/7,https://x.com/Dee/status/9"}, None, None, "none"),
        ({"urls": ""}, None, None, "none"),
    ],
)
def test_the_one_link_to_a_post_tells_what_is_quoted(cells, target, post, how):
    link = "https://example.org/a,https://x.com/Cy/status/7"
    corpus = rows(**{"is_quote_tweet": "yes", "urls": link, **cells})
    act = corpus.table("interactions").to_pylist()[0]
    found = (act["kind"], act["target_id"], act["target_post_id"], act["resolved_by"])
    assert found == ("quote", target, post, how)


@pytest.mark.parametrize(("said", "state", "events"), [("yes", "withheld", 1), ("no", "full", 0)])
def test_a_withheld_post(said, state, events):
    corpus = rows(is_withheld=said, is_retweet="yes", retweeted_user="bob", body="a notice …")
    post = corpus.table("posts").to_pylist()[0]
    told = corpus.table("events").to_pylist()
    assert post["availability"] == state
    assert post["text_status"] == ("withheld" if events else "truncated")
    assert [(row["kind"], row["subject"]) for row in told] == [
        ("withhold", f"twitter:{TWEET}")
    ] * events
