"""The study folder: what is written is read, and what cannot be read is refused by name."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import ROOT
from workbench.errors import InputError, NotFoundError, SchemaError, UsageError
from workbench.loaders import load
from workbench.studies.study import FILE, VERSION, Study, pseudonymiser_for

PUBLIC = ROOT / "datasets" / "crisis_small" / "truth" / "public_actors.csv"
MINISTRY = "twitter:2281429134682882048"


@pytest.fixture(autouse=True)
def keys(tmp_path_factory, monkeypatch):
    """Keep the keys of the tests out of the user's configuration."""
    folder = tmp_path_factory.mktemp("keys")
    monkeypatch.setenv("WORKBENCH_KEYS", str(folder))
    return folder


def written(folder, *lines, version=f"version = {VERSION}"):
    """Write a study.toml."""
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text("\n".join([version, *lines]) + "\n", "utf-8")
    return folder


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['a "b" \\ c', "line\nbreak\ttab", "\x7f\x00\x1b", "été мир 平和", "#x = [1]", "'''"]
)


@settings(max_examples=40)
@given(texts, texts, st.sampled_from(["raw", "pseudonymous"]), st.integers(0, 2**31))
def test_what_is_saved_is_opened(tmp_path_factory, title, question, privacy, seed):
    folder = tmp_path_factory.mktemp("study")
    study = Study(
        folder, "one-1", title=title, question=question, language="fr", privacy=privacy, seed=seed
    )
    study.save()
    assert Study.open(folder) == study
    content = tomllib.loads((folder / FILE).read_text("utf-8"))
    assert content == {"version": VERSION} | {
        name: value for name, value in asdict(study).items() if name != "folder"
    }


def test_the_file_is_plain_and_saving_again_changes_no_byte(tmp_path):
    Study(tmp_path, "one-1", title="été", seed=7).save()
    first = (tmp_path / FILE).read_bytes()
    assert first.decode().splitlines() == [
        "version = 1", 'id = "one-1"', 'title = "été"', 'question = ""', 'language = "en"',
        'privacy = "raw"', "seed = 7", 'public_actors = ""',
    ]  # fmt: skip
    assert b"\r" not in first
    Study.open(tmp_path).save()
    assert (tmp_path / FILE).read_bytes() == first


def test_what_is_left_out_has_its_default(tmp_path):
    assert Study.open(written(tmp_path, 'id = "a"')) == Study(tmp_path, "a")
    assert Study.open(str(tmp_path)).folder == tmp_path


def test_a_folder_without_a_study(tmp_path):
    with pytest.raises(NotFoundError, match=r"no study here: .*workbench load FILE") as caught:
        Study.open(tmp_path / "nowhere")
    assert caught.value.exit_code == 3
    with pytest.raises(NotFoundError, match="no study here"):
        Study.open(tmp_path)


@pytest.mark.parametrize("version", ["version = 2", "version = 0", 'version = "1"', ""])
def test_another_schema_version(tmp_path, version):
    written(tmp_path, 'id = "a"', version=version)
    with pytest.raises(SchemaError, match=r"another schema version.*study\.toml.*allowed: 1"):
        Study.open(tmp_path)


def test_an_unknown_key_is_named_with_the_known_ones(tmp_path):
    written(tmp_path, 'id = "a"', 'zeal = "x"', 'colour = "red"')
    with pytest.raises(SchemaError, match="unknown key: colour") as caught:
        Study.open(tmp_path)
    known = caught.value.allowed.split(", ")
    assert set(known) == set(asdict(Study(tmp_path, "a"))) - {"folder"}


def test_folder_is_no_key(tmp_path):
    with pytest.raises(SchemaError, match="unknown key: folder"):
        Study.open(written(tmp_path, 'id = "a"', 'folder = "/tmp"'))


@pytest.mark.parametrize(
    "content", [b"version = ", b"\xff\xfe", b"version = 1\nversion = 1\n", b"[[", b"\0"]
)
def test_what_is_no_toml(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SchemaError, match="cannot read the study"):
        Study.open(tmp_path)


def test_a_study_without_an_id(tmp_path):
    with pytest.raises(SchemaError, match=r"study\.toml lacks a key: id"):
        Study.open(written(tmp_path, 'title = "x"'))


@pytest.mark.parametrize(
    ("line", "key"),
    [("seed = \"1\"", "seed"), ("seed = true", "seed"), ("seed = 1.5", "seed"),
     ("title = 3", "title"), ("language = [\"en\"]", "language"),
     ("public_actors = false", "public_actors")],
)  # fmt: skip
def test_a_value_of_another_type(tmp_path, line, key):
    with pytest.raises(SchemaError, match=f"wrong type: {key}"):
        Study.open(written(tmp_path, 'id = "a"', line))


def test_a_privacy_mode_that_does_not_exist_is_refused(tmp_path):
    written(tmp_path, 'id = "a"', 'privacy = "pseudonymus"')
    with pytest.raises(SchemaError, match=r"no such privacy mode: pseudonymus.*pseudonymous"):
        Study.open(tmp_path)
    with pytest.raises(SchemaError, match="no such privacy mode"):
        Study.create(tmp_path)


# -- making one ------------------------------------------------------------------------------


def test_a_made_study_is_saved_and_opened(tmp_path):
    made = Study.create(tmp_path / "deep" / "my_study", privacy="pseudonymous")
    assert made == Study.open(tmp_path / "deep" / "my_study")
    assert made.title == "my study"
    assert made.privacy == "pseudonymous"
    assert made.id.startswith("my_study-")
    assert 0 <= made.seed < 2**31


def test_raw_unless_told(tmp_path):
    assert Study.create(tmp_path / "a").privacy == "raw"


def test_two_studies_share_neither_id_nor_seed(tmp_path):
    made = [Study.create(tmp_path / str(i) / "same") for i in range(4)]
    assert len({study.id for study in made}) == 4
    assert len({study.seed for study in made}) == 4


def test_making_it_again_opens_it(tmp_path):
    first = Study.create(tmp_path, privacy="pseudonymous")
    assert Study.create(tmp_path) == first
    assert Study.create(tmp_path, privacy="pseudonymous") == first
    with pytest.raises(UsageError, match=r"another privacy mode: raw.*allowed: pseudonymous"):
        Study.create(tmp_path, privacy="raw")
    assert Study.open(tmp_path) == first


def test_a_privacy_mode_that_does_not_exist_makes_nothing(tmp_path):
    with pytest.raises(UsageError, match=r"no such privacy mode: secret.*raw, pseudonymous"):
        Study.create(tmp_path / "new", privacy="secret")
    assert not (tmp_path / "new").exists()


def test_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot make a study here"):
        Study.create(tmp_path / "file" / "study")
    with pytest.raises(InputError, match="cannot make a study here"):
        Study(tmp_path / "file", "a").save()


# -- what is in it ---------------------------------------------------------------------------


def test_places_and_corpus(tmp_path):
    study = Study.create(tmp_path / "s")
    assert study.corpus_folder == tmp_path / "s" / "corpus"
    assert study.graph_folder == tmp_path / "s" / "graph"
    file = tmp_path / "pairs.csv"
    file.write_text("source,target\na,b\nb,c\n")
    made = load(file, into=study.corpus_folder, progress=False)
    assert study.corpus().fingerprint == made.fingerprint


def test_a_bare_corpus_is_a_study_named_like_its_folder(tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text("source,target\na,b\n")
    load(file, into=tmp_path / "bare" / "corpus", progress=False)
    assert Study.open(tmp_path / "bare") == Study(tmp_path / "bare", "bare")
    assert not (tmp_path / "bare" / FILE).exists()


def test_public_actors_are_relative_to_the_study(tmp_path):
    study = Study.create(tmp_path / "s")
    assert not study.actors().ids
    (study.folder / "named.csv").write_bytes(PUBLIC.read_bytes())
    named = replace(study, public_actors="named.csv")
    assert MINISTRY in named.actors().ids
    assert named.pseudonymiser().label(MINISTRY) == "Ministry of Foreign Affairs of Velmora"
    assert study.pseudonymiser().label(MINISTRY).startswith("p1_")
    with pytest.raises(InputError, match="cannot read the list of public actors"):
        replace(study, public_actors="lost.csv").actors()


def test_the_key_is_kept_outside_under_the_id(tmp_path, keys):
    study = Study.create(tmp_path / "s")
    first = study.pseudonymiser().account("x:1")
    assert [file.name for file in keys.iterdir()] == [f"{study.id}.key"]
    assert Study.open(study.folder).pseudonymiser().account("x:1") == first
    assert replace(study, id="other").pseudonymiser().account("x:1") != first
    assert not list(study.folder.rglob("*.key"))


def test_a_key_inside_the_study_is_refused(tmp_path, monkeypatch):
    study = Study.create(tmp_path / "s")
    monkeypatch.setenv("WORKBENCH_KEYS", str(study.folder / "keys"))
    with pytest.raises(InputError, match="the key would lie inside the study"):
        study.pseudonymiser()
    assert not (study.folder / "keys").exists()


def test_the_pseudonymiser_of_the_study_around_a_corpus(tmp_path, keys):
    study = Study.create(tmp_path / "s")
    expected = study.pseudonymiser().account("x:1")
    assert pseudonymiser_for(study.corpus_folder).account("x:1") == expected
    default = pseudonymiser_for(None).account("x:1")
    assert default != expected
    assert pseudonymiser_for(tmp_path / "elsewhere" / "corpus").account("x:1") == default
    assert (Path(keys) / "default.key").is_file()


def test_the_study_around_a_folder(tmp_path, monkeypatch):
    outer, inner = (
        Study.create(tmp_path / "outer"),
        Study.create(tmp_path / "outer" / "a" / "inner"),
    )
    (inner.folder / "notebooks" / "deep").mkdir(parents=True)
    assert Study.around(inner.folder / "notebooks" / "deep").id == inner.id
    assert Study.around(inner.folder).id == inner.id
    assert Study.around(tmp_path / "outer" / "a").id == outer.id
    assert Study.around(tmp_path) is None


def test_the_study_of_a_notebook(tmp_path, monkeypatch):
    own, other = Study.create(tmp_path / "own"), Study.create(tmp_path / "other")
    (own.folder / "notebooks").mkdir()
    monkeypatch.chdir(own.folder / "notebooks")
    assert Study.for_notebook().id == own.id
    assert Study.for_notebook(False) is None
    assert Study.for_notebook(other.folder).id == other.id
    with pytest.raises(NotFoundError, match=r"no study here"):
        Study.for_notebook("nowhere")
    monkeypatch.chdir(tmp_path)
    assert Study.for_notebook() is None
