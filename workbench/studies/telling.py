"""A curated study as a document: its sections, and the evidence behind each figure and table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from workbench.language import check_language, day, decimal, percent, whole
from workbench.model.filters import iso
from workbench.provenance import package_version
from workbench.studies.citing import bibliography
from workbench.studies.claims import escaped
from workbench.studies.document import Code, Document, Heading, Picture, Prose, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.studies.claims import Claim
    from workbench.studies.curated import Behind, CuratedStudy, Drawing, Section, Sheet, Subject
    from workbench.studies.document import Block

__all__ = ["Computed", "document", "exhibits_in_order"]

_WORDS = {
    "en": {
        "evidence": "Evidence", "parameters": "Parameters", "figure": "Figure", "table": "Table",
        "what": "figure or table", "posts": "posts behind it", "first": "first", "last": "last",
        "opened": "The posts behind each figure and table, and when they were made. Typed in the "
                  "folder that holds the study, the commands below open them; `workbench evidence` "
                  "with `--account` or `--edge` lists the posts behind one account or one edge.",
        "key": "Whoever has the key of the study can give a pseudonym as the account.",
        "behind": "Posts behind each figure and table, days in UTC.",
        "parameter": "parameter", "value": "value",
        "chosen": "Every choice of this report; the rest are the defaults of the methods.",
        "invented": "An invented crisis: no person, place or post is real",
        "none": "none", "seed": "seed",
    },
    "fr": {
        "evidence": "Pièces à l’appui", "parameters": "Paramètres", "figure": "Figure",
        "table": "Tableau", "what": "figure ou tableau", "posts": "messages à l’appui",
        "first": "premier", "last": "dernier",
        "opened": "Les messages à l’appui de chaque figure et de chaque tableau, et leurs dates. "
                  "Tapées dans le dossier qui contient l’étude, les commandes ci-dessous les "
                  "ouvrent ; `workbench evidence` avec `--account` ou `--edge` énumère les "
                  "messages à l’appui d’un compte ou d’un lien.",
        "key": "Qui détient la clé de l’étude peut donner un pseudonyme en guise de compte.",
        "behind": "Messages à l’appui de chaque figure et de chaque tableau, jours en UTC.",
        "parameter": "paramètre", "value": "valeur",
        "chosen": "Tous les choix de ce rapport ; le reste suit les réglages par défaut des "
                  "méthodes.",
        "invented": "Une crise inventée : aucune personne, aucun lieu, aucun message n’est réel",
        "none": "aucun", "seed": "graine",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Computed:
    """A study that was computed and checked, before it is told in a language."""

    study: CuratedStudy
    subject: Subject
    config: Any
    world: Any
    claims: Sequence[Claim]
    sheets: Sequence[Sheet]
    drawings: Sequence[Drawing]

    def behind(self) -> dict[str, Behind]:
        """Return the posts behind each figure and table, by its label."""
        return {f"fig-{drawing.name}": drawing.behind for drawing in self.drawings} | {
            f"tbl-{sheet.name}": sheet.behind for sheet in self.sheets
        }


def document(done: Computed, pictures: Sequence[Picture], language: str) -> Document:
    """Return the report in a language.

    Parameters
    ----------
    pictures
        The figures as drawn in this language.
    """
    check_language(language)
    blocks: list[Block] = [Prose(f"*Question.* {done.study.question[language]}")]
    things: dict[str, Picture | Table] = {picture.label: picture for picture in pictures}
    things |= {f"tbl-{sheet.name}": _table(sheet, language) for sheet in done.sheets}
    for section in done.study.sections(done.world):
        told = _section(section, done.claims, things, language)
        if told:
            blocks += [Heading(section.title[language], numbered=section.numbered), *told]
    blocks += done.study.boxes(done.world, language)
    blocks += _evidence(done, blocks, language) + _parameters(done, language)
    other = "fr" if language == "en" else "en"
    findings = [claim for claim in done.claims if claim.finding]
    return Document(
        title=done.study.title[language],
        subtitle=_WORDS[language]["invented"] if done.subject.invented else done.subject.title,
        language=language,
        blocks=tuple(blocks),
        findings=tuple(claim.told(language, markdown=True) for claim in findings),
        other_abstract=" ".join(claim.told(other, markdown=True) for claim in findings),
        bibtex=bibliography(done.study.methods(done.world)),
        provenance=_provenance(done, language),
    )


def _section(
    section: Section, claims: Sequence[Claim], things: dict[str, Picture | Table], language: str
) -> list[Block]:
    """Return the blocks of a section; what there is none of is left out."""
    blocks: list[Block] = []
    for part in section.parts:
        if callable(part):
            blocks += part(language)
        elif part in things:
            blocks.append(things[part])
        elif part.startswith(("claims:", "list:")):
            form, _, name = part.partition(":")
            told = [c.told(language, markdown=True) for c in claims if c.section == name]
            if told:
                listed = "\n".join(f"- {sentence}" for sentence in told)
                blocks.append(Prose(" ".join(told) if form == "claims" else listed))
    return blocks


def _table(sheet: Sheet, language: str) -> Table:
    columns = tuple(column.heading[language] for column in sheet.columns)
    rows = tuple(
        tuple(
            percent(cell, language) if column.unit == "share" else cell
            for cell, column in zip(row, sheet.columns, strict=True)
        )
        for row in sheet.cells(language)
    )
    digits = {
        column.heading[language]: column.digits
        for column in sheet.columns
        if any(isinstance(row[sheet.columns.index(column)], float) for row in sheet.rows)
    }
    return Table(f"tbl-{sheet.name}", sheet.caption[language], columns, rows, digits)


def exhibits_in_order(blocks: Sequence[Block]) -> list[tuple[str, int, Picture | Table]]:
    """Return kind, number and block of each figure and table, in the order they are numbered."""
    counts = {"figure": 0, "table": 0}
    found: list[tuple[str, int, Picture | Table]] = []
    for block in blocks:
        if isinstance(block, Picture | Table) and block.label:
            kind = "figure" if isinstance(block, Picture) else "table"
            counts[kind] += 1
            found.append((kind, counts[kind], block))
    return found


def _evidence(done: Computed, blocks: Sequence[Block], language: str) -> list[Block]:
    """Return the appendix: for each figure and table its posts, their dates, and the command."""
    words = _WORDS[language]
    behind = done.behind()
    rows = []
    opening: dict[str, list[str]] = {}
    for kind, number, block in exhibits_in_order(blocks):
        posts = behind[block.label]
        name = f"{words[kind]} {number}"
        rows.append((
            name, words["none"] if posts.posts is None else posts.posts,
            *(None if ms is None else day(iso(ms)[:10], language)
              for ms in (posts.first_ms, posts.last_ms)),
        ))  # fmt: skip
        opening.setdefault(posts.command, []).append(name)
    told = " ".join(c.told(language, markdown=True) for c in done.claims
                    if c.section == "evidence")  # fmt: skip
    key = "" if done.subject.invented else words["key"]
    columns = tuple(words[name] for name in ("what", "posts", "first", "last"))
    return [
        Heading(words["evidence"], numbered=False),
        Prose(" ".join(filter(None, (words["opened"], key, told)))),
        Table("tbl-evidence", words["behind"], columns, tuple(rows)),
        Code("\n".join(f"# {', '.join(names)}\n{typed}" for typed, names in opening.items()), "sh"),
    ]


def _parameters(done: Computed, language: str) -> list[Block]:
    words = _WORDS[language]
    rows = tuple((name, _written(value, language)) for name, value in asdict(done.config).items())
    return [
        Heading(words["parameters"], numbered=False),
        Table("tbl-parameters", words["chosen"], (words["parameter"], words["value"]), rows),
    ]


def _written(value: Any, language: str) -> str | None:
    if isinstance(value, bool) or value is None:
        return None if value is None else str(value).lower()
    if isinstance(value, tuple | list):
        return ", ".join(str(_written(part, language)) for part in value)
    if isinstance(value, int):
        return whole(value, language) if abs(value) >= 10_000 else str(value)
    return decimal(value, language) if isinstance(value, float) else str(value)


def _provenance(done: Computed, language: str) -> str:
    corpus = done.subject.corpus.fingerprint[:16]
    seed = f"{_WORDS[language]['seed']} {done.config.seed}"
    return f"workbench {package_version()} · {escaped(corpus)} · {seed}"
