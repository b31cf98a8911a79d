// title: Posts of an account
// question: What did this account write, and what came of each post?
// reads: (:Account)-[:POSTED]->(:Post)<-[:SHARES|QUOTES|REPLIES_TO]-(:Post)
// portability: both
// key: post
// param: account text [account id] = "": nothing means the most retweeted one
// param: limit integer [rows] = 50: at most so many
// returns: account text, the author
// returns: post text, the post
// returns: created_ms integer, its time, epoch milliseconds
// returns: kind text, original, share, quote or reply; null where unknown
// returns: language text, as the platform says
// returns: retweets integer, posts in the data that retweet it
// returns: quotes integer, that quote it
// returns: replies integer, that answer it
MATCH (y:Account)
WHERE $account = "" OR y.account_id = $account
OPTIONAL MATCH (x:Account)-[s:RETWEETED]->(y)
WHERE x.account_id <> y.account_id
WITH y.account_id AS candidate, sum(coalesce(s.weight, 0.0)) AS total
ORDER BY total DESC, size(candidate) ASC, candidate ASC
LIMIT 1
MATCH (a:Account)-[:POSTED]->(p:Post)
WHERE a.account_id = candidate
RETURN a.account_id AS account, p.post_id AS post, p.created_ms AS created_ms, p.kind AS kind,
       p.lang AS language, COUNT { MATCH (:Post)-[:SHARES]->(p) } AS retweets,
       COUNT { MATCH (:Post)-[:QUOTES]->(p) } AS quotes,
       COUNT { MATCH (:Post)-[:REPLIES_TO]->(p) } AS replies
ORDER BY created_ms ASC, size(post) ASC, post ASC
LIMIT $limit
