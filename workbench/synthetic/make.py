"""Make a whole corpus: pages, truth tables and the manifest that binds them."""

from __future__ import annotations

import gc
import json
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import rng
from workbench.errors import InputError, UsageError
from workbench.model.shown import OneLine
from workbench.synthetic.config import MAX_POSTS, MIN_POSTS, Config
from workbench.synthetic.crisis import Crisis
from workbench.synthetic.draws import uniforms
from workbench.synthetic.ledger import Ledger
from workbench.synthetic.names import Names
from workbench.synthetic.pages import File, PageWriter
from workbench.synthetic.plots import plan
from workbench.synthetic.population import people
from workbench.synthetic.publisher import Publisher
from workbench.synthetic.tables import write_tables
from workbench.synthetic.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Manifest", "make"]

_MADE_BY = "workbench.synthetic"
_PARTS = ("posts", "truth", "manifest.json")


@dataclass(frozen=True, repr=False)
class Manifest(OneLine):
    """What was made; equal for equal seed, posts and configuration.

    Attributes
    ----------
    posts
        Distinct primary posts.
    records
        Records on the pages: posts, repeated records (`duplicates`) and later versions (`edits`).
    accounts
        Accounts of the world; some never appear.
    authors
        Accounts that wrote a primary post.
    kinds, origins
        Primary posts by kind, and mentions by origin.
    graphs
        What a correct loader must find, by graph (see ``truth/graphs.csv``).
    files
        The files with pages, in time order.
    """

    seed: int
    posts: int
    records: int
    duplicates: int
    edits: int
    accounts: int
    authors: int
    kinds: dict[str, int]
    origins: dict[str, int]
    graphs: dict[str, dict[str, int]]
    files: tuple[File, ...]
    config: Config

    def to_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON values."""
        return {"made_by": _MADE_BY, **asdict(self)}


def make(
    out: str | Path,
    *,
    posts: int,
    seed: int | None = None,
    config: Config | None = None,
    progress: Callable[[int], None] | None = None,
) -> Manifest:
    """Make a diplomatic crisis as Twitter API v2 pages with the planted truth beside it.

    Writes ``posts/NNNN.jsonl.gz``, ``truth/*.csv`` and ``manifest.json``. The same posts, seed and
    configuration give the same bytes. Posts are made hour by hour and written at once: memory grows
    with the accounts (about 2.2·posts^0.8), not with the posts. Nothing appears in `out` before
    everything is complete; an earlier output there is replaced, anything else is refused.

    Parameters
    ----------
    out
        The folder to make.
    posts
        Number of distinct primary posts, 1,000 to 10,000,000.
    seed
        Seed of everything random; None draws one and records it in the manifest.
    config
        The knobs of the crisis.
    progress
        Called with the number of posts written since the last call.

    Returns
    -------
    Manifest
        What was made, with the counts a correct loader must find.

    Raises
    ------
    UsageError
        The number of posts, the seed or the folder cannot be used.
    InputError
        The folder cannot be written, or the disk is full; nothing half-made is kept.
    """
    if not MIN_POSTS <= posts <= MAX_POSTS:
        allowed = f"{MIN_POSTS:,} to {MAX_POSTS:,}"
        raise UsageError("the number of posts is out of range", value=posts, allowed=allowed)
    seed, config, out = rng.resolve(seed), config or Config(), Path(out).resolve()
    _check(out)
    work = out.with_name(f".{out.name}.partial")
    shutil.rmtree(work, ignore_errors=True)
    try:
        for name in ("posts", "truth"):
            (work / name).mkdir(parents=True)
        with _collector_paused():
            manifest = _run(work, posts, seed, config=config, progress=progress)
        text = json.dumps(manifest.to_dict(), indent=1, ensure_ascii=False)
        (work / "manifest.json").write_text(text + "\n", encoding="utf-8")
        _replace(work, out)
    except OSError as error:
        raise InputError(
            "cannot write the synthetic corpus",
            value=str(out),
            where=error.strerror or str(error),
            remedy="free some space or choose another folder; nothing half-made is kept",
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _run(
    work: Path,
    posts: int,
    seed: int,
    *,
    config: Config,
    progress: Callable[[int], None] | None,
) -> Manifest:
    population = people(config, posts, seed)
    names = Names(population)
    uniform = uniforms(seed, "acts")
    writer = Writer(population, names, config=config, uniform=uniform)
    with (
        Ledger(work / "truth") as ledger,
        PageWriter(work / "posts", config, user=names.user) as pages,
    ):
        publisher = Publisher(population, names, ledger=ledger, pages=pages, uniform=uniform)
        crisis = Crisis(
            config,
            population,
            posts=posts,
            seed=seed,
            writer=writer,
            publisher=publisher,
            uniform=uniform,
        )
        plan(crisis, names, ledger)
        crisis.run(progress=progress)
        pages.close()
        graphs = ledger.finish()
        write_tables(crisis, ledger, names)
    return Manifest(
        seed=seed,
        posts=publisher.posts,
        records=sum(file.records for file in pages.files),
        duplicates=pages.duplicates,
        edits=publisher.edits,
        accounts=population.size,
        authors=sum(count > 0 for count in publisher.by_account),
        kinds=dict(sorted(ledger.kinds.items())),
        origins=dict(sorted(ledger.origins.items())),
        graphs=graphs,
        files=tuple(pages.files),
        config=config,
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector out: records form no cycles, and it would walk them all."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _check(out: Path) -> None:
    """Refuse a folder that holds anything but an earlier output."""
    if out.exists() and not out.is_dir():
        raise UsageError("the output must be a folder", value=str(out), remedy="choose another")
    if out.is_dir() and any(out.iterdir()) and not _is_earlier_output(out):
        raise UsageError(
            "the output folder holds other files", value=str(out), remedy="choose an empty one"
        )


def _is_earlier_output(out: Path) -> bool:
    try:
        manifest = json.loads((out / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("made_by") == _MADE_BY


def _replace(work: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in reversed(_PARTS):  # the manifest goes first and comes last
        old = out / name
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    for name in _PARTS:
        (work / name).replace(out / name)
