// title: Most amplified accounts
// question: Whose posts were retweeted most, and by how many different accounts?
// reads: (:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that was retweeted
// returns: retweets float, acts of others upon it
// returns: amplifiers integer, different accounts that retweeted it
MATCH (a:Account)-[r:RETWEETED]->(b:Account)
WHERE a.account_id <> b.account_id
WITH b.account_id AS account, sum(r.weight) AS retweets, count(*) AS amplifiers
RETURN account, retweets, amplifiers
ORDER BY retweets DESC, size(account) ASC, account ASC
LIMIT $limit
