// title: H-index of retweets
// question: Who wrote h posts that others retweeted at least h times each, for the largest h?
// reads: (:Account)-[:POSTED]->(:Post)-[:SHARES]->(:Post)
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the author
// returns: h_index integer, so many posts with so many retweets each
// returns: posts integer, posts of the author that others retweeted
// returns: retweets integer, posts of others that retweet them
// returns: most integer, retweets of the most retweeted one
MATCH (a:Account)-[:POSTED]->(:Post)-[:SHARES]->(q:Post)<-[:POSTED]-(b:Account)
WHERE a.account_id <> b.account_id
WITH b.account_id AS account, q.post_id AS post, count(*) AS shares
WITH DISTINCT account, shares AS level
MATCH (c:Account)-[:POSTED]->(:Post)-[:SHARES]->(s:Post)<-[:POSTED]-(d:Account)
WHERE d.account_id = account AND c.account_id <> account
WITH account, level, s.post_id AS post, count(*) AS shares
WITH account, level, count(*) AS written, sum(shares) AS total, max(shares) AS highest,
     count(CASE WHEN shares >= level THEN 1 END) AS reached
RETURN account, max(CASE WHEN reached < level THEN reached ELSE level END) AS h_index,
       max(written) AS posts, max(total) AS retweets, max(highest) AS most
ORDER BY h_index DESC, size(account) ASC, account ASC
LIMIT $limit
