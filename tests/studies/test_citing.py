"""The catalogue says what the docstrings say, of every measure and method."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import workbench
from workbench import communities, influence, plotting, polarisation
from workbench.errors import UsageError
from workbench.provenance import package_version
from workbench.studies import citing
from workbench.studies.bibtex import read_bibtex
from workbench.studies.citing import (
    bibliography,
    catalogue,
    methods,
    references_of,
    the_workbench,
)

ROOT = Path(workbench.__file__).parent
FILE = ROOT / "studies" / "references.bib"
REGISTRIES = (communities.METHODS, influence.MEASURES, polarisation.INDICES)
REGISTERED = {name: one for registry in REGISTRIES for name, one in registry.items()}
DOI = re.compile(r"doi:(10\.[^\s;\"]+)")
CITED = re.compile(r"\.\. \[\d+\] (.*?)(?=\n\s*\.\. \[|\n\s*\n|\Z)", re.DOTALL)


def cited(documented):
    """Return the references of a docstring, each as one line."""
    return [" ".join(text.split()) for text in CITED.findall(documented or "")]


def docstrings():
    """Yield (place, reference) of every docstring of the package."""
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                for line in cited(ast.get_docstring(node)):
                    yield f"{file.stem}:{getattr(node, 'name', '')}", line


CITATIONS = sorted(set(docstrings()))
BY_DOI = {one.doi: one for one in catalogue().values() if one.doi}


def of(line):
    """Return the reference that a line of a docstring means."""
    found = DOI.search(line)
    if found:
        return BY_DOI[found[1]]
    titles = [one for one in catalogue().values() if one.text().split(") ", 1)[1][:40] in line]
    assert len(titles) == 1, line
    return titles[0]


@pytest.mark.parametrize(("place", "line"), CITATIONS)
def test_a_docstring_and_the_catalogue_spell_a_reference_alike(place, line):
    one = of(line)
    line = line.removeprefix("After ")
    who, said, rest = re.match(r"(.*?) \((\d{4})\)(.*)", line).groups()
    assert one.fields["year"] == said
    assert one.text().startswith(f"{who} ({said}) ")
    shortened = rest.split(" doi:")[0].strip().split(".")[0]
    assert shortened in one.text()
    if line not in SHORTENED:
        assert one.text() == line


#: Docstrings that leave out a subtitle or an issue.
SHORTENED = {
    (
        "Salloum, Chen & Kivelä (2022) Separating polarization from noise. Proceedings of the ACM "
        "on Human-Computer Interaction 6(CSCW1), 115. doi:10.1145/3512962"
    ),
    (
        "Morales, Borondo, Losada & Benito (2015) Measuring political polarization: Twitter shows "
        "the two sides of Venezuela. Chaos 25, 033114. doi:10.1063/1.4913758"
    ),
    "Hartigan & Hartigan (1985) doi:10.1214/aos/1176346577",
    "Hohmann, Devriendt & Coscia (2023) doi:10.1126/sciadv.abq2044",
    "Friedkin & Johnsen (1990) doi:10.1080/0022250X.1990.9990069",
}


def test_every_doi_of_the_package_is_in_the_catalogue():
    named = {found for file in ROOT.rglob("*.py") for found in DOI.findall(file.read_text("utf-8"))}
    assert len(named) > 70
    assert named - set(BY_DOI) == set()


@pytest.mark.parametrize("name", REGISTERED)
def test_every_measure_is_cited_with_what_its_registry_and_docstring_name(name):
    measure = REGISTERED[name]
    found = references_of([name])
    assert found
    assert set(DOI.findall(measure.reference)) <= {one.doi for one in found}
    wanted = {of(line).key for line in cited(measure.function.__doc__)}
    assert wanted <= {one.key for one in found}


@pytest.mark.parametrize("package", [communities, influence, polarisation, plotting])
def test_every_function_that_users_call_is_cited(package):
    for name in package.__all__:
        lines = cited(getattr(package, name).__doc__)
        if lines and name not in REGISTERED:
            full = f"{package.__name__.rpartition('.')[2]}.{name}"
            assert {of(line).key for line in lines} <= set(methods()[full]), full


def test_the_file_is_in_order():
    entries = read_bibtex(FILE.read_text("utf-8"))
    keys = [one.key for one in entries]
    assert keys == sorted(set(keys))
    dois = [one.doi for one in entries if one.doi]
    assert len(dois) == len(set(dois))
    for one in entries:
        assert {"author", "title", "year"} <= set(one.fields), one.key
        assert one.methods == tuple(sorted(set(one.methods))), one.key
        assert one.methods, one.key
        assert "doi" not in one.fields or re.fullmatch(r"10\.\d{4,}/\S+", one.doi), one.key


def test_pandoc_reads_the_file(tmp_path):
    pypandoc = pytest.importorskip("pypandoc", reason="pip install 'workbench[report]'")
    told = pypandoc.convert_file(str(FILE), "csljson", format="biblatex")
    assert told.count('"id"') == len(catalogue())
    assert "Twitter shows the two sides of" in told


def test_names_of_functions_do_without_their_package():
    assert references_of(["rank"]) == references_of(["influence.rank"])
    assert [one.key for one in references_of(["ei_index", "leiden", "bridge_share"])] == [
        "krackhardt1988",
        "traag2019",
    ]


def test_an_unknown_name_has_a_nearest():
    with pytest.raises(UsageError, match=r"of this name: ei_idnex; allowed: .*leiden.*mean ei_ind"):
        references_of(["ei_idnex"])
    with pytest.raises(UsageError, match=r"did you mean influence\.maximise\?"):
        references_of(["maximize"])
    with pytest.raises(UsageError, match=r"choose one of these"):
        references_of(["qqqqqqqq"])


def test_the_workbench_is_cited_by_its_own_file(monkeypatch):
    one = the_workbench()
    assert one.fields["author"] == "{The workbench founders}"
    assert one.fields["version"] == package_version()
    monkeypatch.setattr(citing, "package_version", lambda: "9.9")
    assert "year" not in the_workbench().fields
    assert the_workbench().fields["version"] == "9.9"


def test_a_bibliography_can_be_read_again():
    found = read_bibtex(bibliography(["leiden"]))
    assert [one.key for one in found] == ["workbench", "traag2019"]
