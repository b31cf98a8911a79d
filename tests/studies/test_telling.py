"""A study as a document: its order, its evidence, its words in two languages."""

from __future__ import annotations

import pytest

from tests.studies.test_running import Config, Made, World
from tests.studies.test_running import subject as subject  # noqa: PLC0414  a fixture
from workbench.errors import NotFoundError, UsageError
from workbench.studies.curated import STUDIES, curated_study
from workbench.studies.document import Code, Heading, Picture, Prose, Table
from workbench.studies.telling import Computed, document, exhibits_in_order


@pytest.fixture
def done(subject):
    study = Made().study
    world = World(Config(), 12)
    return Computed(study, subject, Config(), world, study.claims(world), study.sheets(world),
                    study.drawings(world))  # fmt: skip


PICTURE = Picture("fig-timeline", "Posts a day.", "Bars.", b"png")


@pytest.mark.parametrize(
    ("language", "title", "table", "day"),
    [("en", "How many", "Table 1", "1\u00a0January 1970"),
     ("fr", "Combien", "Tableau 1", "1er\u00a0janvier 1970")],
)  # fmt: skip
def test_evidence_names_posts_dates_and_the_command(done, language, title, table, day):
    report = document(done, [PICTURE], language)
    headings = [b.text for b in report.blocks if isinstance(b, Heading)]
    assert headings[0] == title
    tables = {b.label: b for b in report.blocks if isinstance(b, Table)}
    assert tables["tbl-evidence"].rows[0] == ("Figure 1", 12, day, day.replace("1er", "1")
                                              .replace("1\u00a0", "2\u00a0"))  # fmt: skip
    assert tables["tbl-evidence"].rows[1][0] == table
    (code,) = [b for b in report.blocks if isinstance(b, Code)]
    assert code.text == f"# Figure 1, {table}\nworkbench describe --study DIR"


def test_a_figure_that_was_not_drawn_leaves_no_hole(done):
    report = document(done, [], "en")
    assert [kind for kind, _, _ in exhibits_in_order(report.blocks)] == ["table"] * 3


def test_the_summary_is_in_the_other_language(done):
    report = document(done, [PICTURE], "en")
    assert report.findings == ("There are 12 posts.",)
    assert report.other_abstract == "Il y a 12 messages\u202f!"
    assert any(isinstance(b, Prose) and "How many?" in b.text for b in report.blocks)


def test_shares_are_per_cent_and_parameters_are_all_there(done):
    report = document(done, [PICTURE], "fr")
    tables = {b.label: b for b in report.blocks if isinstance(b, Table)}
    assert tables["tbl-words"].rows[0] == ("harbour", "25,0\u00a0%")
    assert tables["tbl-parameters"].rows == (("seed", "5"), ("least", "1,00"))
    assert report.provenance.endswith("graine 5")
    assert document(done, [PICTURE], "en").provenance.endswith("seed 5")


def test_an_unknown_language_or_study_is_refused(done):
    with pytest.raises(UsageError, match=r"do not speak this language: de"):
        document(done, [], "de")
    with pytest.raises(NotFoundError, match=r"no such study: nosuch; allowed: crisis_brief"):
        curated_study("nosuch")
    for name in STUDIES:
        assert curated_study(name).name == name
