"""Who is meant by an id, a handle or a pseudonym."""

from __future__ import annotations

import pytest

from tests.corpora import corpus_of
from tests.privacy.people import ANN, BOB, HANDLES, write
from workbench import load
from workbench.errors import NotFoundError, UsageError
from workbench.privacy.erasure import Subjects
from workbench.studies.erasing import forget
from workbench.studies.naming import named_account, unmasked
from workbench.studies.study import Study


@pytest.fixture(autouse=True)
def keys(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path_factory.mktemp("keys")))


def study_of(tmp_path, privacy):
    study = Study.create(tmp_path / privacy, privacy=privacy)
    load(write(tmp_path / "in"), into=study.corpus_folder, privacy=privacy, progress=False)
    return study


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_ids_handles_and_pseudonyms(tmp_path, privacy):
    study = study_of(tmp_path, privacy)
    whole = f"twitter:{BOB}"
    if privacy == "pseudonymous":
        whole = study.pseudonymiser().account(whole)
    wanted = Subjects({whole})
    ways = [f"twitter:{BOB}", BOB, HANDLES[BOB], f"@{HANDLES[BOB].upper()}", f" {BOB} ", whole,
            whole.partition(":")[2]]  # fmt: skip
    for called in ways:
        assert named_account(study, called) == wanted, called


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_who_is_not_there(tmp_path, privacy):
    study = study_of(tmp_path, privacy)
    for called in ("nobody_here", BOB + "0"):
        with pytest.raises(NotFoundError, match="no account of the study is called so"):
            named_account(study, called)
    with pytest.raises(UsageError, match="name an account"):
        named_account(study, " ")
    (one,) = named_account(study, "twitter:123456789").accounts
    assert (one == "twitter:123456789") == (privacy == "raw")
    forget(study, ANN)
    for called in (ANN, HANDLES[ANN], f"twitter:{ANN}"):
        known = named_account(study, called)
        assert known.accounts or known.handles


def test_several_bearers_of_a_handle_are_not_guessed_between(tmp_path, monkeypatch):
    study = Study.create(tmp_path)
    rows = [{"account_id": f"x:{i}", "handle": "tide", "source_id": "s", "record": 1}
            for i in (1, 2)]  # fmt: skip
    acts = [{"target_id": "handle:x:wave", "source_id": "s", "record": 1}]
    corpus = corpus_of(aliases=rows, interactions=acts)
    monkeypatch.setattr(Study, "corpus", lambda _: corpus)
    with pytest.raises(UsageError, match=r"several accounts are called so.*x:1, x:2"):
        named_account(study, "@tide")
    assert named_account(study, "x:2") == Subjects({"x:2"})
    assert named_account(study, "WAVE") == Subjects({"handle:x:wave"})


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_a_pseudonym_of_a_report_leads_back_to_its_account(tmp_path, privacy):
    study = study_of(tmp_path, privacy)
    whole = study.pseudonymiser().account(f"twitter:{BOB}")
    account = whole if privacy == "pseudonymous" else f"twitter:{BOB}"
    for called in (whole, whole.partition(":")[2], study.label()(account)):
        assert called != f"twitter:{BOB}"
        assert unmasked(study, called) == account
    assert unmasked(study, "twitter:1") == "twitter:1"
    with pytest.raises(NotFoundError, match=r"no account of the study has this pseudonym: p1_777"):
        unmasked(study, "p1_777777")
    with pytest.raises(UsageError, match=r"several accounts have a pseudonym that begins so"):
        unmasked(study, "p1_")
