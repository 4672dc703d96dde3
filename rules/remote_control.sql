-- rule: remote_control
-- theme: code
-- severity: high
-- strength: able
-- title.en: Apps are able to be controlled from afar
-- title.nl: Apps zijn van afstand te besturen
-- says.en: {actor} has what it takes to be controlled from afar
-- says.nl: {actor} heeft wat nodig is om van afstand bestuurd te worden
-- explain.en: Commands that come by push, message or network, together with powers over the phone. Find-my-phone
--   services work that way; so do back doors. Which commands there are is in the code, not in this row.
-- explain.nl: Opdrachten die via push, bericht of netwerk komen, samen met vermogens over de telefoon.
--   Zoek-mijn-telefoon werkt zo; achterdeuren ook. Welke opdrachten er zijn staat in de code, niet in deze regel.
-- reference: https://attack.mitre.org/tactics/TA0037/
-- limits: Taking commands and acting on them are not joined by data flow.
-- needs: power, actor
SELECT x.build_id, x.actor_id, x.name AS subject, w.fact_id, x.name AS actor, coalesce(w.held_by || '; ', '') || coalesce(w.code, '') AS note, w.baseline, CASE WHEN w.reachable = 1 THEN 'high' ELSE 'low' END AS severity
FROM power w JOIN actor x ON x.actor_id = w.actor_id WHERE w.power = 'control_remotely' ORDER BY x.build_id, x.name, w.fact_id
