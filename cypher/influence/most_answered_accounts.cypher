// title: Most answered accounts
// question: Whom do others answer most, and how many different accounts do?
// reads: (:Account)-[:REPLIED_TO {weight}]->(:Account)
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that was answered
// returns: replies float, acts of others upon it
// returns: accounts integer, different accounts that answered it
MATCH (a:Account)-[r:REPLIED_TO]->(b:Account)
WHERE a.account_id <> b.account_id
WITH b.account_id AS account, sum(r.weight) AS replies, count(*) AS accounts
RETURN account, replies, accounts
ORDER BY replies DESC, size(account) ASC, account ASC
LIMIT $limit
