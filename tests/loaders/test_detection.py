from __future__ import annotations

import pytest

from workbench.errors import InputError, UsageError
from workbench.loaders import FORMATS
from workbench.loaders.base import Loader
from workbench.loaders.detection import detect, named, scores
from workbench.loaders.source import Head


def loader(name: str, certainty: float) -> Loader:
    return Loader(name, name, lambda _head: certainty, lambda _source, _sink, _options: None)


def failing(_head: Head) -> float:
    raise RecursionError("too deep")


def test_the_surest_wins_and_ties_keep_the_order():
    formats = {name: loader(name, certainty) for name, certainty in [("a", 0.6), ("b", 0.9)]}
    assert detect(Head("n", b"x"), formats).name == "b"
    formats = {name: loader(name, 0.8) for name in ("second", "first")}
    assert detect(Head("n", b"x"), formats).name == "second"
    assert list(scores(Head("n", b"x"), formats)) == ["second", "first"]


def test_a_format_that_cannot_even_look_is_not_it():
    formats = {"deep": Loader("deep", "", failing, lambda *_: None), "a": loader("a", 0.7)}
    assert scores(Head("n", b"x"), formats) == {"a": 0.7, "deep": 0.0}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        ("a,b\n1,2\n".encode("utf-16"), "encoded in UTF-16.*UTF-8.*iconv"),
        ("a,b\n1,2\n".encode("utf-32"), "encoded in UTF-32.*UTF-8.*iconv"),
        ("a,b\n1,2\n".encode("utf-16-be"), "binary"),
        (b"a,b\rc,d\n", "the lines end with CR alone"),
        (b"\x00\x01\x02\x03", "the file is binary"),
        (
            b"Once upon a time\nthere was a file that is no data at all, really.\n",
            "no format known",
        ),
        (b"{" * 100_000, "no format known"),
        (b"[" * 100_000, "no format known"),
    ],
)
def test_what_fits_no_format_is_an_error_that_lists_the_formats(data, message):
    with pytest.raises(InputError, match=message) as caught:
        detect(Head("n", data), FORMATS)
    if not any(word in message for word in ("encoded", "empty", "CR alone")):
        assert all(name in str(caught.value) for name in FORMATS)


def test_a_format_is_named_or_refused():
    assert named("edge_list", FORMATS) is FORMATS["edge_list"]
    with pytest.raises(UsageError, match=r"no such format: xml; allowed: .*edge_list"):
        named("xml", FORMATS)
