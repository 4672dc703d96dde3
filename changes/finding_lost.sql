-- change: finding_lost
-- theme: doors
-- effect: less
-- severity: info
-- title.en: A rule does not find something any more
-- title.nl: Een regel vindt iets niet meer
-- says.en: No longer: {title}
-- says.nl: Niet meer: {title_nl}
-- why.en: Something was taken away that the rule {rule} found before; a fix is a fact too, and so is a thing silently removed.
-- why.nl: Er is iets weg wat de regel {rule} eerst vond; ook een verbetering is een feit, en ook wat stil verdween.
-- limits: The part that held it may be absent from the new evidence; see what was not seen.
-- needs: whole
WITH o AS (SELECT * FROM old_judgement), n AS (SELECT * FROM new_judgement)
SELECT trim(o.actor || ' ' || CASE WHEN o.subject = o.actor THEN '' ELSE o.subject || ' ' END || o.rule) AS subject, o.title AS before, NULL AS after, o.grave * 10 AS weight, o.title, o.title_nl, o.rule, o.f AS before_fact
FROM o WHERE NOT EXISTS (SELECT 1 FROM n WHERE n.rule = o.rule AND n.actor = o.actor AND n.key = o.key)
