from __future__ import annotations

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.loaders.sheets import sheet
from workbench import loaders
from workbench.errors import CannotBuildError
from workbench.loaders.crowdtangle import LOADER, sniff
from workbench.loaders.source import Head

FOLDER = golden.FOLDER / "crowdtangle"
ROW = {
    "Page Name": "Invented Page",
    "User Name": "inventedpage",
    "Facebook Id": "35000000001",
    "Followers at Posting": "1,234",
    "Post Created": "2031-03-01 05:00:00 EST",
    "Likes": "1,000",
    "URL": "https://www.facebook.com/35000000001/posts/990000001",
    "Message": "words",
    "Link": "",
    "Final Link": "",
    "Overperforming Score (weighted  —  Likes 1x )": "2.5",
}


def rows(**cells):
    corpus, sink = load_bytes(LOADER, sheet([{**ROW, **cells}]))
    assert sink.rejected == 0
    assert not sink.unknown_keys
    return corpus


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("2031-03-01 05:00:00 EST", 1930125600000),
        ("2031-03-01 06:00:00 EDT", 1930125600000),
        ("2031-03-01 11:00:00 CET", 1930125600000),
        ("2031-03-01 07:00:00 -03", 1930125600000),
        ("2031-03-01 15:30:00 +0530", 1930125600000),
        ("2031-03-01 10:00:00 UTC", 1930125600000),
        ("2031-03-01 10:00:00 IST", None),
        ("2031-03-01 10:00:00 +99", None),
        ("2031-03-01 10:00:00", None),
        ("", None),
    ],
)
def test_the_zone_of_a_time(written, ms):
    post = rows(**{"Post Created": written}).table("posts").to_pylist()[0]
    assert post["created_ms"] == ms
    assert post["created_precision"] == ("s" if ms else None)


@pytest.mark.parametrize(
    ("url", "post_id"),
    [
        ("https://www.facebook.com/35000000001/posts/990000001", "35000000001_990000001"),
        ("https://www.facebook.com/p/posts/350000000012", "35000000001_350000000012"),
        ("https://www.facebook.com/inventedpage/videos/12/?x=1", "35000000001_12"),
        ("https://www.facebook.com/groups/3/permalink/45/", "35000000001_45"),
        ("https://www.facebook.com/permalink.php?story_fbid=67&id=3", "35000000001_67"),
        ("https://www.facebook.com/x/posts/35000000001_8", "35000000001_8"),
    ],
)
def test_a_post_is_named_by_its_address(url, post_id):
    assert rows(URL=url).table("posts")["post_id"].to_pylist() == [f"facebook:{post_id}"]


@pytest.mark.parametrize("url", ["", "https://www.facebook.com/inventedpage", "nonsense"])
def test_a_post_without_an_address_is_its_row(url):
    assert rows(URL=url).table("posts")["post_id"].to_pylist()[0].startswith("row:")


@pytest.mark.parametrize(
    ("link", "final", "shared"),
    [
        ("https://bit.ly/x", "https://www.Example.org/a/?fbclid=1", ["https://www.example.org/a"]),
        ("https://example.org/b", "", ["https://example.org/b"]),
        ("https://www.facebook.com/InventedPage/photos/a.1/2", "", []),
        ("https://www.facebook.com/35000000001/posts/990000001", "", []),
        (
            "https://www.facebook.com/otherpage/posts/3",
            "",
            ["https://www.facebook.com/otherpage/posts/3"],
        ),
        ("", "", []),
    ],
)
def test_the_shared_link(link, final, shared):
    things = rows(Link=link, **{"Final Link": final}).table("attachments").to_pylist()
    assert [t["value"] for t in things if t["kind"] == "url"] == shared


def test_numbers_have_commas():
    corpus = rows()
    assert corpus.table("posts")["likes"].to_pylist() == [1000]
    assert corpus.table("accounts")["followers"].to_pylist() == [1234]
    assert corpus.table("posts")["shares"].to_pylist() == [None]


def test_a_group_is_the_author_of_its_posts():
    corpus, sink = load_bytes(LOADER, (FOLDER / "input_groups.csv").read_bytes())
    assert corpus.table("posts")["author_id"].to_pylist() == ["facebook:35000000002"]
    assert any("who wrote it is not in the file" in note for note in sink.notes)


def test_instagram():
    corpus = loaders.load(FOLDER / "input_instagram.csv", progress=False)
    assert corpus.report.formats == {"crowdtangle": 1}
    post = corpus.table("posts").to_pylist()[0]
    assert (post["post_id"], post["author_id"]) == (
        "instagram:CodeAbc12",
        "handle:instagram:inventedaccount",
    )
    assert "url" not in corpus.table("attachments")["kind"].to_pylist()


@pytest.mark.parametrize("graph", ["retweet", "quote", "reply", "mention", "co_share"])
def test_there_are_no_acts(graph):
    corpus = loaders.load(FOLDER / "input_pages.csv", progress=False)
    with pytest.raises(CannotBuildError, match="names no account"):
        corpus.graph(graph)
    assert corpus.graph("account_domain").edges == 2


def test_the_header_decides():
    assert sniff(Head("n", sheet([ROW]))) > 0.9
    assert sniff(Head("n", b"\xef\xbb\xbf"[3:] + (FOLDER / "input_groups.csv").read_bytes())) > 0.9
    assert sniff(Head("n", b"User Name,Message\na,b\n")) == 0
