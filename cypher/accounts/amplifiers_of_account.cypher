// title: Amplifiers of an account
// question: Who retweets this account, how often, and since when?
// reads: (:Account)-[:RETWEETED {weight, first_ms, last_ms}]->(:Account)
// portability: both
// key: account
// param: account text [account id] = "": nothing means the most retweeted one
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that retweets
// returns: target text, the account that is retweeted
// returns: retweets float, acts
// returns: first_ms integer, first act, epoch milliseconds
// returns: last_ms integer, last act, epoch milliseconds
MATCH (x:Account)-[s:RETWEETED]->(y:Account)
WHERE x.account_id <> y.account_id
WITH y.account_id AS candidate, sum(s.weight) AS total
WHERE $account = "" OR candidate = $account
WITH candidate, total
ORDER BY total DESC, size(candidate) ASC, candidate ASC
LIMIT 1
MATCH (a:Account)-[r:RETWEETED]->(b:Account)
WHERE b.account_id = candidate AND a.account_id <> candidate
RETURN a.account_id AS account, b.account_id AS target, r.weight AS retweets,
       r.first_ms AS first_ms, r.last_ms AS last_ms
ORDER BY retweets DESC, size(account) ASC, account ASC
LIMIT $limit
