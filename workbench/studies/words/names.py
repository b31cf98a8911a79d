"""What measures, methods and kinds are called in running text, in both languages, in one place."""

from __future__ import annotations

from workbench.studies.words.grammar import Text

__all__ = [
    "ACTS", "ACTS_BY", "ATTACHMENTS", "COMMUNITY_METHODS", "FILTERS", "INDICES", "INFLUENCE",
    "LANGUAGE_NAMES", "MEMBER", "MEMBERS", "NETWORKS", "NODES", "ORIGINS", "POSTS",
    "SCALES", "SCORES",
]  # fmt: skip

#: Polarisation indices.
INDICES = {
    "random_walk_controversy": Text(
        "random-walk controversy", "la controverse par marche aléatoire"
    ),
    "adaptive_random_walk_controversy": Text(
        "random-walk controversy with elites in proportion to the sides",
        "la controverse par marche aléatoire aux élites proportionnelles",
    ),
    "random_walk_restart_controversy": Text(
        "random-walk controversy with restart",
        "la controverse par marche aléatoire avec redémarrage",
    ),
    "dipole_polarisation": Text("dipole polarisation", "la polarisation dipolaire"),
    "k_pole_dipole": Text(
        "dipole polarisation of several poles", "la polarisation dipolaire à plusieurs pôles"
    ),
    "ei_index": Text("the E–I index", "l'indice E–I"),
    "adaptive_ei_index": Text("the E–I index of densities", "l'indice E–I de densité"),
    "modularity": Text("the modularity of the sides", "la modularité des camps"),
    "assortativity": Text("assortativity", "l'assortativité"),
    "conductance": Text("conductance", "la conductance"),
    "freeman_segregation": Text(
        "Freeman's segregation index", "l'indice de ségrégation de Freeman"
    ),
    "coleman_homophily": Text("Coleman's homophily index", "l'indice d'homophilie de Coleman"),
    "segregation_matrix_index": Text(
        "the segregation matrix index", "l'indice matriciel de ségrégation"
    ),
    "odds_ratio_within": Text(
        "the odds ratio of contact inside the sides",
        "le rapport de cotes des contacts internes aux camps",
    ),
    "spectral_segregation": Text(
        "the spectral segregation index", "l'indice de ségrégation spectrale"
    ),
    "boundary_polarisation": Text("boundary polarisation", "la polarisation de frontière"),
    "generalised_euclidean": Text(
        "the generalised Euclidean distance", "la distance euclidienne généralisée"
    ),
    "friedkin_johnsen": Text(
        "the spread of opinions after Friedkin and Johnsen",
        "la dispersion des opinions selon Friedkin et Johnsen",
    ),
    "bimodality": Text(
        "the bimodality coefficient of leans", "le coefficient de bimodalité des orientations"
    ),
    "dip": Text("Hartigan's dip of leans", "la statistique dip de Hartigan des orientations"),
    "exposure_diversity": Text("exposure diversity", "la diversité d'exposition"),
}
_WALK = Text(
    "0 would be no separation of the sides, 1 a full one",
    "0 indiquerait des camps sans séparation, 1 une séparation complète",
)
_NO_SCALE = Text(
    "it grows with the number of accounts, so values of different networks are not compared",
    "il croît avec le nombre de comptes : les valeurs de réseaux différents ne se comparent pas",
)
_AS_DEGREES = Text(
    "0 is what numbers of contacts alone would give sides that nobody searched for, 1 no contact "
    "across",
    "0 est ce que donnerait le seul nombre de contacts pour des camps non recherchés dans le "
    "réseau, 1 l'absence de contact entre camps",
)
#: How to read a value of each index.
SCALES = {
    "random_walk_controversy": _WALK,
    "adaptive_random_walk_controversy": _WALK,
    "random_walk_restart_controversy": _WALK,
    "dipole_polarisation": Text(
        "0 would be no camps, 1 two camps of equal size at opposite ends",
        "0 indiquerait l'absence de camps, 1 deux camps de même taille aux deux extrêmes",
    ),
    "k_pole_dipole": Text(
        "0 would be all accounts at one place, 1 camps of equal size at the poles",
        "0 indiquerait des comptes tous au même point, 1 des camps de même taille aux pôles",
    ),
    "ei_index": Text(
        "−1 would be no contact across the sides, 0 as many across as inside, 1 contact across "
        "only",
        "−1 indiquerait l'absence de contact entre camps, 0 autant de contacts entre camps qu'en "
        "leur sein, 1 des contacts entre camps seulement",
    ),
    "adaptive_ei_index": Text(
        "−1 would be no contact across the sides, 0 contact as dense across as inside, 1 contact "
        "across only",
        "−1 indiquerait l'absence de contact entre camps, 0 des contacts aussi denses entre camps "
        "qu'en leur sein, 1 des contacts entre camps seulement",
    ),
    "modularity": Text(
        "0 is what numbers of contacts alone would give sides that nobody searched for; the "
        "largest value possible depends on the sizes of the sides",
        "0 est ce que donnerait le seul nombre de contacts pour des camps non recherchés dans le "
        "réseau ; le maximum possible dépend de la taille des camps",
    ),
    "assortativity": _AS_DEGREES,
    "conductance": Text(
        "0 would be no contact across the sides, 1 contact across only",
        "0 indiquerait l'absence de contact entre camps, 1 des contacts entre camps seulement",
    ),
    "freeman_segregation": Text(
        "0 is what pairs meeting at random would give, 1 no contact across",
        "0 est ce que donneraient des rencontres au hasard, 1 l'absence de contact entre camps",
    ),
    "coleman_homophily": Text(
        "−1 would be contact across only, 0 what the sizes of the sides imply, 1 contact inside "
        "only",
        "−1 indiquerait des contacts entre camps seulement, 0 ce qu'implique la taille des camps, "
        "1 des contacts internes seulement",
    ),
    "segregation_matrix_index": Text(
        "−1 would be contact across only, 0 contact as dense across as inside, 1 no contact across",
        "−1 indiquerait des contacts entre camps seulement, 0 des contacts aussi denses entre "
        "camps qu'en leur sein, 1 l'absence de contact entre camps",
    ),
    "odds_ratio_within": Text(
        "1 would be contact as likely across the sides as inside them",
        "1 indiquerait des contacts aussi probables entre camps qu'en leur sein",
    ),
    "spectral_segregation": Text(
        "0 would be no contact inside the own side, 1 none across; large clusters are near 1 "
        "anyway",
        "0 indiquerait l'absence de contact au sein de son camp, 1 l'absence de contact entre "
        "camps ; tout grand groupe est de toute façon proche de 1",
    ),
    "boundary_polarisation": Text(
        "0 would be boundary accounts with as many contacts across as inwards, 0.5 inwards only",
        "0 indiquerait des comptes frontaliers tournés autant vers l'autre camp que vers le leur, "
        "0,5 vers le leur seulement",
    ),
    "generalised_euclidean": Text(_NO_SCALE.en, _NO_SCALE.fr.replace("il croît", "elle croît")),
    "friedkin_johnsen": Text(_NO_SCALE.en, _NO_SCALE.fr.replace("il croît", "elle croît")),
    "bimodality": Text(
        "it sees whether leans have two peaks, not how far these are apart",
        "il dit si les orientations ont deux pics, non s'ils sont éloignés",
    ),
    "dip": Text(
        "0 would be one peak of leans; it does not see how far peaks are apart",
        "0 indiquerait un seul pic des orientations ; elle ne dit pas si les pics sont éloignés",
    ),
    "exposure_diversity": Text(
        "0 would be accounts that each deal with one side only, 1 with all sides evenly",
        "0 indiquerait des comptes n'ayant chacun affaire qu'à un seul camp, 1 à tous également",
    ),
}
#: What accounts are ranked by.
INFLUENCE = {
    "in_strength": Text("acts received", "le nombre d'interactions reçues"),
    "unique_amplifiers": Text(
        "the number of different accounts that acted upon them",
        "le nombre de comptes distincts dont ils reçoivent des interactions",
    ),
    "out_strength": Text("acts made", "le nombre d'interactions émises"),
    "unique_amplified": Text(
        "the number of different accounts they acted upon",
        "le nombre de comptes distincts vers lesquels vont leurs interactions",
    ),
    "pagerank": Text("PageRank", "le PageRank"),
    "core_number": Text("core number", "l'indice de cœur"),
    "collective_influence": Text("collective influence", "l'influence collective"),
    "constraint": Text("low constraint", "la faiblesse de la contrainte"),
    "authority": Text("authority score (HITS)", "le score d'autorité (HITS)"),
    "hub": Text("hub score (HITS)", "le score de pivot (HITS)"),
    "katz": Text("Katz centrality", "la centralité de Katz"),
    "leaderrank": Text("LeaderRank", "le LeaderRank"),
    "share_of_new_amplifiers": Text(
        "the share of new accounts among those that acted upon them",
        "la part de comptes récents parmi ceux dont ils reçoivent des interactions",
    ),
    "participation": Text("participation coefficient", "le coefficient de participation"),
    "within_module_z": Text(
        "standing within their own side", "la position au sein de leur propre camp"
    ),
    "gateway": Text("the flow between sides through them", "le flux entre camps qui passe par eux"),
    "bridge_share": Text(
        "the share of their contacts with other sides",
        "la part de leurs contacts avec d'autres camps",
    ),
    "betweenness": Text("betweenness", "l'intermédiarité"),
    "closeness": Text("closeness", "la proximité"),
    "h_index": Text("the h-index of their posts", "l'indice h de leurs messages"),
    "per_post_median": Text("median shares by post", "le nombre médian de partages par message"),
    "per_post_mean": Text("mean shares by post", "le nombre moyen de partages par message"),
    "voterank": Text("VoteRank", "le VoteRank"),
}
#: The value of a measure that is counted, with its unit; others are plain numbers.
SCORES = {
    "in_strength": Text(
        "{n:# act|# acts} received", "{n:# interaction reçue|# interactions reçues}"
    ),
    "out_strength": Text("{n:# act|# acts} made", "{n:# interaction émise|# interactions émises}"),
    "unique_amplifiers": Text(
        "{n:# different account|# different accounts}", "{n:# compte distinct|# comptes distincts}"
    ),
    "unique_amplified": Text(
        "{n:# different account|# different accounts}", "{n:# compte distinct|# comptes distincts}"
    ),
}
#: Acts received and made, where their kind is known.
ACTS_BY = {
    "in_strength": {
        "retweet": Text("retweets received", "le nombre de retweets reçus"),
        "quote": Text("quotes received", "le nombre de citations reçues"),
        "reply": Text("replies received", "le nombre de réponses reçues"),
        "mention": Text("mentions received", "le nombre de mentions reçues"),
    },
    "out_strength": {
        "retweet": Text("retweets made", "le nombre de retweets émis"),
        "quote": Text("quotes made", "le nombre de citations émises"),
        "reply": Text("replies made", "le nombre de réponses émises"),
        "mention": Text("mentions made", "le nombre de mentions émises"),
    },
}
#: How communities and sides are found.
COMMUNITY_METHODS = {
    "leiden": Text("the Leiden algorithm", "l'algorithme de Leiden"),
    "louvain": Text("the Louvain algorithm", "l'algorithme de Louvain"),
    "python_louvain": Text(
        "the Louvain algorithm (python-louvain)", "l'algorithme de Louvain (python-louvain)"
    ),
    "leiden_cpm": Text(
        "the Leiden algorithm with the constant Potts model",
        "l'algorithme de Leiden avec le modèle de Potts constant",
    ),
    "infomap": Text("Infomap", "Infomap"),
    "label_propagation": Text("label propagation", "la propagation d'étiquettes"),
    "spectral": Text("spectral partitioning", "le partitionnement spectral"),
    "metis": Text("METIS bisection", "la bissection METIS"),
    "consensus": Text("a consensus of several runs", "un consensus de plusieurs essais"),
}
#: Graphs, with what an edge of each is.
NETWORKS = {
    "retweet": Text("the retweet network", "le réseau de retweets"),
    "quote": Text("the quote network", "le réseau de citations"),
    "reply": Text("the reply network", "le réseau de réponses"),
    "mention": Text("the mention network", "le réseau de mentions"),
    "account_hashtag": Text(
        "the network of accounts and hashtags", "le réseau des comptes et des hashtags"
    ),
    "account_url": Text(
        "the network of accounts and links", "le réseau des comptes et des liens web"
    ),
    "account_domain": Text(
        "the network of accounts and websites", "le réseau des comptes et des sites"
    ),
    "co_hashtag": Text("the network of shared hashtags", "le réseau des hashtags communs"),
    "co_url": Text("the network of shared links", "le réseau des liens web communs"),
    "co_domain": Text("the network of shared websites", "le réseau des sites communs"),
    "co_share": Text(
        "the network of posts shared in common", "le réseau des messages partagés en commun"
    ),
    "hashtag_network": Text("the network of hashtags", "le réseau des hashtags"),
}
#: Acts of each kind of graph and interaction.
ACTS = {
    "retweet": Text("{n:# retweet|# retweets}", "{n:# retweet|# retweets}"),
    "share": Text("{n:# share|# shares}", "{n:# partage|# partages}"),
    "quote": Text("{n:# quote|# quotes}", "{n:# citation|# citations}"),
    "reply": Text("{n:# reply|# replies}", "{n:# réponse|# réponses}"),
    "mention": Text("{n:# mention|# mentions}", "{n:# mention|# mentions}"),
}
#: Things beside accounts.
NODES = {
    "account": Text("{n:# account|# accounts}", "{n:# compte|# comptes}"),
    "hashtag": Text("{n:# hashtag|# hashtags}", "{n:# hashtag|# hashtags}"),
    "url": Text("{n:# link|# links}", "{n:# lien web|# liens web}"),
    "domain": Text("{n:# website|# websites}", "{n:# site|# sites}"),
    "share": Text("{n:# shared post|# shared posts}", "{n:# message partagé|# messages partagés}"),
}
#: One node of a graph whose nodes are not accounts, and many.
MEMBER = {
    "account_hashtag": Text("account or hashtag", "compte ou hashtag"),
    "account_url": Text("account or link", "compte ou lien web"),
    "account_domain": Text("account or website", "compte ou site"),
    "hashtag_network": Text("hashtag", "hashtag"),
}
MEMBERS = {
    "account_hashtag": Text("accounts and hashtags", "comptes et hashtags"),
    "account_url": Text("accounts and links", "comptes et liens web"),
    "account_domain": Text("accounts and websites", "comptes et sites"),
    "hashtag_network": Text("hashtags", "hashtags"),
}
#: What posts carry.
ATTACHMENTS = {
    "hashtag": Text("hashtags", "hashtags"),
    "url": Text("links", "liens web"),
    "domain": Text("websites", "sites"),
    "media": Text("pictures and video", "images et vidéos"),
    "text": Text("texts", "textes"),
    "cashtag": Text("cashtags", "symboles boursiers"),
    "object": Text("shared objects", "objets partagés"),
}
#: Where mentions come from.
ORIGINS = {
    "authored": Text("written by their author", "écrites par leur auteur"),
    "share_head": Text("in the heads of retweets", "en tête de retweet"),
    "reply_prefix": Text("in the prefixes of replies", "en tête de réponse"),
    "inherited_share": Text("taken over from shared posts", "héritées de messages partagés"),
    "inherited_quote": Text("taken over from quoted posts", "héritées de messages cités"),
    "thread_self": Text("in the author's own thread", "dans le fil de leur auteur"),
    "all": Text("of every origin", "de toute origine"),
}
#: Posts by kind.
POSTS = {
    "original": Text("original posts", "messages originaux"),
    "share": Text("shares", "partages"),
    "quote": Text("quotes", "citations"),
    "reply": Text("replies", "réponses"),
    "service": Text("service messages", "messages de service"),
}
#: Filters of a graph.
FILTERS = {
    "min_weight": Text("edges of weight {v} or more", "liens de poids {v} ou plus"),
    "lang": Text("posts in {v}", "messages en langue « {v} »"),
    "hashtag": Text("posts with the hashtag {v}", "messages portant le hashtag « {v} »"),
    "text": Text("posts that contain a given text", "messages contenant un texte donné"),
    "accounts": Text(
        "acts with one of {v:# listed account|# listed accounts}",
        "interactions avec {v:# compte d'une liste|l'un des # comptes d'une liste}",
    ),
    "max_accounts": Text(
        "objects used by at most {v:# account|# accounts}",
        "objets utilisés par {v:# compte|# comptes} au plus",
    ),
    "largest_component": Text("the largest connected part", "la plus grande partie connexe"),
    "backbone": Text("the backbone at level {v}", "l'ossature du réseau au seuil de {v}"),
}
#: Languages that posts are often in; others are told by their tag.
LANGUAGE_NAMES = {
    "ar": Text("Arabic", "arabe"), "de": Text("German", "allemand"),
    "el": Text("Greek", "grec"), "en": Text("English", "anglais"),
    "es": Text("Spanish", "espagnol"), "fa": Text("Persian", "persan"),
    "fr": Text("French", "français"), "he": Text("Hebrew", "hébreu"),
    "hi": Text("Hindi", "hindi"), "it": Text("Italian", "italien"),
    "ja": Text("Japanese", "japonais"), "nl": Text("Dutch", "néerlandais"),
    "pl": Text("Polish", "polonais"), "pt": Text("Portuguese", "portugais"),
    "ru": Text("Russian", "russe"), "tr": Text("Turkish", "turc"),
    "uk": Text("Ukrainian", "ukrainien"), "und": Text("no known language", "langue inconnue"),
    "zh": Text("Chinese", "chinois"),
}  # fmt: skip
