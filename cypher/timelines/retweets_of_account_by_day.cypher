// title: Retweets of an account by day
// question: On which days was this account retweeted, and by how many accounts?
// reads: (:Account)-[:POSTED]->(:Post)-[:SHARES|ADDRESSES {created_ms}]->(:Post|:Account)
// portability: both
// key: day_ms
// param: account text [account id] = "": nothing means the most retweeted one
// param: since integer [epoch milliseconds] = 0: from this instant on
// param: until integer [epoch milliseconds] = 253402300800000: before this instant
// param: limit integer [rows] = 1000: at most so many
// returns: account text, the account that is retweeted
// returns: day_ms integer, 00:00 UTC of the day, epoch milliseconds
// returns: retweets integer, posts of others that retweet it
// returns: accounts integer, different accounts that wrote them
MATCH (x:Account)-[s:RETWEETED]->(y:Account)
WHERE x.account_id <> y.account_id
WITH y.account_id AS candidate, sum(s.weight) AS total
WHERE $account = "" OR candidate = $account
WITH candidate, total
ORDER BY total DESC, size(candidate) ASC, candidate ASC
LIMIT 1
MATCH (a:Account)-[:POSTED]->(p:Post)-[r:SHARES|ADDRESSES]->(o)
WHERE (r.target_id = candidate OR (r.kind = "share" AND o.account_id = candidate))
  AND a.account_id <> candidate AND r.created_ms >= $since AND r.created_ms < $until
WITH candidate AS account, r.created_ms / 86400000 * 86400000 AS day_ms, count(*) AS retweets,
     count(DISTINCT a.account_id) AS accounts
RETURN account, day_ms, retweets, accounts
ORDER BY day_ms ASC, account ASC
LIMIT $limit
