// title: Contact between and inside sides
// question: How many pairs of accounts of which communities retweet one another, by the partition of a run?
// reads: (:Run)-[:ASSIGNED {community}]->(:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: one, other
// param: run text [run id] = "": nothing means the newest run with communities of all retweets
// param: limit integer [rows] = 100: at most so many
// returns: one integer, a community, the smaller number
// returns: other integer, the same or another community
// returns: pairs integer, pairs of accounts with retweets one way or both
// returns: retweets float, acts both ways, self-retweets left out
MATCH (x:Run)-[:ASSIGNED]->(:Account)
WHERE ($run = "" OR x.run_id = $run)
  AND (NOT x.parameters CONTAINS '"graph": "' OR x.parameters CONTAINS '"graph": "retweet"')
WITH DISTINCT x.run_id AS chosen, x.written_ms AS written
ORDER BY written DESC, chosen DESC
LIMIT 1
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)-[r:RETWEETED]->(b:Account)<-[t:ASSIGNED]-(m:Run)
WHERE n.run_id = chosen AND m.run_id = chosen AND a.account_id <> b.account_id
WITH CASE WHEN a.account_id < b.account_id THEN a.account_id ELSE b.account_id END AS first,
     CASE WHEN a.account_id < b.account_id THEN b.account_id ELSE a.account_id END AS second,
     CASE WHEN s.community < t.community THEN s.community ELSE t.community END AS one,
     CASE WHEN s.community < t.community THEN t.community ELSE s.community END AS other,
     sum(r.weight) AS acts
WITH one, other, count(*) AS pairs, sum(acts) AS retweets
RETURN one, other, pairs, retweets
ORDER BY one ASC, other ASC
LIMIT $limit
