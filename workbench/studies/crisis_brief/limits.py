"""What the data cannot say: each limit with the number that makes it one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.studies.claims import Amount, Claim, Condition
from workbench.studies.crisis_brief.common import KIND_NAMES, share
from workbench.studies.crisis_brief.division import compared
from workbench.studies.crisis_brief.world import KINDS, fractions

if TYPE_CHECKING:
    from workbench.studies.crisis_brief.world import World

__all__ = ["DOES_NOT_SHOW", "claims"]

SECTION = "limits"
EVIDENCE = "evidence"
#: What no data of this kind show; without numbers, so nothing to check.
DOES_NOT_SHOW = {
    "en": """- Who is right, and whether what is said is true.
- What people think who do not post, or do not act upon others.
- Whether an account is a person, several, or a machine.
- What the collection left out: these data hold what its query asked for, and what the platform
  gave. Another query gives other camps.
- Why: acts that go together are no cause of each other. A retweet usually endorses; some mock.
- How divided a society is. More divided than random graphs of the same degrees is what most topics
  are; it says that there are camps, not that they are far apart.""",
    "fr": """- Qui a raison, et si ce qui est dit est vrai.
- Ce que pensent ceux qui ne publient pas, ou n’agissent pas envers d’autres.
- Si un compte est une personne, plusieurs, ou une machine.
- Ce que la collecte a laissé de côté : ces données contiennent ce que sa requête a demandé et ce
  que la plateforme a donné. Une autre requête donne d’autres camps.
- Pourquoi : des interactions qui vont ensemble ne sont pas cause l’une de l’autre. Un retweet
  approuve le plus souvent ; certains se moquent.
- À quel point une société est divisée. Être plus divisé que des graphes aléatoires de mêmes degrés
  est le cas de la plupart des sujets ; cela dit qu’il y a des camps, non qu’ils sont éloignés.""",
}


def claims(world: World) -> list[Claim]:
    """Return what the data refuse, and how the posts behind the graphs can be opened."""
    return [
        *_traced(world),
        *(claim for kind in KINDS if kind not in world.graphs for claim in _missing(world, kind)),
        *_camps(world),
        *_uncovered(world),
        *_null(world),
        *_weights(world),
        *_unknown(world),
        *_times(world),
        *_people(world),
    ]


def _limit(
    name: str, en: str, fr: str, places: dict[str, Amount], *conditions: Condition
) -> list[Claim]:
    """Return a limit where its conditions hold, and nothing where there is none."""
    made = Claim(name, SECTION, {"en": en, "fr": fr}, places, conditions,
                 value=conditions[0].value, unit=conditions[0].what)  # fmt: skip
    return [made] if made.holds else []


def _traced(world: World) -> list[Claim]:
    """Return that graphs hold exactly the acts that were counted one by one: this must hold."""
    if not world.graphs:
        return []
    built = sum(graph.total_weight for graph in world.graphs.values())
    counted = sum(world.acts[kind].known for kind in world.graphs)
    apart = round(abs(built - counted) / counted, 9)  # sums of fractions hang on their order
    return [Claim(
        "traced", EVIDENCE,
        {"en": "Counted one by one and apart from the graphs, the data hold {counted:counted} "
               "whose source and target are known; the graphs hold {built}, so no number of "
               "theirs lacks the acts behind it.",
         "fr": "Comptées une à une, indépendamment des graphes, {counted:counted} des "
               "données ont une source et une cible connues ; les graphes en contiennent {built} : "
               "aucun de leurs nombres n’est privé des interactions qui le fondent."},
        {"counted": Amount(round(counted), "acts"), "built": Amount(round(built), "acts")},
        [Condition("acts of the graphs apart from those counted one by one", apart, "=", 0)],
        value=built, unit="acts",
    )]  # fmt: skip


def _missing(world: World, kind: str) -> list[Claim]:
    """Return that there is no graph of a kind, and for retweets what falls away with it."""
    others = Condition(f"acts ({kind}) upon another account", world.acts[kind].others, "=", 0)
    found = _limit(
        f"no_{kind}",
        "The data hold no {kind} from one known account upon another; nothing is said of them.",
        "Les données ne contiennent pas de {kind} d’un compte connu envers un autre ; rien n’en "
        "est dit.",
        {"kind": Amount(KIND_NAMES[kind], "word")}, others,
    )  # fmt: skip
    if kind == "retweet":
        found += _limit(
            "no_camps",
            "Without retweets no camps are looked for: replies, quotes and mentions contest as "
            "much as they endorse.",
            "Sans retweets, aucun camp n’est cherché : réponses, citations et mentions contestent "
            "autant qu’elles approuvent.",
            {}, others,
        )  # fmt: skip
    return found


def _camps(world: World) -> list[Claim]:
    graph, sides = world.retweets, world.sides
    if graph is None:
        return []
    if sides is None:
        inside = graph.largest_component().nodes
        return _limit(
            "no_sides",
            "No two communities are found in the largest component of the retweets ({inside} of "
            "{accounts:counted}) to make camps of; nothing is said of division.",
            "Dans la plus grande composante des retweets ({inside} des {accounts:counted}), on ne "
            "trouve pas deux communautés dont faire des camps ; rien n’est dit de la division.",
            {"inside": Amount(inside, "accounts"), "accounts": Amount(graph.nodes, "accounts")},
            Condition("camps in the largest component", 0, "<", 2),
        )  # fmt: skip
    outside = sides.unlabelled
    found = _limit(
        "unsided",
        "Outside the largest component of the retweets, and so without a camp: {outside:counted} "
        "({part}).",
        "Hors de la plus grande composante des retweets, donc sans camp : {outside:counted} "
        "({part}).",
        {"outside": Amount(outside, "accounts"), "part": share(outside / graph.nodes)},
        Condition("accounts without a camp", outside, ">", 0),
    )  # fmt: skip
    defined = sum(i.z is not None for i in world.report.indices) if world.report else 0
    return found + _limit(
        "no_index",
        "No index of division is defined on these camps beside random graphs ({defined} of "
        "{asked}); nothing is said of how divided they are.",
        "Aucun indice de division n’est défini sur ces camps à côté de graphes aléatoires "
        "({defined} sur {asked}) ; rien n’est dit de leur division.",
        {"defined": Amount(defined, "indices"),
         "asked": Amount(len(world.config.indices), "indices")},
        Condition("indices that are defined", defined, "=", 0),
    )  # fmt: skip


def _uncovered(world: World) -> list[Claim]:
    """Return the kinds of act of which too few accounts have a camp."""
    if world.crosstalk is None:
        return []
    known, found = set(compared(world)), []
    for kind, told in world.crosstalk.coverage.items():
        if kind in known:
            continue
        covered = told["share"] or 0.0
        found += _limit(
            f"uncovered_{kind}",
            "Only {part} of the accounts of the {kind} have a camp; the camps are not compared "
            "there.",
            "Seuls {part} des comptes des {kind} ont un camp ; les camps n’y sont pas comparés.",
            {"part": share(covered), "kind": Amount(KIND_NAMES[kind], "word")},
            Condition(f"accounts ({kind}) with a camp", covered, "<", world.config.coverage),
        )  # fmt: skip
    return found


def _null(world: World) -> list[Claim]:
    if world.report is None or not world.nulls:
        return []
    drawn = Amount(world.nulls, "graphs")
    found = _limit(
        "no_p",
        "With {runs:counted} no p-value is given, only how far an index lies from them.",
        "Avec {runs:counted}, aucune valeur p n’est donnée, seulement l’écart d’un indice à "
        "ceux-ci.",
        {"runs": drawn}, Condition("random graphs", world.nulls, "<", 199),
    )  # fmt: skip
    graph = world.graphs["retweet"]
    return found + _limit(
        "no_interval",
        "The retweets have {edges:counted}, too many for intervals of the indices within hours.",
        "Les retweets comptent {edges:counted}, trop pour calculer en quelques heures les "
        "intervalles des indices.",
        {"edges": Amount(graph.edges, "edges")},
        Condition("edges", graph.edges, ">", world.config.large),
    )  # fmt: skip


def _weights(world: World) -> list[Claim]:
    """Return that acts which are no whole numbers cannot be drawn again, so nobody is ranked."""
    if world.ranked is None:
        return []
    broken = fractions(world.graphs[world.ranked])
    return _limit(
        "no_ranks",
        "Nobody is ranked: {edges:counted} of the {kind} are weighted with fractions, so there are "
        "no acts to draw again for the interval of a rank. Acts are rounded.",
        "Personne n’est classé : {edges:counted} des {kind} sont pondérés par des fractions, donc "
        "aucune interaction ne peut être tirée à nouveau pour l’intervalle d’un rang. Les "
        "interactions sont arrondies.",
        {"edges": Amount(broken, "edges"), "kind": Amount(KIND_NAMES[world.ranked], "word")},
        Condition("edges with fractions", broken, ">", 0),
    )  # fmt: skip


def _unknown(world: World) -> list[Claim]:
    """Return the kinds of act with targets that the data do not name."""
    found = []
    for kind, acts in world.acts.items():
        lost = acts.acts - acts.known
        part = lost / acts.acts if acts.acts else 0.0
        found += _limit(
            f"unknown_{kind}",
            "Without a known account at both ends, and so in no graph: {lost} of the {kind} "
            "({part}).",
            "Sans compte connu aux deux bouts, donc dans aucun graphe : {lost} des {kind} "
            "({part}).",
            {"kind": Amount(KIND_NAMES[kind], "word"), "lost": Amount(round(lost), "acts"),
             "part": share(part)},
            Condition(f"acts ({kind}) without a known end", lost, ">", 0),
        )  # fmt: skip
    return found


def _times(world: World) -> list[Claim]:
    described = world.described
    silent = int(described.gaps["days"].sum()) if len(described.gaps) else 0
    found = _limit(
        "gaps",
        "On {days:counted} between the first post and the last there is none: whether nobody spoke "
        "or nothing was collected, the data do not tell.",
        "Il n’y a aucun message pendant {days:counted} entre le premier et le dernier : silence ou "
        "lacune de la collecte, les données ne le disent pas.",
        {"days": Amount(silent, "days")}, Condition("days without a post", silent, ">", 0),
    )  # fmt: skip
    return found + _limit(
        "undated",
        "Without a time, and so missing in what goes by time: {posts:counted}.",
        "Sans date, donc absents de ce qui suit le temps : {posts:counted}.",
        {"posts": Amount(described.undated, "posts")},
        Condition("undated posts", described.undated, ">", 0),
    )  # fmt: skip


def _people(world: World) -> list[Claim]:
    listed = len(world.subject.public.ids)
    found = _limit(
        "nobody_named",
        "The study has no list of public actors ({listed} listed), so nobody is named and no post "
        "is quoted.",
        "L’étude n’a pas de liste d’acteurs publics ({listed} inscrit) : personne n’est nommé et "
        "aucun message n’est cité.",
        {"listed": Amount(listed, "accounts")}, Condition("public actors", listed, "=", 0),
    )  # fmt: skip
    quoted = 0 if world.quoted is None else len(world.quoted)
    if listed and not quoted:
        found += _limit(
            "no_texts",
            "No post of a public actor is quoted ({quoted}): the data hold none that was "
            "retweeted, or the study keeps no texts.",
            "Aucun message d’acteur public n’est cité ({quoted}) : les données n’en contiennent "
            "aucun qui ait été retweeté, ou l’étude ne garde pas les textes.",
            {"quoted": Amount(quoted, "posts")}, Condition("posts quoted", quoted, "=", 0),
        )  # fmt: skip
    return found
