from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders import golden
from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench import loaders
from workbench.errors import CannotBuildError, InputError
from workbench.graphs import graph
from workbench.loaders import FORMATS
from workbench.loaders.labels_tables import LAYOUTS, LOADERS

FILES = [(name, file) for name in LAYOUTS for file in golden.inputs(name)]


def table(header, *rows):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([header.split(","), *rows])
    return file.getvalue().encode()


def labels(name, data):
    corpus, sink = load_bytes(FORMATS[name], data)
    return corpus.table("labels").to_pylist(), sink


def test_every_layout_is_a_format():
    assert [loader.name for loader in LOADERS] == list(LAYOUTS)
    assert set(LAYOUTS) <= set(FORMATS)


def test_a_missing_rating_is_no_label_and_never_zero():
    data = table("domain,pc1", ["a.example", ""], ["b.example", "0"], ["c.example", "NA"])
    found, sink = labels("labels_domain_ratings", data)
    assert [(row["subject"], row["score"]) for row in found] == [("b.example", 0.0)]
    assert (sink.read, sink.rejected) == (3, 2)


def test_a_label_of_a_host_or_a_page_is_not_one_of_the_domain():
    rows = [["blog.zeta.example", ".1"], ["zeta.example/blog", ".2"], ["www.zeta.example", ".9"]]
    found, sink = labels("labels_domain_ratings", table("domain,pc1", *rows))
    assert [row["score"] for row in found if row["subject_type"] == "domain"] == [0.9]
    assert "host below a domain" in sink.notes[0]


def test_columns_stand_in_any_order_and_case():
    data = table("Afm,PC1,Domain", ["1", ".5", "a.example"])
    found, sink = labels("labels_domain_ratings", data)
    assert (found[0]["subject"], found[0]["score"]) == ("a.example", 0.5)
    assert sink.unknown_keys == {"Afm": 1}


def test_the_same_label_is_kept_once_and_a_count_each_time():
    rows = [["twitter", "@Some_Gov", "media"], ["twitter", "some_gov", "media"]]
    found, sink = labels("labels_public_actors", table("platform,handle,category", *rows))
    assert (len(found), sink.duplicates) == (1, 1)
    header = "platform_name,category,date,total,language"
    counts = [
        ["Zeta", "SCAMS", "2024-03-01", "2", "fr"],
        ["Zeta", "SCAMS", "2024-03-01", "2", "de"],
    ]
    found, sink = labels("labels_dsa", table(header, *counts))
    assert (sum(row["score"] for row in found), sink.duplicates) == (4, 0)


def test_names_of_persons_are_not_kept():
    data = table("account_id,handle,name", ["twitter:900001", "some_person", "Ada Quill"])
    corpus, _ = load_bytes(FORMATS["labels_public_actors"], data)
    told = json.dumps([corpus.table(name).to_pylist() for name in golden.TABLES], default=str)
    assert "Ada" not in told
    assert "some_person" not in told


def test_a_mandate_has_its_time():
    data = table(
        "account_id,category,valid_from,valid_to", ["twitter:1", "mp", "2020-01-01", "2024-01-01"]
    )
    (row,), _ = labels("labels_public_actors", data)
    assert (row["valid_from"].year, row["valid_to"].year) == (2020, 2024)


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_labels_are_no_acts(name):
    corpus, _ = golden.read(name, golden.inputs(name)[0].read_bytes())
    assert corpus.rows("posts") == corpus.rows("interactions") == corpus.rows("accounts") == 0
    with pytest.raises(CannotBuildError, match="labels are no acts"):
        graph(loaders.load(golden.inputs(name)[0], progress=False), "retweet")


@pytest.mark.parametrize(
    "header",
    [
        "object_id,account_id,content_id,timestamp_share",
        "account_id,community",
        "account_id,handle,since,until",
        "node,side",
        "source,target,weight",
        "uuid,platform_name,category,created_at,total",
        "date,id,title,body",
        "id,author,text,label",
    ],
)
def test_tables_of_other_kinds_are_not_taken(header):
    data = table(header, ["1"] * len(header.split(",")))
    for name in LAYOUTS:
        with pytest.raises(InputError, match="no such table"):
            load_bytes(FORMATS[name], data)


@given(st.data())
@few(80)
def test_any_cells_are_read_or_rejected_and_the_sum_holds(data):
    name, file = data.draw(st.sampled_from(FILES))
    lines = file.read_bytes().split(b"\n")
    at = data.draw(st.integers(1, len(lines) - 1))
    content = bytearray(lines[at] or b",")
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(1, 255))
    lines[at] = bytes(content)
    corpus, sink = load_bytes(FORMATS[name], b"\n".join(lines))
    assert corpus.rows("rejects") == sink.rejected
    assert sink.read >= sink.rejected + sink.duplicates
    told = {row["record"] for row in corpus.table("labels").to_pylist()}
    assert len(told) <= sink.read - sink.rejected


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "read", "rejected", "subjects"),
    [
        ("lin2023_domain_pc1", 11_520, 0, {"domain": 11_040, "host": 434, "url": 46}),
        ("lin2023_domain_ratings", 11_520, 0, {"domain": 11_040, "host": 434, "url": 46}),
        ("iffy_plus_full_original", 779, 0, None),
        ("lasser2022_domain_list_clean", 4_767, 0, None),
        ("lasser2022_disinformation_domains_clean", 3_036, 65, None),
    ],
)
def test_published_ratings(name, read, rejected, subjects):
    corpus = loaders.load(reference_data(f"diffusion/domains/{name}.csv"), progress=False)
    report = corpus.report
    assert (report.records_read, report.rejected, report.duplicates) == (read, rejected, 0)
    if subjects:
        rows = corpus.table("labels")
        assert Counter(rows["subject_type"].to_pylist()) == subjects
        scores = rows["score"].to_pylist()
        assert (min(scores), max(scores), len(scores)) == (0.0, 1.0, read)


@pytest.mark.reference
def test_published_schemes():
    loaded = loaders.load(
        [
            reference_data("diffusion/domains/iffy_plus_full_original.csv"),
            reference_data("loaders/handles/china_state_handles.csv"),
        ],
        progress=False,
    )
    rows = loaded.table("labels").to_pylist()
    found = Counter((row["scheme"], row["value"]) for row in rows)
    assert found["iffy_plus", "listed"] == 434
    assert found["iffy_plus", "not listed"] == 99
    assert found["mbfc_factual", "low"] == 335
    assert found["mbfc_category", "QS"] == 376
    assert found["public_actor", "diplomacy"] == 65
    assert sum(n for (scheme, _), n in found.items() if scheme == "public_actor") == 78
