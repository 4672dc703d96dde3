-- change: native_use_removed
-- theme: code
-- effect: less
-- severity: info
-- title.en: A native file does not use a function of the system any more
-- title.nl: Een native bestand gebruikt een functie van het systeem niet meer
-- says.en: {path} does not use {name} any more
-- says.nl: {path} gebruikt {name} niet meer
-- why.en: It is for: {purpose}.
-- why.nl: Het dient voor: {purpose_nl}.
SELECT c.path || ' ' || c.name AS subject, c.path, c.name, coalesce(k.title_en, c.mark) AS purpose, coalesce(k.title_nl, c.mark) AS purpose_nl, c.before, NULL AS after, 5 AS weight, c.old_fact AS before_fact, c.new_fact AS after_fact
FROM native_change c LEFT JOIN power_kind k ON k.power = c.mark WHERE c.what = 'import_removed' AND c.mark IS NOT NULL
