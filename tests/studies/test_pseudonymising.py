"""A raw study made pseudonymous is what a pseudonymous load would have made."""

from __future__ import annotations

import pytest

from tests.loaders.golden import facts
from tests.loaders.making import snapshot
from tests.privacy.people import ANN, BOB, HANDLES, TRACES, write
from tests.privacy.scanning import leaks
from workbench import load
from workbench.errors import InputError, UsageError
from workbench.graphs import graph
from workbench.privacy.keys import key_file
from workbench.studies.erasing import forget
from workbench.studies.pseudonymising import pseudonymise
from workbench.studies.study import Study


@pytest.fixture(autouse=True)
def keys(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def raw(tmp_path):
    study = Study.create(tmp_path / "raw", privacy="raw")
    (study.folder / "lists").mkdir()
    actors = study.folder / "lists" / "actors.csv"
    actors.write_text(f"account_id,handle,name\ntwitter:{ANN},{HANDLES[ANN]},Office of Tides\n")
    study = Study(study.folder, study.id, title="Tides", seed=7, public_actors="lists/actors.csv")
    study.save()
    load(write(tmp_path / "in"), into=study.corpus_folder, progress=False)
    return study


def shown(corpus):
    return {name: rows for name, rows in facts(corpus).items() if name != "sources"}


def test_it_is_what_a_pseudonymous_load_would_have_made(raw, tmp_path):
    made, added = pseudonymise(raw, tmp_path / "hidden")
    assert (made.title, made.seed, made.privacy, added) == ("Tides", 7, "pseudonymous", 2)
    assert made.id != raw.id
    assert leaks(made.folder, TRACES[:-1]) == []  # what was said stays
    assert leaks(made.corpus_folder, [ANN, HANDLES[ANN]]) != []  # a public actor
    again = load(sorted((tmp_path / "in").iterdir()), into=made.corpus_folder,
                 privacy="pseudonymous", progress=False)  # fmt: skip
    assert again.report.duplicates == again.report.records_read
    loaded = Study.create(tmp_path / "loaded", privacy="pseudonymous")
    key_file(loaded.id).write_text(key_file(made.id).read_text())
    key_file(loaded.id).chmod(0o600)
    (loaded.folder / "actors.csv").write_bytes((made.folder / "actors.csv").read_bytes())
    Study(loaded.folder, loaded.id, privacy="pseudonymous", public_actors="actors.csv").save()
    load(sorted((tmp_path / "in").iterdir()), into=loaded.corpus_folder, privacy="pseudonymous",
         progress=False)  # fmt: skip
    assert shown(made.corpus()) == shown(loaded.corpus())
    assert made.corpus().listing == loaded.corpus().listing
    assert set(made.corpus().table("sources").column("privacy").to_pylist()) == {"pseudonymous"}
    before, after = (graph(s.corpus(), "mention", origin="all") for s in (raw, made))
    assert (before.nodes, before.edges, before.total_weight) == (
        after.nodes, after.edges, after.total_weight,
    )  # fmt: skip


def test_a_second_call_changes_nothing_and_new_sources_are_added(raw, tmp_path):
    made, _ = pseudonymise(raw, tmp_path / "hidden")
    before = snapshot(made.folder)
    assert pseudonymise(raw, tmp_path / "hidden")[1] == 0
    assert snapshot(made.folder) == before
    extra = tmp_path / "in" / "third.jsonl"
    extra.write_bytes((tmp_path / "in" / "first.jsonl").read_bytes() + b"\n")
    load(extra, into=raw.corpus_folder, progress=False)
    assert pseudonymise(raw, tmp_path / "hidden")[1] == 1


def test_two_releases_cannot_be_joined(raw, tmp_path):
    found = []
    for name in ("one", "two"):
        made, _ = pseudonymise(raw, tmp_path / name)
        rows = made.corpus().table("posts").to_pylist()
        found.append({row[c] for row in rows for c in ("post_id", "author_id") if row[c]})
    assert found[0] & found[1] == {f"twitter:{ANN}"}  # the public actor


def test_what_was_forgotten_is_not_released(raw, tmp_path):
    forget(raw, BOB)
    made, _ = pseudonymise(raw, tmp_path / "hidden")
    names = made.pseudonymiser()
    authors = made.corpus().table("posts").column("author_id").to_pylist()
    assert names.account(f"twitter:{BOB}") not in authors
    assert len(set(made.corpus().table("posts").column("post_id").to_pylist())) == 4


def test_what_is_refused(raw, tmp_path):
    made, _ = pseudonymise(raw, tmp_path / "hidden")
    with pytest.raises(UsageError, match="pseudonymous already"):
        pseudonymise(made, tmp_path / "x")
    with pytest.raises(UsageError, match="not changed in place"):
        pseudonymise(raw, raw.folder)
    Study.create(tmp_path / "other")
    with pytest.raises(UsageError, match="another privacy mode"):
        pseudonymise(raw, tmp_path / "other")
    (raw.folder / "lists" / "actors.csv").unlink()
    with pytest.raises(InputError, match="cannot copy the list of public actors"):
        pseudonymise(raw, tmp_path / "y")
    assert not (tmp_path / "y" / "study.toml").exists()


def test_a_lost_key_is_not_replaced_in_silence(raw, tmp_path):
    made, _ = pseudonymise(raw, tmp_path / "hidden")
    key_file(made.id).unlink()
    with pytest.raises(InputError, match="the key of this study is not on this machine"):
        load(sorted((tmp_path / "in").iterdir()), into=made.corpus_folder, privacy="pseudonymous",
             progress=False)  # fmt: skip
    assert not key_file(made.id).exists()
    label = made.label()
    (account, *_) = made.corpus().table("posts").column("author_id").to_pylist()
    assert account.rpartition(":")[2].startswith(label(account))
    assert label(f"twitter:{ANN}") == "Office of Tides"
