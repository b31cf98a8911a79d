// title: Shortest chains of retweets
// question: By whom could what an account writes come to somebody who does not retweet it directly?
// reads: (:Account)-[:RETWEETED]->(:Account)
// portability: two bodies
// key: chain
// param: source text [account id] = "": where the chain begins; nothing means an account that is farthest away
// param: target text [account id] = "": whose posts come to it; nothing means the most retweeted account
// param: limit integer [rows] = 20: at most so many
// returns: source text, account at the beginning, which retweets the next one
// returns: target text, account at the end
// returns: steps integer, retweets from one to the other, at most 6
// returns: chain text, the accounts on the way, from source to target
// @ladybug
MATCH (x:Account)-[s:RETWEETED]->(y:Account)
WHERE x.account_id <> y.account_id
WITH y.account_id AS candidate, sum(s.weight) AS total
WHERE $target = "" OR candidate = $target
WITH candidate, total
ORDER BY total DESC, size(candidate) ASC, candidate ASC
LIMIT 1
MATCH (b:Account)
WHERE b.account_id = candidate
WITH b
MATCH way = (b)<-[:RETWEETED* SHORTEST 1..6]-(a:Account)
WHERE a.account_id <> b.account_id AND ($source = "" OR a.account_id = $source)
WITH a.account_id AS origin, b.account_id AS goal, length(way) AS steps
ORDER BY steps DESC, size(origin) ASC, origin ASC, goal ASC
LIMIT 1
MATCH (a:Account)
WHERE a.account_id = origin
WITH a, goal
MATCH path = (a)-[:RETWEETED* ALL SHORTEST 1..6]->(b:Account)
WHERE b.account_id = goal
RETURN a.account_id AS source, goal AS target, length(path) AS steps,
       list_to_string(" > ", properties(nodes(path), "account_id")) AS chain
ORDER BY chain ASC
LIMIT $limit
// @neo4j
MATCH (x:Account)-[s:RETWEETED]->(y:Account)
WHERE x.account_id <> y.account_id
WITH y.account_id AS candidate, sum(s.weight) AS total
WHERE $target = "" OR candidate = $target
WITH candidate, total
ORDER BY total DESC, size(candidate) ASC, candidate ASC
LIMIT 1
MATCH (a:Account), (b:Account)
WHERE b.account_id = candidate AND a.account_id <> candidate
  AND ($source = "" OR a.account_id = $source)
MATCH way = shortestPath((a)-[:RETWEETED*1..6]->(b))
WITH a.account_id AS origin, candidate, length(way) AS steps
ORDER BY steps DESC, size(origin) ASC, origin ASC, candidate ASC
LIMIT 1
MATCH (a:Account), (b:Account)
WHERE a.account_id = origin AND b.account_id = candidate
MATCH path = allShortestPaths((a)-[:RETWEETED*1..6]->(b))
RETURN origin AS source, candidate AS target, length(path) AS steps,
       reduce(t = origin, n IN tail(nodes(path)) | t + " > " + n.account_id) AS chain
ORDER BY chain ASC
LIMIT $limit
