-- change: code_not_compared
-- theme: code
-- effect: other
-- severity: info
-- title.en: Code could not be compared whole
-- title.nl: Code kon niet in haar geheel vergeleken worden
-- says.en: Code of {app} could not be compared whole{reason}
-- says.nl: Code van {app} kon niet in haar geheel vergeleken worden{reason_nl}
-- why.en: What was not compared may have changed unseen.
-- why.nl: Wat niet vergeleken is kan ongezien veranderd zijn.
-- words: before after
WITH said(reason, reason_nl) AS (VALUES('no code of it was found in the new build', 'in de nieuwe build is er geen gevonden'), ('no code of it was found in the old build', 'in de oude build is er geen gevonden'), ('no code of it was found in either build', 'in geen van beide builds is er gevonden'),
     ('part of its code could not be read', 'een deel kon niet gelezen worden'), ('its code is larger than what is unpacked at a time', 'ze is groter dan wat tegelijk wordt uitgepakt'))
SELECT m.app AS subject, m.app, coalesce(': ' || m.reason, '') AS reason, coalesce(': ' || coalesce(s.reason_nl, m.reason), '') AS reason_nl, m.classes_old || ' classes' AS before, m.classes_new || ' classes' AS after, m.old_fact AS before_fact, m.new_fact AS after_fact
FROM code_match m LEFT JOIN said s ON s.reason = m.reason WHERE m.state = 'unread'
