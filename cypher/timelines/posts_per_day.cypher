// title: Posts per day
// question: How many posts were written on each day (UTC), and of what kind?
// reads: (:Post {created_ms, kind, seen_as})
// portability: both
// key: day_ms, kind
// param: since integer [epoch milliseconds] = 0: from this instant on
// param: until integer [epoch milliseconds] = 253402300800000: before this instant
// param: limit integer [rows] = 1000: at most so many
// returns: day_ms integer, 00:00 UTC of the day, epoch milliseconds
// returns: kind text, original, share, quote or reply
// returns: posts integer, primary posts
MATCH (p:Post)
WHERE p.seen_as = "primary" AND p.created_ms >= $since AND p.created_ms < $until
WITH p.created_ms / 86400000 * 86400000 AS day_ms, p.kind AS kind, count(*) AS posts
RETURN day_ms, kind, posts
ORDER BY day_ms ASC, kind ASC
LIMIT $limit
