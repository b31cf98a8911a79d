"""Every sentence, figure and table has its place."""

from __future__ import annotations

from workbench.language import LANGUAGES
from workbench.studies.claims import check
from workbench.studies.crisis_brief import (
    limits,
    sections,
)


def test_everything_declared_has_its_place_and_no_place_is_empty(world):
    placed = [part for section in sections.sections(world) for part in section.parts
              if isinstance(part, str)]  # fmt: skip
    assert len(placed) == len(set(placed))
    told = {claim.section for claim in sections.claims(world)} - {limits.EVIDENCE}
    assert told <= {part.partition(":")[2] for part in placed if ":" in part}
    things = {f"fig-{d.name}" for d in sections.drawings(world)}
    things |= {f"tbl-{s.name}" for s in sections.sheets(world)}
    assert things == {part for part in placed if ":" not in part}


def test_all_claims_of_the_crisis_hold_and_findings_are_few(world):
    claims = sections.claims(world)
    check(claims)
    assert 3 <= sum(claim.finding for claim in claims) <= 6
    assert all(claim.value is not None for claim in claims)


def test_tables_have_a_heading_and_a_unit_a_column_in_every_language(world):
    for sheet in sections.sheets(world):
        assert set(sheet.caption) == set(LANGUAGES)
        for column in sheet.columns:
            assert set(column.heading) == set(LANGUAGES)
            assert column.unit
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}
