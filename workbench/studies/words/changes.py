"""The difference of an index between two windows, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.hedges import ENOUGH_COVERED, RUNS_FOR_P, Verdict, of_change
from workbench.studies.words.indices import p_figure
from workbench.studies.words.names import INDICES

if TYPE_CHECKING:
    from workbench.polarisation.change import Difference

__all__ = ["of_difference"]

_MOVED = Text(
    "{name} is {first} in the first window and {second} in the second, a difference of "
    "{difference}{interval}{p}.",
    "{name} vaut {first} dans la première fenêtre et {second} dans la seconde, soit un écart de "
    "{difference}{interval}{p}.",
)
_INTERVAL = Text(" (95% interval {low} to {high})", " (intervalle à 95 % : {low} à {high})")
_P = Text(", p = {p}", ", p = {p}")
_UNDEFINED = Text(
    "{name} cannot be compared between the two windows: “{reason}”.",
    "{name} : comparaison impossible entre les deux fenêtres (message de l'outil : « {reason} »).",
)
_CLAIMS = {
    Verdict.MORE: Text(
        "By this measure the second window is more divided than the first.",
        "Selon cette mesure, la seconde fenêtre est plus divisée que la première.",
    ),
    Verdict.LESS: Text(
        "By this measure the second window is less divided than the first.",
        "Selon cette mesure, la seconde fenêtre est moins divisée que la première.",
    ),
    Verdict.UNTOLD: Text(
        "That is not enough to claim a change.",
        "C'est trop peu pour affirmer un changement.",
    ),
    Verdict.UNCHECKED: Text(
        "Neither an interval nor a test was computed, so whether it is more than chance gives is "
        "not known.",
        "Ni intervalle ni test n'a été calculé : rien ne dit si c'est plus que ce que donne le "
        "hasard.",
    ),
}
_COVERED = Text(
    "The sides cover {first:%} of the acts of the first window and {second:%} of those of the "
    "second, so the rest may have moved otherwise.",
    "Les camps couvrent {first:%} des interactions de la première fenêtre et {second:%} de celles "
    "de la seconde ; le reste a pu évoluer autrement.",
)
_ACTORS = Text(
    "{both:# account acts|# accounts act} in both windows, {first} in the first only and {second} "
    "in the second only.",
    "{both:# compte agit|# comptes agissent} dans les deux fenêtres, {first} dans la première "
    "seulement et {second} dans la seconde seulement.",
)
_CAUTION = Text(
    "A difference between two dates does not say what caused it.",
    "Un écart entre deux dates ne dit pas ce qui l'a causé.",
)


def of_difference(change: Difference, language: str = "en") -> str:
    """Return what an index differs by between two windows, and how sure that is, in prose.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    name = voice.name(INDICES, change.measure)
    if change.difference is None:
        return paragraph([voice.say(_UNDEFINED, name=name, reason=change.reason or "")])
    said = [_moved(change, name, voice), voice.say(_CLAIMS[of_change(change)])]
    if change.actors:
        said.append(voice.say(_ACTORS, **change.actors))
    shares = {when: told.get("weight_share") for when, told in change.windows.items()}
    if any(share is not None and share < ENOUGH_COVERED for share in shares.values()):
        said.append(voice.say(_COVERED, **shares))
    return paragraph([*said, voice.say(_CAUTION)])


def _moved(change: Difference, name: str, voice: Voice) -> str:
    """Return both values, their difference, its interval and its p."""
    beside = (change.first.value, change.second.value, change.difference, change.low, change.high)
    interval = p = ""
    if change.low is not None and change.high is not None:
        ends = {key: voice.figure(getattr(change, key), *beside) for key in ("low", "high")}
        interval = voice.say(_INTERVAL, **ends)
    if change.p is not None and change.runs >= RUNS_FOR_P:
        p = voice.say(_P, p=p_figure(change.p, voice))
    told = {
        key: voice.figure(value, *beside)
        for key, value in zip(("first", "second", "difference"), beside[:3], strict=True)
    }
    return voice.say(_MOVED, name=name, interval=interval, p=p, **told)
