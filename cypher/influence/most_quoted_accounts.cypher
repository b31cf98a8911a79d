// title: Most quoted accounts
// question: Whose posts do others quote most, to endorse or to attack?
// reads: (:Account)-[:QUOTED {weight}]->(:Account)
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that was quoted
// returns: quotes float, acts of others upon it
// returns: accounts integer, different accounts that quoted it
MATCH (a:Account)-[r:QUOTED]->(b:Account)
WHERE a.account_id <> b.account_id
WITH b.account_id AS account, sum(r.weight) AS quotes, count(*) AS accounts
RETURN account, quotes, accounts
ORDER BY quotes DESC, size(account) ASC, account ASC
LIMIT $limit
