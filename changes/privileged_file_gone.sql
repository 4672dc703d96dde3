-- change: privileged_file_gone
-- theme: files
-- effect: less
-- severity: info
-- title.en: A file does not give rights any more
-- title.nl: Een bestand geeft geen rechten meer
-- says.en: {path} does not give rights any more: {before}
-- says.nl: {path} geeft geen rechten meer: {before}
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
WITH o AS (SELECT * FROM old_strong_file), n AS (SELECT * FROM new_strong_file)
SELECT o.path || ' ' || o.how AS subject, o.path, o.says AS before, NULL AS after, o.f AS before_fact FROM o WHERE NOT EXISTS (SELECT 1 FROM n WHERE o.path = n.path AND o.how = n.how)
