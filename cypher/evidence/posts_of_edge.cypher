// title: Posts behind an edge
// question: Which posts made the retweet edge between two accounts?
// reads: (:Account)-[:POSTED]->(:Post)-[:SHARES|ADDRESSES {created_ms}]->(:Post|:Account)
// portability: both
// key: post, original
// param: source text [account id] = "": account that retweets; nothing means the heaviest edge
// param: target text [account id] = "": account that is retweeted
// param: limit integer [rows] = 50: at most so many
// returns: source text, account that retweets
// returns: target text, account that is retweeted
// returns: post text, the retweet
// returns: original text, the post that was retweeted; null where it is unknown
// returns: created_ms integer, time of the retweet, epoch milliseconds
MATCH (x:Account)-[e:RETWEETED]->(y:Account)
WHERE ($source = "" AND x.account_id <> y.account_id)
   OR (x.account_id = $source AND y.account_id = $target)
WITH x.account_id AS actor, y.account_id AS author, e.weight AS weight
ORDER BY weight DESC, size(actor) ASC, actor ASC, size(author) ASC, author ASC
LIMIT 1
MATCH (a:Account)-[:POSTED]->(p:Post)-[r:SHARES|ADDRESSES]->(o)
WHERE a.account_id = actor
  AND (r.target_id = author OR (r.kind = "share" AND o.account_id = author))
RETURN a.account_id AS source, author AS target, p.post_id AS post, o.post_id AS original,
       r.created_ms AS created_ms
ORDER BY created_ms ASC, post ASC, original ASC
LIMIT $limit
