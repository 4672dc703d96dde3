-- change: init_action_added
-- theme: services
-- effect: more
-- severity: info
-- title.en: Init does something that it did not do
-- title.nl: Init doet iets wat het niet deed
-- says.en: On {trigger}, init does: {after}
-- says.nl: Bij {trigger} doet init: {after}
-- why.en: Init runs as root, before everything else.
-- why.nl: Init draait als root, voor al het andere.
SELECT n.trigger || ': ' || n.command || ' ' || coalesce(n.arguments, '') AS subject, n.trigger, NULL AS before, n.command || ' ' || coalesce(n.arguments, '') AS after,
       CASE WHEN n.script_read = 0 THEN 'info' WHEN n.command IN ('exec', 'exec_background', 'exec_start', 'insmod', 'mount', 'load_policy', 'setenforce') THEN 'medium' WHEN n.command = 'setprop' AND (n.arguments LIKE 'ro.debuggable 1%' OR n.arguments LIKE 'ro.secure 0%' OR n.arguments LIKE 'ro.adb.secure 0%' OR n.arguments LIKE 'selinux.%') THEN 'high'
            WHEN n.command IN ('start', 'write', 'chmod', 'chown', 'symlink', 'copy', 'enable') THEN 'low' ELSE 'info' END AS severity, min(n.fact_id) AS after_fact
FROM new_init_action n WHERE coalesce(n.trigger, '') || '|' || n.command || '|' || coalesce(n.arguments, '') NOT IN (SELECT coalesce(o.trigger, '') || '|' || o.command || '|' || coalesce(o.arguments, '') FROM old_init_action o) GROUP BY n.trigger, n.command, n.arguments
