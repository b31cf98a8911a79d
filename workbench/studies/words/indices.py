"""One index in words: its value, how to read it, and where it stands beside chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.hedges import (
    RUNS_FOR_P,
    Verdict,
    against_null,
    at_floor,
    known_p,
)
from workbench.studies.words.names import INDICES, SCALES

if TYPE_CHECKING:
    from workbench.model.index import IndexValue

__all__ = [
    "NETWORK",
    "NULLS",
    "about_index",
    "distance_figure",
    "name_of",
    "of_index",
    "p_figure",
    "p_text",
]

_VALUE = Text("{name} is {value}{interval}.", "{name} vaut {value}{interval}.")
_INTERVAL = Text(" (95% interval {low} to {high})", " (intervalle à 95 % : {low} à {high})")
_READING = Text("To read it: {scale}.", "Lecture : {scale}.")
_NO_VALUE = Text(
    "{name} has no value here: “{reason}”.",
    "{name} n'a pas de valeur ici (message de l'outil : « {reason} »).",
)
#: What the random networks of each null model keep.
NULLS = {
    "": Text(
        "{runs:# random network|# random networks} of its null model",
        "{runs:# réseau aléatoire|# réseaux aléatoires} de son modèle nul",
    ),
    "these": Text("these networks", "ces réseaux"),
    "fixed": Text(
        "{runs:# random network|# random networks} in which every account keeps its number of "
        "contacts and its side",
        "{runs:# réseau aléatoire|# réseaux aléatoires} où chaque compte garde son nombre de "
        "contacts et son camp",
    ),
    "repartitioned": Text(
        "{runs:# random network|# random networks} in which every account keeps its number of "
        "contacts, and whose sides are found in the same way",
        "{runs:# réseau aléatoire|# réseaux aléatoires} où chaque compte garde son nombre de "
        "contacts, et dont les camps sont recherchés de la même manière",
    ),
    "shuffled": Text(
        "{runs:# network|# networks} with the same edges, their weights dealt out anew at random",
        "{runs:# réseau|# réseaux} aux liens identiques, dont les poids sont redistribués au "
        "hasard",
    ),
}
_BESIDE = Text(
    "In {null} it is {mean} on average: {verdict}.",
    "Dans {null}, la moyenne est de {mean} : {verdict}.",
)
#: What a claim is about: the whole network, or what is left of it without most of a side.
NETWORK = {
    True: Text("the network", "le réseau"),
    False: Text("this part of the network", "le réseau ainsi réduit"),
}
_RESTS = Text(
    "This rests on {n:# account|# accounts} of {total} that {n:has|have} enough contacts.",
    "Cette valeur repose sur {n:# compte|# comptes} sur {total}, ceux qui ont assez de contacts.",
)
_CLAIMS = {
    Verdict.MORE: Text(
        "by this measure {network} is more divided than these ({z} of their standard deviations "
        "away{p})",
        "selon cette mesure, {network} est plus divisé que ceux-ci (à {z} de leurs écarts "
        "types{p})",
    ),
    Verdict.LESS: Text(
        "by this measure {network} is less divided than these ({z} of their standard deviations "
        "away{p})",
        "selon cette mesure, {network} est moins divisé que ceux-ci (à {z} de leurs écarts "
        "types{p})",
    ),
    Verdict.UNTOLD: Text(
        "by this measure {network} cannot be told from these ({z} of their standard deviations "
        "away{p})",
        "selon cette mesure, {network} ne s'en distingue pas (à {z} de leurs écarts types{p})",
    ),
    Verdict.COVERED: Text(
        "that lies within the interval of the value, so no difference is claimed",
        "elle se situe dans l'intervalle de la valeur, et aucun écart n'est donc affirmé",
    ),
    Verdict.UNFIT: Text(
        "but this comparison does not hold, and nothing is claimed from it",
        "mais cette comparaison n'est pas probante, et rien n'en est conclu",
    ),
    Verdict.UNVARIED: Text(
        "all of them agree, so no distance from chance can be given",
        "tous concordent, de sorte qu'aucun écart au hasard ne peut être donné",
    ),
}
_P = Text(", p = {p}", ", p = {p}")
_ADJUSTED = Text(
    ", p = {p} adjusted for several indices", ", p = {p} ajusté pour plusieurs indices"
)
_TOO_FEW_FOR_P = Text(", too few networks for a p-value", ", trop peu de réseaux pour une valeur p")
_NO_P = Text(
    ", no p-value: it is undefined in {n} of {runs} networks",
    ", sans valeur p : elle n'est pas définie dans {n} réseaux sur {runs}",
)
_FLOOR = Text(
    ", the least that {runs} networks allow", ", le minimum que permettent {runs} réseaux"
)
_UNCHECKED = Text(
    "It was not compared with random networks, so whether it is more than chance gives is not "
    "known.",
    "La comparaison avec des réseaux aléatoires n'a pas été faite : rien ne dit si c'est plus que "
    "ce que donne le hasard.",
)
_TOO_FEW = Text(
    "Only {n:# random network|# random networks} could be used: too few to say what chance gives.",
    "{n:Seul # réseau aléatoire a pu servir|Seuls # réseaux aléatoires ont pu servir} : trop peu "
    "pour dire ce que donne le hasard.",
)


def of_index(index: IndexValue, language: str = "en", *, null: str = "", fit: bool = True) -> str:
    """Return what an index says of how divided a network is, and how sure that is, in prose.

    Parameters
    ----------
    null
        Kind of the null model, where it is known: ``fixed``, ``repartitioned`` or ``shuffled``.
    fit
        False where the null model is known not to carry a claim.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    return paragraph(about_index(index, voice, null=null, fit=fit))


def name_of(index: IndexValue, voice: Voice) -> str:
    """Return what an index is called in running text; one that has no name, by its own."""
    return voice.name(INDICES, index.name)


def about_index(
    index: IndexValue,
    voice: Voice,
    *,
    null: str,
    fit: bool,
    alone: bool = True,
    whole: bool = True,
) -> list[str]:
    """Return the sentences of one index; not `alone`, without what its table says for all.

    Not `whole`, what is claimed is of a part of the network.
    """
    name = name_of(index, voice)
    if index.value is None:
        return [voice.say(_NO_VALUE, name=name, reason=index.reason or "")]
    beside = (index.value, index.low, index.high, index.null_mean)
    interval = ""
    if index.low is not None and index.high is not None:
        ends = {key: voice.figure(getattr(index, key), *beside) for key in ("low", "high")}
        interval = voice.say(_INTERVAL, **ends)
    value = voice.figure(index.value, *beside)
    said = [voice.say(_VALUE, name=name, value=value, interval=interval)]
    if index.name in SCALES:
        said.append(voice.say(_READING, scale=voice.say(SCALES[index.name])))
    said += _rests(index, voice)
    verdict = against_null(index, fit=fit)
    if verdict is Verdict.UNCHECKED:
        return [*said, voice.say(_UNCHECKED)] if alone else said
    drawn = index.runs - int(index.choices.get("undefined_null_samples", 0))
    if verdict is Verdict.TOO_FEW:
        return [*said, voice.say(_TOO_FEW, n=drawn)]
    if verdict is Verdict.UNFIT and not alone:
        return said
    p = "" if verdict is Verdict.LESS else p_text(index, voice)
    network = voice.say(NETWORK[whole])
    claim = voice.say(_CLAIMS[verdict], z=distance_figure(index, voice), p=p, network=network)
    mean = voice.figure(index.null_mean, *beside)
    return [
        *said,
        voice.say(_BESIDE, null=voice.say(NULLS[null], runs=drawn), mean=mean, verdict=claim),
    ]


def _rests(index: IndexValue, voice: Voice) -> list[str]:
    """Return on how many accounts an index rests that leaves some out for want of contacts."""
    told = index.choices
    without = int(told.get("inactive", 0)) + int(told.get("below_min_contacts", 0))
    if "accounts" not in told or not without:
        return []
    n = int(told["accounts"])
    return [voice.say(_RESTS, n=n, total=n + without)]


def distance_figure(index: IndexValue, voice: Voice) -> str:
    """Return how far the value is from the mean of the null, without a sign."""
    return voice.say(Text("{z:1}", "{z:1}"), z=None if index.z is None else abs(index.z))


def p_text(index: IndexValue, voice: Voice) -> str:
    """Return what p adds to a sentence, or why there is none."""
    p = known_p(index)
    undefined = int(index.choices.get("undefined_null_samples", 0))
    if p is None and index.runs >= RUNS_FOR_P and undefined:
        return voice.say(_NO_P, n=undefined, runs=index.runs)
    if p is None:
        return voice.say(_TOO_FEW_FOR_P)
    text = _ADJUSTED if "p_unadjusted" in index.choices else _P
    floor = voice.say(_FLOOR, runs=index.runs) if at_floor(index) else ""
    return voice.say(text, p=p_figure(p, voice)) + floor


def p_figure(p: float, voice: Voice) -> str:
    """Return a p-value with three digits, or as many as show the first that is not 0."""
    digits = 3
    while round(p, digits) == 0 and digits < 6:
        digits += 1
    return voice.say(Text(f"{{p:{digits}}}", f"{{p:{digits}}}"), p=float(p))
