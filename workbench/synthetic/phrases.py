"""Small grammars, French and English, for an invented crisis: no state or medium here exists.

A text is an opening or the time of day, one or two clauses (subject and predicate of the writer's
camp) and a closing. Independent choices give so many texts a camp and language that equal ones
within seconds are rare unless somebody copies.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

__all__ = [
    "ATTACKS",
    "CAMPAIGN_DOMAIN",
    "CAMPAIGN_TAG",
    "CAMPS",
    "CORRECTIONS",
    "DOMAINS",
    "ENGLISH",
    "FRENCH",
    "RUMOURS",
    "SHORTENERS",
    "SUPPORTS",
    "TAGS",
    "TAG_KEYS",
    "Grammar",
    "grammar",
]

#: Camp names in the order of their codes; the third belongs to neither side.
CAMPS = ("velmora", "tarvenia", "neutral")
FRENCH, ENGLISH = 0, 1

#: Hashtags of each camp, shared ones included; accents, case variants and other scripts on purpose.
TAGS = (
    ("YsmarLibre", "DétroitDYsmar", "Ysmar", "ysmar", "Velmora", "PaixÀYsmar", "Υσμαρ"),
    ("OurStrait", "Ysmar", "YSMAR", "Tarvenia", "DétroitDYsmar", "Исмар", "SovereignYsmar"),
    ("Ysmar", "YsmarTalks", "DétroitDYsmar", "De\u0301troitDYsmar", "イスマル", "مضيق_يسمار"),
)
#: The campaign's own hashtag; nobody else uses it.
CAMPAIGN_TAG = "HarbourTruth"
#: Hashtag → what remains of it once case and Unicode composition are levelled.
TAG_KEYS = {
    tag: unicodedata.normalize("NFKC", tag).casefold()
    for tag in (*(tag for tags in TAGS for tag in tags), CAMPAIGN_TAG)
}
#: Sites each camp links to; every host ends in a reserved top-level domain.
DOMAINS = (
    ("www.velmora-tv.example", "courrier-velmora.example", "gov.velmora.test"),
    ("tarvenia24.example", "www.tarvenia-post.example", "mfa.tarvenia.test"),
    ("isles-courier.example", "agence-des-iles.example", "league-of-isles.test"),
)
CAMPAIGN_DOMAIN = "harbour-truth.example"
SHORTENERS = ("kurz.test", "lien.test")

_OPENINGS = (
    (
        "À suivre :", "Point de situation :", "Soyons clairs :", "Rappel utile :", "Sans surprise,",
        "Depuis le port,", "Au conseil,", "En direct :", "Note pour demain :", "Faits et dates :",
        "Je le répète :", "Une question :", "Vu d'ici,", "Communiqué :", "Pour mémoire,", "Enfin,",
        "Au large,", "Selon nos lecteurs,",
    ),
    (
        "To follow:", "Where things stand:", "Let us be clear:", "A useful reminder:",
        "No surprise here:", "From the harbour:", "At the council,", "Live:", "Note for tomorrow:",
        "Facts and dates:", "I say it again:", "One question:", "Seen from here,", "Statement:",
        "For the record,", "At last,", "Out at sea,", "Our readers report:",
    ),
)  # fmt: skip

#: What a camp says in a language: the subjects and the predicates of its clauses.
_VOICES = {
    (0, FRENCH): (
        (
            "le ministère de Velmora", "notre garde-côte", "le port franc", "la pêche du nord",
            "la délégation de Velmora", "le pilote du détroit", "l'équipage du chalutier",
            "la convention d'Ysmar", "le phare de la passe", "notre ambassade",
            "l'assemblée de Velmora", "le pont du large",
        ),
        (
            "demande l'ouverture du chenal", "refuse le nouveau péage",
            "publie la carte des bouées",
            "attend une réponse écrite", "rappelle la règle du passage",
            "suspend les escales de nuit",
            "propose un couloir surveillé", "dénonce un contrôle abusif",
            "ouvre une ligne d'urgence",
            "reçoit les armateurs", "maintient son calendrier", "appelle au calme",
            "compte douze navires en attente", "remercie les équipages", "corrige une date erronée",
            "prépare la conférence", "veut un registre commun", "note un retard de six heures",
        ),
    ),
    (0, ENGLISH): (
        (
            "the Velmoran ministry", "our coast guard", "the free port", "the northern fishery",
            "the convention of Ysmar", "the Velmoran assembly", "the trawler's crew", "our embassy",
            "the light of the pass", "the strait pilot",
        ),
        (
            "asks for an open channel", "rejects the new toll", "publishes the map of buoys",
            "waits for a written reply", "recalls the rule of passage", "calls for calm",
            "offers a supervised lane", "prepares for the conference",
            "counts twelve ships waiting",
            "suspends night calls", "objects to an unfair check", "hosts the ship owners",
        ),
    ),
    (1, FRENCH): (
        (
            "le ministère de Tarvenia", "notre capitainerie", "le bureau du péage",
            "la flotte du sud", "la vieille charte d'Ysmar", "le sénat de Tarvenia",
            "la ligne de bac", "notre ambassade", "le sémaphore", "le remorqueur de garde",
        ),
        (
            "défend le droit de passage", "rejette la carte du nord",
            "maintient la fermeture de nuit",
            "offre une voie escortée", "conteste les nouvelles bouées", "appelle au calme",
            "publiera le journal de bord", "prépare la conférence",
            "réclame une patrouille commune",
            "compte neuf navires au mouillage", "attend une réponse écrite", "tient ses horaires",
        ),
    ),
    (1, ENGLISH): (
        (
            "the Tarvenian ministry", "our harbour watch", "the toll office", "the Tarvenian envoy",
            "the southern fleet", "the duty tug", "the old charter of Ysmar", "the signal station",
            "our mission abroad", "the Tarvenian senate", "the ferry line", "the quay master",
        ),
        (
            "defends the passage fee", "calls for a joint patrol", "rejects the northern map",
            "reports nine ships at anchor", "keeps the night closure", "asks for a written reply",
            "offers an escorted lane", "objects to the new buoys", "opens an emergency line",
            "meets the ship owners", "stands by its timetable", "calls for calm",
            "thanks the crews",
            "corrects a wrong date", "prepares for the conference", "wants a shared register",
            "notes a delay of six hours", "will publish the log",
        ),
    ),
    (2, FRENCH): (
        (
            "la Ligue des Îles", "un observateur indépendant", "le médiateur", "l'indice du fret",
            "une inspection commune", "le service météo", "le registre des bouées",
            "un pilote retraité", "l'aumônier du port", "la bourse du fret",
        ),
        (
            "demande le journal aux deux parties", "publie la liste complète",
            "fixe une date de pourparlers", "annonce du brouillard", "compare les deux cartes",
            "compte quarante navires en transit", "entend les deux délégations",
            "confirme que le chenal est ouvert", "signale une nuit calme", "ne voit aucun dégât",
        ),
    ),
    (2, ENGLISH): (
        (
            "the League of Isles", "an independent observer", "the shipping index", "the mediator",
            "a joint inspection", "the weather service", "the insurers' panel", "a neutral master",
            "the buoy register", "the cargo board", "the harbour chaplain", "a retired pilot",
        ),
        (
            "sees fewer ships than last week", "asks both sides for the log",
            "publishes the full list", "finds no damage to the buoys", "sets a date for talks",
            "warns of fog until Friday", "counts forty ships in transit",
            "confirms the lane is open",
            "hears both delegations", "compares the two maps", "reports a calm night",
            "puts the delay at four hours",
        ),
    ),
}  # fmt: skip

_LINKS = (
    ("Et", "Pendant ce temps,", "De plus,", "Or", "Mais", "Ainsi,", "Ailleurs,", "Pourtant,"),
    ("And", "Meanwhile", "Moreover,", "Yet", "But", "So", "Elsewhere,", "Still,"),
)

_CLOSINGS = (
    (
        "", "Lisez le texte.", "La suite demain.", "Merci aux marins.", "Les faits d'abord.",
        "Qu'en pensez-vous ?", "Carte &amp; chiffres à l'appui.", "Nous y serons.", "À vérifier.",
        "Rien de neuf depuis hier.", "C'est écrit noir sur blanc.", "Patience.", "⚓ Cap au large.",
        "Nos archives le montrent.",
    ),
    (
        "", "Read the text.", "More tomorrow.", "Thanks to the crews.", "Facts first.",
        "What do you think?", "Map &amp; figures attached.", "We will be there.", "To be checked.",
        "Nothing new since yesterday.", "It is there in black and white.", "Patience.",
        "⚓ Steady as she goes.", "Our archive shows it.",
    ),
)  # fmt: skip

#: Claims that spread as planted cascades, and what corrects each of them, in both languages.
RUMOURS = (
    ("On dit que le phare de la passe est éteint depuis trois nuits",
     "They say the light of the pass has been dark for three nights"),
    ("Le registre des navires aurait disparu", "The register of ships is said to have vanished"),
    ("Un remorqueur aurait coupé les bouées du nord",
     "A tug is said to have cut the northern buoys"),
    ("La conférence serait déjà annulée", "The conference is said to be cancelled already"),
)  # fmt: skip
CORRECTIONS = (
    ("Vérification : le phare de la passe fonctionne, relevé à l'appui",
     "Checked: the light of the pass is working, log attached"),
    ("Vérification : le registre est consultable au greffe",
     "Checked: the register can be read at the office"),
    ("Vérification : les bouées du nord sont toutes en place",
     "Checked: all northern buoys are in place"),
    ("Vérification : la conférence a lieu à la date prévue",
     "Checked: the conference takes place as planned"),
)  # fmt: skip


#: What the pile-on shouts at its target, and what the target's friends say.
ATTACKS = (
    ("Démissionnez.", "Qui vous paie ?", "Encore vous ?", "Honteux, vraiment.",
     "Personne ne vous croit.", "Silence, enfin ?", "Vous mentez.", "Quel culot."),
    ("Resign.", "Who pays you?", "You again?", "Shameful, really.", "Nobody believes you.",
     "Silence, at last?", "You are lying.", "What a nerve."),
)  # fmt: skip
SUPPORTS = (
    ("Merci pour votre travail.", "Tenez bon.", "Laissez-la travailler."),
    ("Thank you for your work.", "Hold on.", "Let her do her work."),
)  # fmt: skip


@dataclass(frozen=True)
class Grammar:
    """What a text of one camp and language is drawn from; a link leads to a second clause."""

    openings: tuple[str, ...]
    clauses: tuple[str, ...]
    links: tuple[str, ...]
    closings: tuple[str, ...]


def grammar(camp: int, language: int) -> Grammar:
    """Return the grammar of a camp (0, 1 or 2) in French (0) or English (1)."""
    subjects, predicates = _VOICES[camp, language]
    return Grammar(
        openings=_OPENINGS[language],
        clauses=tuple(f"{subject} {act}." for subject in subjects for act in predicates),
        links=_LINKS[language],
        closings=_CLOSINGS[language],
    )
