-- change: code_texts_added
-- theme: code
-- effect: other
-- severity: info
-- title.en: Code holds texts that it did not hold
-- title.nl: Code bevat teksten die ze niet bevatte
-- says.en: {app} holds {n} texts that were nowhere in it: {after}
-- says.nl: {app} bevat {n_nl} teksten die er nergens in stonden: {after}
-- why.en: {reason} A text that stands there need not be used.
-- why.nl: {reason} Een tekst die er staat hoeft niet gebruikt te worden.
-- words: reason
WITH f AS MATERIALIZED (SELECT app, value, min(new_fact) AS fact, mark IS NOT NULL AS telling
     FROM code_change WHERE what = 'string_added' AND only_here = 1 GROUP BY app, value),
     o AS (SELECT * FROM f ORDER BY app, telling DESC, value)
SELECT app AS subject, app, CASE WHEN (SELECT max(m.left_out) FROM code_match m WHERE m.app = o.app) > 0 THEN 'at least ' ELSE '' END || count(*) AS n, CASE WHEN (SELECT max(m.left_out) FROM code_match m WHERE m.app = o.app) > 0 THEN 'minstens ' ELSE '' END || count(*) AS n_nl, NULL AS before, substr(group_concat('"' || value || '"', ', '), 1, 300) AS after, CASE WHEN sum(telling) > 0 THEN 'low' ELSE 'info' END AS severity, sum(telling) AS weight, min(fact) AS after_fact,
       CASE WHEN sum(telling) > 0 THEN sum(telling) || ' of them name commands, places, properties, addresses or ciphers.' ELSE 'None of them names a command, a place, a property, an address or a cipher.' END AS reason
FROM o GROUP BY app
