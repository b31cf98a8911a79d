"""Outputs that are HTML tables and frames."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.studies.html_tables import frame_source, html_tables, html_text


def read(frame, language="en"):
    (made,) = html_tables(frame._repr_html_(), caption="c", language=language)
    return made.columns, made.rows


def test_a_frame_without_an_index_of_its_own():
    frame = pd.DataFrame({"camp": ["A & B", "<b>"], "n": [2017, 7], "share": [0.431, None]})
    assert read(frame) == (
        ("camp", "n", "share"),
        (("A & B", "2017", "0.431"), ("<b>", "7", "NaN")),
    )


def test_an_index_is_a_column():
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["A", "B"], name="camp"))
    assert read(frame) == (("camp", "n"), (("A", "1"), ("B", "2")))


def test_headings_over_several_columns():
    columns = pd.MultiIndex.from_tuples([("kept", "n"), ("kept", "share"), ("lost", "n")])
    frame = pd.DataFrame([[1, 0.5, 2]], index=["A"], columns=columns)
    assert read(frame) == (("", "kept n", "kept share", "lost n"), (("A", "1", "0.5", "2"),))


def test_an_index_of_two_levels_leaves_places_empty():
    index = pd.MultiIndex.from_tuples([("A", "x"), ("A", "y"), ("B", "x")], names=["side", "of"])
    frame = pd.DataFrame({"n": [1, 2, 3]}, index=index)
    assert read(frame)[1] == (("A", "x", "1"), ("", "y", "2"), ("B", "x", "3"))


def test_a_point_is_a_comma_in_french_and_text_stays():
    frame = pd.DataFrame({"share": [0.25, -1.5], "version": ["1.2.3", "v1.2"]})
    assert read(frame, "fr")[1] == (("0,25", "1.2.3"), ("-1,50", "v1.2"))


def test_thousands_of_a_column_are_set_apart_as_in_french():
    frame = pd.DataFrame({"n": [1234567, 1234], "x": [1234.5, -0.25], "open": [1234, 12]})
    page = frame.style.format(thousands=",", precision=2).to_html()
    made = html_tables(page, caption="", language="fr")[0].rows
    assert made == (
        ("1\u202f234\u202f567", "1\u202f234,50", "1,234"),
        ("1\u202f234", "-0,25", "12"),
    )


def test_odd_tables():
    def rows(page):
        made = html_tables(page, caption="", language="en")[0]
        return made.columns, made.rows

    odd = (
        "<table><tr><th colspan='x'>a<tH rowspan=0>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert rows(odd)[1] == (("1", "2"),)
    inner = "<table><tr><td>in</td></tr></table>"
    nested = f"<table><tr><td>a {inner}</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert rows(nested)[1] == (("a in", "b"), ("c", "d"))
    assert rows(f"{inner}{odd}")[1] == (("in",),)
    assert (
        html_tables("<iframe srcdoc='<table><tr><td>1'></iframe>", caption="", language="en") == []
    )


def test_a_table_without_headings_or_rows():
    (made,) = html_tables("<table><tr><td>a</td><td>b</td></tr></table>", caption="", language="en")
    assert (made.columns, made.rows) == (("", ""), (("a", "b"),))
    assert read(pd.DataFrame({"n": []}))[1] == ()


@pytest.mark.parametrize(
    ("page", "source"),
    [('<div><iframe srcdoc="&lt;p&gt;1"></iframe>', "<p>1"), ("<p>none", ""), ("<iframe>", "")],
)
def test_the_page_in_a_frame(page, source):
    assert frame_source(page) == source


def test_every_table_of_an_output_is_read():
    one, two = (pd.DataFrame({"n": [n]}) for n in (7, 8))
    page = f"<h3>A</h3>{one._repr_html_()}<p>between</p>{two._repr_html_()}<table></table>"
    made = html_tables(page, caption="c", language="en")
    assert [table.rows for table in made] == [(("7",),), (("8",),)]
    assert [table.caption for table in made] == ["c", "c"]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<p>One <b>and</b> two &lt;3</p><style>p {}</style><div>Three</div>",
         ["One and two <3", "Three"]),
        ("a<br>b", ["a", "b"]),
        ("<style>p {}</style>", []),
        ("<p>A chart:</p><svg><text>x</text></svg>", None),
        ("<img src='data:image/png;base64,x'>", None),
        ("<div id='chart'></div><script>draw()</script>", None),
        ("<p>Text</p><script>count()</script>", ["Text"]),
    ],
)  # fmt: skip
def test_the_text_of_a_page_and_what_is_more_than_text(page, told):
    assert html_text(page) == told
