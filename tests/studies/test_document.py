"""Documents: labels and languages are checked before a page is made of them."""

from __future__ import annotations

import pytest

from workbench.errors import InputError, UsageError
from workbench.studies.document import Document, Heading, Picture, Table


def picture(label):
    return Picture(label, "caption", "alt", b"png")


def test_labelled_are_the_figures_and_tables_with_a_label_in_order():
    table = Table("tbl-b", "caption", ("x",), ((1,),))
    document = Document("T", blocks=(Heading("H"), table, picture(""), picture("fig-a")))
    assert [block.label for block in document.labelled()] == ["tbl-b", "fig-a"]


@pytest.mark.parametrize("label", ["fig-a b", "fig-", "fig-a,b"])
def test_a_label_can_be_named(label):
    with pytest.raises(InputError, match=rf"a label holds what no reference can name: {label}"):
        Document("T", blocks=(picture(label),))


def test_a_label_stands_once_and_is_of_its_kind():
    with pytest.raises(InputError, match=r"stands twice.*fig-a"):
        Document("T", blocks=(picture("fig-a"), picture("fig-a")))
    with pytest.raises(InputError, match=r"another kind.*tbl-a.*fig-"):
        Document("T", blocks=(picture("tbl-a"),))


def test_other_languages_are_refused():
    with pytest.raises(UsageError, match=r"do not speak.*de"):
        Document("T", language="de")
