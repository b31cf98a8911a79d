"""Forgetting: nothing of a person is left, and no load, in no order, brings it back."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.loaders.golden import facts
from tests.loaders.making import snapshot
from tests.privacy.people import ANN, BOB, EVE, HANDLES, NAMES, POSTS, SECRET, TRACES, write
from tests.privacy.scanning import leaks
from workbench import load
from workbench.errors import InputError, SchemaError, StoreError
from workbench.graphs import graph
from workbench.model import Corpus
from workbench.model.parts import drop_source
from workbench.privacy.keys import key_file
from workbench.store import connect
from workbench.studies.erasing import carry_over, comply, forget
from workbench.studies.study import Study


@pytest.fixture(autouse=True)
def keys(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def files(tmp_path):
    return write(tmp_path / "in")


def study_of(folder, files, privacy="raw"):
    study = Study.create(folder, privacy=privacy)
    add(study, files)
    return study


def add(study, files):
    return load(files, into=study.corpus_folder, privacy=study.privacy, progress=False)


def traces(study):
    """Return what of Bob stands in the corpus of a study."""
    words = list(TRACES)
    if study.privacy == "pseudonymous":
        names = study.pseudonymiser()
        words += [names.handle(HANDLES[BOB]), names.account(f"twitter:{BOB}").partition(":")[2]]
        words += [names.post(f"twitter:{POSTS[n]}").partition(":")[2] for n in ("bob1", "bob2")]
    return {word for _, word in leaks(study.corpus_folder, words)}


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
@pytest.mark.parametrize(
    "called", [f"twitter:{BOB}", BOB, HANDLES[BOB], "@" + HANDLES[BOB].upper()]
)
def test_nothing_is_left_and_reloading_brings_nothing_back(tmp_path, files, privacy, called):
    study = study_of(tmp_path / "s", files, privacy)
    assert traces(study)
    done = forget(study, called)
    assert (done.accounts, done.posts) == (1, 2)
    assert done.removed["posts"] == 4  # two observations of one post, one of the other, one stub
    assert traces(study) == set()
    assert forget(study, called).removed == {}
    add(study, files)
    assert traces(study) == set()
    for source in study.corpus().sources:
        drop_source(study.corpus(), source)
    again = add(study, files)
    assert again.report.ok == 6
    assert traces(study) == set()
    assert again.rows("posts") > 0


def test_what_others_did_stays(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    forget(study, BOB)
    corpus = study.corpus()
    posts = {row["post_id"]: row for row in corpus.table("posts").to_pylist()}
    kept = {f"twitter:{POSTS[name]}" for name in ("ann1", "ann2", "eve1", "eve2")}
    assert set(posts) == kept
    share = posts[f"twitter:{POSTS['ann1']}"]
    assert (share["kind"], share["text"], share["text_status"]) == ("share", None, "removed")
    told = posts[f"twitter:{POSTS['eve1']}"]["text"]
    assert told == (
        f"dear @forgotten and @{HANDLES[ANN]}, see https://twitter.com/forgotten/status/forgotten "
        "#peace"
    )
    assert posts[f"twitter:{POSTS['eve2']}"]["conversation_id"] is None
    acts = corpus.table("interactions").to_pylist()
    assert [(a["kind"], a["actor_id"], a["target_id"]) for a in acts] == [
        ("mention", f"twitter:{EVE}", f"twitter:{ANN}")
    ]
    tags = corpus.table("attachments").to_pylist()
    assert {t["post_id"] for t in tags if t["kind"] == "hashtag"} == {f"twitter:{POSTS['eve1']}"}


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_the_order_of_loading_and_forgetting_changes_nothing(tmp_path, files, privacy):
    first, second = files
    steps = {"a": lambda s: add(s, first), "b": lambda s: add(s, second),
             "f": lambda s: forget(s, f"twitter:{BOB}")}  # fmt: skip
    found = {}
    key = None
    for i, order in enumerate(itertools.permutations("abf")):
        study = Study.create(tmp_path / f"s{i}" / "study", privacy=privacy)
        if key is not None:  # one key, so that pseudonyms can be compared
            key_file(study.id).write_text(key)
            key_file(study.id).chmod(0o600)
        key = (study.key(), key_file(study.id).read_text())[1]
        Corpus.create(study.corpus_folder)
        for step in order:
            steps[step](study)
        assert traces(study) == set(), order
        found["".join(order)] = facts(study.corpus())
        found["".join(order)].pop("sources")
    wanted = found["abf"]
    for order, made in found.items():
        assert made == wanted, order


def test_the_graphs_are_those_without_the_account(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    before = graph(study.corpus(), "mention", origin="all").to_pandas()
    forget(study, BOB)
    after = graph(study.corpus(), "mention", origin="all").to_pandas()
    without = before[
        (before["source"] != f"twitter:{BOB}") & (before["target"] != f"twitter:{BOB}")
    ]
    pairs = set(zip(after["source"], after["target"], strict=True))
    assert pairs <= set(zip(without["source"], without["target"], strict=True))
    assert (f"twitter:{EVE}", f"twitter:{ANN}") in pairs


def test_a_dry_run_says_the_same_and_changes_no_byte(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    before = snapshot(tmp_path / "s")
    dry = forget(study, BOB, dry_run=True)
    assert {k: v for k, v in snapshot(tmp_path / "s").items() if k != "corpus/.lock"} == {
        k: v for k, v in before.items() if k != "corpus/.lock"
    }
    done = forget(study, BOB)
    assert (dry.removed, dry.changed, dry.posts) == (done.removed, done.changed, done.posts)
    assert (dry.dry_run, done.dry_run) == (True, False)


def test_tombstones_hold_hashes_only(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    forget(study, BOB)
    text = (study.corpus_folder / "forgotten.json").read_text()
    assert not any(trace in text for trace in TRACES)
    content = json.loads(text)
    (group,) = content["groups"]
    assert group["key"] == study.id
    assert {len(mark) for kind in ("accounts", "handles", "posts") for mark in group[kind]} == {20}


def test_another_key_does_not_know_them_and_so_nothing_is_loaded(tmp_path, files):
    study = study_of(tmp_path / "s", files[:1])
    forget(study, BOB)
    key = key_file(study.id)
    kept = key.read_text()
    key.unlink()
    with pytest.raises(InputError, match="key with which accounts were forgotten is not there"):
        add(study, files[1:])
    key.write_text("ab" * 32)
    key.chmod(0o600)
    for act in (lambda: add(study, files[1:]), lambda: forget(study, ANN)):
        with pytest.raises(InputError, match="not the one with which accounts were forgotten"):
            act()
    key.write_text(kept)
    add(study, files[1:])
    assert traces(study) == set()
    (study.corpus_folder / "forgotten.json").write_text("{}")
    with pytest.raises(SchemaError, match="cannot read what was forgotten"):
        add(study, files)


def test_stores_forget_too_and_what_was_computed_is_listed(tmp_path, files):
    from workbench.influence import in_strength

    study = study_of(tmp_path / "s", files)
    for place in (study.graph_folder, tmp_path / "other"):
        store = connect(place, study=study.id)
        store.write(study.corpus(), progress=False)
        store.annotate(in_strength(store.graph("mention", origin="all")), name="before")
        store.close()
    for name in ("results/a.csv", "report/index.html"):
        (study.folder / name).parent.mkdir()
        (study.folder / name).write_text("x")
    done = forget(study, BOB, stores=[str(tmp_path / "other")])
    assert [entry["accounts"] for entry in done.stores] == [1, 1]
    assert [entry["posts"] for entry in done.stores] == [2, 2]
    assert done.stale_files == ["report/index.html", "results/a.csv"]
    assert [run["method"] for run in done.stale_runs] == ["in_strength"] * 2
    for place in (study.graph_folder, tmp_path / "other"):
        store = connect(place, study=study.id)
        texts = store.cypher("MATCH (p:Post) RETURN p.text AS t, p.post_id AS i")
        urls = store.cypher("MATCH (u:Url) RETURN u.url AS u")
        told = repr(texts.to_dict("list")) + repr(urls.to_dict("list"))
        assert not any(trace in told for trace in TRACES)
        wanted = graph(study.corpus(), "mention", origin="all")
        assert store.graph("mention", origin="all").fingerprint == wanted.fingerprint
        store.close()


def test_a_store_with_something_else_is_not_overwritten(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    other = study_of(tmp_path / "o", files[:1])
    store = connect(other.graph_folder)
    store.write(other.corpus(), progress=False)
    store.close()
    (entry,) = forget(study, BOB, stores=[str(other.graph_folder)]).stores
    assert (entry["accounts"], entry["posts"], entry["pushed"]) == (1, 1, False)
    store = connect(other.graph_folder)
    assert store.counts()["nodes"]["Post"] == 2
    store.close()
    with pytest.raises(StoreError):
        forget(study, ANN, stores=[str(tmp_path / "none")])
    assert leaks(study.corpus_folder, [ANN]) != []


def test_studies_that_are_joined_keep_forgetting(tmp_path, files):
    from workbench.model.parts import merge_corpora

    one, two = study_of(tmp_path / "a", files[:1]), study_of(tmp_path / "b", files[1:])
    forget(one, BOB)
    into = Study.create(tmp_path / "c")
    merge_corpora([one.corpus(), two.corpus()], into=into.corpus_folder)
    assert traces(into)
    carry_over([one.corpus_folder, two.corpus_folder], into.corpus_folder)
    assert traces(into) == set()
    forget(two, BOB)  # with another key
    carry_over([two.corpus_folder], into.corpus_folder)
    drop_source(into.corpus(), into.corpus().sources[0])
    add(into, files)
    assert traces(into) == set()
    key_file(one.id).unlink()
    with pytest.raises(InputError, match="is not there"):
        add(into, files)


def lines(tmp_path, *entries):
    file = tmp_path / "compliance.jsonl"
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return load(file, progress=False)


def line(name, action="delete", **more):
    return {"id": POSTS[name], "action": action, "created_at": "2031-02-27T23:06:40.000Z",
            "reason": "deleted", **more}  # fmt: skip


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_what_a_platform_deleted_goes_and_stays_away(tmp_path, files, privacy):
    study = study_of(tmp_path / "s", files[:1], privacy)
    events = lines(tmp_path, line("bob1"), line("eve2"), line("ann1", "scrub_geo"))
    dry = comply(study, events, dry_run=True)
    done = comply(study, events)
    assert (dry.removed, dry.posts) == (done.removed, done.posts)
    assert done.events == {"post delete": 2}
    assert (done.accounts, done.posts) == (0, 1)
    add(study, files[1:])
    shown = study.pseudonymiser().post if privacy == "pseudonymous" else str
    posts = study.corpus().table("posts").to_pylist()
    left = {row["post_id"] for row in posts}
    assert left == {shown(f"twitter:{POSTS[name]}") for name in ("ann1", "eve1", "bob2", "ann2")}
    assert not any(SECRET in (row["text"] or "") for row in posts)
    assert study.corpus().table("accounts").num_rows  # Bob himself stays


def test_accounts_that_are_gone_and_lines_that_take_it_back(tmp_path, files):
    study = study_of(tmp_path / "s", files)

    def said(kind, who, at):
        return {"data": {kind: {"user": {"id": who}, "event_at": f"2031-03-0{at}T00:00:00.000Z"}}}

    events = lines(
        tmp_path, said("user_suspend", BOB, 3), said("user_suspend", ANN, 1),
        said("user_unsuspend", ANN, 2), said("user_protect", EVE, 1),
        said("user_unprotect", EVE, 2),
    )  # fmt: skip
    done = comply(study, events)
    assert done.events == {
        "account suspend": 2, "account unsuspend": 1, "account protect": 1, "account unprotect": 1,
    }  # fmt: skip
    assert done.accounts == 1
    assert traces(study) == set()
    assert {word for _, word in leaks(study.corpus_folder, [NAMES[ANN], NAMES[EVE]])} == {
        NAMES[ANN].casefold(), NAMES[EVE].casefold(),
    }  # fmt: skip


def test_a_line_that_does_not_say_of_what_it_is_finds_it_in_the_corpus(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    undated = {"id": POSTS["bob1"], "action": "delete", "reason": "deleted"}
    assert comply(study, lines(tmp_path, undated)).posts == 1


def test_a_file_that_says_nothing_of_the_kind_is_refused(tmp_path, files):
    study = study_of(tmp_path / "s", files)
    with pytest.raises(InputError, match="no line says that a post or an account is gone"):
        comply(study, lines(tmp_path, line("bob1", "scrub_geo")))
