-- change: traffic_leak_not_compared
-- theme: network
-- effect: other
-- severity: info
-- title.en: Identifiers of the owner that only one side was searched for
-- title.nl: Identificaties van de eigenaar waar maar één kant op doorzocht is
-- says.en: {kinds} kinds of identifiers were looked for on one side only: no change is read from them
-- says.nl: {kinds} soorten identificaties zijn maar aan één kant gezocht: daaruit wordt geen verandering gelezen
-- why.en: Scan both sides with the same file of --identifiers to compare them. A kind counts as looked for when a scan was given one of it.
-- why.nl: Scan beide kanten met hetzelfde bestand voor --identifiers om ze te vergelijken. Een soort telt als gezocht wanneer een scan er een van kreeg.
SELECT 'identifiers of the owner' AS subject, count(*) AS kinds, (SELECT group_concat(identifier, ', ') FROM (SELECT identifier FROM traffic_sought WHERE sought_after IS NULL ORDER BY identifier)) AS before,
       (SELECT group_concat(identifier, ', ') FROM (SELECT identifier FROM traffic_sought WHERE sought_before IS NULL ORDER BY identifier)) AS after, 'info' AS severity, min(old_fact) AS before_fact, min(new_fact) AS after_fact
FROM traffic_sought WHERE sought_before IS NULL OR sought_after IS NULL HAVING count(*) > 0
