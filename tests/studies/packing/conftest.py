"""A small pseudonymous study of the invented crisis, with one run in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import workbench
from tests.corpora import ROOT
from workbench.provenance import Stopwatch
from workbench.studies.manifest import Exhibit, Manifest
from workbench.studies.study import Study

if TYPE_CHECKING:
    from pathlib import Path

POSTS = ROOT / "datasets" / "crisis_small" / "posts"
_ASKED = "--split leiden --measure ei_index --null none --seed 7 --json"
COMMANDS = (
    "workbench graph retweet --study $STUDY --out $OUT/edges.csv > /dev/null",
    "workbench influence --study $STUDY --seed 7 --out $OUT/tables/influence.csv > /dev/null",
    f"workbench polarisation --study $STUDY {_ASKED} > $OUT/indices.json",
)


@dataclass(frozen=True)
class Made:
    """A study and its run."""

    study: Study
    run: Path

    def manifest(self) -> Manifest:
        """Return a manifest of the run, not yet written."""
        corpus = self.study.corpus()
        return Manifest.of(
            "workbench graph", corpus=corpus, graphs={"retweet": corpus.graph("retweet")},
            commands=COMMANDS, seeds={"seed": 7}, queries={"influence/who": "MATCH (n) RETURN n"},
            methods=["ei_index", "leiden", "in_strength", "pagerank", "influence.rank"],
        )  # fmt: skip

    def write(self) -> Manifest:
        """Write the manifest of what stands in the folder."""
        exhibit = Exhibit("tbl-influence", "Who is amplified", ("tables/influence.csv",))
        return self.manifest().write(self.run, exhibits=[exhibit], watch=Stopwatch({"all": 2.5}))


def make(folder, *, privacy="pseudonymous"):
    study = Study.create(folder, privacy=privacy)
    page = max(POSTS.glob("*.gz"))
    workbench.load([page], into=study.corpus_folder, progress=False, privacy=privacy)
    run = folder / "results" / "brief"
    (run / "tables").mkdir(parents=True)
    (run / "edges.csv").write_text("source,target\np1_a,p1_b\n")
    (run / "tables" / "influence.csv").write_text("account\np1_a\n")
    made = Made(study, run)
    made.write()
    return made


@pytest.fixture(autouse=True, scope="package")
def keys(tmp_path_factory):
    """Keep the keys of the tests out of the user's configuration."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WORKBENCH_KEYS", str(tmp_path_factory.mktemp("keys")))
        yield


@pytest.fixture(scope="package")
def model(tmp_path_factory, keys):
    """Make a pseudonymous study with a run, which tests copy."""
    return make(tmp_path_factory.mktemp("model") / "study")


@pytest.fixture
def made(model, tmp_path):
    """Copy the study, for a test to change."""
    folder = tmp_path / "study"
    shutil.copytree(model.study.folder, folder)
    return Made(Study.open(folder), folder / "results" / "brief")
