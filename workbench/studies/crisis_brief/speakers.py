"""Who speaks: posts, accounts, languages, and the graphs that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench import plotting
from workbench.studies.claims import Amount, Claim, Condition, chosen
from workbench.studies.crisis_brief.common import (
    behind_all,
    behind_kinds,
    column,
    command,
    kind_cell,
    records,
    share,
)
from workbench.studies.crisis_brief.world import KINDS
from workbench.studies.curated import Drawing, Sheet
from workbench.studies.words.grammar import Text
from workbench.studies.words.names import LANGUAGE_NAMES

if TYPE_CHECKING:
    from workbench.studies.crisis_brief.world import World

__all__ = ["claims", "drawings", "sheets"]

SECTION = "speakers"
#: How many times an equal share the most active must have written for that to go unqualified.
UNEQUAL = 2


def claims(world: World) -> list[Claim]:
    """Return what is said of posts, authors, kinds and languages."""
    told = [_volume(world)]
    if world.described.posts:
        told += [_kinds(world), *_activity(world), *_language(world)]
    return told


def _volume(world: World) -> Claim:
    found = world.described
    days = int(found.per_day["posts"].sum()) if len(found.per_day) else 0
    acts = sum(found.acts.values())
    counted = Condition("posts of all days, and undated ones", days + found.undated, "=",
                        found.posts)  # fmt: skip
    numbers = {"posts": Amount(found.posts, "posts"), "authors": Amount(found.authors, "accounts")}
    if not days:
        return chosen(
            Claim(
                "volume", SECTION,
                {"en": "The data hold {posts:counted} by {authors:counted}; none has a time.",
                 "fr": "Les données réunissent {posts:counted} de {authors:counted} ; aucun n’est "
                       "daté."},
                numbers, [counted, Condition("posts", found.posts, ">", 0)],
                value=found.posts, finding=True, unit="posts",
            ),
            Claim(
                "volume", SECTION,
                {"en": "The data hold no posts, only {acts:counted} between accounts.",
                 "fr": "Les données ne contiennent aucun message, seulement {acts:counted} entre "
                       "comptes."},
                {"acts": Amount(acts, "acts")}, [Condition("posts", found.posts, "=", 0)],
                value=acts, finding=True, unit="acts",
            ),
        )  # fmt: skip
    peak = found.per_day.iloc[int(found.per_day["posts"].to_numpy().argmax())]
    numbers |= {
        "first": Amount(found.per_day["day"].iloc[0], "day"),
        "last": Amount(found.per_day["day"].iloc[-1], "day"),
        "most": Amount(int(peak["posts"]), "posts"),
    }
    english = "The data hold {posts:counted} by {authors:counted}, from {first} to {last}; "
    french = "Les données réunissent {posts:counted} de {authors:counted}, du {first} au {last} ; "
    told: dict[str, Any] = {"value": found.posts, "finding": True, "unit": "posts"}
    alike = int((found.per_day["posts"] == peak["posts"]).sum())
    return chosen(
        Claim(
            "volume", SECTION,
            {"en": english + "the busiest day is {peak}, with {most:counted}.",
             "fr": french + "le jour le plus actif est le {peak}, avec {most:counted}."},
            numbers | {"peak": Amount(str(peak["day"]), "day")},
            [counted, Condition("days with as many posts", alike, "=", 1)], **told,
        ),
        Claim(
            "volume", SECTION,
            {"en": english + "no day has more than {most:counted}.",
             "fr": french + "aucun jour ne compte plus de {most:counted}."},
            numbers, [counted, Condition("days with as many posts", alike, ">", 1)], **told,
        ),
    )  # fmt: skip


def _kinds(world: World) -> Claim:
    found = world.described
    parts = {
        name: found.kinds.get(kind, 0) / found.posts
        for name, kind in (("originals", "original"), ("retweets", "share"),
                           ("replies", "reply"), ("quotes", "quote"))
    }  # fmt: skip
    numbers = {name: share(part) for name, part in parts.items()}
    together = round(sum(parts.values()), 9)
    told: dict[str, Any] = {"value": parts["retweets"], "unit": "share"}
    return chosen(
        Claim(
            "kinds", SECTION,
            {"en": "Of these posts {retweets} are retweets, {replies} replies, {quotes} quotes and "
                   "{originals} original posts.",
             "fr": "Parmi ces messages, {retweets} sont des retweets, {replies} des réponses, "
                   "{quotes} des citations, et {originals} des messages originaux."},
            numbers, [Condition("share of these kinds together", together, "=", 1)], **told,
        ),
        Claim(
            "kinds", SECTION,
            {"en": "Of these posts {retweets} are retweets, {replies} replies, {quotes} quotes, "
                   "{originals} original posts, and {rest} of other kinds.",
             "fr": "Parmi ces messages, {retweets} sont des retweets, {replies} des réponses, "
                   "{quotes} des citations, {originals} des messages originaux, et {rest} d’autres "
                   "sortes."},
            numbers | {"rest": share(1 - together)},
            [Condition("share of these kinds together", together, "<", 1)], **told,
        ),
    )  # fmt: skip


def _activity(world: World) -> list[Claim]:
    found = world.described
    if found.authors <= len(found.accounts):
        return []  # all of them are the most active
    listed = int(found.accounts["posts"].sum())
    even = len(found.accounts) / max(found.authors, 1)
    part = listed / found.posts
    numbers = {"top": Amount(len(found.accounts), "accounts"), "part": share(part),
               "times": Amount(part / even, "ratio", 1)}  # fmt: skip
    told: dict[str, Any] = {"value": part, "unit": "share"}
    english = "he {top} most active accounts wrote {part} of all posts, {times} times what they "
    french = "es {top} comptes les plus actifs ont écrit {part} des messages, {times} fois ce "
    english += "would if all wrote equally."
    french += "qu’ils auraient écrit si tous avaient écrit autant."
    beside = "share of the most active, beside an equal one"
    return [chosen(
        Claim("activity", SECTION, {"en": f"T{english}", "fr": f"L{french}"}, numbers,
              [Condition(beside, part / even, "≥", UNEQUAL)], **told),
        Claim("activity", SECTION,
              {"en": f"No few accounts wrote most: t{english}",
               "fr": f"Aucun petit nombre de comptes ne domine : l{french}"}, numbers,
              [Condition(beside, part / even, "<", UNEQUAL)], **told),
    )]  # fmt: skip


def _language(world: World) -> list[Claim]:
    found = world.described
    known = [(tag, n) for tag, n in found.languages.items() if tag != "und"]
    if not known:
        return []
    (tag, most), second = known[0], known[1] if len(known) > 1 else None
    numbers = {"language": _named(tag), "part": share(most / found.posts)}
    told: dict[str, Any] = {"value": most / found.posts, "unit": "share"}
    if second is None:
        return [Claim(
            "language", SECTION,
            {"en": "The platform or the export tags {part} of the posts as {language}, and none "
                   "as another language.",
             "fr": "La plateforme ou l’export attribue à {part} des messages la langue « "
                   "{language} », et à aucun une autre langue."},
            numbers, [Condition("languages tagged", len(known), "=", 1)], **told,
        )]  # fmt: skip
    numbers |= {"second": _named(second[0]), "second_part": share(second[1] / found.posts)}
    return [chosen(
        Claim(
            "language", SECTION,
            {"en": "By the language tags of the export, most posts are in {language} ({part}); "
                   "{second_part} are in {second}.",
             "fr": "D’après les étiquettes de langue de l’export, la majorité des messages sont en "
                   "{language} ({part}) ; {second_part} sont en {second}."},
            numbers, [Condition("share of the first language", most / found.posts, ">", 0.5)],
            **told,
        ),
        Claim(
            "language", SECTION,
            {"en": "By the language tags of the export, no language has most of the posts: {part} "
                   "are in {language} and {second_part} in {second}.",
             "fr": "D’après les étiquettes de langue de l’export, aucune langue n’a la majorité "
                   "des messages : {part} sont en {language} et {second_part} en {second}."},
            numbers, [Condition("share of the first language", most / found.posts, "≤", 0.5)],
            **told,
        ),
    )]  # fmt: skip


def _named(tag: str) -> Amount:
    name = LANGUAGE_NAMES.get(tag, Text(tag, tag))
    return Amount({"en": name.en, "fr": name.fr}, "word")


def sheets(world: World) -> list[Sheet]:
    """Return the most active accounts, and the graphs."""
    found, label = world.described, world.subject.label
    public = world.subject.public.ids
    told = []
    if len(found.accounts):
        told.append(Sheet(
            "speakers",
            [column("account", "name", "account", "compte"),
             column("public_actor", "boolean", "public actor", "acteur public"),
             column("posts", "posts", "posts", "messages"),
             column("share", "share", "share of all posts", "part des messages", digits=4)],
            [[label(row.account), row.account in public, int(row.posts), row.posts / found.posts]
             for row in records(found.accounts)],
            {"en": "The accounts with the most posts of any kind, retweets among them. Public "
                   "actors are named; everybody else has a pseudonym.",
             "fr": "Les comptes qui ont publié le plus de messages de toute sorte, retweets "
                   "compris. Les acteurs publics sont nommés ; tous les autres portent un "
                   "pseudonyme."},
            behind_all(world, command(world, "describe")),
        ))  # fmt: skip
    if world.graphs:
        told.append(_graphs(world))
    return told


def _graphs(world: World) -> Sheet:
    rows = []
    for kind in KINDS:
        if kind not in world.graphs:
            continue
        graph, acts = world.graphs[kind], world.acts[kind]
        rows.append([kind_cell(kind), graph.nodes, graph.edges, round(graph.total_weight),
                     round(graph.self_loop_weight), round(acts.acts - acts.known)])  # fmt: skip
    return Sheet(
        "graphs",
        [column("kind", "name", "kind of act", "sorte"),
         column("accounts", "accounts", "accounts", "comptes"),
         column("edges", "edges", "edges", "liens"),
         column("acts", "acts", "acts", "interactions"),
         column("self_acts", "acts", "upon oneself", "envers soi-même"),
         column("unknown", "acts", "an end unknown", "un bout inconnu")],
        rows,
        {"en": "The interaction graphs. An edge points from the account that acts to the one acted "
               "upon, whatever the number of acts. Of mentions only those that an author chose to "
               "write count: heads of retweets, prefixes of replies and what a retweet inherits "
               "are kept apart. Acts whose source or target is unknown are in no graph.",
         "fr": "Les graphes d’interactions. Un lien va du compte qui agit au compte visé, quel que "
               "soit le nombre d’interactions. Seules comptent les mentions que l’auteur a choisi "
               "d’écrire : les en-têtes de retweets, les préfixes de réponses et ce dont un "
               "retweet hérite sont tenus à part. Les interactions dont la source ou la cible est "
               "inconnue n’entrent dans aucun graphe."},
        behind_kinds(world, world.graphs),
    )  # fmt: skip


def drawings(world: World) -> list[Drawing]:
    """Return the posts a day."""
    per_day = world.described.per_day
    if per_day.empty:
        return []
    behind = behind_all(world, command(world, "describe"))
    return [Drawing("timeline", lambda: plotting.timeline(per_day), behind)]
