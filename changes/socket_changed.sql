-- change: socket_changed
-- theme: services
-- effect: more
-- severity: low
-- title.en: A socket of a service is new or open to others
-- title.nl: Een socket van een dienst is nieuw of staat open voor anderen
-- says.en: The socket {subject} of {service} has mode {after}; before {before}
-- says.nl: De socket {subject} van {service} heeft modus {after}; eerst {before}
-- why.en: Who may write to the socket of a service may talk to it; SELinux may still forbid it.
-- why.nl: Wie naar de socket van een dienst mag schrijven kan ermee praten; SELinux kan het nog verbieden.
-- words: before
WITH o AS MATERIALIZED (SELECT s.name, a.name AS service, s.mode || ' ' || coalesce(s.user, '') || ' ' || coalesce(s.socket_group, '') AS m, s.mode, s.fact_id AS f FROM old_service_socket s LEFT JOIN old_actor a ON a.actor_id = s.actor_id),
     n AS MATERIALIZED (SELECT s.name, a.name AS service, s.mode || ' ' || coalesce(s.user, '') || ' ' || coalesce(s.socket_group, '') AS m, s.mode, s.fact_id AS f FROM new_service_socket s LEFT JOIN new_actor a ON a.actor_id = s.actor_id)
SELECT n.name AS subject, coalesce(n.service, '?') AS service, coalesce(o.m, 'not there') AS before, n.m AS after, CASE WHEN substr(n.mode, -1) IN ('2', '3', '6', '7') AND (o.name IS NULL OR substr(o.mode, -1) NOT IN ('2', '3', '6', '7')) THEN 'medium' WHEN o.name IS NULL THEN 'low' ELSE 'info' END AS severity, o.f AS before_fact, n.f AS after_fact
FROM n LEFT JOIN o ON o.name = n.name AND o.service IS n.service WHERE o.m IS NOT n.m
