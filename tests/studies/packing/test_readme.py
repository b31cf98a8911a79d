"""The README has the sections of the data editors' template, filled from the manifests."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.studies.packing.test_crate import MANIFEST
from tests.studies.packing.test_package import DATE
from workbench.studies.manifest import Exhibit, Manifest
from workbench.studies.packing.contents import UNSTATED, Contents, Run
from workbench.studies.packing.readme import readme
from workbench.studies.packing.script import constraints, script
from workbench.studies.study import Study

SECTIONS = [
    "Overview", "Data availability and provenance", "Dataset list", "Computational requirements",
    "Description of programs", "Instructions to replicators", "List of tables and figures",
    "References",
]  # fmt: skip
FULL = Manifest(
    made_by="workbench graph",
    commands=("workbench graph retweet --study $STUDY --out $OUT/a.csv",),
    inputs=({"name": "a|b.jsonl", "sha256": "ab", "bytes": 1234567, "format": "twitter_v2",
             "read": 1601, "rejected": 2, "duplicate": 0},),
    seeds={"layout": 7}, versions={"python": "3.12.1", "workbench": "0.1.0", "numpy": "2.4.6"},
    commit="abc", queries=({"name": "who", "text": "MATCH (n) RETURN n", "sha256": "cd"},),
    methods=("ei_index",), outputs={"figures/a.svg": "00", "figures/a.png": "00", "t/b.csv": "00"},
    timings={"load": 1.25, "draw": 2.0}, peak_mb=265.4, platform="Linux",
)  # fmt: skip


def of(*manifests, **facts):
    names = [f"r{n}" for n in range(len(manifests))] if len(manifests) > 1 else [""]
    runs = tuple(Run(name, None, one) for name, one in zip(names, manifests, strict=True))
    return Contents("A study", runs, date=DATE, **facts)


def cells(text, first):
    """Return the rows of the table whose heading begins so."""
    lines = text.split(f"\n| {first} |", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [re.split(r"(?<!\\)\|", line.strip("|")) for line in lines]


def test_the_sections_stand_in_their_order():
    for text in (readme(of(FULL), {"a": 1}), readme(of(MANIFEST, MANIFEST), {})):
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
        assert text.startswith("# A study: replication package\n")
        assert "None" not in text.replace("None.", "")


def test_every_fact_of_the_manifest_is_told():
    text = readme(of(FULL, authors=("A. Nyone", "B. Nyone"), licence="CC0-1.0"), {"a": 5_200_000})
    for said in (
        "By A. Nyone, B. Nyone.", "Licence: CC0-1.0", "- Python 3.12.1", "0.1.0, commit abc",
        "numpy 2.4.6", "- layout: 7", "Storage: 5 MB", "pip install -c constraints.txt",
        "Krackhardt & Stern (1988)", "| who | `cd` |", "3 output files of 1 run",
    ):  # fmt: skip
        assert said in text, said
    (row,) = cells(text, "file")
    assert [cell.strip() for cell in row] == [
        "a\\|b.jsonl", "twitter_v2", "1,601", "2", "1,234,567", "`ab`", "no",
    ]  # fmt: skip
    assert [cell.strip() for cell in cells(text, "run")[0]] == ["all", "3.2", "265", "Linux"]
    assert "fill in" not in text
    assert "fill in" in readme(of(FULL, licence=UNSTATED), {})


def test_figures_and_tables_lead_to_programs_and_files():
    named = Exhibit("fig-a", "Who", ("a.csv",), "programs/x.ipynb", 3)
    told = Manifest(made_by="x", exhibits=(named,))
    rows = cells(readme(of(FULL, told), {}), "label")
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["`fig-a`", "–", "`run.sh`", "–",
         "`outputs/r0/figures/a.svg`, `outputs/r0/figures/a.png`"],
        ["`tbl-b`", "–", "`run.sh`", "–", "`outputs/r0/t/b.csv`"],
        ["`fig-a`", "Who", "`programs/x.ipynb`", "3", "`outputs/r1/a.csv`"],
    ]  # fmt: skip


@pytest.mark.parametrize("with_data", [True, False])
def test_a_replicator_is_told_to_load_what_is_not_there(with_data):
    text = readme(of(FULL, with_data=with_data), {})
    assert ("workbench load FILE…" in text) != with_data
    assert ("yes, in `data/study/corpus`" in text) == with_data
    assert ("personal data" in text) == with_data


@pytest.mark.parametrize(
    ("with_data", "actors", "but"),
    [(False, "", ", but for outputs that show pseudonyms."), (True, "", "."),
     (True, "a.csv", ", but for outputs that quote posts")],
)  # fmt: skip
def test_a_replicator_is_told_what_differs_without_the_key(tmp_path, with_data, actors, but):
    study = Study(tmp_path, "id", privacy="pseudonymous", public_actors=actors)
    text = readme(of(FULL, study=study, with_data=with_data), {})
    assert f"must end in OK{but}" in text
    raw = readme(of(FULL, study=replace(study, public_actors="a.csv")), {})
    assert "the list of public actors, too" in raw
    assert "the list of public actors, too" not in readme(of(FULL), {})


def test_the_script_makes_the_folders_of_the_outputs():
    text = script(of(FULL, FULL))
    assert "OUT=again/r1\nmkdir -p again/r1/figures\nmkdir -p again/r1/t\nworkbench graph" in text
    assert 'retweet --study "$STUDY" --out "$OUT"/a.csv\n' in text
    quoted = replace(FULL, commands=('x --study "$STUDY" --out "$OUT/a" $OUTER',))
    assert '\nx --study "$STUDY" --out "$OUT/a" $OUTER\n' in script(of(quoted))
    whole = replace(FULL, commands=("workbench demo --out $OUT",))
    assert "OUT=again/r0\nmkdir -p again\nworkbench demo" in script(of(whole, FULL))
    assert "OUT=again\nworkbench demo" in script(of(whole))
    assert text.endswith("sha256sum -c ../outputs.sha256\n")
    assert text.count("the study is missing") == 1
    assert "the study is missing" not in script(of(MANIFEST))


def test_constraints_are_those_of_pip():
    assert constraints(of(FULL)) == "# Python 3.12.1, workbench 0.1.0 abc\nnumpy==2.4.6\n"
