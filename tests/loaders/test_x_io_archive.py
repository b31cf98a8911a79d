from __future__ import annotations

import json

import pytest

from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.loaders.sheets import sheet
from workbench import loaders
from workbench.engine import session, views
from workbench.errors import CannotBuildError
from workbench.loaders.counts import report_counts
from workbench.loaders.source import Head
from workbench.loaders.x_io_archive import LOADER, sniff

FOLDER = golden.FOLDER / "x_io_archive"
SYNTHETIC = FOLDER / "input_synthetic.csv"
HEADER = SYNTHETIC.read_text("utf-8").splitlines()[0].split(",")
HASHED = "hAsHeDiD0000000000000000000000000000000000A="


def test_the_synthetic_archive():
    corpus = loaders.load(SYNTHETIC, progress=False)
    counts = report_counts(corpus)
    # Three accounts: two authors, and one that is only mentioned (expected.json counts authors).
    assert (counts["posts"], counts["accounts"], counts["authors"]) == (4, 3, 2)
    assert counts["interactions"] == {"share": 1, "quote": 1, "reply": 1, "mention": 2}
    assert counts["origins"]["share_head"] == counts["origins"]["inherited_share"] == 1
    assert sum(counts["unresolved"].values()) == 0
    with session(corpus) as engine:
        acts = engine.collect(views.interactions(engine)).to_pylist()
    target = {act["kind"]: (act["target_id"], act["resolved_by"]) for act in acts}
    assert target["share"] == ("twitter:2752677905", "id_field")
    assert target["quote"] == (f"twitter:{HASHED}", "in_file_join")
    assert target["reply"] == (f"twitter:{HASHED}", "id_field")
    accounts = corpus.table("accounts").to_pylist()
    hashed = {a["account_id"] for a in accounts if not a["account_id"][8:].isdecimal()}
    assert hashed == {f"twitter:{HASHED}"}
    tags = [t for t in corpus.table("attachments").to_pylist() if t["kind"] == "hashtag"]
    assert sorted(t["value"] for t in tags if t["origin"] == "authored") == ["dos", "uno"]
    # The record has minutes; the one id that agrees with its minute has milliseconds.
    posts = corpus.table("posts").to_pylist()
    times = [
        (p["created_precision"], p["created_from"]) for p in posts if p["seen_as"] == "primary"
    ]
    assert times == [("ms", "snowflake"), *[("min", "record")] * 3]


def test_a_hash_is_an_id_and_no_handle():
    corpus, sink = load_bytes(LOADER, SYNTHETIC.read_bytes())
    assert corpus.table("accounts")["handle"].to_pylist()[0] is None
    assert corpus.table("aliases")["handle"].to_pylist() == ["big"]
    assert any("hash" in note for note in sink.notes)


def test_lists_as_python_writes_them():
    row = dict.fromkeys(HEADER, "")
    row |= {"tweetid": "5", "userid": "1", "hashtags": "[One, Two]", "urls": "['http://a.org/x']"}
    corpus, sink = load_bytes(LOADER, sheet([row], HEADER))
    assert sink.rejected == 0
    assert corpus.table("attachments")["value"].to_pylist() == [
        "one",
        "two",
        "http://a.org/x",
        "a.org",
    ]


def test_a_missing_list_names_nobody_and_a_rounded_mention_is_none():
    empty = dict.fromkeys(HEADER, "") | {"tweetid": "5", "userid": "1"}
    lists = ("hashtags", "urls", "user_mentions")
    rows = [empty | dict.fromkeys(lists, missing) for missing in ("nan", "NA", "None", "[]")]
    corpus, sink = load_bytes(LOADER, sheet(rows, HEADER))
    assert (sink.rejected, corpus.rows("interactions"), corpus.rows("attachments")) == (0, 0, 0)
    corpus, sink = load_bytes(LOADER, sheet([empty | {"user_mentions": "['1e+17']"}], HEADER))
    assert (sink.rejected, corpus.rows("interactions")) == (1, 0)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2016-12-04", "2016-12-04"),
        ("7/3/2018", None),
        ("3/3/2018", "2018-03-03"),
        ("7/23/2018", "2018-07-23"),
        ("23/7/2018", "2018-07-23"),
        ("", None),
    ],
)
def test_dates_of_accounts(text, date):
    row = {"userid": "1", "user_screen_name": "someone", "follower_count": "3.0"}
    data = sheet([{**row, "account_creation_date": text}])
    assert sniff(Head("n", data)) > 0.9
    corpus, _ = load_bytes(LOADER, data)
    account = corpus.table("accounts").to_pylist()[0]
    assert account["followers"] == 3
    made = account["created_at"]
    assert (made.date().isoformat() if made else None) == date


def test_a_table_of_accounts_has_no_graph():
    corpus = loaders.load(FOLDER / "input_users.csv", progress=False)
    assert corpus.report.records_read == 9
    with pytest.raises(CannotBuildError, match="accounts and no posts"):
        corpus.graph("retweet")
    both = loaders.load([FOLDER / "input_users.csv", SYNTHETIC], progress=False)
    assert both.graph("retweet").edges == 1


def test_the_header_decides():
    assert sniff(Head("n", SYNTHETIC.read_bytes())) > 0.9
    assert sniff(Head("n", b"tweetid,userid\n1,2\n")) == 0
    assert sniff(Head("n", json.dumps(dict.fromkeys(HEADER)).encode())) == 0
