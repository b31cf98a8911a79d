// title: Replies by depth
// question: How deep do conversations go: how many replies stand how far below their first post?
// reads: (:Post)-[:REPLIES_TO]->(:Post)
// portability: both
// key: depth
// param: limit integer [rows] = 30: at most so many
// returns: depth integer, steps below the first post, at most 10
// returns: replies integer, posts at that depth
// returns: conversations integer, different first posts
MATCH path = (p:Post)-[:REPLIES_TO*1..10]->(q:Post)
WHERE NOT EXISTS { MATCH (q)-[:REPLIES_TO]->(:Post) }
WITH p, q, min(length(path)) AS depth
WITH depth, count(*) AS replies, count(DISTINCT q.post_id) AS conversations
RETURN depth, replies, conversations
ORDER BY depth ASC
LIMIT $limit
