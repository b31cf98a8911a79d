// title: Hashtags used together
// question: Which hashtags did authors write into the same posts?
// reads: (:Post)-[:TAGGED {n_authored}]->(:Hashtag)
// portability: both
// key: first, second
// param: limit integer [rows] = 20: at most so many
// returns: first text, the smaller hashtag
// returns: second text, the larger hashtag
// returns: posts integer, posts that carry both
MATCH (g:Hashtag)<-[u:TAGGED]-(p:Post)-[v:TAGGED]->(h:Hashtag)
WHERE g.hashtag < h.hashtag AND u.n_authored > 0 AND v.n_authored > 0 AND p.seen_as = "primary"
WITH g.hashtag AS first, h.hashtag AS second, count(*) AS posts
RETURN first, second, posts
ORDER BY posts DESC, first ASC, second ASC
LIMIT $limit
