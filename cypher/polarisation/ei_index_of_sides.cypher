// title: E–I index of sides
// question: Do accounts retweet across the communities of a run or inside their own?
// reads: (:Run)-[:ASSIGNED {community}]->(:Account)-[:RETWEETED {weight}]->(:Account)
// portability: both
// key: run
// param: run text [run id] = "": nothing means the newest run with communities of all retweets
// param: limit integer [rows] = 1: at most so many
// returns: run text, id of the run
// returns: inside integer, pairs of accounts of one community with retweets one way or both
// returns: across integer, such pairs of two communities
// returns: ei_index float, (across - inside) / (across + inside): -1 when nobody retweets across
// returns: retweets_inside float, acts inside, self-retweets left out
// returns: retweets_across float, acts across
// returns: ei_index_weighted float, the same of acts in place of pairs
MATCH (x:Run)-[:ASSIGNED]->(:Account)
WHERE ($run = "" OR x.run_id = $run)
  AND (NOT x.parameters CONTAINS '"graph": "' OR x.parameters CONTAINS '"graph": "retweet"')
WITH DISTINCT x.run_id AS chosen, x.written_ms AS written
ORDER BY written DESC, chosen DESC
LIMIT 1
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)-[r:RETWEETED]->(b:Account)<-[t:ASSIGNED]-(m:Run)
WHERE n.run_id = chosen AND m.run_id = chosen AND a.account_id <> b.account_id
WITH chosen,
     CASE WHEN a.account_id < b.account_id THEN a.account_id ELSE b.account_id END AS first,
     CASE WHEN a.account_id < b.account_id THEN b.account_id ELSE a.account_id END AS second,
     s.community = t.community AS own, sum(r.weight) AS acts
WITH chosen AS run, count(CASE WHEN own THEN 1 END) AS inside,
     count(CASE WHEN NOT own THEN 1 END) AS across,
     sum(CASE WHEN own THEN acts ELSE 0.0 END) AS retweets_inside,
     sum(CASE WHEN own THEN 0.0 ELSE acts END) AS retweets_across
RETURN run, inside, across, 1.0 * (across - inside) / (across + inside) AS ei_index,
       retweets_inside, retweets_across,
       (retweets_across - retweets_inside) / (retweets_across + retweets_inside)
       AS ei_index_weighted
ORDER BY run ASC
LIMIT $limit
