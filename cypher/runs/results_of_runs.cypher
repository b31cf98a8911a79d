// title: Runs and what they wrote
// question: Which analyses were written back, how were they made, and to how many accounts?
// reads: (:Run)-[:ASSIGNED|SCORED]->(:Account)
// portability: both
// key: run
// param: limit integer [rows] = 50: at most so many
// returns: run text, id of the run
// returns: name text, as given
// returns: method text, methods and measures
// returns: seed integer, of the first stochastic one
// returns: input text, fingerprint of the graph
// returns: written_ms integer, epoch milliseconds
// returns: results integer, scores and communities written
MATCH (n:Run)
OPTIONAL MATCH (n)-[r:ASSIGNED|SCORED]->(a:Account)
WITH n.run_id AS run, n.name AS name, n.method AS method, n.seed AS seed, n.input AS input,
     n.written_ms AS written_ms, count(a.account_id) AS results
RETURN run, name, method, seed, input, written_ms, results
ORDER BY written_ms ASC, run ASC
LIMIT $limit
