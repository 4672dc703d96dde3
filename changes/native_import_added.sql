-- change: native_import_added
-- theme: code
-- effect: more
-- severity: low
-- title.en: A native file uses a function of the system that it did not
-- title.nl: Een native bestand gebruikt een functie van het systeem die het niet gebruikte
-- says.en: {path} uses {name}{from}
-- says.nl: {path} gebruikt {name}{from_nl}
-- why.en: It is for: {purpose}. That it is used does not show what for.
-- why.nl: Het dient voor: {purpose_nl}. Dat het gebruikt wordt toont niet waarvoor.
SELECT c.path || ' ' || c.name AS subject, c.path, c.name, CASE WHEN c.called_from IS NULL THEN '' ELSE ', in ' || c.called_from END AS "from", CASE WHEN c.called_from IS NULL THEN '' ELSE ', in ' || c.called_from END AS from_nl,
       coalesce(k.title_en, c.mark) AS purpose, coalesce(k.title_nl, c.mark) AS purpose_nl, NULL AS before, c.after,
       CASE WHEN c.mark IN ('load_code', 'run_commands', 'exec', 'trace') THEN 'low' ELSE 'info' END AS severity, CASE WHEN c.mark IN ('load_code', 'run_commands') THEN 20 ELSE 10 END AS weight, c.old_fact AS before_fact, c.new_fact AS after_fact
FROM native_change c LEFT JOIN power_kind k ON k.power = c.mark WHERE c.what = 'import_added' AND c.mark IS NOT NULL
