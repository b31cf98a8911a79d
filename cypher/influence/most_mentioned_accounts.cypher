// title: Most mentioned accounts
// question: Whom do people choose to name, and how many different accounts do?
// reads: (:Account)-[:MENTIONED {weight}]->(:Account)
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that was named
// returns: mentions float, mentions that an author chose to write
// returns: accounts integer, different accounts that wrote them
MATCH (a:Account)-[r:MENTIONED]->(b:Account)
WHERE r.weight > 0 AND a.account_id <> b.account_id
WITH b.account_id AS account, sum(r.weight) AS mentions, count(*) AS accounts
RETURN account, mentions, accounts
ORDER BY mentions DESC, size(account) ASC, account ASC
LIMIT $limit
