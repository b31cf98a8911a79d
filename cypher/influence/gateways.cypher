// title: Gateways between communities
// question: Through whom does the attention between communities go, by the partition of a run?
// reads: (:Run)-[:ASSIGNED {community}]->(:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: account
// param: run text [run id] = "": nothing means the newest run with communities
// param: least float [acts] = 1.0: so many retweets between two communities at least
// param: limit integer [rows] = 20: at most so many
// returns: account text, the account that is retweeted by other communities
// returns: community integer, its own
// returns: gateway float, its share of the retweets of its community, summed over others, to 1e-9
// returns: retweets float, acts of other communities upon it
// returns: communities integer, other communities that retweet it
MATCH (x:Run)-[:ASSIGNED]->(:Account)
WHERE $run = "" OR x.run_id = $run
WITH DISTINCT x.run_id AS chosen, x.written_ms AS written
ORDER BY written DESC, chosen DESC
LIMIT 1
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)-[r:RETWEETED]->(b:Account)<-[t:ASSIGNED]-(m:Run)
WHERE n.run_id = chosen AND m.run_id = chosen AND s.community <> t.community
WITH chosen, s.community AS source, t.community AS target, sum(r.weight) AS flow
WHERE flow >= $least
MATCH (o:Run)-[u:ASSIGNED]->(c:Account)-[w:RETWEETED]->(d:Account)<-[v:ASSIGNED]-(p:Run)
WHERE o.run_id = chosen AND p.run_id = chosen AND u.community = source AND v.community = target
WITH d.account_id AS account, target, source, flow, sum(w.weight) AS acts
WITH account, target AS community,
     sum(coalesce(floor(1000000000.0 * acts / flow + 0.5), 0.0)) AS billionths,
     sum(acts) AS retweets, count(*) AS communities
RETURN account, community, billionths / 1000000000.0 AS gateway, retweets, communities
ORDER BY gateway DESC, size(account) ASC, account ASC
LIMIT $limit
