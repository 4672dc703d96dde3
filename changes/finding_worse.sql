-- change: finding_worse
-- theme: doors
-- effect: more
-- severity: medium
-- title.en: A rule judges something graver than before
-- title.nl: Een regel weegt iets zwaarder dan eerst
-- says.en: {title} (it was {before})
-- says.nl: {title_nl} (het was {before})
-- why.en: The rule {rule} gave it {before} before the update.
-- why.nl: De regel {rule} gaf er voor de update {before} aan.
-- words: before after
-- needs: whole
WITH o AS (SELECT * FROM old_judgement), n AS (SELECT * FROM new_judgement),
     graver AS (SELECT n.*, (SELECT max(o.grave) FROM o WHERE o.rule = n.rule AND o.actor = n.actor AND o.key = n.key) AS was FROM n)
SELECT trim(n.actor_now || ' ' || CASE WHEN n.subject = n.actor_now THEN '' ELSE n.subject || ' ' END || n.rule) AS subject,
       CASE n.was WHEN 3 THEN 'high' WHEN 2 THEN 'medium' WHEN 1 THEN 'low' ELSE 'info' END AS before, n.severity AS after, n.severity, CASE WHEN n.rule LIKE '%update%' THEN 80 WHEN n.rule LIKE 'remote%' THEN 75 WHEN n.rule LIKE '%silent%' THEN 70 ELSE 40 END AS weight, n.title, n.title_nl, n.rule, n.f AS after_fact
FROM graver n WHERE n.was < n.grave
