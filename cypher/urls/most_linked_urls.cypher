// title: Most linked pages
// question: Which pages did authors link to, how often, by how many accounts, and since when?
// reads: (:Account)-[:POSTED]->(:Post)-[:LINKS_TO {n_authored}]->(:Url)
// portability: both
// key: url
// param: limit integer [rows] = 20: at most so many
// returns: url text, the canonical address
// returns: posts integer, posts whose author put it there
// returns: first_ms integer, first of them, epoch milliseconds
// returns: last_ms integer, last of them, epoch milliseconds
// returns: accounts integer, different authors
MATCH (a:Account)-[:POSTED]->(p:Post)-[u:LINKS_TO]->(o:Url)
WHERE u.n_authored > 0 AND p.seen_as = "primary"
WITH o.url AS url, count(*) AS posts, min(p.created_ms) AS first_ms,
     max(p.created_ms) AS last_ms, count(DISTINCT a.account_id) AS accounts
RETURN url, posts, first_ms, last_ms, accounts
ORDER BY posts DESC, accounts DESC, url ASC
LIMIT $limit
