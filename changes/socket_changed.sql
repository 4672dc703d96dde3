-- change: socket_changed
-- theme: services
-- effect: more
-- severity: low
-- title.en: A socket of a service is new or open to others
-- title.nl: Een socket van een dienst is nieuw of staat open voor anderen
-- says.en: The socket {name} of {service} has mode {after}; before {before}
-- says.nl: De socket {name} van {service} heeft modus {after}; eerst {before}
-- why.en: Who may write to the socket of a service may talk to it; SELinux may still forbid it.
-- why.nl: Wie naar de socket van een dienst mag schrijven kan ermee praten; SELinux kan het nog verbieden.
-- words: before
WITH o AS MATERIALIZED (SELECT s.name, a.name AS service, s.mode || ' ' || coalesce(s.user, '') || ' ' || coalesce(s.socket_group, '') AS m, CASE WHEN s.mode GLOB '*[0-7][0-7][0-7]' THEN substr(s.mode, -3) END AS bits, coalesce(s.user, '') || ' ' || coalesce(s.socket_group, '') AS whose, s.mode, s.fact_id AS f FROM old_service_socket s LEFT JOIN old_actor a ON a.actor_id = s.actor_id),
     n AS MATERIALIZED (SELECT s.name, a.name AS service, s.mode || ' ' || coalesce(s.user, '') || ' ' || coalesce(s.socket_group, '') AS m, CASE WHEN s.mode GLOB '*[0-7][0-7][0-7]' THEN substr(s.mode, -3) END AS bits, coalesce(s.user, '') || ' ' || coalesce(s.socket_group, '') AS whose, s.mode, s.fact_id AS f FROM new_service_socket s LEFT JOIN new_actor a ON a.actor_id = s.actor_id),
     v AS (SELECT n.name, coalesce(n.service, '?') AS service, o.m AS before, n.m AS after, o.name IS NULL AS fresh, ((CAST(substr(n.bits, 1, 1) AS INTEGER) & ~CAST(substr(o.bits, 1, 1) AS INTEGER)) > 0 OR (CAST(substr(n.bits, 2, 1) AS INTEGER) & ~CAST(substr(o.bits, 2, 1) AS INTEGER)) > 0 OR (CAST(substr(n.bits, 3, 1) AS INTEGER) & ~CAST(substr(o.bits, 3, 1) AS INTEGER)) > 0) AS gained, ((CAST(substr(o.bits, 1, 1) AS INTEGER) & ~CAST(substr(n.bits, 1, 1) AS INTEGER)) > 0 OR (CAST(substr(o.bits, 2, 1) AS INTEGER) & ~CAST(substr(n.bits, 2, 1) AS INTEGER)) > 0 OR (CAST(substr(o.bits, 3, 1) AS INTEGER) & ~CAST(substr(n.bits, 3, 1) AS INTEGER)) > 0) AS lost, o.whose IS n.whose AS same_owner,
            substr(n.mode, -1) IN ('2', '3', '6', '7') AND (o.name IS NULL OR substr(o.mode, -1) NOT IN ('2', '3', '6', '7')) AS opened, o.f AS f, n.f AS g
            FROM n LEFT JOIN o ON o.name = n.name AND o.service IS n.service WHERE o.m IS NOT n.m)
SELECT name || ' of ' || service AS subject, name, service, coalesce(before, 'not there') AS before, after, CASE WHEN fresh OR gained THEN 'more' WHEN same_owner AND lost AND NOT gained THEN 'less' ELSE 'other' END AS effect,
       CASE WHEN opened THEN 'medium' WHEN same_owner AND lost AND NOT gained THEN 'info' ELSE 'low' END AS severity, f AS before_fact, g AS after_fact
FROM v
