// title: Accounts with the most different amplifiers
// question: Who is retweeted by the most different accounts, and how much of it is the doing of few?
// reads: (:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that was retweeted
// returns: amplifiers integer, different other accounts that retweeted it
// returns: retweets float, acts of others upon it
// returns: by_one float, acts of the one of them that retweeted it most
MATCH (a:Account)-[r:RETWEETED]->(b:Account)
WHERE a.account_id <> b.account_id
WITH b.account_id AS account, count(*) AS amplifiers, sum(r.weight) AS retweets,
     max(r.weight) AS by_one
RETURN account, amplifiers, retweets, by_one
ORDER BY amplifiers DESC, size(account) ASC, account ASC
LIMIT $limit
