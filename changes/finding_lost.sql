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
WITH told(rule) AS (VALUES ('open_door_to_commands'), ('open_door_to_personal_data'), ('open_door_to_settings_or_network'), ('open_door_to_silent_install'), ('exported_door_of_system_app'), ('update_agent_without_check'), ('dialer_code'), ('added_certificate_authority'), ('permissive_domain'), ('setuid_program'), ('file_capability'), ('world_writable_program')),   -- a kind of its own tells these more precisely
     o AS MATERIALIZED (SELECT f.rule, coalesce(a.name, '') AS actor, f.subject AS key, f.* FROM old_finding f LEFT JOIN old_actor a ON a.actor_id = f.actor_id WHERE f.rule NOT IN (SELECT rule FROM told)),
     n AS MATERIALIZED (SELECT f.rule, coalesce(p.before_name, a.name, '') AS actor, old_name(coalesce(p.before_name, a.name, ''), f.subject) AS key, coalesce(a.name, '') AS actor_now, f.*
           FROM new_finding f LEFT JOIN new_actor a ON a.actor_id = f.actor_id LEFT JOIN package_pair p ON p.after_id = f.actor_id WHERE f.rule NOT IN (SELECT rule FROM told)),
     gone AS (SELECT o.*, CASE o.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END AS grave FROM o WHERE NOT EXISTS (SELECT 1 FROM n WHERE n.rule = o.rule AND n.actor = o.actor AND n.key = o.key))
SELECT trim(actor || ' ' || CASE WHEN subject = actor THEN '' ELSE subject END) AS subject, title AS before, NULL AS after, grave * 10 AS weight, title, title_nl, rule, fact_id AS before_fact FROM gone
