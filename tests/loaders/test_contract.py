"""What every loader promises, over the list of formats and their golden folders."""

from __future__ import annotations

import gzip
import json
import random
import re

import pytest
import zstandard

from tests.loaders import golden
from workbench import loaders
from workbench.engine import session, views
from workbench.loaders import FORMATS
from workbench.loaders.detection import detect, scores
from workbench.loaders.source import read_head
from workbench.model import Corpus
from workbench.model.kinds import ATTACHMENTS, KINDS, ORIGINS, RESOLVED_BY
from workbench.privacy.pseudonyms import Pseudonymiser

CASES = [(name, file) for name in golden.folders() for file in golden.inputs(name)]
each = pytest.mark.parametrize(("name", "file"), CASES, ids=[f"{n}-{f.name}" for n, f in CASES])
#: Formats whose inputs have no lines that could stand in another order, or that need options.
WHOLE = {"graph_file"}
#: Where a row stands; and when something was seen, for of equal observations the first is written.
PASSING = {"record", "source_id", "observed_ms", "retrieved_ms"}
PRECISIONS = {"us", "ms", "s", "min", "day"}
TIMED = {"record", "snowflake", "indexed", "collector"}
#: Handles and names of the golden inputs that are words of any text as well.
COMMON = 4


def test_every_format_has_a_golden_folder():
    assert set(golden.folders()) == set(FORMATS)


@each
def test_golden(name, file):
    expected = json.loads((golden.FOLDER / name / "expected.json").read_text("utf-8"))
    made = json.loads(json.dumps(golden.told(*golden.read(name, file.read_bytes()))))
    assert made == expected[file.name]


@each
def test_a_format_is_recognised_and_no_other_is_as_sure(name, file):
    if golden.options(name):
        return
    head = read_head(file.name, lambda: file.open("rb"))
    assert detect(head, FORMATS).name == name
    first, second = list(scores(head, FORMATS).values())[:2]
    assert first > second


@each
def test_nothing_is_lost(name, file):
    corpus, sink = golden.read(name, file.read_bytes())
    assert sink.read > 0
    numbers = {
        number
        for table in golden.TABLES
        if table != "sources"
        for number in corpus.table(table)["record"].to_pylist()
    }
    assert numbers <= set(range(1, sink.read + 1))
    assert corpus.table("rejects").num_rows == sink.rejected
    assert sink.read - sink.rejected - sink.duplicates >= 0


@each
def test_compression_and_a_byte_order_mark_change_nothing(name, file, tmp_path):
    data = file.read_bytes()
    plain = golden.facts(golden.read(name, data)[0])
    packed = {
        "x.gz": gzip.compress(data),
        "x.zst": zstandard.ZstdCompressor().compress(data),
    }
    if b"\0" not in data:
        packed["x.txt"] = b"\xef\xbb\xbf" + data
    rows = "row:" in json.dumps(plain)  # ids made of the bytes' own hash
    for title, content in packed.items():
        path = tmp_path / title
        path.write_bytes(content)
        corpus = loaders.load(path, format=name, progress=False, **golden.options(name))
        if title != "x.txt" or not rows:
            assert golden.facts(corpus) == plain


@each
def test_the_order_of_lines_changes_nothing(name, file):
    data = file.read_bytes()
    lines = data.splitlines(keepends=True)
    if name in WHOLE or len(lines) < 2 or not _objects_in_lines(lines):
        return
    if not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    wanted = viewed(golden.read(name, b"".join(lines))[0])
    for seed in range(3):
        random.Random(seed).shuffle(lines)
        assert viewed(golden.read(name, b"".join(lines))[0]) == wanted


def _objects_in_lines(lines):
    try:
        return all(isinstance(json.loads(line), dict) for line in lines if line.strip())
    except ValueError:
        return False


def viewed(corpus):
    """Return the facts that the views find, without where and when they were seen."""
    with session(corpus) as engine:
        return {
            view.__name__: sorted(
                json.dumps({k: v for k, v in row.items() if k not in PASSING}, default=str)
                for row in engine.collect(view(engine)).to_pylist()
            )
            for view in (views.posts, views.interactions, views.attachments, views.accounts)
        }


@each
def test_ids_times_and_words(name, file):
    corpus, _ = golden.read(name, file.read_bytes())
    for post in corpus.table("posts").to_pylist():
        if post["created_ms"] is not None:
            assert post["created_precision"] in PRECISIONS
            assert post["created_from"] in TIMED
    for act in corpus.table("interactions").to_pylist():
        assert act["kind"] in KINDS
        assert act["origin"] in ORIGINS
        assert act["resolved_by"] in RESOLVED_BY
        known = act["target_id"] is not None or act["target_post_id"] is not None
        assert known or act["resolved_by"] == "none"
        if act["created_ms"] is not None:
            assert act["created_precision"] in PRECISIONS
    for carried in corpus.table("attachments").to_pylist():
        assert carried["kind"] in ATTACHMENTS
        assert carried["origin"] in ORIGINS
        if carried["kind"] == "hashtag":
            assert carried["value"] == carried["value"].casefold()
    posts = corpus.table("posts")
    prefixes = {p for p in posts["platform"].to_pylist() if p}
    for column in ("post_id", "author_id"):
        for value in posts[column].to_pylist():
            fits = (
                value is None or not prefixes or value.split(":")[0] in {*prefixes, "handle", "row"}
            )
            assert fits, value


@each
def test_the_same_bytes_again_are_duplicates(name, file, tmp_path):
    chosen = {"format": name, "into": tmp_path, "progress": False, **golden.options(name)}
    first = loaders.load(file, **chosen)
    again = loaders.load(file, **chosen)
    assert again.report.duplicates == again.report.records_read == first.report.records_read
    assert golden.facts(Corpus.open(tmp_path)) == golden.facts(first)


@each
def test_a_pseudonymised_load_has_no_known_handle_or_id(name, file):
    raw, _ = golden.read(name, file.read_bytes())
    hidden, _ = golden.read(name, file.read_bytes(), pseudonymise=Pseudonymiser(b"k" * 32).table)
    told = json.dumps(golden.told(hidden, golden.read(name, file.read_bytes())[1])["tables"])
    for word in known(raw):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told, re.IGNORECASE), word


def known(corpus):
    """Return the ids, handles and names of a corpus, long enough to be told from words."""
    columns = {
        "posts": ("post_id", "author_id", "author_handle", "conversation_id"),
        "interactions": ("actor_id", "target_id", "target_post_id"),
        "accounts": ("account_id", "handle", "name"),
        "aliases": ("handle",),
    }
    found = set()
    for table, names in columns.items():
        for column in names:
            for value in corpus.table(table)[column].to_pylist():
                if value and not value.startswith("row:"):
                    bare = value.removeprefix("handle:").partition(":")
                    found.add(bare[2] or bare[0])
    return {word for word in found if len(word) > COMMON}
