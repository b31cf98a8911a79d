// title: Flow between communities
// question: Which community retweets which, and how much, by the partition of a run?
// reads: (:Run)-[:ASSIGNED {community}]->(:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: source, target
// param: run text [run id] = "": nothing means the newest run with communities
// param: limit integer [rows] = 100: at most so many
// returns: source integer, community that retweets
// returns: target integer, community that is retweeted
// returns: retweets float, acts, self-retweets left out
// returns: edges integer, different pairs of accounts
MATCH (x:Run)-[:ASSIGNED]->(:Account)
WHERE $run = "" OR x.run_id = $run
WITH DISTINCT x.run_id AS chosen, x.written_ms AS written
ORDER BY written DESC, chosen DESC
LIMIT 1
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)-[r:RETWEETED]->(b:Account)<-[t:ASSIGNED]-(m:Run)
WHERE n.run_id = chosen AND m.run_id = chosen AND a.account_id <> b.account_id
WITH s.community AS source, t.community AS target, sum(r.weight) AS retweets, count(*) AS edges
RETURN source, target, retweets, edges
ORDER BY source ASC, target ASC
LIMIT $limit
