// title: Pairs that retweet each other
// question: Which accounts retweet each other, as allies or as a ring?
// reads: (:Account)-[:RETWEETED {weight}]->(:Account)-[:RETWEETED]->(:Account)
// portability: both
// key: first, second
// param: limit integer [rows] = 20: at most so many
// returns: first text, the account that comes first in account order
// returns: second text, the other one
// returns: mutual float, the smaller of the two numbers of acts
// returns: forth float, acts of the first upon the second
// returns: back float, acts of the second upon the first
MATCH (a:Account)-[r:RETWEETED]->(b:Account)-[s:RETWEETED]->(a)
WHERE size(a.account_id) < size(b.account_id)
  OR (size(a.account_id) = size(b.account_id) AND a.account_id < b.account_id)
RETURN a.account_id AS first, b.account_id AS second,
       CASE WHEN r.weight < s.weight THEN r.weight ELSE s.weight END AS mutual,
       r.weight AS forth, s.weight AS back
ORDER BY mutual DESC, size(first) ASC, first ASC, size(second) ASC, second ASC
LIMIT $limit
