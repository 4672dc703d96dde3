-- change: finding_gained
-- theme: doors
-- effect: more
-- severity: medium
-- title.en: A rule finds something that it did not find before
-- title.nl: Een regel vindt iets wat hij eerst niet vond
-- says.en: {title}
-- says.nl: {title_nl}
-- why.en: The rule {rule} gives this weight; before the update it found nothing here.
-- why.nl: De regel {rule} geeft dit gewicht; voor de update vond hij hier niets.
-- limits: What both builds have alike is not told, however grave: it is in the report of either case.
-- needs: whole
WITH o AS (SELECT * FROM old_judgement), n AS (SELECT * FROM new_judgement)
SELECT trim(n.actor_now || ' ' || CASE WHEN n.subject = n.actor_now THEN '' ELSE n.subject || ' ' END || n.rule) AS subject, NULL AS before, n.title AS after, n.severity, CASE WHEN n.rule LIKE '%update%' THEN 80 WHEN n.rule LIKE 'remote%' THEN 75 WHEN n.rule LIKE '%silent%' THEN 70 ELSE 40 END AS weight, n.title, n.title_nl, n.rule, n.f AS after_fact
FROM n WHERE (SELECT max(o.grave) FROM o WHERE o.rule = n.rule AND o.actor = n.actor AND o.key = n.key) IS NULL
