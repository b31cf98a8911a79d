// title: Index values of runs
// question: How divided was each graph found to be, and is that more than chance?
// reads: (:Run)-[:MEASURED]->(:IndexValue)
// portability: both
// key: run, index_name
// param: limit integer [rows] = 50: at most so many
// returns: run text, id of the run
// returns: written_ms integer, epoch milliseconds
// returns: index_name text, name of the index
// returns: value float, the index
// returns: null_mean float, mean over random graphs; null without a null model
// returns: null_sd float, standard deviation over them
// returns: z float, distance from their mean in standard deviations
// returns: p float, (1 + random graphs at least as divided) / (1 + random graphs)
// returns: low float, lower end of the interval
// returns: high float, upper end
// returns: choices text, what else decided the number, as JSON
MATCH (n:Run)-[:MEASURED]->(i:IndexValue)
RETURN n.run_id AS run, n.written_ms AS written_ms, i.name AS index_name, i.value AS value,
       i.null_mean AS null_mean, i.null_sd AS null_sd, i.z AS z, i.p AS p, i.low AS low,
       i.high AS high, i.choices AS choices
ORDER BY written_ms ASC, run ASC, index_name ASC
LIMIT $limit
