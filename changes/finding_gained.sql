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
WITH told(rule) AS (VALUES ('open_door_to_commands'), ('open_door_to_personal_data'), ('open_door_to_settings_or_network'), ('open_door_to_silent_install'), ('exported_door_of_system_app'), ('update_agent_without_check'), ('dialer_code'), ('added_certificate_authority'), ('permissive_domain'), ('public_key_behind_updates_or_boot'), ('verified_boot_switched_off'), ('setuid_program'), ('file_capability'), ('world_writable_program')),   -- a kind of its own tells these more precisely
     o AS MATERIALIZED (SELECT f.rule, coalesce(a.name, '') AS actor, f.subject AS key, f.* FROM old_finding f LEFT JOIN old_actor a ON a.actor_id = f.actor_id WHERE f.rule NOT IN (SELECT rule FROM told)),
     n AS MATERIALIZED (SELECT f.rule, coalesce(p.before_name, a.name, '') AS actor, old_name(coalesce(p.before_name, a.name, ''), f.subject) AS key, coalesce(a.name, '') AS actor_now, f.*
           FROM new_finding f LEFT JOIN new_actor a ON a.actor_id = f.actor_id LEFT JOIN package_pair p ON p.after_id = f.actor_id WHERE f.rule NOT IN (SELECT rule FROM told)),
     fresh AS (SELECT n.*, (SELECT max(CASE o.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END) FROM o WHERE o.rule = n.rule AND o.actor = n.actor AND o.key = n.key) AS was FROM n)
SELECT trim(n.actor_now || ' ' || CASE WHEN n.subject = n.actor_now THEN '' ELSE n.subject END) AS subject, NULL AS before, n.title AS after, n.severity, CASE WHEN n.rule LIKE 'open\_door%' ESCAPE '\' THEN 90 WHEN n.rule LIKE '%update%' THEN 80 WHEN n.rule LIKE 'remote%' THEN 75 WHEN n.rule LIKE '%silent%' THEN 70 WHEN n.rule LIKE 'exported%' THEN 60 ELSE 40 END AS weight, n.title, n.title_nl, n.rule,
       n.fact_id AS after_fact
FROM fresh n WHERE n.was IS NULL
