from __future__ import annotations

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.loaders.sheets import sheet
from tests.reference import reference_data
from workbench import loaders
from workbench.errors import CannotBuildError
from workbench.loaders.counts import report_counts
from workbench.loaders.ira_538 import LOADER, sniff
from workbench.loaders.source import Head

FOLDER = golden.FOLDER / "ira_538"
ROW = {
    "author": "MADEUP_ONE",
    "content": "words",
    "publish_date": "3/1/2031 10:00",
    "post_type": "",
    "account_category": "Inventing",
}


def post(**cells):
    corpus, sink = load_bytes(LOADER, sheet([{**ROW, **cells}]))
    assert sink.rejected == 0
    return corpus.table("posts").to_pylist()[0]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("RETWEET", "share"),
        ("R", "share"),
        ("QUOTE_TWEET", "quote"),
        ("Q", "quote"),
        ("", "original"),
    ],
)
def test_kinds(written, kind):
    assert post(post_type=written)["kind"] == kind


@pytest.mark.parametrize(
    ("written", "ms", "precision"),
    [
        ("3/1/2031 10:00", 1930125600000, "min"),
        ("2031-03-01 10:00:00", 1930125600000, "min"),
        ("2031-03-01 10:00:07", 1930125607000, "s"),
        ("", None, None),
    ],
)
def test_times_are_minutes(written, ms, precision):
    made = post(publish_date=written)
    assert (made["created_ms"], made["created_precision"]) == (ms, precision)


def test_a_row_is_its_own_post_unless_its_id_is_whole():
    assert post()["post_id"].startswith("row:")
    assert post(tweet_id="9.06E+17")["post_id"].startswith("row:")
    article = "http://twitter.com/32000000001/statuses/2689767961916342272"
    made = post(tweet_id="2.7E+18", article_url=article)
    assert (made["post_id"], made["author_id"], made["created_precision"]) == (
        "twitter:2689767961916342272",
        "twitter:32000000001",
        "ms",
    )
    assert post(alt_external_id="32000000001")["author_id"] == "twitter:32000000001"
    assert post(external_author_id="9.06E+17")["author_id"] == "handle:twitter:madeup_one"


def test_equal_rows_are_posts_of_their_own():
    corpus, sink = load_bytes(LOADER, sheet([ROW, ROW]))
    assert (sink.read, sink.duplicates) == (2, 0)
    assert len(set(corpus.table("posts")["post_id"].to_pylist())) == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"),
        ("Farsi (Persian)", "fa"),
        ("LANGUAGE UNDEFINED", None),
        ("Klingon", "Klingon"),
    ],
)
def test_languages(name, code):
    assert post(language=name)["lang"] == code


def test_redirects_are_the_links():
    row = {
        **ROW,
        "content": "https://t.co/a1 https://t.co/b2",
        "tco1_step1": "https://Example.org/x/",
    }
    corpus, sink = load_bytes(LOADER, sheet([row]))
    things = corpus.table("attachments").to_pylist()
    assert [(t["kind"], t["value"], t["start"]) for t in things] == [
        ("url", "https://example.org/x", 0),
        ("domain", "example.org", 0),
        ("url", "https://t.co/b2", 16),
    ]
    assert "account_domain" not in sink.refused


@pytest.mark.parametrize("graph", ["retweet", "quote", "reply", "co_share"])
def test_graphs_that_the_file_cannot_give(graph):
    corpus = loaders.load(FOLDER / "input_published.csv", progress=False)
    with pytest.raises(CannotBuildError, match="this file carries no"):
        corpus.graph(graph)
    counts = report_counts(corpus)
    assert counts["interactions"]["share"] == 2  # they are there, with an unknown target
    assert counts["unresolved"]["share"] == 1
    assert corpus.graph("mention").edges == 1


def test_short_links_have_no_domains():
    corpus = loaders.load(FOLDER / "input_derived.csv", progress=False)
    for graph in ("account_domain", "co_domain"):
        with pytest.raises(CannotBuildError, match="short links"):
            corpus.graph(graph)


def test_the_header_decides():
    assert sniff(Head("n", sheet([ROW]))) > 0.9
    assert sniff(Head("n", b"author,content,publish_date\na,b,c\n")) == 0


@pytest.mark.reference
def test_the_october_sample():
    corpus = loaders.load(reference_data("loaders/ira538/ira_english_2016-10_sample.csv.gz"))
    report = corpus.report
    assert report.formats == {"ira_538": 1}
    assert (report.records_read, report.ok, report.rejected) == (88_582, 88_582, 0)
    counts = report_counts(corpus)
    assert (counts["posts"], counts["accounts"], counts["authors"]) == (88_582, 217, 217)
    assert counts["interactions"] == {
        "share": 70_229, "quote": 321, "reply": 0, "mention": 31_620
    }  # fmt: skip
    assert counts["unresolved"]["share"] == 70_229 - 262  # so many have a head in their text
    assert counts["unresolved"]["quote"] == 321
    posts = corpus.table("posts")
    assert set(posts["created_precision"].to_pylist()) == {"min"}
    acts = corpus.table("interactions").to_pylist()
    assert len({a["target_id"] for a in acts if a["kind"] == "mention"}) == 11_833
    things = corpus.table("attachments").to_pylist()
    pairs = {(t["post_id"], t["value"]) for t in things if t["kind"] == "hashtag"}
    assert len(pairs) == 61_427
    authored = {
        (t["post_id"], t["value"])
        for t in things
        if t["kind"] == "hashtag" and t["origin"] == "authored"
    }
    assert len(authored) == 10_103
    links = [t["value"] for t in things if t["kind"] == "url"]
    assert (len(links), len(set(links))) == (74_164, 59_485)
    tags = corpus.graph("account_hashtag")
    assert (tags.edges, tags.total_weight) == (1_777, 10_103)
    with pytest.raises(CannotBuildError, match="no retweeted author"):
        corpus.graph("retweet")
    labels = corpus.table("labels").to_pylist()
    kinds = {x["value"] for x in labels if x["scheme"] == "538 account_category"}
    assert kinds == {"LeftTroll", "RightTroll", "HashtagGamer", "NewsFeed", "Fearmonger"}
