from __future__ import annotations

import gzip
import json

import msgspec

from workbench.synthetic import Config
from workbench.synthetic.pages import Entry, PageWriter
from workbench.synthetic.records import post_record, problem
from workbench.synthetic.snowflake import Clock, milliseconds

START = milliseconds("2031-03-03")


def user(account: int) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({"id": str(account)}))


def entry(clock: Clock, number: int, *, included=(), errors=(), media=()) -> Entry:
    ms = START + 1_000 * number
    record = post_record(
        str(clock.next(ms)),
        str(number % 3),
        ms,
        text=f"text {number}",
        entities={},
        language="fr",
        references=[],
        media=media,
    )
    return Entry(record, [number % 3], list(included), list(errors))


def lines(folder, name):
    with gzip.open(folder / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_pages_are_full_newest_first_and_split_into_files(tmp_path):
    clock = Clock()
    with PageWriter(tmp_path, Config(page_posts=10, file_posts=20), user=user) as pages:
        for number in range(45):
            pages.add(entry(clock, number))
        pages.close()
    assert [(f.path, f.pages, f.records) for f in pages.files] == [
        (f"{tmp_path.name}/0001.jsonl.gz", 2, 20),
        (f"{tmp_path.name}/0002.jsonl.gz", 2, 20),
        (f"{tmp_path.name}/0003.jsonl.gz", 1, 5),
    ]
    first, second = lines(tmp_path, "0001.jsonl.gz")
    ids = [record["id"] for record in first["data"]]
    assert ids == sorted(ids, reverse=True)
    assert first["meta"] == {"newest_id": ids[0], "oldest_id": ids[-1], "result_count": 10}
    assert first["__twarc"]["retrieved_at"] == "2031-03-03T00:01:09+00:00"
    assert min(record["id"] for record in second["data"]) > ids[0]


def test_includes_are_there_once_a_page(tmp_path):
    clock = Clock()
    quoted = entry(clock, 0).record
    with PageWriter(tmp_path, Config(page_posts=10), user=user) as pages:
        for number in range(1, 11):
            gone = [problem("5", "deleted")] if number == 4 else []
            pages.add(entry(clock, number, included=[quoted], errors=gone, media=["3_8"]))
        pages.close()
    (page,) = lines(tmp_path, "0001.jsonl.gz")
    assert page["includes"]["tweets"] == [quoted]
    assert sorted(u["id"] for u in page["includes"]["users"]) == ["0", "1", "2"]
    assert [m["media_key"] for m in page["includes"]["media"]] == ["3_8"]
    assert [e["value"] for e in page["errors"]] == ["5"]


def test_a_record_is_repeated_on_the_next_page_of_its_file_only(tmp_path):
    clock = Clock()
    config = Config(page_posts=10, file_posts=20)
    with PageWriter(tmp_path, config, user=user, repeat_every=1) as pages:
        for number in range(40):
            pages.add(entry(clock, number))
        pages.close()
    assert pages.duplicates == 2
    for name in ("0001.jsonl.gz", "0002.jsonl.gz"):
        first, second = (page["data"] for page in lines(tmp_path, name))
        assert first[0] == second[-1]
        assert len(second) == 11


def test_header_has_neither_name_nor_time(tmp_path):
    with PageWriter(tmp_path, Config(), user=user) as pages:
        pages.add(entry(Clock(), 0))
        pages.close()
    header = (tmp_path / "0001.jsonl.gz").read_bytes()[:10]
    assert header[3] == 0  # no optional fields
    assert header[4:8] == bytes(4)


def test_an_unfinished_file_is_let_go(tmp_path):
    with PageWriter(tmp_path, Config(page_posts=10), user=user) as pages:
        for number in range(10):
            pages.add(entry(Clock(), number))
    assert pages.files == []
