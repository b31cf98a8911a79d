"""Ten short queries for what data scientists do with the graph; the page of Cypher shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["RECIPES", "Recipe"]


@dataclass(frozen=True)
class Recipe:
    """A task, how it is done, the query, and values for its parameters in the bundled crisis.

    ``several_studies`` marks what only a server can hold.
    """

    title: str
    how: str
    text: str
    parameters: dict[str, Any] = field(default_factory=dict)
    several_studies: bool = False


RECIPES = (
    Recipe(
        "Who amplifies most?",
        "`RETWEETED` sums the acts of a pair; leave out who retweets himself.",
        """MATCH (a:Account)-[r:RETWEETED]->(b:Account)
WHERE a.account_id <> b.account_id
WITH a.account_id AS account, sum(r.weight) AS retweets, count(*) AS accounts
RETURN account, retweets, accounts
ORDER BY accounts DESC, account ASC
LIMIT 5""",
    ),
    Recipe(
        "The posts that made an edge",
        "From a weight to its evidence; add `q.text AS text` in a study that keeps texts.",
        """MATCH (a:Account)-[:POSTED]->(p:Post)-[r:SHARES]->(q:Post)
WHERE a.account_id = $source AND r.target_id = $target
RETURN p.post_id AS post, q.post_id AS original, p.created_at AS at
ORDER BY at ASC, post ASC""",
        {
            "source": "twitter:2501291020860261140",
            "target": "twitter:2298913823655985174",
        },
    ),
    Recipe(
        "A window of time, in UTC",
        "Times are compared as epoch milliseconds. From a date: "
        '`int(datetime.fromisoformat("2031-03-08T12:00+00:00").timestamp() * 1000)`, or '
        "`date -u -d 2031-03-08T12:00 +%s000`. Back again: return `created_at`.",
        """MATCH (p:Post)
WHERE p.created_ms >= $since AND p.created_ms < $until AND p.seen_as = "primary"
WITH p.kind AS kind, count(*) AS posts, min(p.created_at) AS first, max(p.created_at) AS last
RETURN kind, posts, first, last
ORDER BY posts DESC, kind ASC""",
        {"since": 1_930_737_600_000, "until": 1_930_824_000_000},
    ),
    Recipe(
        "Only one language, only one hashtag",
        "`n_authored` counts what the author wrote, `n_inherited` what a retweet brought along.",
        """MATCH (a:Account)-[:POSTED]->(p:Post)-[u:TAGGED]->(h:Hashtag)
WHERE h.hashtag = $hashtag AND p.lang = $language AND u.n_authored > 0
WITH a.account_id AS account, count(*) AS posts
RETURN account, posts
ORDER BY posts DESC, account ASC
LIMIT 5""",
        {"hashtag": "ysmar", "language": "fr"},
    ),
    Recipe(
        "Search in the texts",
        "`toLower` on both sides; a word in a text is no topic, so read what it finds.",
        """MATCH (p:Post)
WHERE toLower(p.text) CONTAINS toLower($word) AND p.kind = "original"
WITH p.lang AS language, count(*) AS posts
RETURN language, posts
ORDER BY posts DESC, language ASC""",
        {"word": "STRAIT"},
    ),
    Recipe(
        "Everything below a post",
        "A path needs an upper bound (30 at most). Take the shortest way to each end, and a cycle "
        "in the data cannot be counted twice.",
        """MATCH path = (p:Post)-[:REPLIES_TO*1..10]->(q:Post)
WHERE q.post_id = $post
WITH p, min(length(path)) AS depth
WITH depth, count(*) AS replies, max(p.created_at) AS last
RETURN depth, replies, last
ORDER BY depth ASC""",
        {"post": "twitter:2696368364711837696"},
    ),
    Recipe(
        "The posts of those with the highest score",
        "Analyses write back with `--annotate`; a score belongs to its run, here named by us.",
        """MATCH (n:Run)-[s:SCORED]->(a:Account)-[:POSTED]->(p:Post)
WHERE n.name = $run AND s.name = "in_strength" AND p.kind = "original"
WITH a.account_id AS account, s.value AS score, count(*) AS posts, max(p.likes) AS most_likes
RETURN account, score, posts, most_likes
ORDER BY score DESC, account ASC
LIMIT 5""",
        {"run": "camps"},
    ),
    Recipe(
        "What each camp links to",
        "`ASSIGNED` has the number of a community, and its name where somebody gave one.",
        """MATCH (n:Run)-[c:ASSIGNED]->(a:Account)-[:POSTED]->(p:Post)-[u:LINKS_TO]->(l:Url)
MATCH (l)-[:ON]->(d:Domain)
WHERE n.name = $run AND u.n_authored > 0
WITH c.name AS camp, d.domain AS domain, count(*) AS links, count(DISTINCT a.account_id) AS accounts
RETURN camp, domain, links, accounts
ORDER BY links DESC, camp ASC, domain ASC
LIMIT 5""",
        {"run": "camps"},
    ),
    Recipe(
        "An edge list as CSV, for Gephi or R",
        "`workbench cypher edges.cypher --study DIR --format csv > edges.csv`; for whole graphs "
        "`workbench graph retweet --study DIR --out edges.csv` is faster and brings attributes.",
        """MATCH (a:Account)-[r:RETWEETED]->(b:Account)
WHERE a.account_id <> b.account_id AND r.weight >= $least
RETURN a.account_id AS source, b.account_id AS target, r.weight AS weight
ORDER BY weight DESC, source ASC, target ASC""",
        {"least": 4},
    ),
    Recipe(
        "One of several studies on a server",
        "A server holds many studies. Nodes are shared, relationships belong to one study each; "
        "name it in every relationship, or acts of other studies are added. "
        "(An embedded store holds one study: leave the braces out.)",
        """MATCH (a:Account)-[r:RETWEETED {study: $study}]->(b:Account)
WHERE a.account_id <> b.account_id
WITH b.account_id AS account, sum(r.weight) AS retweets, count(*) AS amplifiers
RETURN account, retweets, amplifiers
ORDER BY retweets DESC, account ASC
LIMIT 5""",
        {"study": "study"},
        several_studies=True,
    ),
)
