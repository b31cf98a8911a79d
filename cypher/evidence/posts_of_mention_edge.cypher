// title: Posts behind a mention edge
// question: In which posts did an account choose to name another one?
// reads: (:Account)-[:POSTED]->(:Post)-[:MENTIONS {n_authored}]->(:Account)
// portability: both
// key: post
// param: source text [account id] = "": account that names; nothing means the heaviest edge
// param: target text [account id] = "": account that is named
// param: limit integer [rows] = 50: at most so many
// returns: source text, account that names
// returns: target text, account that is named
// returns: post text, the post
// returns: mentions integer, how often its author wrote the name
// returns: created_ms integer, time of the post, epoch milliseconds
MATCH (x:Account)-[e:MENTIONED]->(y:Account)
WHERE e.weight > 0 AND (($source = "" AND x.account_id <> y.account_id)
   OR (x.account_id = $source AND y.account_id = $target))
WITH x.account_id AS actor, y.account_id AS named, e.weight AS weight
ORDER BY weight DESC, size(actor) ASC, actor ASC, size(named) ASC, named ASC
LIMIT 1
MATCH (a:Account)-[:POSTED]->(p:Post)-[m:MENTIONS]->(b:Account)
WHERE a.account_id = actor AND b.account_id = named AND m.n_authored > 0
RETURN a.account_id AS source, b.account_id AS target, p.post_id AS post,
       m.n_authored AS mentions, p.created_ms AS created_ms
ORDER BY created_ms ASC, post ASC
LIMIT $limit
