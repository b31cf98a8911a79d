// title: Bridges between communities
// question: Which accounts are retweeted by communities other than their own, by the partition of a run?
// reads: (:Run)-[:ASSIGNED {community}]->(:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: account
// param: run text [run id] = "": nothing means the newest run with communities
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that is retweeted
// returns: community integer, its own
// returns: from_others float, retweets by accounts of other communities
// returns: from_own float, retweets by accounts of its own
// returns: communities integer, other communities that retweet it
MATCH (x:Run)-[:ASSIGNED]->(:Account)
WHERE $run = "" OR x.run_id = $run
WITH DISTINCT x.run_id AS chosen, x.written_ms AS written
ORDER BY written DESC, chosen DESC
LIMIT 1
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)-[r:RETWEETED]->(b:Account)<-[t:ASSIGNED]-(m:Run)
WHERE n.run_id = chosen AND m.run_id = chosen AND a.account_id <> b.account_id
WITH b.account_id AS account, t.community AS community,
     sum(CASE WHEN s.community <> t.community THEN r.weight ELSE 0.0 END) AS from_others,
     sum(CASE WHEN s.community = t.community THEN r.weight ELSE 0.0 END) AS from_own,
     count(DISTINCT CASE WHEN s.community <> t.community THEN s.community END) AS communities
WHERE from_others > 0
RETURN account, community, from_others, from_own, communities
ORDER BY from_others DESC, size(account) ASC, account ASC, community ASC
LIMIT $limit
