-- change: native_code_changed
-- theme: code
-- effect: other
-- severity: info
-- title.en: A native file has other functions
-- title.nl: Een native bestand heeft andere functies
-- says.en: {path}: {n} of {total} functions changed, {added} new, {removed} gone{data}
-- says.nl: {path}: {n} van {total} functies veranderd, {added} nieuw, {removed} weg{data_nl}
-- why.en: What linking anew changes is left out: these functions do something else. `native_change` names them.
-- why.nl: Wat alleen door opnieuw linken verandert telt niet mee: deze functies doen iets anders. `native_change` noemt ze.
-- words: before after
SELECT path AS subject, path, changed AS n, functions_old AS total, added, removed, CASE data WHEN 'differs' THEN '; its data differ too' ELSE '' END AS data, CASE data WHEN 'differs' THEN '; ook de gegevens zijn anders' ELSE '' END AS data_nl, functions_old || ' functions' AS before, functions_new || ' functions: ' || same || ' the same, ' || changed || ' changed, ' || added || ' new, ' || removed || ' gone' AS after,
       old_fact AS before_fact, new_fact AS after_fact
FROM native_match WHERE "equal" = 'differs'
