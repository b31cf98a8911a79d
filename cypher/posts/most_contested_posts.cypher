// title: Most contested posts
// question: Which posts were answered and quoted by others more often than retweeted?
// reads: (:Account)-[:POSTED]->(:Post)-[:REPLIES_TO|QUOTES|SHARES]->(:Post)
// portability: both
// key: post
// param: least integer [posts] = 3: so many answers at least
// param: limit integer [rows] = 20: at most so many
// returns: post text, the contested post
// returns: account text, its author
// returns: answers integer, posts of others that answer or quote it
// returns: accounts integer, different authors of these
// returns: retweets integer, posts that retweet it
MATCH (a:Account)-[:POSTED]->(p:Post)-[:REPLIES_TO|QUOTES]->(q:Post)<-[:POSTED]-(b:Account)
WHERE a.account_id <> b.account_id
WITH q, b.account_id AS account, count(DISTINCT p.post_id) AS answers,
     count(DISTINCT a.account_id) AS accounts
OPTIONAL MATCH (s:Post)-[:SHARES]->(q)
WITH q.post_id AS post, account, answers, accounts, count(s.post_id) AS retweets
WHERE answers >= $least AND answers > retweets
RETURN post, account, answers, accounts, retweets
ORDER BY answers DESC, size(post) ASC, post ASC
LIMIT $limit
