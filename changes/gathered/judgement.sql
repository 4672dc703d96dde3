-- gathered: judgement
-- says: Findings whose matter no kind of change tells more precisely; what was seen on the wire is left to the kinds that tell change from noise; `key`: the subject under its old name, `grave`: its severity from 0 to 4.
SELECT f.rule, coalesce(p.before_name, a.name, '') AS actor, coalesce(a.name, '') AS actor_now, SIDE_named(coalesce(p.app, ''), f.subject) AS key, f.subject, f.severity, f.title, f.title_nl, f.fact_id AS f,
       CASE f.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END AS grave
FROM SIDE_finding f LEFT JOIN SIDE_actor a ON a.actor_id = f.actor_id LEFT JOIN package_pair p ON p.PAIR_id = f.actor_id
WHERE f.rule NOT IN ('open_door_to_commands', 'open_door_to_personal_data', 'open_door_to_settings_or_network', 'open_door_to_silent_install', 'exported_door_of_system_app', 'update_agent_without_check', 'dialer_code', 'added_certificate_authority',
                     'permissive_domain', 'public_key_behind_updates_or_boot', 'verified_boot_switched_off', 'setuid_program', 'file_capability', 'world_writable_program')
  AND f.capture_id IS NULL
