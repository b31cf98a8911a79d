"""The study folder: ``study.toml``, ``corpus/``, ``graph/``, ``results/``, ``report/``."""

from __future__ import annotations

import json
import secrets
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, NotFoundError, SchemaError, UsageError
from workbench.model import Corpus
from workbench.privacy import Pseudonymiser, PublicActors, load_key, read_public_actors
from workbench.privacy.keys import key_file
from workbench.privacy.tombstones import read_tombstones, together
from workbench.provenance import whole_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import Literal, Self

    from workbench.model.revision import Revise

__all__ = ["Study", "forgotten_in", "pseudonymiser_for"]

FILE = "study.toml"
VERSION = 1
PRIVACY = ("raw", "pseudonymous")


@dataclass(frozen=True)
class Study:
    """What a study is about and how its data are treated.

    Attributes
    ----------
    folder
        Where it is.
    id
        Names its pseudonymisation domain: the key is kept under this name, outside the folder.
    title, question, language
        For the report.
    privacy
        ``raw`` or ``pseudonymous``: what ``load`` writes.
    seed
        Default seed of its analyses.
    public_actors
        CSV of accounts that may be named, relative to the folder; empty for none.
    """

    folder: Path
    id: str
    title: str = ""
    question: str = ""
    language: str = "en"
    privacy: str = "raw"
    seed: int = 1
    public_actors: str = ""

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Self:
        """Return the study in a folder.

        Raises
        ------
        NotFoundError
            There is no study.
        SchemaError
            ``study.toml`` cannot be read, is of another version, or has a key, type or privacy
            mode that this version does not know.
        """
        path = Path(folder)
        file = path / FILE
        if not file.is_file():
            if (path / "corpus" / "corpus.json").is_file():
                return cls(path, path.resolve().name)
            raise NotFoundError(
                "no study here",
                value=str(path),
                remedy="make one: workbench load FILE… --study DIR",
            )
        try:
            content = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SchemaError("cannot read the study", value=str(error), where=str(file)) from error
        if content.pop("version", None) != VERSION:
            raise SchemaError(
                "this study has another schema version", where=str(file), allowed=str(VERSION)
            )
        _check(content, file)
        return cls(path, **content)

    @classmethod
    def around(cls, folder: str | os.PathLike[str] = ".") -> Self | None:
        """Return the study in which a folder lies, the nearest one; None outside of a study."""
        place = Path(folder).resolve()
        for each in (place, *place.parents):
            if (each / FILE).is_file():
                return cls.open(each)
        return None

    @classmethod
    def for_notebook(
        cls, asked: str | os.PathLike[str] | Literal[False] | None = None
    ) -> Self | None:
        """Return the study a notebook is about; None where it is to use the invented crisis.

        Parameters
        ----------
        asked
            A folder; None means the study in which the notebook runs, if any; False means none.
        """
        if asked is False:
            return None
        return cls.around() if asked is None else cls.open(asked)

    @classmethod
    def create(cls, folder: str | os.PathLike[str], *, privacy: str | None = None) -> Self:
        """Return the study in a folder, made when there is none.

        Raises
        ------
        UsageError
            The study exists with another privacy mode.
        InputError
            The folder cannot be written.
        """
        path = Path(folder)
        if privacy is not None and privacy not in PRIVACY:
            raise UsageError("no such privacy mode", value=privacy, allowed=", ".join(PRIVACY))
        if (path / FILE).is_file():
            study = cls.open(path)
            if privacy is not None and privacy != study.privacy:
                raise UsageError(
                    "this study has another privacy mode",
                    value=privacy,
                    where=str(path / FILE),
                    allowed=study.privacy,
                    remedy="load into a new study",
                )
            return study
        study = cls(
            path,
            f"{path.resolve().name or 'study'}-{secrets.token_hex(4)}",
            title=path.resolve().name.replace("_", " "),
            privacy=privacy or "raw",
            seed=secrets.randbelow(2**31),
        )
        study.save()
        return study

    @property
    def corpus_folder(self) -> Path:
        """The folder of the corpus."""
        return self.folder / "corpus"

    @property
    def graph_folder(self) -> Path:
        """The folder of the embedded store."""
        return self.folder / "graph"

    def corpus(self) -> Corpus:
        """Return the corpus of the study."""
        return Corpus.open(self.corpus_folder)

    def save(self) -> None:
        """Write ``study.toml``.

        Raises
        ------
        InputError
            The folder cannot be written.
        """
        content = {"version": VERSION, **asdict(self)}
        del content["folder"]
        # A JSON text is a TOML text, but for DEL, which TOML wants escaped.
        lines = [
            f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
            for key, value in content.items()
        ]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with whole_file(self.folder / FILE) as fresh:
                fresh.write_text("\n".join(lines) + "\n", "utf-8", newline="")
        except OSError as error:
            raise InputError(
                "cannot make a study here",
                value=str(self.folder),
                where=error.strerror,
                remedy="choose a folder you may write to",
            ) from error

    def actors(self) -> PublicActors:
        """Return the public actors of the study; none without a list."""
        if not self.public_actors:
            return PublicActors()
        return read_public_actors(self.folder / self.public_actors)

    def key(self) -> bytes:
        """Return the key of the study, made when there is none."""
        return load_key(self.id, outside=self.folder)

    @property
    def has_lost_key(self) -> bool:
        """Whether the study holds pseudonyms and the key that made them is not on this machine."""
        if self.privacy != "pseudonymous" or key_file(self.id).exists():
            return False
        listed = self.corpus_folder / "corpus.json"
        return listed.is_file() and bool(self.corpus().sources)

    def pseudonymiser(self) -> Pseudonymiser:
        """Return the pseudonymiser of the study; its key is made when there is none.

        Raises
        ------
        InputError
            The study holds pseudonyms made with a key that is not here: with another one nobody
            would be the same.
        """
        if self.has_lost_key:
            raise InputError(
                "the key of this study is not on this machine",
                value=str(key_file(self.id)),
                remedy="restore it from a backup; with a new one nobody would be who they were",
            )
        return Pseudonymiser(self.key(), public_actors=self.actors())

    def label(self) -> Callable[[str], str]:
        """Return what gives accounts the names that a figure may show; needs no old key."""
        key = secrets.token_bytes(32) if self.has_lost_key else self.key()
        return Pseudonymiser(key, public_actors=self.actors()).label


def _check(content: dict[str, Any], file: Path) -> None:
    """Raise ``SchemaError`` unless the keys of ``study.toml`` and their types are those known."""
    known = set(Study.__dataclass_fields__) - {"folder"}
    unknown = sorted(set(content) - known)
    if unknown:
        raise SchemaError(
            "study.toml has an unknown key",
            value=unknown[0],
            where=str(file),
            allowed=", ".join(sorted(known)),
        )
    if "id" not in content:
        raise SchemaError("study.toml lacks a key", value="id", where=str(file))
    for key, value in content.items():
        wanted = int if key == "seed" else str
        if type(value) is not wanted:
            raise SchemaError(
                "a key of study.toml has the wrong type",
                value=key,
                where=str(file),
                allowed="an integer" if wanted is int else "a text",
            )
    privacy = content.get("privacy", PRIVACY[0])
    if privacy not in PRIVACY:
        raise SchemaError(
            "no such privacy mode", value=privacy, where=str(file), allowed=", ".join(PRIVACY)
        )


def forgotten_in(corpus_folder: str | os.PathLike[str] | None) -> Revise | None:
    """Return what keeps out of a corpus whoever was forgotten in it; None where nobody was.

    Raises
    ------
    InputError
        A key with which somebody was forgotten is not there any more.
    """
    if corpus_folder is None:
        return None
    groups = read_tombstones(Path(corpus_folder))
    plans = []
    for name, group in groups.items():
        if not key_file(name).exists():
            raise InputError(
                "the key with which accounts were forgotten is not there",
                value=str(key_file(name)),
                remedy="restore it from a backup; without it they would come back",
            )
        plans.append(group.erase(load_key(name)))
    return together(plans) if plans else None


def pseudonymiser_for(corpus_folder: str | os.PathLike[str] | None) -> Pseudonymiser:
    """Return the pseudonymiser of the study around a corpus folder, or that of ``default``."""
    if corpus_folder is not None:
        study = Path(corpus_folder).resolve().parent
        if (study / FILE).is_file():
            return Study.open(study).pseudonymiser()
    return Pseudonymiser(load_key("default"))
