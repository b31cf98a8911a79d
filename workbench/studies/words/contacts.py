"""Who deals with whom, and whether communities are more than chance, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.hedges import LEVEL, Verdict, against_null, null_fails
from workbench.studies.words.indices import distance_figure, p_text

if TYPE_CHECKING:
    from workbench.communities.mixing import Mixing
    from workbench.communities.significance import Significance

__all__ = ["of_mixing", "of_significance"]

_WITHIN = Text(
    "{within:%} of the {what} between different accounts stay inside one community; the numbers "
    "given and received by each account would by themselves give {expected:%}.",
    "{within:%} des {what} entre comptes différents restent au sein d'une même communauté ; les "
    "nombres émis et reçus par chaque compte en donneraient à eux seuls {expected:%}.",
)
_WHAT = {"weighted": Text("acts", "interactions"), "unweighted": Text("edges", "liens")}
_MAKING = Text(
    "Where communities were found in this same network they keep contact inside by their making, "
    "and this shows no division.",
    "Si les communautés ont été recherchées dans ce même réseau, elles gardent les contacts en "
    "leur sein par construction, et cela ne démontre pas une division.",
)
_MOST = Text(
    "Across communities, the flow that most exceeds this expectation leads from “{source}” to "
    "“{target}”: {acts} against {expected}.",
    "Entre communautés, le flux qui dépasse le plus cette attente va de « {source} » à « {target} "
    "» : {acts} contre {expected}.",
)
_JOINS = Text(
    "Across communities, the contact that most exceeds this expectation is between “{source}” and "
    "“{target}”: {acts} against {expected}.",
    "Entre communautés, le contact qui dépasse le plus cette attente unit « {source} » et « "
    "{target} » : {acts} contre {expected}.",
)
_NONE_MORE = Text(
    "No two different communities deal more with each other than this expectation.",
    "Aucune paire de communautés différentes n'a plus de contacts que cette attente.",
)
_UNSIDED = Text(
    "{n:# further act involves|# further acts involve} an account without a community and "
    "{n:is|are} left out.",
    "{n:# autre interaction concerne|# autres interactions concernent} un compte sans communauté "
    "et {n:est écartée|sont écartées}.",
)
_VALUE = Text(
    "The modularity of the {k:# community|# communities} is {value}.",
    "La modularité {k:de la # communauté|des # communautés} est de {value}.",
)
_NULLS = {
    "searched": Text(
        "{runs:# random network|# random networks} in which every account keeps its number of "
        "contacts, and whose communities are searched in the same way",
        "{runs:# réseau aléatoire|# réseaux aléatoires} où chaque compte garde son nombre de "
        "contacts, et dont les communautés sont recherchées de la même manière",
    ),
    "fixed": Text(
        "{runs:# random network|# random networks} in which every account keeps its number of "
        "contacts and its community",
        "{runs:# réseau aléatoire|# réseaux aléatoires} où chaque compte garde son nombre de "
        "contacts et sa communauté",
    ),
}
_BESIDE = Text(
    "In {null}, it is {mean} on average: {verdict}.",
    "Dans {null}, elle est de {mean} en moyenne : {verdict}.",
)
_CLAIMS = {
    Verdict.MORE: Text(
        "the communities are more marked than in these ({z} of their standard deviations away{p})",
        "les communautés sont plus marquées que dans ceux-ci (à {z} de leurs écarts types{p})",
    ),
    Verdict.LESS: Text(
        "the communities are less marked than in these ({z} of their standard deviations away{p})",
        "les communautés sont moins marquées que dans ceux-ci (à {z} de leurs écarts types{p})",
    ),
    Verdict.UNTOLD: Text(
        "the communities cannot be told from those of these ({z} of their standard deviations "
        "away{p})",
        "les communautés ne s'en distinguent pas (à {z} de leurs écarts types{p})",
    ),
    Verdict.TOO_FEW: Text(
        "too few of these to say what chance gives",
        "c'est trop peu de réseaux pour dire ce que donne le hasard",
    ),
    Verdict.UNVARIED: Text(
        "all of them agree, so no distance from chance can be given",
        "tous concordent, de sorte qu'aucun écart au hasard ne peut être donné",
    ),
    Verdict.UNFIT: Text(
        "but hardly any edge could be exchanged, and nothing is claimed from it",
        "mais presque aucun lien n'a pu être échangé, et rien n'en est conclu",
    ),
}
_TESTED = Text(
    "{clear} of {n:# community|# communities} tested {clear:keeps|keep} more to "
    "{clear:itself|themselves} than communities of that size in these networks{level}.",
    "Sur {n:# communauté testée|# communautés testées}, {clear} {clear:est plus repliée|sont plus "
    "repliées} sur {clear:elle-même|elles-mêmes} que des communautés de même taille dans ces "
    "réseaux{level}.",
)
_LEVEL = Text(" (p ≤ {level} adjusted for several)", " (p ≤ {level}, ajusté pour leur nombre)")
_UNTESTED = Text(
    "{n:# community is|# communities are} too small to be tested.",
    "{n:# communauté est trop petite|# communautés sont trop petites} pour être "
    "{n:testée|testées}.",
)
_NO_TEST = Text(
    "With {runs:# network|# networks} no p-value is given, so no single community is judged.",
    "Avec {runs:# réseau|# réseaux}, aucune valeur p n'est donnée, et aucune communauté n'est "
    "jugée isolément.",
)
_CAUTION = Text(
    "Communities more marked than chance are found in nearly every real network: they are not by "
    "themselves camps.",
    "Presque tout réseau réel a des communautés plus marquées que le hasard : ce ne sont pas pour "
    "autant des camps.",
)


def of_mixing(mixing: Mixing, language: str = "en") -> str:
    """Return how much contact stays inside communities and where it crosses, in prose.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    what = voice.say(_WHAT[str(mixing.choices.get("weights", "weighted"))])
    said = [
        voice.say(_WITHIN, within=mixing.within, expected=mixing.within_expected, what=what),
        voice.say(_MAKING),
        _crossing(mixing, voice),
    ]
    if mixing.without_community:
        said.append(voice.say(_UNSIDED, n=mixing.without_community))
    return paragraph(said)


def _crossing(mixing: Mixing, voice: Voice) -> str:
    """Return the flow between two communities that most exceeds what degrees would give."""
    top = mixing.choices.get("top")  # behind so many, all others stand together
    shown = len(mixing.names) if top is None else min(top, len(mixing.names))
    if shown < 2:
        return ""
    over = np.array((mixing.acts - mixing.expected)[:shown, :shown])
    np.fill_diagonal(over, -np.inf)
    source, target = np.unravel_index(int(over.argmax()), over.shape)
    if over[source, target] <= 0:
        return voice.say(_NONE_MORE)
    acts, expected = (float(m[source, target]) for m in (mixing.acts, mixing.expected))
    return voice.say(
        _JOINS if np.array_equal(mixing.acts, mixing.acts.T) else _MOST,
        source=mixing.names[source],
        target=mixing.names[target],
        acts=int(acts) if acts.is_integer() else voice.figure(acts, expected),
        expected=voice.figure(expected, acts),
    )


def of_significance(significance: Significance, language: str = "en") -> str:
    """Return whether communities are more marked than those of random networks, in prose.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    index, choices = significance.modularity, significance.choices
    fails = null_fails({"acceptance": choices.get("acceptance")}, found=False)
    verdict = against_null(index, fit=not fails)
    beside = (index.value, index.null_mean)
    p = p_text(index, voice) if verdict is not Verdict.LESS else ""
    said = [
        voice.say(_VALUE, k=significance.partition.k, value=voice.figure(index.value, *beside)),
        voice.say(
            _BESIDE,
            null=voice.say(_NULLS[str(choices["null"])], runs=index.runs),
            mean=voice.figure(index.null_mean, *beside),
            verdict=voice.say(_CLAIMS[verdict], z=distance_figure(index, voice), p=p),
        ),
    ]
    if not fails:
        said += _each(significance, voice)
    if verdict is Verdict.MORE:
        said.append(voice.say(_CAUTION))
    return paragraph(said)


def _each(significance: Significance, voice: Voice) -> list[str]:
    """Return how many single communities stand out."""
    table = significance.table
    tested = int(table["compared"].notna().sum())
    judged = table["p_adjusted"].dropna()
    said = []
    if len(judged):
        clear = int((judged <= LEVEL).sum())
        level = voice.say(_LEVEL, level=LEVEL)
        said.append(voice.say(_TESTED, clear=clear, n=len(judged), level=level))
    elif tested:
        said.append(voice.say(_NO_TEST, runs=significance.modularity.runs))
    if tested < len(table):
        said.append(voice.say(_UNTESTED, n=len(table) - tested))
    return said
