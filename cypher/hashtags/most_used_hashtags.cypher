// title: Most used hashtags
// question: Which hashtags did authors write, in how many posts and by how many accounts?
// reads: (:Account)-[:POSTED]->(:Post)-[:TAGGED {n_authored}]->(:Hashtag)
// portability: both
// key: hashtag
// param: limit integer [rows] = 20: at most so many
// returns: hashtag text, without its sign, case-folded
// returns: posts integer, posts whose author wrote it
// returns: accounts integer, different authors
MATCH (a:Account)-[:POSTED]->(p:Post)-[u:TAGGED]->(h:Hashtag)
WHERE u.n_authored > 0 AND p.seen_as = "primary"
WITH h.hashtag AS hashtag, count(*) AS posts, count(DISTINCT a.account_id) AS accounts
RETURN hashtag, posts, accounts
ORDER BY posts DESC, size(hashtag) ASC, hashtag ASC
LIMIT $limit
