// title: Mixing indices of sides
// question: How divided are the communities of a run by each index of who retweets whom?
// reads: (:Run)-[:ASSIGNED {community}]->(:Account)-[:RETWEETED]->(:Account)
// portability: both
// key: run
// param: run text [run id] = "": nothing means the newest run with communities of all retweets
// param: limit integer [rows] = 1: at most so many
// returns: run text, id of the run
// returns: sides integer, communities
// returns: accounts integer, accounts with a community, those without retweets among them too
// returns: pairs integer, pairs of accounts with retweets one way or both
// returns: ei_index float, (across - inside) / (across + inside) of the pairs
// returns: modularity float, of the pairs, not of their acts; like the other sums to 12 digits
// returns: assortativity float, modularity as a share of the largest there can be
// returns: conductance float, of the least closed side; missing where a side has no pair
// returns: freeman_segregation float, 1 - pairs across over those expected at random
// returns: coleman_homophily float, mean over accounts; missing where a side has no pair or one account
// returns: segregation_matrix_index float, mean over accounts; missing as coleman_homophily
// returns: odds_ratio_within float, missing where no pair is across, or all pairs inside are in contact
MATCH (x:Run)-[:ASSIGNED]->(:Account)
WHERE ($run = "" OR x.run_id = $run)
  AND (NOT x.parameters CONTAINS '"graph": "' OR x.parameters CONTAINS '"graph": "retweet"')
WITH DISTINCT x.run_id AS chosen, x.written_ms AS written
ORDER BY written DESC, chosen DESC
LIMIT 1
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)
WHERE n.run_id = chosen
WITH chosen, count(a) AS accounts, count(DISTINCT s.community) AS sides
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)-[r:RETWEETED]->(b:Account)<-[t:ASSIGNED]-(m:Run)
WHERE n.run_id = chosen AND m.run_id = chosen AND a.account_id <> b.account_id
WITH DISTINCT chosen, sides, accounts,
     CASE WHEN a.account_id < b.account_id THEN a.account_id ELSE b.account_id END AS first,
     CASE WHEN a.account_id < b.account_id THEN b.account_id ELSE a.account_id END AS second,
     s.community = t.community AS own
WITH chosen, sides, accounts, sum(coalesce(2, 0)) AS all_ends,
     sum(coalesce(CASE WHEN own THEN 2 ELSE 0 END, 0)) AS all_inside
MATCH (n:Run)-[s:ASSIGNED]->(a:Account)
WHERE n.run_id = chosen
WITH chosen, sides, accounts, all_ends, all_inside, s.community AS side, count(a) AS held
OPTIONAL MATCH (m:Run)-[u:ASSIGNED]->(b:Account)-[r:RETWEETED]->(c:Account)<-[t:ASSIGNED]-(o:Run)
WHERE m.run_id = chosen AND o.run_id = chosen AND b.account_id <> c.account_id
  AND (u.community = side OR t.community = side)
WITH DISTINCT chosen, sides, accounts, all_ends, all_inside, side, held,
     CASE WHEN b.account_id < c.account_id THEN b.account_id ELSE c.account_id END AS first,
     CASE WHEN b.account_id < c.account_id THEN c.account_id ELSE b.account_id END AS second,
     u.community = t.community AS own
WITH chosen, sides, accounts, all_ends, all_inside, side, held,
     sum(coalesce(CASE WHEN own THEN 2 WHEN NOT own THEN 1 ELSE 0 END, 0)) AS d,
     sum(coalesce(CASE WHEN own THEN 2 ELSE 0 END, 0)) AS i
WITH chosen, sides, accounts, all_ends, all_inside,
     min(held) AS least, min(d) AS fewest,
     sum(coalesce(1.0 * d / all_ends * d / all_ends, 0.0)) AS expected,
     sum(coalesce(1.0 * held * held, 0.0)) AS squares,
     max(CASE WHEN d > 0 AND d < all_ends
              THEN 1.0 * (d - i) / CASE WHEN 2 * d < all_ends THEN d ELSE all_ends - d END
         END) AS open,
     sum(CASE WHEN held < 2 OR d = 0 THEN 0.0
              WHEN 1.0 * i / d > 1.0 * (held - 1) / (accounts - 1)
              THEN held * (1.0 * i / d - 1.0 * (held - 1) / (accounts - 1))
                   / (1 - 1.0 * (held - 1) / (accounts - 1))
              ELSE held * (1.0 * i / d * (accounts - 1) / (held - 1) - 1)
         END) AS coleman,
     sum(CASE WHEN held < 2 OR d = 0 THEN 0.0
              ELSE held * (1.0 * i / (held * (held - 1)) - 1.0 * (d - i) / (held * (accounts - held)))
                   / (1.0 * i / (held * (held - 1)) + 1.0 * (d - i) / (held * (accounts - held)))
         END) AS matrix
WHERE sides > 1 AND all_ends > 0
RETURN chosen AS run, sides, accounts, all_ends / 2 AS pairs,
       1.0 * (all_ends - 2 * all_inside) / all_ends AS ei_index,
       floor((1.0 * all_inside / all_ends - expected) * 1000000000000.0 + 0.5) / 1000000000000.0 AS modularity,
       CASE WHEN expected < 1
            THEN floor((1.0 * all_inside / all_ends - expected) / (1 - expected) * 1000000000000.0 + 0.5)
                 / 1000000000000.0
       END AS assortativity,
       CASE WHEN fewest > 0 THEN open END AS conductance,
       1 - 1.0 * (all_ends - all_inside) / all_ends
           / ((1.0 * accounts * accounts - squares) / (1.0 * accounts * (accounts - 1)))
       AS freeman_segregation,
       CASE WHEN least > 1 AND fewest > 0 THEN floor(coleman / accounts * 1000000000000.0 + 0.5) / 1000000000000.0
       END AS coleman_homophily,
       CASE WHEN least > 1 AND fewest > 0 THEN floor(matrix / accounts * 1000000000000.0 + 0.5) / 1000000000000.0
       END
       AS segregation_matrix_index,
       CASE WHEN all_ends > all_inside AND squares - accounts > all_inside
            THEN 1.0 * all_inside / (all_ends - all_inside)
                 * ((1.0 * accounts * accounts - squares - (all_ends - all_inside))
                    / (squares - accounts - all_inside))
       END AS odds_ratio_within
ORDER BY run ASC
LIMIT $limit
