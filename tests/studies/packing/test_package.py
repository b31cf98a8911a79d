"""A package reproduces its outputs, shows nobody, and is the same bytes twice."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import workbench
from tests.studies.packing.conftest import COMMANDS, POSTS, Made, make
from workbench.errors import InputError, NotFoundError, UsageError
from workbench.provenance import sha256_file
from workbench.studies.manifest import FILE, Manifest
from workbench.studies.packing import pack
from workbench.studies.study import Study

DATE = "2026-11-27"


def unpacked(file, folder):
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def shell(folder, *words, **environment):
    """Run words in a folder where `workbench` is this one."""
    path = folder.parent / "bin"
    path.mkdir(exist_ok=True)
    (path / "workbench").write_text(f'#!/bin/sh\nexec {sys.executable} -m workbench "$@"\n')
    (path / "workbench").chmod(0o755)
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "MPLBACKEND": "Agg",
             **environment},
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum (coreutils)")
def test_a_replicator_who_follows_the_readme_gets_the_same_bytes(made, tmp_path):
    folder = made.study.folder.rename(tmp_path / "une étude")
    made = Made(Study.open(folder), folder / "results" / "brief")
    shutil.rmtree(made.run)
    (made.run / "tables").mkdir(parents=True)
    for command in COMMANDS:
        quoted = command.replace("$STUDY", '"$STUDY"').replace("$OUT", '"$OUT"')
        did = shell(folder, "sh", "-c", quoted, STUDY=str(folder), OUT=str(made.run))
        assert did.returncode == 0, did.stderr
    assert set(made.write().outputs) == {
        "edges.csv", "edges.nodes.csv", "indices.json", "tables/influence.csv",
    }  # fmt: skip
    pack(folder, tmp_path / "p.zip", study=made.study, with_data=True, date=DATE)
    place = unpacked(tmp_path / "p.zip", tmp_path / "elsewhere" / "paper")
    whole = shell(place, "sha256sum", "-c", "checksums.sha256")
    assert whole.returncode == 0, whole.stderr
    listed = {line.split("  ")[1] for line in (place / "checksums.sha256").read_text().splitlines()}
    there = {f.relative_to(place).as_posix() for f in place.rglob("*") if f.is_file()}
    assert there - listed == {"checksums.sha256"}
    again = shell(place, "sh", "run.sh", WORKBENCH_KEYS=str(tmp_path / "no keys"))
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.count(": OK\n") == 4


@pytest.mark.slow
def test_a_brief_is_made_again_elsewhere(made, tmp_path):
    brief = tmp_path / "brief"
    did = shell(
        tmp_path, "workbench", "study", "run", "crisis_brief", "--study", str(made.study.folder),
        "--out", str(brief), "--lang", "en,fr", "--nulls", "4", "--seed", "5",
    )  # fmt: skip
    assert did.returncode == 0, did.stderr
    outputs = Manifest.read(brief).outputs
    assert {"brief.en.html", "brief.fr.html", "results.json"} < set(outputs)
    pack(brief, tmp_path / "p.zip", study=made.study, with_data=True, date=DATE)
    place = unpacked(tmp_path / "p.zip", tmp_path / "elsewhere" / "paper")
    again = shell(place, "sh", "run.sh", WORKBENCH_KEYS=str(tmp_path / "no keys"))
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.count(": OK\n") == len(outputs)


@pytest.mark.slow
def test_the_demo_is_packed_and_made_again(tmp_path):
    demo = tmp_path / "demo"
    made = shell(tmp_path, "workbench", "demo", "--out", str(demo), "--json")
    assert made.returncode == 0
    assert [row["finding"] for row in json.loads(made.stdout)["rows"]]
    study = Study.open(demo / "study")
    pack(demo, tmp_path / "p.zip", study=study, date=DATE)
    place = unpacked(tmp_path / "p.zip", tmp_path / "elsewhere" / "paper")
    again = shell(place, "sh", "run.sh", WORKBENCH_KEYS=str(tmp_path / "no keys"))
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.count(": OK\n") == len(Manifest.read(demo).outputs)


def test_two_packages_are_the_same_bytes(made, tmp_path, monkeypatch):
    for name in ("a.zip", "b.zip"):
        monkeypatch.setenv("TZ", "Asia/Tokyo" if name == "a.zip" else "UTC")
        packed = pack(made.run, tmp_path / name, study=made.study, with_data=True, date=DATE)
        assert packed.sha256 == sha256_file(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    other = pack(made.run, tmp_path / "c.zip", study=made.study, with_data=True, date="2026-11-28")
    assert other.sha256 != packed.sha256
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(packed.files)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_without_data_inputs_are_known_by_hash(made, tmp_path):
    packed = pack(made.run, tmp_path / "p.zip", study=made.study, date=DATE)
    assert not any(name.startswith("data/") for name in packed.files)
    told = packed.to_dict()
    assert told["data"] == "by hash"
    assert told["searched"]["account"] > 100
    place = unpacked(tmp_path / "p.zip", tmp_path / "p")
    (source,) = made.study.corpus().sources
    readme = (place / "README.md").read_text("utf-8")
    assert f"`{source}` | no |" in readme
    assert "workbench load FILE… --study data/study --privacy pseudonymous" in readme
    missing = shell(place, "sh", "run.sh")
    assert missing.returncode == 3
    assert "README.md says which files to load" in missing.stderr


def test_several_runs_of_a_study_lie_side_by_side(made, tmp_path):
    other = made.study.folder / "report" / "été"
    shutil.copytree(made.run, other)
    packed = pack(made.study.folder, tmp_path / "p.zip", study=made.study, date=DATE)
    assert packed.runs == ("outputs/report/été", "outputs/results/brief")
    place = unpacked(tmp_path / "p.zip", tmp_path / "p")
    sums = (place / "outputs.sha256").read_text("utf-8")
    for run in ("report/été", "results/brief"):
        assert f"  {run}/tables/influence.csv\n" in sums
        assert Manifest.read(place / "outputs" / run) == Manifest.read(made.run)
    assert "OUT='again/report/été'\n" in (place / "run.sh").read_text("utf-8")
    whole = shell(place, "sha256sum", "-c", "checksums.sha256")
    assert whole.returncode == 0, whole.stderr


def somebody():
    """Return the handle of somebody who speaks in the crisis."""
    text = gzip.decompress(max(POSTS.glob("*.gz")).read_bytes()).decode("utf-8")
    return re.search(r'"username":"(\w{8,})"', text)[1]


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_outputs_that_show_somebody_are_not_packed(tmp_path, privacy):
    made = make(tmp_path / "study", privacy=privacy)
    (made.run / "edges.csv").write_text(f"source,target\n{somebody()},p1_b\n")
    made.write()
    shown = r"would show the handle of somebody .*outputs/edges\.csv:2.*nothing was packed"
    with pytest.raises(InputError, match=shown) as caught:
        pack(made.run, tmp_path / "p.zip", study=made.study, date=DATE)
    assert somebody() not in str(caught.value)
    assert not (tmp_path / "p.zip").exists()
    (made.run / "edges.csv").write_text("source,target\np1_a,p1_b\n")
    made.write()
    assert pack(made.run, tmp_path / "p.zip", study=made.study, date=DATE).files


def test_outputs_that_changed_are_named(made, tmp_path):
    (made.run / "edges.csv").write_text("changed")
    (made.run / "tables" / "influence.csv").unlink()
    changed = r"edges\.csv \(changed\), tables/influence\.csv \(missing\).*run what made them again"
    with pytest.raises(InputError, match=changed):
        pack(made.run, tmp_path / "p.zip", study=made.study, date=DATE)


def test_outputs_are_searched_in_the_light_of_what_the_run_read(made, tmp_path):
    with pytest.raises(UsageError, match=r"cannot be searched for people.*--study DIR"):
        pack(made.run, tmp_path / "p.zip", date=DATE)
    other = min(POSTS.glob("*.gz"))
    workbench.load([other], into=made.study.corpus_folder, progress=False, privacy="pseudonymous")
    with pytest.raises(InputError, match=r"this study is not what the run read"):
        pack(made.run, tmp_path / "p.zip", study=made.study, date=DATE)


def rewritten(run, **changed):
    """Change what the manifest of a run says."""
    content = json.loads((run / FILE).read_text("utf-8")) | changed
    (run / FILE).write_text(json.dumps(content))


def test_a_run_on_edges_needs_no_study(made, tmp_path):
    rewritten(made.run, fingerprints={}, commands=["workbench demo --out $OUT"], inputs=[])
    packed = pack(made.run, tmp_path / "p.zip", date=DATE)
    assert packed.searched is None
    assert packed.to_dict()["searched"] is None
    place = unpacked(tmp_path / "p.zip", tmp_path / "p")
    assert "the study is missing" not in (place / "run.sh").read_text()
    assert "The runs read no file" in (place / "README.md").read_text()


def test_what_cannot_be_repeated_is_refused(made, tmp_path):
    rewritten(made.run, commands=[])
    with pytest.raises(InputError, match=r"nothing says how the outputs were made"):
        pack(made.run, tmp_path / "p.zip", study=made.study, date=DATE)
    made.write()
    shutil.copytree(made.run, made.study.folder / "results" / "old")
    rewritten(made.study.folder / "results" / "old", versions={"numpy": "0.1"})
    with pytest.raises(InputError, match=r"different versions: .*numpy"):
        pack(made.study.folder, tmp_path / "p.zip", study=made.study, date=DATE)


def test_a_folder_without_a_run(tmp_path):
    with pytest.raises(NotFoundError, match=r"no manifest here"):
        pack(tmp_path, tmp_path / "p.zip", date=DATE)


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", ""])
def test_a_date_that_is_none(made, tmp_path, date):
    with pytest.raises(UsageError, match=r"this is no date.*--date"):
        pack(made.run, tmp_path / "p.zip", study=made.study, date=date)


def test_a_place_that_cannot_be_written(made, tmp_path):
    with pytest.raises(InputError, match=r"cannot write the package.*No such file"):
        pack(made.run, tmp_path / "nowhere" / "p.zip", study=made.study, date=DATE)
    (tmp_path / "p.zip").write_text("before")
    with pytest.raises(InputError, match=r"cannot write the package"):
        pack(made.run, Path(tmp_path), study=made.study, date=DATE)
    assert (tmp_path / "p.zip").read_text() == "before"
