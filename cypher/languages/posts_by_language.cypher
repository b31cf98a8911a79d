// title: Posts by language
// question: In which languages do people write, and how much of it is their own words?
// reads: (:Account)-[:POSTED]->(:Post {lang, kind, seen_as})
// portability: both
// key: language
// param: limit integer [rows] = 20: at most so many
// returns: language text, as the platform says; null where it does not
// returns: posts integer, primary posts
// returns: originals integer, of these, neither retweet nor quote nor reply
// returns: retweets integer, of these, retweets
// returns: accounts integer, different authors
MATCH (a:Account)-[:POSTED]->(p:Post)
WHERE p.seen_as = "primary"
WITH p.lang AS language, count(*) AS posts,
     count(CASE WHEN p.kind = "original" THEN 1 END) AS originals,
     count(CASE WHEN p.kind = "share" THEN 1 END) AS retweets,
     count(DISTINCT a.account_id) AS accounts
RETURN language, posts, originals, retweets, accounts
ORDER BY posts DESC, language ASC
LIMIT $limit
