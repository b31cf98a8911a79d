"""Every text of every figure has both languages, and numbers are written as each writes them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench.plotting
from tests.plotting.examples import DRAWINGS
from tests.plotting.figures import words
from workbench.communities import METHODS
from workbench.errors import UsageError
from workbench.influence import MEASURES
from workbench.model.kinds import GRAPHS, ORIGINS
from workbench.plotting import alt_of, in_language
from workbench.plotting.texts import catalogue, named, number_ticks, say, ticks, wrapped, written
from workbench.polarisation import INDICES

SOURCES = sorted(Path(workbench.plotting.__file__).parent.glob("*.py"))
#: Texts that both languages share: proper names, loan words, and terms that are spelt alike.
ALIKE = {
    "PageRank", "LeaderRank", "VoteRank", "conductance", "Leiden", "Leiden (CPM)", "Louvain",
    "python-louvain", "Infomap", "METIS", "consensus", "inclusion", "Jaccard", "retweet", "mention",
    "co-hashtag", "co-URL", "hashtag", "backbone", "plateau", "×{times:.2g}", "{name} {half:,}",
    "{measure} {score:.3g}", "{name} ({accounts:,})", "original",
}  # fmt: skip


def places(template):
    """Return the names of the places of a template, those in formats too."""
    found = set()
    for _, name, spec, _ in Formatter().parse(template):
        if name is not None:
            found |= {name} | places(spec or "")
    return found


@pytest.mark.parametrize("key", catalogue())
def test_each_text_has_both_languages_and_the_same_places(key):
    english, french = catalogue()[key]["en"], catalogue()[key]["fr"]
    assert english
    assert french
    assert places(english) == places(french)
    assert english != french or english in ALIKE or key == "scan.x", key
    assert not re.search(r" [;!?:»%]|« ", french), "no-break spaces"
    assert not re.search(r"publication|moyenne nulle|valeurs? nulle|graphes? nul", french)
    for text in (english, french):
        for _, _, spec, _ in Formatter().parse(text):
            assert not spec or spec.count("|") in {0, 2}, spec


def keys_in_code():
    """Yield each text that the code asks for, with `*` where a part is computed."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in {"say", "named"}:
                for choice in choices(node.args[0]):
                    yield choice if name == "say" else f"{choice}.*"


def choices(node):
    if isinstance(node, ast.IfExp):
        return [*choices(node.body), *choices(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(p.value if isinstance(p, ast.Constant) else "*" for p in node.values)]
    return [node.value] if isinstance(node, ast.Constant) else ["*"]


def test_every_text_is_used_and_every_used_text_is_there():
    wanted = {key for key in keys_in_code() if key != "*"}
    patterns = [re.escape(key).replace(r"\*", ".+") for key in wanted]
    unused = [k for k in catalogue() if not any(re.fullmatch(p, k) for p in patterns)]
    assert [key for key in unused if not key.startswith("value.")] == ["network.raster",
        "network.raster_plain"]  # chosen by name before they are said  # fmt: skip
    missing = [p for p in patterns if not any(re.fullmatch(p, key) for key in catalogue())]
    assert missing == []


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("measure", [*MEASURES, *INDICES]),
        ("method", METHODS),
        ("kind", GRAPHS),
        ("meaning", GRAPHS),
        ("value", ORIGINS),
    ],
)
def test_names_are_complete(section, names):
    assert [name for name in names if f"{section}.{name}" not in catalogue()] == []


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_english_is_left_over_in_a_french_figure(name):
    for draw in DRAWINGS[name]:
        english = draw()
        with in_language("fr"):
            french = draw()
        told = [{*words(ax), alt_of(ax)} for ax in (english, french)]
        both = {text for text in told[0] & told[1] if re.search("[a-z]{3}", text)}
        # Names that were given, and axis numbers, stay as they are.
        given_names = {"north", "south", "other", "p1_", *ALIKE, "résolution γ"}
        left = {
            t
            for t in both
            if t not in given_names and not re.match(r"\$|STAR|X:ZQX|north|south", t)
        }
        assert left == {"resolution γ"} & told[0] & told[1], left
        plt.close("all")


@given(st.floats(-1e7, 1e7), st.sampled_from(["en", "fr"]))
def test_numbers_are_read_back(number, language):
    with in_language(language):
        for spec, digits in ((",", 0 if number.is_integer() else 2), (".3f", 3)):
            text = written(number, spec)
            assert float(plain(text, language)) == pytest.approx(number, abs=0.51 * 10**-digits)
        share = written(number / 1e7, ".1%").rstrip("%").rstrip("\u00a0")
        assert float(plain(share, language)) == pytest.approx(number / 1e5, abs=0.051)
        near = float(plain(written(number, ".3g"), language))
        assert near == pytest.approx(number, rel=5.1e-3, abs=1e-300)


def plain(text, language):
    thousands, comma = (",", ".") if language == "en" else ("\u202f", ",")
    return text.replace(thousands, "").replace(comma, ".").replace("\u2212", "-")


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", {0: "0 posts", 1: "1 post", 2: "2 posts", 1234: "1,234 posts"}),
        ("fr", {0: "0 message", 1: "1 message", 2: "2 messages",
                1234: "1\u202f234 messages"}),
    ],
)  # fmt: skip
def test_one_and_many(language, counts):
    with in_language(language):
        for n, told in counts.items():
            caption = say("timeline.caption_day", posts=n, first="", last="", peak="", most=1,
                          silent=0)  # fmt: skip
            assert caption.startswith(f"{told} ")


def test_a_language_that_figures_do_not_speak():
    refused = pytest.raises(UsageError, match="do not speak this language: de; allowed: en, fr")
    with refused, in_language("de"):
        pass
    with pytest.raises(RuntimeError, match="inside"), in_language("fr"):
        raise RuntimeError("inside")
    assert named("kind", "reply") == "reply"
    assert named("measure", "my_own_score") == "my own score"
    assert wrapped("a long name of it", 8) == "a long\nname of\nit"


def test_axes_keep_the_language_they_were_drawn_in():
    _, (left, right) = plt.subplots(1, 2)
    with in_language("fr"):
        number_ticks(left.xaxis)
        right.xaxis.set_major_formatter(ticks(".0%"))
    left.set_xticks([-2000, 0, 10_000])
    right.set_xticks([0, 0.5])
    left.figure.canvas.draw()
    shown = [text.get_text() for text in left.get_xticklabels()]
    assert "\u22122\u202f000" in shown
    assert "10\u202f000" in shown
    assert [text.get_text() for text in right.get_xticklabels()] == ["0\u00a0%", "50\u00a0%"]
    left.set_xticks([0, 0.25])
    left.figure.canvas.draw()
    assert "0,25" in [text.get_text() for text in left.get_xticklabels()]
