"""What a curated study declares: question, configuration, analyses, figures, tables and claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError
from workbench.language import LANGUAGES
from workbench.privacy import PublicActors
from workbench.studies.guarding import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.studies.claims import Claim
    from workbench.studies.document import Block, Box
    from workbench.studies.study import Study

__all__ = ["STUDIES", "Behind", "Column", "CuratedStudy", "Drawing", "Section", "Sheet", "Subject",
           "curated_study"]  # fmt: skip

#: Name → module whose ``STUDY`` it is.
STUDIES = {"crisis_brief": "workbench.studies.crisis_brief"}


@dataclass(frozen=True)
class Subject:
    """The data that a study is about, and how its people are called.

    Attributes
    ----------
    corpus
        The data.
    label
        Account id → the name that may be shown: a public actor's, else a pseudonym.
    public
        The public actors.
    text
        Text of a post and its platform → the same without anybody's name; None where texts are
        not shown at all.
    guard
        Holds what is written against the people of the data.
    folder
        Of the study, as commands name it.
    title
        Of the study, for the report; empty for none.
    invented
        Whether the data are made up, which every page then says.
    """

    corpus: Corpus
    label: Callable[[str], str]
    public: PublicActors = field(default_factory=PublicActors)
    text: Callable[[str, str | None], str] | None = None
    guard: Guard = field(default_factory=lambda: Guard(None, PublicActors()))
    folder: str = "DIR"
    title: str = ""
    invented: bool = False

    @classmethod
    def of(cls, study: Study, *, folder: str | None = None) -> Subject:
        """Return the subject of a study.

        Parameters
        ----------
        folder
            Of the study, as commands are to name it; None takes the one it was opened with.
        """
        text: Callable[[str, str | None], str] | None = None
        if study.privacy != "pseudonymous":
            text = study.pseudonymiser().text
        elif not study.has_lost_key:
            text = _as_it_is
        return cls(
            study.corpus(), study.label(), study.actors(), text, Guard.of(study),
            str(study.folder) if folder is None else folder, study.title,
        )  # fmt: skip


def _as_it_is(text: str, platform: str | None) -> str:  # noqa: ARG001  of texts that were changed
    return text


@dataclass(frozen=True)
class Behind:
    """The posts behind a figure or table, and the command that opens them.

    Attributes
    ----------
    posts
        How many; None where the data have acts without posts.
    first_ms, last_ms
        Of them, epoch milliseconds; None for undated ones.
    command
        What to type.
    """

    posts: int | None
    first_ms: int | None
    last_ms: int | None
    command: str


@dataclass(frozen=True)
class Drawing:
    """A figure.

    Attributes
    ----------
    name
        Of its files.
    draw
        Called once a language, after everything was computed.
    behind
        The posts it counts.
    width
        Share of the text's width.
    html
        Language → the page to explore that takes its place; None for none.
    lead
        What stands before its caption, by language; empty for nothing.
    """

    name: str
    draw: Callable[[], Axes]
    behind: Behind
    width: float = 1.0
    html: Callable[[str], str] | None = None
    lead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in files, unit, heading by language, digits of fractions."""

    name: str
    unit: str
    heading: Mapping[str, str]
    digits: int = 3


@dataclass(frozen=True)
class Sheet:
    """A table: written as CSV once, and shown in every language.

    Attributes
    ----------
    name, columns, rows
        Cells are numbers, texts, booleans, None for unknown, or a mapping of the languages.
    caption
        By language.
    behind
        The posts it counts.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    caption: Mapping[str, str]
    behind: Behind

    def cells(self, language: str) -> tuple[tuple[Any, ...], ...]:
        """Return the rows as a language shows them."""
        return tuple(
            tuple(cell[language] if isinstance(cell, dict) else cell for cell in row)
            for row in self.rows
        )


@dataclass(frozen=True)
class Section:
    """A part of the report: its title, and what stands in it, in order.

    Attributes
    ----------
    title
        By language.
    parts
        Names of the claims' section (all of its claims, as one paragraph), ``fig-NAME``,
        ``tbl-NAME``, or blocks by language.
    numbered
        False for an appendix.
    """

    title: Mapping[str, str]
    parts: Sequence[str | Callable[[str], Sequence[Block]]]
    numbered: bool = True


@dataclass(frozen=True)
class CuratedStudy:
    """A study that runs on anybody's data.

    Attributes
    ----------
    name
        As typed.
    title, question
        By language.
    config
        Frozen dataclass of every choice, ``seed`` among them, with defaults.
    compute
        Subject and configuration → everything computed, once for all languages; its ``config`` has
        the choices, those that were left open filled in.
    claims, drawings, sheets, sections
        What was computed → what is said, drawn, tabulated, and in which order.
    boxes
        What was computed, language → the framed parts at the end: methods, data and ethics.
    methods
        What was computed → names of the measures and methods used, as ``workbench cite`` knows
        them, and the keys of further works that the boxes cite.
    graphs
        What was computed → its graphs by name, for the manifest.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    config: type
    compute: Callable[[Subject, Any], Any]
    claims: Callable[[Any], Sequence[Claim]]
    drawings: Callable[[Any], Sequence[Drawing]]
    sheets: Callable[[Any], Sequence[Sheet]]
    sections: Callable[[Any], Sequence[Section]]
    boxes: Callable[[Any, str], Sequence[Box]]
    methods: Callable[[Any], Sequence[str]]
    graphs: Callable[[Any], Mapping[str, InteractionGraph]]

    def __post_init__(self) -> None:
        """Hold titles and questions to every language."""
        assert set(self.title) == set(self.question) == set(LANGUAGES)  # noqa: S101  of our own


def curated_study(name: str) -> CuratedStudy:
    """Return the curated study called `name`.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if name not in STUDIES:
        raise NotFoundError("no such study", value=name, allowed=", ".join(STUDIES),
                            remedy="see: workbench study list")  # fmt: skip
    found: CuratedStudy = import_module(STUDIES[name]).STUDY
    return found
