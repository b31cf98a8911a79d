"""The runner: computes once, prints what is true, leaves nothing half done, and the same twice."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tests.corpora import corpus_of
from workbench import plotting
from workbench.errors import ClaimError, InputError, MissingDependencyError, UsageError
from workbench.model.revision import reader
from workbench.privacy import PublicActors
from workbench.privacy.known import KnownWords
from workbench.studies import running
from workbench.studies.claims import Amount, Claim, Condition
from workbench.studies.curated import (
    Behind,
    Column,
    CuratedStudy,
    Drawing,
    Section,
    Sheet,
    Subject,
)
from workbench.studies.document import Box
from workbench.studies.guarding import Guard
from workbench.studies.manifest import Manifest, verify

BEHIND = Behind(12, 0, 86_400_000, "workbench describe --study DIR")


@dataclass(frozen=True)
class Config:
    seed: int = 5
    least: float = 1.0


@dataclass(frozen=True)
class World:
    config: Config
    posts: int


class Made:
    """A small study that counts how often it computes."""

    def __init__(self, *, posts=12, cell="harbour"):
        self.computed = 0
        self.study = CuratedStudy(
            name="tiny",
            title={"en": "A tiny study", "fr": "Une petite étude"},
            question={"en": "How many?", "fr": "Combien ?"},
            config=Config,
            compute=self._compute(posts),
            claims=lambda world: [
                Claim(
                    "posts", "count",
                    {"en": "There are {posts:counted}.", "fr": "Il y a {posts:counted} !"},
                    {"posts": Amount(world.posts, "posts")},
                    [Condition("posts", world.posts, "≥", world.config.least)],
                    value=world.posts, low=10, high=14, finding=True, unit="posts",
                )
            ],
            drawings=lambda _: [Drawing("timeline", draw, BEHIND)],
            sheets=lambda world: [
                Sheet(
                    "words",
                    [Column("word", "name", {"en": "word", "fr": "mot"}),
                     Column("share", "share", {"en": "share", "fr": "part"})],
                    [[cell, 0.25], ["=cmd", 0.75]],
                    {"en": "Words.", "fr": "Des mots."}, BEHIND,
                )
            ],
            sections=lambda _: [
                Section({"en": "How many", "fr": "Combien"},
                        ["claims:count", "fig-timeline", "tbl-words", "tbl-not_there"]),
                Section({"en": "Nothing", "fr": "Rien"}, ["claims:none"]),
            ],
            boxes=lambda _, language: [Box("Methods" if language == "en" else "Méthodes", "So.")],
            methods=lambda _: ["leiden"],
            graphs=lambda _: {},
        )  # fmt: skip

    def _compute(self, posts):
        def compute(subject, config):
            self.computed += 1
            return World(config, posts)

        return compute


def draw():
    days = pd.DataFrame({"day": ["2031-03-01", "2031-03-02"], "posts": [5, 7], "original": [5, 7]})
    return plotting.timeline(days)


@pytest.fixture
def subject():
    base = {"platform": "x", "source_id": "s", "record": 0, "seen_as": "author"}
    corpus = corpus_of(accounts=[base | {"account_id": "x:70002", "handle": "jane_r77"}])
    public = PublicActors()
    return Subject(corpus, str, public, None, Guard(KnownWords(reader(corpus)), public))


def files(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_it_computes_once_for_all_languages_and_formats(subject, tmp_path):
    made = Made()
    done = running.run(made.study, subject, tmp_path, languages=("fr", "en"))
    assert made.computed == 1
    assert {"brief.fr.html", "brief.en.html", "results.json", "tables/words.csv"} < set(
        done.outputs
    )
    assert {f"figures/timeline.{kind}" for kind in ("png", "svg", "csv", "en.png", "en.svg")} == {
        name for name in done.outputs if name.startswith("figures/")
    }
    assert done.findings() == ["Il y a 12 messages\u202f!"]
    assert done.findings("en") == ["There are 12 posts."]
    page = (tmp_path / "brief.fr.html").read_text("utf-8")
    assert "Une petite étude" in page
    assert "25,0" in page
    assert "workbench describe --study DIR" in page
    assert "Rien" not in page, "a section without content is left out"
    assert not plt.get_fignums()


def test_two_runs_give_the_same_bytes_but_for_times(subject, tmp_path):
    for name in ("one", "two"):
        running.run(Made().study, subject, tmp_path / name, languages=("en", "fr"))
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    manifests = [Manifest.read(tmp_path / name) for name in ("one", "two")]
    assert manifests[0].lasting() == manifests[1].lasting()
    assert set(manifests[0].timings) >= {"compute", "figures", "html", "scan"}
    for content in (one, two):
        del content["manifest.json"]
    assert one == two
    assert verify(tmp_path / "one") == {}


def test_a_claim_made_false_on_purpose_fails_and_writes_nothing(subject, tmp_path):
    with pytest.raises(ClaimError, match=r"“There are 12 posts\.” is not true: 12 .*≥ 13"):
        running.run(Made().study, subject, tmp_path / "out", config=Config(least=13.0))
    assert not (tmp_path / "out").exists()


def test_a_report_that_shows_somebody_is_not_written(subject, tmp_path):
    with pytest.raises(InputError, match=r"would show the handle.*title of the study"):
        running.run(Made(cell="by jane_r77").study, subject, tmp_path / "out")
    assert files(tmp_path / "out") == {}


def test_a_file_named_after_somebody_has_its_hash_for_a_name(subject, tmp_path):
    sources = [
        {"source_id": letter * 64, "path": f"/exports/{name}.jsonl", "format": "twitter-v2"}
        for letter, name in (("a", "harbour"), ("b", "from_jane_r77"), ("c", "Jane_R77"))
    ]
    corpus = corpus_of(sources=sources)
    running.run(Made().study, replace(subject, corpus=corpus), tmp_path, formats=["html"])
    names = [one["name"] for one in Manifest.read(tmp_path).inputs]
    assert names == ["harbour.jsonl", "b" * 64, "c" * 64]


def test_results_hold_every_number_with_its_unit(subject, tmp_path):
    done = running.run(Made().study, subject, tmp_path, formats=["html"])
    told = json.loads((tmp_path / "results.json").read_text("utf-8"))
    (claim,) = told["claims"]
    assert claim["numbers"] == {"posts": {"value": 12, "unit": "posts"}}
    assert claim["sentences"] == {"en": "There are 12 posts.",
                                  "fr": "Il y a 12 messages\u202f!"}  # fmt: skip
    assert (claim["value"], claim["low"], claim["high"], claim["holds"]) == (12, 10, 14, True)
    assert told["config"] == {"seed": 5, "least": 1.0}
    assert told["tables"]["words"]["units"] == {"word": "name", "share": "share"}
    assert told["tables"]["words"]["rows"][0] == {"word": "harbour", "share": 0.25}
    assert done.to_dict()["claims"][0]["sentence"] == "There are 12 posts."
    assert done.to_pandas().to_dict("records")[0]["value"] == 12


def test_cells_of_tables_are_no_formulas(subject, tmp_path):
    running.run(Made().study, subject, tmp_path, formats=["html"])
    assert "\n'=cmd," in (tmp_path / "tables" / "words.csv").read_text("utf-8")


def test_a_later_run_replaces_what_an_earlier_one_wrote_and_leaves_the_rest(subject, tmp_path):
    running.run(Made().study, subject, tmp_path, languages=("en", "fr"), formats=["html"])
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".brief-killed").mkdir()
    (tmp_path / ".brief-killed" / "page.html").write_text("half")
    done = running.run(Made().study, subject, tmp_path, formats=["html"])
    left = files(tmp_path)
    assert set(left) == {*done.outputs, "notes.txt"}


def test_the_outputs_of_something_else_are_left_alone(subject, tmp_path):
    (tmp_path / "manifest.json").write_text('{"made_by": "workbench demo"}')
    with pytest.raises(InputError, match=r"this folder holds something else"):
        running.run(Made().study, subject, tmp_path)
    (tmp_path / "file").write_text("precious")
    with pytest.raises(InputError, match=r"cannot write here.*a file is in the way"):
        running.run(Made().study, subject, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "precious"


def test_a_file_that_no_run_wrote_is_not_overwritten_and_nothing_is_left(subject, tmp_path):
    (tmp_path / "results.json").write_text("precious")
    with pytest.raises(InputError, match=r"holds something else: .*results\.json"):
        running.run(Made().study, subject, tmp_path, formats=["html"])
    assert files(tmp_path) == {"results.json": b"precious"}


def test_a_folder_inside_that_cannot_be_written_is_refused_before_anything_is_moved(
    subject, tmp_path, monkeypatch
):
    running.run(Made().study, subject, tmp_path, formats=["html"])
    before = files(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, _: path.name != "tables")
    with pytest.raises(InputError, match=r"cannot write here: .*tables"):
        running.run(Made(posts=13).study, subject, tmp_path, formats=["html"])
    assert files(tmp_path) == before


def test_a_run_that_is_cut_off_while_it_moves_its_files_can_be_repeated(
    subject, tmp_path, monkeypatch
):
    made = running.run(Made().study, subject, tmp_path / "made", formats=["html"])
    moved = []

    def cut_off(path, target):
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(path)
        path.rename(target)

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            running._move(made.out, tmp_path / "out")
    assert "missing" in verify(tmp_path / "out").values()
    running.run(Made().study, subject, tmp_path / "out", formats=["html"])
    assert verify(tmp_path / "out") == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(subject, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match=r"cannot write here"):
        running.run(Made().study, subject, tmp_path / "out")


def test_a_folder_below_a_file_is_refused(subject, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(InputError, match=r"cannot write here"):
        running.run(Made().study, subject, tmp_path / "file" / "below")


def test_paths_with_spaces_and_letters_of_other_alphabets(subject, tmp_path):
    done = running.run(Made().study, subject, tmp_path / "ma note – été", languages=("fr",))
    assert (done.out / "brief.fr.html").is_file()


@pytest.mark.parametrize(
    ("languages", "formats", "message"),
    [
        (("de",), None, r"do not speak this language: de"),
        ((), None, r"name each language once"),
        (("en", "en"), None, r"name each language once: en, en"),
        (("en",), ["odt"], r"no such format: odt; allowed: html, pdf, docx"),
        (("en",), [], r"no format was named"),
    ],
)
def test_wrong_languages_and_formats_are_refused_before_anything_is_computed(
    subject, tmp_path, languages, formats, message
):
    made = Made()
    with pytest.raises(UsageError, match=message):
        running.run(made.study, subject, tmp_path, languages=languages, formats=formats)
    assert made.computed == 0


def test_without_the_report_tools_there_is_the_page_and_the_remedy(subject, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.studies.pandoc.there", lambda: False)
    assert running.available_formats() == ("html",)
    done = running.run(Made().study, subject, tmp_path)
    assert [name for name in done.outputs if name.startswith("brief")] == ["brief.en.html"]
    with pytest.raises(MissingDependencyError, match=r"pdf.*pip install"):
        running.run(Made().study, subject, tmp_path, formats=["pdf"])


def test_the_manifest_says_how_to_make_it_again(subject, tmp_path):
    done = running.run(Made().study, subject, tmp_path, languages=("en",), formats=["html"])
    made = Manifest.read(tmp_path)
    assert made == replace(done.manifest, exhibits=made.exhibits)
    assert made.commands == (
        "workbench study run tiny --study $STUDY --out $OUT --lang en --format html --seed 5",
    )
    assert made.parameters["languages"] == ["en"]
    assert made.methods == ("leiden",)
    labels = [exhibit.label for exhibit in made.exhibits]
    assert labels == ["fig-timeline", "tbl-words", "tbl-evidence", "tbl-parameters"]
    assert made.exhibits[0].files == tuple(
        f"figures/timeline.{kind}" for kind in ("csv", "png", "svg")
    )
    assert str(tmp_path) not in (tmp_path / "manifest.json").read_text("utf-8")
