// title: Most linked domains
// question: Which sites did authors link to, in how many posts and by how many accounts?
// reads: (:Account)-[:POSTED]->(:Post)-[:LINKS_TO {n_authored}]->(:Url)-[:ON]->(:Domain)
// portability: both
// key: domain
// param: limit integer [rows] = 20: at most so many
// returns: domain text, the registrable domain
// returns: posts integer, different posts whose author linked to it
// returns: accounts integer, different authors
MATCH (a:Account)-[:POSTED]->(p:Post)-[u:LINKS_TO]->(:Url)-[:ON]->(d:Domain)
WHERE u.n_authored > 0 AND p.seen_as = "primary"
WITH d.domain AS domain, count(DISTINCT p.post_id) AS posts,
     count(DISTINCT a.account_id) AS accounts
RETURN domain, posts, accounts
ORDER BY posts DESC, size(domain) ASC, domain ASC
LIMIT $limit
