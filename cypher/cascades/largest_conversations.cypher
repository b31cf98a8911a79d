// title: Largest conversations
// question: Which posts drew the most replies, direct or below, from how many accounts, how deep and until when?
// reads: (:Account)-[:POSTED]->(:Post)-[:REPLIES_TO]->(:Post)
// portability: both
// key: post
// param: limit integer [rows] = 20: at most so many
// returns: post text, the first post
// returns: replies integer, posts below it, at most 10 steps
// returns: depth integer, steps to the deepest of them
// returns: last_ms integer, the latest of them, epoch milliseconds
// returns: accounts integer, their different known authors
MATCH path = (p:Post)-[:REPLIES_TO*1..10]->(q:Post)
WHERE NOT EXISTS { MATCH (q)-[:REPLIES_TO]->(:Post) }
WITH p, q, min(length(path)) AS steps
OPTIONAL MATCH (a:Account)-[:POSTED]->(p)
WITH q.post_id AS post, count(*) AS replies, max(steps) AS depth, max(p.created_ms) AS last_ms,
     count(DISTINCT a.account_id) AS accounts
RETURN post, replies, depth, last_ms, accounts
ORDER BY replies DESC, size(post) ASC, post ASC
LIMIT $limit
