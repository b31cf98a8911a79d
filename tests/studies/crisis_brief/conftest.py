"""The brief on the bundled crisis, computed once for all tests of its sections."""

from __future__ import annotations

import pytest

from tests.corpora import ROOT, crisis
from workbench.model.revision import reader
from workbench.privacy import Pseudonymiser, read_public_actors
from workbench.privacy.known import KnownWords
from workbench.studies.crisis_brief.world import Config, compute
from workbench.studies.curated import Subject
from workbench.studies.guarding import Guard


@pytest.fixture(scope="package")
def world():
    """What the brief computes of the crisis, with few null graphs and no intervals of indices."""
    public = read_public_actors(ROOT / "datasets/crisis_small/truth/public_actors.csv")
    names = Pseudonymiser(b"k" * 32, public_actors=public)
    guard = Guard(KnownWords(reader(crisis()), public=public), public)
    subject = Subject(crisis(), names.label, public, names.text, guard, "my study", invented=True)
    return compute(subject, Config(seed=7, searches=4, nulls=5, bootstrap=50, replicates=20,
                                   large=0))  # fmt: skip
