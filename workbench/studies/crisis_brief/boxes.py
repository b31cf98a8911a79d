"""The framed parts of the brief: methods, data and ethics; and the works they cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.language import decimal, percent, whole
from workbench.studies.claims import Amount
from workbench.studies.crisis_brief.common import KIND_NAMES
from workbench.studies.document import Box

if TYPE_CHECKING:
    from workbench.studies.crisis_brief.world import World

__all__ = ["boxes"]


def boxes(world: World, language: str) -> list[Box]:
    """Return the boxes in a language."""
    methods, ethics = ("Méthodes", "Données et éthique") if language == "fr" else (
        "Methods", "Data and ethics")  # fmt: skip
    told = _ethics_fr(world) if language == "fr" else _ethics_en(world)
    return [Box(methods, _methods(world, language)), Box(ethics, told)]


def _methods(world: World, language: str) -> str:
    """Return how what was computed was computed."""
    done = {
        "edges": bool(world.graphs),
        "communities": world.communities is not None,
        "camps": world.sides is not None,
        "division": world.report is not None,
        "intervals": any(i.low is not None for i in world.report.indices)
        if world.report
        else False,
        "ranks": world.ranking is not None,
        "checked": True,
    }
    numbers = _numbers(world, language)
    return " ".join(_METHODS[part][language].format(**numbers) for part in done if done[part])


def _numbers(world: World, language: str) -> dict[str, str]:
    config = world.config
    kind = KIND_NAMES[world.ranked or "retweet"][language]
    return {
        "searches": whole(config.searches, language),
        "nulls": whole(world.nulls, language),
        "bootstrap": whole(config.bootstrap, language),
        "seed": str(config.seed),
        "alpha": decimal(config.alpha, language),
        "agreement": decimal(config.agreement, language, digits=1),
        "z": decimal(config.z, language, digits=0),
        "coverage": percent(config.coverage, language, digits=0),
        "kind": kind,
    }


_METHODS = {
    "edges": {
        "en": "An edge points from the account that acts to the one acted upon; acts upon oneself "
        "are left out of every measure.",
        "fr": "Un lien va du compte qui agit au compte visé ; les interactions envers soi-même "
        "n’entrent dans aucune mesure.",
    },
    "communities": {
        "en": "*Communities*: {searches} searches by Leiden [@traag2019] in the weighted retweets, "
        "and their consensus [@filkov2004]. Agreement is adjusted mutual information [@vinh2010]; "
        "from {agreement} on it is called close.",
        "fr": "*Communautés* : {searches} recherches par Leiden [@traag2019] dans les retweets, "
        "pondérés, et leur consensus [@filkov2004]. La concordance est l’information mutuelle "
        "ajustée [@vinh2010] ; à partir de {agreement}, elle est dite étroite.",
    },
    "camps": {
        "en": "*Camps*: the largest component of the retweets, undirected and unweighted, split by "
        "Leiden and merged by modularity [@newman2004] until two remain; the best of five seeds. "
        "Another graph is compared when at least {coverage} of its accounts have a camp.",
        "fr": "*Camps* : la plus grande composante des retweets, sans direction ni poids, partagée "
        "par Leiden puis fusionnée selon la modularité [@newman2004] jusqu’à deux ; le meilleur de "
        "cinq graines. Un autre graphe est comparé quand au moins {coverage} de ses comptes ont un "
        "camp.",
    },
    "division": {
        "en": "*Division*: random-walk controversy [@garimella2018], dipole polarisation "
        "[@morales2015], the E–I index [@krackhardt1988], modularity and exposure diversity, "
        "beside {nulls} random graphs of the same degrees [@maslov2002] in which camps are found "
        "again. More divided than chance means p ≤ {alpha} after Holm’s correction [@holm1979] or, "
        "where no p is given, {z} standard deviations; less divided, {z} standard deviations the "
        "other way.",
        "fr": "*Division* : controverse par marche aléatoire [@garimella2018], polarisation "
        "dipolaire [@morales2015], indice E–I [@krackhardt1988], modularité et diversité "
        "d’exposition, à côté de {nulls} graphes aléatoires de mêmes degrés [@maslov2002] où les "
        "camps sont recherchés à nouveau. Plus divisé que ne le voudrait le hasard signifie "
        "p ≤ {alpha} après correction de Holm [@holm1979] ou, sans valeur p, {z} écarts "
        "types ; moins divisé, {z} écarts types dans l’autre sens.",
    },
    "intervals": {
        "en": "Intervals of indices are a delete-d jackknife of accounts [@shao1989].",
        "fr": "Les intervalles des indices viennent d’un jackknife qui retire des comptes "
        "[@shao1989].",
    },
    "ranks": {
        "en": "*Ranks*: {kind} received; intervals from {bootstrap} resamples of the accounts that "
        "act.",
        "fr": "*Rangs* : {kind} reçus ; intervalles tirés de {bootstrap} rééchantillonnages des "
        "comptes qui agissent.",
    },
    "checked": {
        "en": "Everything random comes from seed {seed}. Each sentence with a number was checked "
        "against its threshold before it was printed; `results.json` has them all.",
        "fr": "Tout ce qui est aléatoire vient de la graine {seed}. Chaque phrase chiffrée a été "
        "confrontée à son seuil avant d’être imprimée ; `results.json` les contient toutes.",
    },
}


def _searched(world: World, language: str) -> str:
    """Return that the files were searched; of a pseudonymous study that takes its key."""
    return _SEARCHED[world.subject.guard.needs_key][language]


_SEARCHED = {
    False: {
        "en": "Before it was kept, every file of this folder was searched for handles, ids and "
        "names of people who are not public.",
        "fr": "Avant d’être gardé, chaque fichier de ce dossier a été fouillé à la recherche "
        "de pseudos, d’identifiants et de noms de personnes qui ne sont pas publiques.",
    },
    True: {
        "en": "Where the key of the study is, every file of this folder is searched for handles, "
        "ids and names of people who are not public before it is kept.",
        "fr": "Là où se trouve la clé de l’étude, chaque fichier de ce dossier est fouillé, avant "
        "d’être gardé, à la recherche de pseudos, d’identifiants et de noms de personnes "
        "qui ne sont pas publiques.",
    },
}


def _ethics_en(world: World) -> str:
    sources = len(world.subject.corpus.sources)
    first = (
        "The data are invented: no person, place or post is real. " if world.subject.invented
        else f"Loaded data: {Amount(sources, 'files').counted('en')}, by hash in `manifest.json`. "
    )  # fmt: skip
    return first + (
        "Accounts on the study’s list of public actors, which speak for an institution, are named "
        "and may be quoted. Everybody else has a pseudonym made with a key that is not part of "
        "this brief; no text of theirs is shown. Ids of posts are not shown, because they carry "
        "the exact time. " + _searched(world, "en") + " Pseudonymised data stay personal data: the "
        "study itself is not to be published."
    )


def _ethics_fr(world: World) -> str:
    sources = len(world.subject.corpus.sources)
    first = (
        "Les données sont inventées : aucune personne, aucun lieu, aucun message n’est réel. "
        if world.subject.invented
        else f"Données chargées : {Amount(sources, 'files').counted('fr')}, dont `manifest.json` "
        "donne l’empreinte. "
    )  # fmt: skip
    return first + (
        "Les comptes inscrits sur la liste d’acteurs publics de l’étude, qui parlent pour une "
        "institution, sont nommés et peuvent être cités. Tous les autres portent un pseudonyme "
        "calculé avec une clé qui ne fait pas partie de cette note ; aucun de leurs textes "
        "n’est montré. Les identifiants des messages ne sont pas montrés, car ils contiennent "
        "l’heure exacte. " + _searched(world, "fr") + " Des données "
        "pseudonymisées restent des données personnelles : l’étude elle-même n’est pas à publier."
    )
