"""Outputs that are HTML tables and frames."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.studies.html_tables import frame_source, html_table


def read(frame, language="en"):
    made = html_table(frame._repr_html_(), caption="c", language=language)
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
    made = html_table(page, caption="", language="fr").rows
    assert made == (
        ("1\u202f234\u202f567", "1\u202f234,50", "1,234"),
        ("1\u202f234", "-0,25", "12"),
    )


def test_odd_tables():
    def rows(page):
        made = html_table(page, caption="", language="en")
        return made.columns, made.rows

    odd = (
        "<table><tr><th colspan='x'>a<tH rowspan=0>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert rows(odd)[1] == (("1", "2"),)
    inner = "<table><tr><td>in</td></tr></table>"
    nested = f"<table><tr><td>a {inner}</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert rows(nested)[1] == (("a in", "b"), ("c", "d"))
    assert rows(f"{inner}{odd}")[1] == (("in",),)
    assert rows("<iframe srcdoc='<table><tr><td>1'></iframe>") == ((), ())


def test_a_table_without_headings_or_rows():
    made = html_table("<table><tr><td>a</td><td>b</td></tr></table>", caption="", language="en")
    assert (made.columns, made.rows) == (("", ""), (("a", "b"),))
    assert read(pd.DataFrame({"n": []}))[1] == ()


@pytest.mark.parametrize(
    ("page", "source"),
    [('<div><iframe srcdoc="&lt;p&gt;1"></iframe>', "<p>1"), ("<p>none", ""), ("<iframe>", "")],
)
def test_the_page_in_a_frame(page, source):
    assert frame_source(page) == source
