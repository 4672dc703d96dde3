-- change: native_text_added
-- theme: code
-- effect: more
-- severity: info
-- title.en: A native file names a command, place or socket that it did not
-- title.nl: Een native bestand noemt een opdracht, plaats of socket die het niet noemde
-- says.en: {path} names “{name}”{from}
-- says.nl: {path} noemt “{name}”{from}
-- why.en: {purpose}
-- why.nl: {purpose_nl}
SELECT c.path || ' ' || c.name AS subject, c.path, c.name, CASE WHEN c.called_from IS NULL THEN '' ELSE ', in ' || c.called_from END AS "from",
       coalesce('It is for: ' || k.title_en || '. Presence is not use.', 'It says what the code is about. Presence is not use.') AS purpose, coalesce('Het dient voor: ' || k.title_nl || '. Aanwezig is niet gebruikt.', 'Het zegt waar de code over gaat. Aanwezig is niet gebruikt.') AS purpose_nl,
       NULL AS before, c.after, CASE WHEN c.mark IS NULL THEN 0 ELSE 5 END AS weight, c.old_fact AS before_fact, c.new_fact AS after_fact
FROM native_change c LEFT JOIN power_kind k ON k.power = c.mark WHERE c.what = 'string_added' AND (c.mark IS NOT NULL OR c.detail IN ('command', 'socket', 'path'))
