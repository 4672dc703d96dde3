-- change: init_action_removed
-- theme: services
-- effect: less
-- severity: info
-- title.en: Init does not do something any more
-- title.nl: Init doet iets niet meer
-- says.en: On {trigger}, init does not any more: {before}
-- says.nl: Bij {trigger} doet init niet meer: {before}
-- why.en: A rule of the start of the phone is gone.
-- why.nl: Een regel van het starten van de telefoon is weg.
SELECT n.trigger || ': ' || n.command || ' ' || coalesce(n.arguments, '') AS subject, n.trigger, n.command || ' ' || coalesce(n.arguments, '') AS before, NULL AS after, min(n.fact_id) AS before_fact
FROM old_init_action n WHERE coalesce(n.trigger, '') || '|' || n.command || '|' || coalesce(n.arguments, '') NOT IN (SELECT coalesce(o.trigger, '') || '|' || o.command || '|' || coalesce(o.arguments, '') FROM new_init_action o) GROUP BY n.trigger, n.command, n.arguments
