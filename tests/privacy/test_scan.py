"""The search for people in outputs: it finds what stands there, where, and nothing else."""

from __future__ import annotations

import csv
import gzip
import io
import json
import struct
import time
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corpora import corpus_of, crisis
from workbench.model.revision import reader
from workbench.privacy import Pseudonymiser, PublicActors
from workbench.privacy.files import Told, UnreadableError, spellings, texts
from workbench.privacy.known import KnownPseudonyms, KnownWords
from workbench.privacy.scan import candidates, scan, search

ACCOUNT, POST, HANDLE, NAME = "7700112233", "7700112233445566", "bob_tidewave", "Zoë of the Tide"
DID = "did:plc:zq7tidewatcher4velmora2x"
URI = f"at://{DID}/app.bsky.feed.post/3kxvelmora7ab"
FEDI = "ann@velmora.example"
names = Pseudonymiser(b"k" * 32, public_actors=PublicActors({"x:55555": "The Mint"}, {"the_mint"}))


def corpus():
    base = {"source_id": "s", "record": 1}
    return corpus_of(
        posts=[base | {"post_id": f"x:{POST}", "author_id": f"x:{ACCOUNT}"},
               base | {"post_id": f"bluesky:{URI}", "author_id": f"bluesky:{DID}"}],
        interactions=[base | {"actor_id": f"x:{ACCOUNT}", "target_id": "handle:x:eve_tidewave"}],
        accounts=[base | {"account_id": f"x:{ACCOUNT}", "handle": HANDLE.upper(), "name": NAME},
                  base | {"account_id": f"bluesky:{DID}", "handle": "bob.tide.example"},
                  base | {"account_id": "x:55555", "handle": "the_mint", "name": "The Mint"},
                  base | {"account_id": f"mastodon:{FEDI}", "name": "Bob"},
                  base | {"account_id": "x:12", "handle": "ab"},
                  base | {"account_id": "x:66666", "handle": "weight"}],
    )  # fmt: skip


def hidden():
    raw = corpus()
    tables = {name: names.table(name, raw.table(name)) for name in ("posts", "accounts")}
    tables["interactions"] = names.table("interactions", raw.table("interactions"))
    return type(raw).from_tables(tables)


WORDS = KnownWords(reader(corpus()), public=names.public)
PSEUDONYMS = KnownPseudonyms(reader(hidden()), names)
both = pytest.mark.parametrize("known", [WORDS, PSEUDONYMS], ids=["words", "pseudonyms"])
PLANTED = {
    ACCOUNT: "account", POST: "post", HANDLE: "handle", "eve_tidewave": "account", DID: "account",
    URI: "post", "bob.tide.example": "handle", FEDI: "account",
}  # fmt: skip


def found(folder, known):
    return [(f.file, f.line, f.kind, f.word) for f in scan(folder, known).findings]


def test_what_is_looked_for_and_what_is_not():
    assert WORDS.counts == {"account": 5, "post": 2, "handle": 2, "name": 1, "left_out": 4}
    assert PSEUDONYMS.counts["post"] == 2
    assert WORDS.has_phrases
    assert not PSEUDONYMS.has_phrases
    said = ["ab", "12", "weight", "the_mint", "55555", "Bob"]
    assert WORDS.kinds(said) == [None] * 6
    assert PSEUDONYMS.kinds(said[2:]) == [None] * 4  # ``candidates`` leaves out short ones


@both
@pytest.mark.parametrize("word", PLANTED)
@pytest.mark.parametrize(
    "around",
    ["{}", "x:{}", "see {}.", "({})", "'{}'", "a,{},b", '{{"a":"{}"}}', "<i>{}</i>", "id={}&b=1",
     "https://example.org/{}/x", "\t{}\n", "«{}»", "|{}|", "[{}](x)", "{}:", "a/{}"],
)  # fmt: skip
def test_every_word_is_found_in_every_surrounding(known, word, around):
    hits = list(search([Told(around.format(word), 7)], known))
    kinds = {kind for line, _, kind, _ in hits if line == 7}
    # A handle without an account is both; of an address in another its owner is found.
    assert PLANTED[word] in kinds or (kinds and word in {URI, "eve_tidewave"})


@both
@pytest.mark.parametrize("word", ["@" + HANDLE, HANDLE.upper(), f"@{FEDI}", f"＠{HANDLE}"])
def test_handles_are_found_in_any_case_and_with_their_sign(known, word):
    assert list(search([Told(f"by {word}!", 1)], known))


@both
@pytest.mark.parametrize(
    "text",
    ["", "nothing", "77001122330", "bob_tidewaves", "x:p1_abcdefghij234567", "7700112", "Zoë",
     "of the tide", "abob_tidewave", "weight", "ab 12", "The Mint and @the_mint", "55555"],
)  # fmt: skip
def test_other_words_are_not(known, text):
    assert list(search([Told(text, 1)], known)) == []


@pytest.mark.parametrize(
    "text",
    ["zoë OF the tide", "by Zoë of the Tide, who", "Zoë  of\tthe Tide", "Zo&euml; of the&#32;Tide",
     '"Zo\\u00eb of the Tide"', "Zo%C3%AB%20of%20the%20Tide"],
)  # fmt: skip
def test_names_are_followed_word_by_word(text):
    (hit,) = search([Told(text, 3)], WORDS)
    assert hit == (3, None, "name", NAME.casefold())
    assert list(search([Told(text, 3)], PSEUDONYMS)) == []


def test_names_of_one_word_are_looked_for_when_they_are_like_no_other():
    called = ["Heron363426", "Heron", "Ann_Tide", "Longestofallnames"]
    accounts = [
        {"account_id": f"x:{i}", "name": name, "source_id": "s", "record": 1}
        for i, name in enumerate(called)
    ]
    known = KnownWords(reader(corpus_of(accounts=accounts)))
    assert known.kinds(["heron363426", "Heron", "ann_tide", "longestofallnames"]) == [
        "name", None, "name", "name",
    ]  # fmt: skip


def png(*chunks):
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, data in chunks:
        crc = zlib.crc32(kind + data)
        parts.append(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc))
    return b"".join(parts)


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def parquet(table):
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


FILES = {
    "a.txt": (f"one\ntwo @{HANDLE}\n".encode(), 2),
    "a.csv": (f'source,target\nx,"x:{ACCOUNT}"\n'.encode(), 2),
    "a.html": (f"<p>\n<!-- {HANDLE} -->".encode(), 2),
    "a.svg": (f"<svg><text>{HANDLE}</text></svg>".encode(), 1),
    "a.json": (b'{"a": "bob\\u005ftidewave"}', 1),
    "a.ipynb": (json.dumps({"cells": [{"source": [f"# {HANDLE}"]}]}, indent=1).encode(), 5),
    "a.graphml": (f"<graphml>\n<node id='x:{ACCOUNT}'/>".encode(), 2),
    "a.md": (rb"see bob\_tidewave", 1),
    "a16.txt": (f"two {HANDLE}".encode("utf-16"), 1),
    "a.jsonl.gz": (gzip.compress(f"1\n2\n{HANDLE}\n".encode()), 3),
    "a.docx": (zipped(word__xml=f"<w:t>{HANDLE}</w:t>"), 1),
    "in.zip": (zipped(a__gz=gzip.compress(HANDLE.encode())), 1),
    "a.parquet": (parquet(pa.table({"n": [1.5, 2.5], "who": [None, f"x:{ACCOUNT}"]})), 2),
    "b.parquet": (parquet(pa.table({"ids": [["a"], [f"x:{ACCOUNT}"]]})), 2),
    "c.parquet": (parquet(pa.table({"id": [1, int(ACCOUNT)]})), 2),
    "d.parquet": (parquet(pa.table({"x": [1]}).replace_schema_metadata({"by": HANDLE})), None),
    "a.png": (png((b"IHDR", b"\0" * 13), (b"tEXt", b"Author\0" + HANDLE.encode())), None),
    "b.png": (png((b"zTXt", b"Author\0\0" + zlib.compress(HANDLE.encode()))), None),
    "c.png": (png((b"iTXt", b"Author\0\0\0en\0A\0" + HANDLE.encode())), None),
    "d.png": (png((b"iTXt", b"Author\0\1\0\0\0" + zlib.compress(HANDLE.encode()))), None),
    "a.pdf": (f"%PDF-1.7\n1 0 obj <</Author ({HANDLE})>>".encode(), None),
    "b.pdf": (b"%PDF-1.7\nstream\n" + zlib.compress(f"({HANDLE})".encode()) + b"\nendstream", None),
    f"deep/{HANDLE}.txt": (b"nothing", None),
}  # fmt: skip


@both
@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_opened(tmp_path, known, name):
    data, line = FILES[name]
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    hits = found(tmp_path, known)
    assert {(hit[0], hit[1]) for hit in hits} == {(name, line)}
    assert found(file, known) or "/" in name
    unread = scan(tmp_path, known).unread
    assert [n for n, _ in unread] == ([name] if name.endswith(".pdf") else [])


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.bin", b"ab\0\1", "binary data"),
        ("a.gz", b"\x1f\x8b\x08\0broken", "damaged gzip"),
        ("a.zip", b"PK\x03\x04broken", "damaged zip"),
        ("a.parquet", b"PAR1broken", "damaged Parquet"),
        ("a.png", png((b"zTXt", b"A\0\0broken")), "damaged note"),
        ("b.zip", zipped(a__bin=b"ab\0"), "a.bin: binary data"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text(HANDLE)
    result = scan(tmp_path, WORDS)
    assert result.files == 2
    assert [f.file for f in result.findings] == ["z.txt"]
    ((file, said),) = result.unread
    assert file == name
    assert reason in said
    with pytest.raises(UnreadableError):
        list(texts(tmp_path / name))


def test_archives_in_archives_end_somewhere(tmp_path):
    data = HANDLE.encode()
    for _ in range(8):
        data = gzip.compress(data)
    (tmp_path / "a.gz").write_bytes(data)
    assert scan(tmp_path, WORDS).unread == [("a.gz", "packed too deeply")]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["a.txt", "a.gz", "a.zip", "a.parquet", "a.png", "a.pdf"]),
    st.binary(max_size=60), st.integers(0, 400), st.booleans(),
)  # fmt: skip
def test_damaged_files_never_stop_the_search(tmp_path, name, noise, place, cut):
    whole = FILES.get(name, (zipped(a__txt=HANDLE) if name == "a.zip" else gzip.compress(b"x"), 0))
    data = whole[0][:place] + noise + (b"" if cut else whole[0][place:])
    (tmp_path / "x").write_bytes(data)
    assert scan(tmp_path, WORDS).files == 1


@settings(max_examples=60)
@given(st.text(max_size=30), st.sampled_from(sorted(PLANTED)), st.text(max_size=30))
def test_a_word_between_blanks_is_found_in_any_text(before, word, after):
    for known in (WORDS, PSEUDONYMS):
        assert list(search([Told(f"{before} {word} {after}", 1)], known))


def test_escapes_are_undone_one_by_one():
    assert list(spellings("plain")) == ["plain"]
    assert list(spellings("a&amp;b")) == ["a&amp;b", "a&b"]
    assert list(spellings("\\ud83d\\ude42"))[1] == "🙂"
    assert list(spellings("100%")) == ["100%"]
    assert "ud83d" in next(spellings("\\ud83d"))


def test_candidates_have_no_platform_and_no_sign():
    assert {"bobtide", "twitter:bobtide"} <= candidates("twitter:bobtide")
    assert "bobtide" in candidates("handle:twitter:bobtide")
    assert "ann@velmora.example" in candidates("@ann@velmora.example,")
    assert candidates("abc") == set()


def test_the_time_grows_with_the_files_only(tmp_path):
    known = KnownWords(reader(crisis()))
    with (tmp_path / "a.csv").open("w") as handle:
        writer = csv.writer(handle)
        writer.writerows([f"x:p1_{i:016d}", f"x:p1_{i * 7:016d}", i] for i in range(60_000))
    start = time.perf_counter()
    assert scan(tmp_path, known).findings == []
    assert time.perf_counter() - start < 30
