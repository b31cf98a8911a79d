// title: Retweets and quotes by depth
// question: How far do posts travel from hand to hand: how many retweets and quotes stand how many steps from the first post?
// reads: (:Post)-[:SHARES|QUOTES]->(:Post)
// portability: both
// key: depth
// param: limit integer [rows] = 30: at most so many
// returns: depth integer, steps from the first post, at most 10
// returns: posts integer, posts at that depth
// returns: cascades integer, different first posts
MATCH path = (p:Post)-[:SHARES|QUOTES*1..10]->(q:Post)
WHERE NOT EXISTS { MATCH (q)-[:SHARES|QUOTES]->(:Post) }
WITH p, q, min(length(path)) AS depth
WITH depth, count(*) AS posts, count(DISTINCT q.post_id) AS cascades
RETURN depth, posts, cascades
ORDER BY depth ASC
LIMIT $limit
