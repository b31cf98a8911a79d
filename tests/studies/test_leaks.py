"""Outputs of a study are searched for its people; an export that shows one is not written."""

from __future__ import annotations

import pytest

from tests.privacy.people import ANN, BOB, HANDLES, NAMES, POSTS, write
from workbench import load
from workbench.errors import InputError
from workbench.privacy import PublicActors
from workbench.privacy.keys import key_file
from workbench.studies.leaks import check_files, guard, guard_files, search_files
from workbench.studies.study import Study


@pytest.fixture(autouse=True)
def keys(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def studies(tmp_path):
    files = write(tmp_path / "in")
    made = []
    for privacy in ("raw", "pseudonymous"):
        study = Study.create(tmp_path / privacy, privacy=privacy)
        load(files, into=study.corpus_folder, privacy=privacy, progress=False)
        made.append(study)
    return made


def out_with(tmp_path, text):
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    (out / "a.csv").write_text(f"x\n{text}\n")
    return out


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("text", "kind"),
    [(BOB, "account"), (f"@{HANDLES[BOB]}", "handle"), (POSTS["bob1"], "post"),
     (f"twitter:{BOB}", "account")],
)  # fmt: skip
def test_people_are_found_from_both_kinds_of_study(studies, tmp_path, place, text, kind):
    told = search_files(studies[place], out_with(tmp_path, text)).to_dict()
    assert not told["ok"]
    assert told["by_key"] == bool(place)
    assert told["rows"] == [{"file": "a.csv", "line": 2, "where": None, "kind": kind}]
    shown = search_files(studies[place], tmp_path / "out").to_dict(words=True)
    assert shown["rows"][0]["word"] in text
    assert search_files(studies[place], out_with(tmp_path, "nothing")).to_dict()["ok"]


def test_names_need_the_raw_study(studies, tmp_path):
    raw, hidden = studies
    out = out_with(tmp_path, f"by {NAMES[BOB]}")
    assert search_files(hidden, out).to_dict()["ok"]
    assert search_files(hidden, out, raw=raw).to_dict()["kinds"] == {"name": 1}
    assert search_files(raw, out).to_dict()["kinds"] == {"name": 1}


def test_public_actors_may_be_named(studies, tmp_path):
    raw, hidden = studies
    text = f"{ANN} @{HANDLES[ANN]} {NAMES[ANN]}"
    out = out_with(tmp_path, text)
    for study in studies:
        assert not search_files(study, out).to_dict()["ok"]
    for study in studies:
        (study.folder / "a.csv").write_text(
            f"account_id,handle,name\ntwitter:{ANN},{HANDLES[ANN]},{NAMES[ANN]}\n"
        )
    raw, hidden = (Study(s.folder, s.id, privacy=s.privacy, public_actors="a.csv") for s in studies)
    assert search_files(raw, out).to_dict()["ok"]
    assert search_files(hidden, out, raw=raw).to_dict()["ok"]


def test_the_guard_lets_pseudonyms_pass_and_nobody_else(studies):
    raw, hidden = studies
    names = hidden.pseudonymiser()
    assert guard(hidden, [names.account(f"twitter:{BOB}"), "hashtag", "5"], where="x")
    for text in (f"twitter:{BOB}", f"url:https://a.example/{HANDLES[BOB]}"):
        with pytest.raises(InputError, match="who is not on the list") as caught:
            guard(hidden, ["fine", text], where="out.csv")
        assert BOB not in str(caught.value)
        assert HANDLES[BOB] not in str(caught.value)
        assert caught.value.where == "out.csv, name 2"
    assert guard(raw, [f"twitter:{BOB}"], where="x")  # a raw study shows what it shows
    key_file(hidden.id).unlink()
    assert not guard(hidden, [f"twitter:{BOB}"], where="x")
    with pytest.raises(InputError, match="key of this study is not on this machine"):
        search_files(hidden, hidden.folder)


def test_files_that_show_somebody_are_removed_again(studies, tmp_path):
    raw, _ = studies
    public = PublicActors({f"twitter:{ANN}": "Ann"}, frozenset({HANDLES[ANN]}))
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_text(f"<p>{HANDLES[ANN]}</p>")
    bad.write_text(f"<p>\n{HANDLES[BOB]}</p>")
    check_files(raw.corpus(), [good], public=public)
    with pytest.raises(InputError, match=r"show the handle of somebody .*\(bad\.html:2\)"):
        check_files(raw.corpus(), [good, bad], public=public)
    assert not good.exists()
    assert not bad.exists()


def test_an_export_of_a_pseudonymous_study_is_searched(studies, tmp_path):
    raw, hidden = studies
    for study, stays in ((raw, True), (hidden, False)):
        bad = tmp_path / f"{study.privacy}_out" / "rows.csv"
        bad.parent.mkdir()
        bad.write_text(f"account\n{HANDLES[BOB]}\n")
        if stays:
            assert guard_files(study, bad.parent)
        else:
            with pytest.raises(InputError, match=r"show the handle of somebody .*rows\.csv:2"):
                guard_files(study, bad.parent)
        assert bad.exists() is stays
    good = tmp_path / "good.csv"
    good.write_text(f"account\n{hidden.pseudonymiser().account(f'twitter:{BOB}')}\n")
    assert guard_files(hidden, good)
    key_file(hidden.id).unlink()
    assert not guard_files(hidden, good)
