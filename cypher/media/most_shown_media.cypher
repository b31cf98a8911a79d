// title: Most shown pictures
// question: Which pictures and films did authors put into several posts, and did several accounts use the same one?
// reads: (:Account)-[:POSTED]->(:Post)-[:SHOWS {n_authored}]->(:Media)
// portability: both
// key: media
// param: limit integer [rows] = 20: at most so many
// returns: media text, key of the picture or film
// returns: posts integer, posts whose author put it there
// returns: first_ms integer, first of them, epoch milliseconds
// returns: last_ms integer, last of them, epoch milliseconds
// returns: accounts integer, different authors
MATCH (a:Account)-[:POSTED]->(p:Post)-[u:SHOWS]->(o:Media)
WHERE u.n_authored > 0 AND p.seen_as = "primary"
WITH o.media AS media, count(*) AS posts, min(p.created_ms) AS first_ms,
     max(p.created_ms) AS last_ms, count(DISTINCT a.account_id) AS accounts
RETURN media, posts, first_ms, last_ms, accounts
ORDER BY posts DESC, accounts DESC, media ASC
LIMIT $limit
