// title: Most active accounts
// question: Who writes most, and of what: own words, retweets, quotes or replies?
// reads: (:Account)-[:POSTED]->(:Post {kind, seen_as})
// portability: both
// key: account
// param: limit integer [rows] = 20: at most so many
// returns: account text, the author
// returns: posts integer, primary posts
// returns: originals integer, neither retweet nor quote nor reply
// returns: retweets integer, posts that retweet
// returns: quotes integer, posts that quote
// returns: replies integer, posts that answer
MATCH (a:Account)-[:POSTED]->(p:Post)
WHERE p.seen_as = "primary"
WITH a.account_id AS account, count(*) AS posts,
     count(CASE WHEN p.kind = "original" THEN 1 END) AS originals,
     count(CASE WHEN p.kind = "share" THEN 1 END) AS retweets,
     count(CASE WHEN p.kind = "quote" THEN 1 END) AS quotes,
     count(CASE WHEN p.kind = "reply" THEN 1 END) AS replies
RETURN account, posts, originals, retweets, quotes, replies
ORDER BY posts DESC, size(account) ASC, account ASC
LIMIT $limit
