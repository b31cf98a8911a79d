"""Data leave with pseudonyms and without paths of this machine, or they stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.studies.packing.conftest import POSTS, make
from tests.studies.packing.test_package import DATE, unpacked
from workbench.errors import InputError, UsageError
from workbench.model import Corpus
from workbench.studies.packing import pack
from workbench.studies.packing.data import check_data
from workbench.studies.study import Study


def test_data_go_with_pseudonyms_and_without_paths(made, tmp_path):
    (made.study.folder / "actors.csv").write_text("account_id,name\nx:1,Ministry\n")
    study = replace(made.study, public_actors="actors.csv", question="Who is heard?")
    study.save()
    pack(made.run, tmp_path / "p.zip", study=study, with_data=True, date=DATE)
    place = unpacked(tmp_path / "p.zip", tmp_path / "p")
    copy = Study.open(place / "data" / "study")
    assert replace(copy, folder=study.folder, public_actors="actors.csv") == study
    assert copy.actors().ids == study.actors().ids == {"x:1"}
    assert (
        Corpus.open(place / "data" / "study" / "corpus").fingerprint == study.corpus().fingerprint
    )
    paths = copy.corpus().table("sources").column("path").to_pylist()
    assert paths == [max(POSTS.glob("*.gz")).name]
    there = b"".join(file.read_bytes() for file in place.rglob("*") if file.is_file())
    assert str(tmp_path).encode() not in there
    assert not (place / "data" / "study" / "graph").exists()
    assert "Question: Who is heard?" in (place / "README.md").read_text("utf-8")


def test_the_data_of_a_raw_study_stay(tmp_path):
    made = make(tmp_path / "study", privacy="raw")
    with pytest.raises(InputError, match=r"raw study stay here.*--with-data.*privacy pseudonymise"):
        pack(made.run, tmp_path / "p.zip", study=made.study, with_data=True, date=DATE)
    with pytest.raises(UsageError, match=r"whose data\?.*--study DIR"):
        pack(made.run, tmp_path / "p.zip", with_data=True, date=DATE)
    with pytest.raises(InputError, match=r"hold handles, ids and posts"):
        check_data(made.study)
    assert not (tmp_path / "p.zip").exists()
