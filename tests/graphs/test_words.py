"""Words are runs of letters in any script; names, links and hashtags are none."""

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.graphs.words import words


def told(text):
    return words(pa.array([text], pa.string())).column("word").to_pylist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peace, now: peace!", ["peace", "now", "peace"]),
        ("l'escorte d’Ysmar, vingt-deux", ["escorte", "ysmar", "vingt", "deux"]),
        ("e\u0301te\u0301 ÉTÉ ＦＵＬＬ straße", ["été", "été", "full", "strasse"]),
        ("RT @some_body: hello @a.b.social @x@y.example me@mail.example", ["rt", "hello"]),
        ("#Peace #мир ＃tag war", ["war"]),
        ("see https://a.example/path?q=word www.b.example t.example/xyz end", ["see", "end"]),
        ("Map &amp; figures&#39; 12h58 2031 a 7", ["map", "figures", "12h58"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("你好世界。再见", ["你好世界", "再见"]),
        ("", []),
        (None, []),
    ],
)
def test_what_is_a_word(text, expected):
    assert told(text) == expected


def test_lines_and_chunks():
    texts = pa.chunked_array([["one two", None], ["", "three"]])
    assert words(texts).to_pydict() == {"line": [0, 0, 3], "word": ["one", "two", "three"]}
    assert words(pa.array([], pa.string())).num_rows == 0
    assert words(pa.array([None], pa.string())).num_rows == 0


@given(st.text(st.characters(max_codepoint=0x7FF, exclude_categories=["Cn"]), max_size=30))
def test_equal_to_reading_sign_by_sign(text):
    if re.search(r"[@＠#＃&/]|www|http", text):
        return
    runs, run = [], ""
    for sign in [*text, " "]:
        if unicodedata.category(sign)[0] in "LMN":
            run += sign
        else:
            runs, run = [*runs, run], ""
    normal = [unicodedata.normalize("NFKC", run).casefold() for run in runs]
    assert told(text) == [w for w in normal if len(w) > 1 and any(map(str.isalpha, w))]
