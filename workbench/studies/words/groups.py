"""Communities in words: a partition, and how far it depends on the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.graphs.splits import was_found
from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.hedges import STEADY, steady
from workbench.studies.words.names import COMMUNITY_METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.communities.consensus import Consensus
    from workbench.communities.stability import Stability
    from workbench.model.partition import Partition

__all__ = [
    "method_name",
    "named_sizes",
    "of_consensus",
    "of_partition",
    "of_stability",
]

#: So many communities are told one by one.
SHOWN = 3
_FOUND = Text(
    "{method} finds {k:# community|# communities} among {n:# account|# accounts}.",
    "{method} distingue {k:# communauté|# communautés} parmi {n:# compte|# comptes}.",
)
_GIVEN = Text(
    "{n:# account is|# accounts are} assigned to {k:# group|# groups} known from outside the "
    "network: {groups}.",
    "{n:# compte est réparti|# comptes sont répartis} en {k:# groupe connu|# groupes connus} "
    "indépendamment du réseau : {groups}.",
)
_NAMED = Text("“{name}” {n} ({share:%})", "« {name} » {n} ({share:%})")
_REST = Text(
    "{k:# other|# others} with {n} in all ({share:%})",
    "{k:# autre|# autres}, {n} au total ({share:%})",
)
_ONLY_ONE = Text("It holds {n:# account|# accounts}.", "Elle réunit {n:# compte|# comptes}.")
_ALL = Text(
    "Their sizes are {sizes} ({shares:%} of these accounts).",
    "Leurs tailles sont de {sizes} ({shares:%} de ces comptes).",
)
_LARGEST = Text(
    "The sizes of the largest {shown} are {sizes} ({shares:%} of these accounts).",
    "Les tailles des {shown} plus grandes sont de {sizes} ({shares:%} de ces comptes).",
)
_SINGLE = Text(
    "{n:# community is|# communities are} a single account.",
    "{n:# communauté se réduit|# communautés se réduisent} à un seul compte.",
)
_WITHOUT = Text(
    "{n:# account has|# accounts have} no community.",
    "{n:# compte n'a|# comptes n'ont} pas de communauté.",
)
_WITHOUT_GROUP = Text(
    "{n:# account has|# accounts have} no group.", "{n:# compte n'a|# comptes n'ont} pas de groupe."
)
_ELSEWHERE = Text(
    "{n:# account|# accounts} with a label {n:is|are} not in this network.",
    "{n:# compte étiqueté est absent|# comptes étiquetés sont absents} de ce réseau.",
)
_NOBODY = Text(
    "None of the {n:# account|# accounts} of the network has a community, so nothing can be said "
    "about any.",
    "Sur {n:# compte|# comptes} du réseau, aucun n'a de communauté : rien ne peut en être dit.",
)
_QUALITY = Text(
    "Their modularity is {q}; random networks can be cut into communities too, so this number "
    "alone does not show that there are camps.",
    "Leur modularité est de {q} ; des réseaux aléatoires se découpent eux aussi en communautés, et "
    "ce nombre seul ne démontre donc pas l'existence de camps.",
)
_ONE_RUN = Text(
    "This is one run with one random seed; whether another would group the accounts alike was not "
    "looked at.",
    "Il s'agit d'un seul essai, avec une seule graine aléatoire ; rien n'indique encore si une "
    "autre regrouperait les comptes de la même façon.",
)
_SPLITS = Text(
    "Runs with other seeds agree to {a} (1 would be always the same), {verdict}.",
    "Les essais avec d'autres graines aléatoires concordent à {a} (1 : toujours le même résultat), "
    "{verdict}.",
)
_VERDICTS = {
    True: Text(
        "so the division depends little on the seed",
        "de sorte que le découpage dépend peu de la graine",
    ),
    False: Text(
        "so who stands with whom depends on the seed: read all that rests on it with that reserve",
        "de sorte que l'appartenance des comptes dépend de la graine : tout ce qui en découle est "
        "à lire avec cette réserve",
    ),
}
_AGREE = Text(
    "{runs:# run|# runs} of {method} with different random seeds agree to {mean} on average and to "
    "{least} at least (1 would be always the same communities, 0 no more agreement than by "
    "chance).",
    "{runs:# essai|# essais} avec {method} et des graines aléatoires différentes concordent à "
    "{mean} en moyenne et à {least} au moins (1 : toujours les mêmes communautés ; 0 : pas plus "
    "d'accord que par hasard).",
)
_RUNS_SAY = {
    "steady": Text(
        "The communities depend little on the seed.",
        "Les communautés dépendent peu de la graine.",
    ),
    "mostly": Text(
        "The communities depend little on the seed on average, but single runs differ.",
        "Les communautés dépendent en moyenne peu de la graine, mais certains essais diffèrent.",
    ),
    "loose": Text(
        "Which accounts are together depends on the seed: no single run should be quoted alone.",
        "Le regroupement des comptes dépend de la graine : aucun essai ne saurait être cité seul.",
    ),
}
_CHANGE = Text(
    "{a:# account|# accounts} of {n} ({share:%}) {a:changes|change} company from run to run.",
    "{a:# compte|# comptes} sur {n} ({share:%}) {a:change|changent} d'entourage d'un essai à "
    "l'autre.",
)
_SAME_NUMBER = Text(
    "Every run finds {k:# community|# communities}; their consensus has {own}.",
    "Chaque essai distingue {k:# communauté|# communautés} ; leur consensus en compte {own}.",
)
_RANGE = Text(
    "The runs find {low} to {high} communities; their consensus has {own}.",
    "Les essais distinguent de {low} à {high} communautés ; leur consensus en compte {own}.",
)


def of_partition(
    partition: Partition, language: str = "en", *, agreement: Stability | Consensus | None = None
) -> str:
    """Return what communities, or groups known from outside, are like, in prose.

    Parameters
    ----------
    agreement
        Runs with other seeds that the communities come from; how far they agree is told then.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    n = len(partition.labels) - partition.unlabelled
    if not n:
        said = [voice.say(_NOBODY, n=len(partition.labels))]
    elif was_found(partition):
        said = _found(partition, voice, n=n)
    else:
        groups = named_sizes(partition.names, partition.sizes, voice)
        said = [voice.say(_GIVEN, n=n, k=partition.k, groups=groups)]
    if n and partition.unlabelled:
        without = _WITHOUT if was_found(partition) else _WITHOUT_GROUP
        said.append(voice.say(without, n=partition.unlabelled))
    if partition.parameters.get("not_in_graph"):
        said.append(voice.say(_ELSEWHERE, n=int(partition.parameters["not_in_graph"])))
    if n and was_found(partition):
        said += _trust(partition, voice, alone=agreement is None)
    if agreement is not None:
        said += _runs(agreement, voice)
    return paragraph(said)


def method_name(method: str, voice: Voice) -> str:
    """Return what a method is called in running text; one that has no name, by its own."""
    return voice.name(COMMUNITY_METHODS, method)


def named_sizes(
    names: Sequence[str], sizes: Sequence[int], voice: Voice, *, shown: int = 2 * SHOWN
) -> list[str]:
    """Return each group by its name with its accounts and their share; many small ones as one."""
    total = sum(sizes)
    told = [
        voice.say(_NAMED, name=name, n=size, share=size / total if total else None)
        for name, size in list(zip(names, sizes, strict=True))[:shown]
    ]
    rest = list(sizes)[shown:]
    if rest:
        told.append(voice.say(_REST, k=len(rest), n=sum(rest), share=sum(rest) / total))
    return told


def _found(partition: Partition, voice: Voice, *, n: int) -> list[str]:
    """Return how many communities a method finds, and how large they are."""
    k, sizes = partition.k, partition.sizes
    said = [voice.say(_FOUND, method=method_name(partition.method, voice), k=k, n=n)]
    if k == 1:
        return [*said, voice.say(_ONLY_ONE, n=n)]
    shown = sizes[:SHOWN]
    said.append(
        voice.say(
            _ALL if k <= SHOWN else _LARGEST,
            shown=len(shown),
            sizes=shown,
            shares=[size / n for size in shown],
        )
    )
    single = sum(size == 1 for size in sizes)
    if single:
        said.append(voice.say(_SINGLE, n=single))
    return said


def _trust(partition: Partition, voice: Voice, *, alone: bool) -> list[str]:
    """Return how far communities can be trusted by what they know; not `alone`, of other runs."""
    said = []
    if partition.quality is not None:
        said.append(voice.say(_QUALITY, q=voice.figure(partition.quality)))
    agreement = partition.parameters.get("agreement")
    if agreement is not None:
        verdict = voice.say(_VERDICTS[bool(steady(agreement))])
        said.append(voice.say(_SPLITS, a=voice.figure(agreement, STEADY, 1), verdict=verdict))
    elif alone and partition.seed is not None and partition.method != "consensus":
        said.append(voice.say(_ONE_RUN))
    return said


def of_stability(stability: Stability, language: str = "en") -> str:
    """Return how far runs with other seeds agree, in prose.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    return paragraph(_runs(stability, Voice(language)))


def of_consensus(consensus: Consensus, language: str = "en") -> str:
    """Return what many runs agree on, in prose.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    return paragraph(_runs(consensus, Voice(language)))


def _runs(runs: Stability | Consensus, voice: Voice) -> list[str]:
    """Return how far runs agree, how many communities they find, and who changes company."""
    from workbench.communities import Stability

    accounts = len(runs.agreement)
    if isinstance(runs, Stability):
        said = _agreeing(runs, runs.best.method, voice)
        return [*said, _changing(runs.ambiguous, accounts, voice)]
    said = _agreeing(runs, runs.method, voice)
    low, high = int(np.min(runs.communities)), int(np.max(runs.communities))
    template, own = _SAME_NUMBER if low == high else _RANGE, runs.partition.k
    said.append(voice.say(template, k=low, low=low, high=high, own=own))
    return [*said, _changing(len(runs.ambiguous), accounts, voice)]


def _agreeing(runs: Stability | Consensus, method: str, voice: Voice) -> list[str]:
    """Return how far runs agree, and what follows from it."""
    told = voice.say(
        _AGREE,
        runs=runs.runs,
        method=method_name(method, voice),
        mean=voice.figure(runs.ami_mean, STEADY, 1),
        least=voice.figure(runs.ami_min, STEADY, 1),
    )
    if not steady(runs.ami_mean):
        verdict = "loose"
    else:
        verdict = "steady" if steady(runs.ami_min) else "mostly"
    return [told, voice.say(_RUNS_SAY[verdict])]


def _changing(ambiguous: int, accounts: int, voice: Voice) -> str:
    share = ambiguous / accounts if accounts else None
    return voice.say(_CHANGE, a=ambiguous, n=accounts, share=share)
