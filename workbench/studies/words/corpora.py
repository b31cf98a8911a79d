"""A corpus in words: what was collected, when, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.language import day
from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.names import ACTS, LANGUAGE_NAMES, NETWORKS, POSTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workbench.graphs.description import Description
    from workbench.model.report import LoadReport

    Labels = Callable[[str], str | None]

__all__ = ["of_description", "of_load_report"]

#: So many languages, and so many accounts, are told one by one.
SHOWN = 3
_HOLDS = Text(
    "The corpus holds {posts:# post|# posts} by {authors:# account|# accounts}{when}.",
    "Le corpus réunit {posts:# message|# messages} de {authors:# compte|# comptes}{when}.",
)
_EMPTY = Text(
    "The corpus is empty: none of its records could be read as a post or as an act.",
    "Le corpus est vide : aucun enregistrement n'a pu être lu comme un message ou une interaction.",
)
_NO_POSTS = Text(
    "The corpus holds no posts, only acts{when}.",
    "Le corpus ne réunit pas de messages, seulement des interactions{when}.",
)
_BETWEEN = Text(" between {first} and {last}", " entre le {first} et le {last}")
_ON = Text(" on {first}", " le {first}")
_UNDATED = Text(
    "{n:# of these posts has|# of these posts have} no time.",
    "{n:# de ces messages n'est pas daté|# de ces messages ne sont pas datés}.",
)
_SHARE_OF = Text("{name} {share:%}", "{name} {share:%}")
_KINDS = Text("By kind: {kinds}.", "Par type : {kinds}.")
_LANGUAGES = Text("By language: {languages}.", "Par langue : {languages}.")
_ACTS = Text("It holds {acts}.", "Il comprend {acts}.")
_BUSIEST = Text(
    "The busiest day is {day}, with {n:# post|# posts}.",
    "Le jour le plus actif est le {day}, avec {n:# message|# messages}.",
)
_BUSY_ALIKE = Text(
    "No day has more than {n:# post|# posts}.",
    "Aucun jour ne compte plus de {n:# message|# messages}.",
)
_GAPS = Text(
    "There is no post on {n:# day|# days} in between, the longest gap beginning on {since}; a gap "
    "may be silence, or a failure of the collection.",
    "Dans l'intervalle, {n:# jour est|# jours sont} sans message, l'interruption la plus longue "
    "commençant le {since} ; ce peut être un silence, ou un défaut de la collecte.",
)
_ACTIVE = Text(
    "The most active account wrote {n:# post|# posts} ({share:%} of all).",
    "Le compte le plus actif a écrit {n:# message|# messages} ({share:%} du total).",
)
_ACTIVE_ALIKE = Text(
    "No account wrote more than {n:# post|# posts} ({share:%} of all).",
    "Aucun compte n'a écrit plus de {n:# message|# messages} ({share:%} du total).",
)
_CALLED = Text("{name} ({n:# post|# posts})", "{name} ({n:# message|# messages})")
_NAMED = Text("Among the most active: {accounts}.", "Parmi les plus actifs : {accounts}.")
_LIMITS = Text(
    "These are posts that were collected, not all that were written: what was searched for, and "
    "when, decides what is here.",
    "Il s'agit des messages recueillis, non de tous ceux qui ont été écrits : ce qui a été "
    "recherché, et quand, détermine ce qui s'y trouve.",
)
_READ = Text(
    "{n:# record was|# records were} read: {ok} could be used, {rejected} could not be read and "
    "{duplicates} {duplicates:was|were} there already.",
    "{n:# enregistrement a été lu|# enregistrements ont été lus} : {ok} {ok:est exploitable|sont "
    "exploitables}, {rejected} {rejected:est illisible|sont illisibles} et {duplicates} "
    "{duplicates:était déjà présent|étaient déjà présents}.",
)
_NOTHING_READ = Text("No record was read.", "Aucun enregistrement n'a été lu.")
_REFUSED = Text(
    "The data do not allow {networks}, because they lack what its edges are made of.",
    "Les données ne permettent pas d'établir {networks}, faute de ce qui en fait les liens.",
)


def of_description(
    description: Description, language: str = "en", *, labels: Labels | None = None
) -> str:
    """Return what a corpus holds, in prose.

    Parameters
    ----------
    labels
        Account id → the name to print, or None for nobody. Without it nobody is named.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    when = _when(description, voice)
    acts = [
        voice.say(ACTS[kind], n=n) for kind, n in description.acts.items() if n and kind in ACTS
    ]
    if not description.posts:
        opening = voice.say(_NO_POSTS, when=when) if acts else voice.say(_EMPTY)
        return paragraph([opening, voice.say(_ACTS, acts=acts) if acts else ""])
    said = [
        voice.say(_HOLDS, posts=description.posts, authors=description.authors, when=when),
        voice.say(_UNDATED, n=description.undated) if description.undated else "",
        *_shares(description, voice),
        voice.say(_ACTS, acts=acts) if acts else "",
        *_days(description, voice),
        *_active(description, voice, labels),
        voice.say(_LIMITS),
    ]
    return paragraph(said)


def _when(description: Description, voice: Voice) -> str:
    """Return the days of the first and the last post."""
    from datetime import UTC, datetime

    if description.first_ms is None or description.last_ms is None:
        return ""
    first, last = (
        day(datetime.fromtimestamp(ms // 1000, tz=UTC).date(), voice.language)
        for ms in (description.first_ms, description.last_ms)
    )
    return voice.say(_ON if first == last else _BETWEEN, first=first, last=last)


def _shares(description: Description, voice: Voice) -> Iterator[str]:
    """Yield the kinds and the most frequent languages of the posts."""
    posts = description.posts
    if description.kinds:
        yield voice.say(_KINDS, kinds=_listed(description.kinds, POSTS, posts=posts, voice=voice))
    if description.languages:
        most = dict(list(description.languages.items())[:SHOWN])
        told = _listed(most, LANGUAGE_NAMES, posts=posts, voice=voice)
        yield voice.say(_LANGUAGES, languages=told)


def _listed(
    counts: Mapping[str, int], names: Mapping[str, Text], *, posts: int, voice: Voice
) -> list[str]:
    return [
        voice.say(_SHARE_OF, name=voice.name(names, kind), share=count / posts)
        for kind, count in counts.items()
    ]


def _days(description: Description, voice: Voice) -> Iterator[str]:
    """Yield the busiest day and the days without a post."""
    days = description.per_day
    if len(days) > 1:
        counts: list[Any] = days["posts"].tolist()
        when = day(days["day"].tolist()[counts.index(max(counts))], voice.language)
        most = max(counts)
        busiest = _BUSIEST if counts.count(most) == 1 else _BUSY_ALIKE
        yield voice.say(busiest, day=when, n=int(most))
    gaps = description.gaps
    if len(gaps):
        lengths: list[Any] = gaps["days"].tolist()
        since = day(gaps["since"].tolist()[lengths.index(max(lengths))], voice.language)
        yield voice.say(_GAPS, n=int(sum(lengths)), since=since)


def _active(description: Description, voice: Voice, labels: Labels | None) -> Iterator[str]:
    """Yield how much the most active account wrote, and who of the most active may be named."""
    rows: list[Any] = list(description.accounts.itertuples(index=False))
    if not rows:
        return
    count = int(rows[0].posts)
    alike = sum(row.posts == count for row in rows) > 1
    yield voice.say(_ACTIVE_ALIKE if alike else _ACTIVE, n=count, share=count / description.posts)
    if labels is None:
        return
    known = [(labels(str(row.account)), int(row.posts)) for row in rows]
    named = [voice.say(_CALLED, name=name, n=n) for name, n in known if name]
    if named:
        yield voice.say(_NAMED, accounts=named[:SHOWN])


def of_load_report(report: LoadReport, language: str = "en") -> str:
    """Return what became of the records of a load, and what the data cannot show, in prose.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    if not report.records_read:
        return voice.say(_NOTHING_READ)
    said = [
        voice.say(
            _READ,
            n=report.records_read,
            ok=report.ok,
            rejected=report.rejected,
            duplicates=report.duplicates,
        )
    ]
    refused = [entry["graph"] for entry in report.refused if entry["graph"] in NETWORKS]
    said += [voice.say(_REFUSED, networks=voice.say(NETWORKS[graph])) for graph in refused]
    return paragraph(said)
