"""The demo: an invented crisis through the whole house, offline, to a brief that explains it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import resources, synthetic
from workbench.errors import InputError, StoreError
from workbench.loaders import load
from workbench.model.revision import reader
from workbench.privacy import Pseudonymiser, read_public_actors
from workbench.privacy.known import KnownWords
from workbench.provenance import Stopwatch
from workbench.store import connect
from workbench.studies import running
from workbench.studies.curated import Subject, curated_study
from workbench.studies.guarding import Guard
from workbench.studies.manifest import FILE
from workbench.studies.study import Study

if TYPE_CHECKING:
    from workbench.model import Corpus
    from workbench.studies.running import StudyRun

__all__ = ["DemoResult", "run"]

DATASET = "crisis_small"
MADE_BY = "workbench demo"
#: Random graphs beside each index: as many as p needs.
NULLS = 199
#: What a report is called, by language and format.
NAMES = {
    ("en", "html"): "index.html",
    ("fr", "html"): "index.fr.html",
    ("en", "pdf"): "paper.pdf",
    ("fr", "pdf"): "paper.fr.pdf",
}


@dataclass(frozen=True)
class DemoResult:
    """What the demo made.

    Attributes
    ----------
    out
        The folder: ``paper.pdf``, ``paper.fr.pdf``, ``index.html``, ``index.fr.html``,
        ``figures/``, ``tables/``, ``results.json``, ``manifest.json``, ``study/`` (corpus, store).
    brief
        The run of the curated study ``crisis_brief``.
    counts
        What the graph database holds: ``nodes`` and ``relationships`` by name.
    """

    out: Path
    brief: StudyRun
    counts: dict[str, dict[str, int]]

    @property
    def manifest(self) -> dict[str, Any]:
        """Inputs and outputs by hash, parameters, seeds, versions, times and memory."""
        return self.brief.manifest.to_dict()

    @property
    def findings(self) -> list[str]:
        """The key findings."""
        return self.brief.findings()


def run(out: Path, *, posts: int | None = None, seed: int = 1815) -> DemoResult:
    """Run every step on an invented diplomatic crisis and write the brief in both languages.

    Without the report tools there are the pages only, no PDF.

    Parameters
    ----------
    out
        Folder to write; what an earlier demo wrote there is replaced.
    posts
        Size of a freshly generated crisis; None takes the small one that comes with the package.
    seed
        Of the generator, the community search, the null models, the bootstrap and the layout.

    Raises
    ------
    InputError
        The folder cannot be written, or holds something that is no demo.
    ClaimError
        A sentence of the brief is not true.
    """
    _make_room(out)
    try:
        return _made(out, posts, seed)
    except BaseException:
        # Half a demo has no manifest: a second try would take it for something else.
        shutil.rmtree(out / "study", ignore_errors=True)
        raise


def _made(out: Path, posts: int | None, seed: int) -> DemoResult:
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="workbench-demo-") as scratch:
        with watch.of("generate"):
            files, listed = _input(Path(scratch), posts, seed)
        public = read_public_actors(listed)
        with watch.of("load"):
            corpus = load(files, into=out / "study" / "corpus", progress=False)
        _settle(out / "study", listed, seed)
    with watch.of("push"):
        store = connect(out / "study" / "graph")
        store.write(corpus, progress=False)
    # The key comes from the seed, so that two runs agree: fit for an invented world only.
    key = hashlib.sha256(f"demo {seed}".encode()).digest()
    study = curated_study("crisis_brief")
    again = f"workbench demo --out $OUT --seed {seed}"
    try:
        done = running.run(
            study,
            _subject(corpus, Pseudonymiser(key, public_actors=public)),
            out,
            config=study.config(seed=seed, nulls=NULLS),
            languages=("en", "fr"),
            formats=[kind for kind in ("html", "pdf") if kind in running.available_formats()],
            made_by=MADE_BY,
            commands=[again if posts is None else f"{again} --posts {posts}"],
            names=lambda language, kind: NAMES[language, kind],
            watch=watch,
        )
        _write_back(store, done)
        counts = store.counts()
    finally:
        store.close()
    return DemoResult(out, done, counts)


def _settle(folder: Path, listed: Path, seed: int) -> None:
    """Make the folder a study that knows who may be named."""
    shutil.copyfile(listed, folder / "public_actors.csv")
    Study(folder, "study", title="An invented crisis", seed=seed,
          public_actors="public_actors.csv").save()  # fmt: skip


def _subject(corpus: Corpus, names: Pseudonymiser) -> Subject:
    public = names.public
    assert public is not None  # noqa: S101  the caller has one
    guard = Guard(KnownWords(reader(corpus), public=public), public)
    return Subject(corpus, names.label, public, names.text, guard, "study", invented=True)


def _write_back(store: Any, done: StudyRun) -> None:
    """Put communities and scores into the graph database, which must hold the same graph.

    Raises
    ------
    StoreError
        The store gives another graph than the corpus.
    """
    world = done.world
    for kind, graph in world.graphs.items():
        if store.graph(kind).fingerprint != graph.fingerprint:
            raise StoreError("the store gives another graph than the corpus", value=kind)
    store.annotate(world.communities.partition, *world.ranking.scores.values(), name="demo")


def _make_room(out: Path) -> None:
    try:
        if out.exists() and any(out.iterdir()) and running.maker_of(out / FILE) != MADE_BY:
            raise InputError(
                "this folder holds something else",
                value=str(out),
                remedy="choose an empty or new folder with --out",
            )
        if (out / "study").exists():
            shutil.rmtree(out / "study")
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("cannot write here", value=str(out), where=error.strerror) from error


def _input(scratch: Path, posts: int | None, seed: int) -> tuple[list[Path], Path]:
    """Return the page files of the crisis and its list of public actors."""
    if posts is None:
        folder = resources.datasets_folder() / DATASET
    else:
        folder = scratch / "crisis"
        synthetic.make(folder, posts=posts, seed=seed)
    return sorted((folder / "posts").glob("*.jsonl.gz")), folder / "truth" / "public_actors.csv"
