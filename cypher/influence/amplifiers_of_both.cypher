// title: Amplifiers that two accounts share
// question: Who retweets both of two accounts, such as an embassy and its ministry?
// reads: (:Account)<-[:RETWEETED {weight}]-(:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: account
// param: first text [account id] = "": nothing means the two most retweeted ones
// param: second text [account id] = "": the other account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that retweets both
// returns: first text, of the two, the smaller id
// returns: second text, the larger id
// returns: retweets float, acts upon both
// returns: of_first float, acts upon the first
// returns: of_second float, acts upon the second
MATCH (x:Account)-[s:RETWEETED]->(y:Account)
WHERE x.account_id <> y.account_id
WITH y.account_id AS candidate, sum(s.weight) AS total
WHERE $first = "" OR candidate = $first OR candidate = $second
WITH candidate, total
ORDER BY total DESC, size(candidate) ASC, candidate ASC
LIMIT 2
WITH 1 AS pair, min(candidate) AS one, max(candidate) AS other
MATCH (b:Account)<-[r:RETWEETED]-(a:Account)-[t:RETWEETED]->(c:Account)
WHERE b.account_id = one AND c.account_id = other AND one <> other
  AND a.account_id <> one AND a.account_id <> other
RETURN a.account_id AS account, one AS first, other AS second, r.weight + t.weight AS retweets,
       r.weight AS of_first, t.weight AS of_second
ORDER BY retweets DESC, size(account) ASC, account ASC
LIMIT $limit
