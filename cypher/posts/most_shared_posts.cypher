// title: Most shared posts
// question: Which posts were retweeted most, and within what time?
// reads: (:Post)-[:SHARES {created_ms}]->(:Post)
// portability: both
// key: post
// param: limit integer [rows] = 20: at most so many
// returns: post text, the post that was retweeted
// returns: shares integer, retweets in the data
// returns: first_ms integer, first retweet, epoch milliseconds
// returns: last_ms integer, last retweet, epoch milliseconds
MATCH (p:Post)-[r:SHARES]->(q:Post)
WITH q.post_id AS post, count(*) AS shares, min(r.created_ms) AS first_ms,
     max(r.created_ms) AS last_ms
RETURN post, shares, first_ms, last_ms
ORDER BY shares DESC, size(post) ASC, post ASC
LIMIT $limit
