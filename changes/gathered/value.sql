-- gathered: value
-- says: Settings by scope and name, with all their values.
SELECT scope, name, group_concat(value, '; ') AS v, min(fact_id) AS f FROM (SELECT scope, name, coalesce(value, '') AS value, min(fact_id) AS fact_id FROM SIDE_setting GROUP BY 1, 2, 3 ORDER BY scope, name, value) GROUP BY scope, name
