"""Figures and tables as files: in which language, and with which cells."""

from __future__ import annotations

import csv

from tests.studies.test_running import BEHIND, draw
from workbench.studies.curated import Column, Drawing, Sheet
from workbench.studies.exhibits import write_figure, write_table


def test_a_figure_speaks_its_language_and_its_data_are_there_once(tmp_path):
    drawing = Drawing("days", draw, BEHIND, 0.5, lambda language: f"<p>{language}</p>",
                      {"fr": "Les jours."})  # fmt: skip
    english = write_figure(drawing, tmp_path, language="en")
    french = write_figure(drawing, tmp_path, language="fr", suffix=".fr")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "days.csv", "days.fr.png", "days.fr.svg", "days.png", "days.svg",
    ]  # fmt: skip
    assert french.caption.startswith("Les jours. 12 ")
    assert english.caption.startswith("12 posts")
    assert english.caption != french.caption
    assert (french.label, french.width, french.html) == ("fig-days", 0.5, "<p>fr</p>")
    assert french.png == (tmp_path / "days.fr.png").read_bytes() != english.png


def test_a_table_has_names_without_language_and_unknown_cells_are_empty(tmp_path):
    columns = [Column("kind", "name", {"en": "acts", "fr": "interactions"}),
               Column("share", "share", {"en": "part", "fr": "part"})]  # fmt: skip
    rows = [[{"en": "replies", "fr": "réponses"}, 0.125], ["+1 more", None]]
    write_table(Sheet("kinds", columns, rows, {"en": "", "fr": ""}, BEHIND), tmp_path / "new")
    with (tmp_path / "new" / "kinds.csv").open(encoding="utf-8", newline="") as opened:
        assert list(csv.reader(opened)) == [
            ["kind", "share"], ["replies", "0.125"], ["'+1 more", ""],
        ]  # fmt: skip
