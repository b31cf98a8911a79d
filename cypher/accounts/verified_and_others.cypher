// title: Verified accounts and others
// question: How much of the attention goes to verified accounts, and how many followers do they have?
// reads: (:Account)-[:RETWEETED {weight}]->(:Account {verified, followers})
// portability: both
// key: verified
// param: limit integer [rows] = 20: at most so many
// returns: verified boolean, null where the platform does not say
// returns: accounts integer, accounts of that kind
// returns: retweeted integer, of these, retweeted by another one
// returns: retweets float, acts of others upon them
// returns: known integer, accounts whose followers are known
// returns: followers integer, sum over those that are known
MATCH (a:Account)
OPTIONAL MATCH (b:Account)-[r:RETWEETED]->(a)
WHERE b.account_id <> a.account_id
WITH a, sum(coalesce(r.weight, 0.0)) AS total, count(b.account_id) AS amplifiers
WITH a.verified AS verified, count(*) AS accounts,
     count(CASE WHEN amplifiers > 0 THEN 1 END) AS retweeted, sum(total) AS retweets,
     count(a.followers) AS known,
     CASE WHEN count(a.followers) > 0 THEN sum(coalesce(a.followers, 0)) END AS followers
RETURN verified, accounts, retweeted, retweets, known, followers
ORDER BY verified ASC
LIMIT $limit
