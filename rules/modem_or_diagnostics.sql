-- rule: modem_or_diagnostics
-- theme: data
-- severity: low
-- strength: able
-- title.en: Apps are able to reach the modem or its diagnostics
-- title.nl: Apps zijn in staat de modem of de diagnose ervan te bereiken
-- says.en: {actor} is able to reach the modem or diagnostics
-- says.nl: {actor} is in staat de modem of diagnose te bereiken
-- explain.en: Diagnostic interfaces of the modem show identifiers, places and traffic below every permission. Tests
--   in the factory need them; on a phone that was sold they are worth a look.
-- explain.nl: Diagnoseverbindingen van de modem tonen kenmerken, plaatsen en verkeer onder elke toestemming door.
--   Tests in de fabriek hebben ze nodig; op een verkochte telefoon zijn ze een blik waard.
-- reference: https://source.android.com/docs/core/connect
-- limits: What the modem itself answers cannot be read.
-- needs: power, actor
SELECT x.build_id, x.actor_id, x.name AS subject, w.fact_id, x.name AS actor, w.code AS note, w.baseline, CASE WHEN w.entry_kind = 'exported' THEN 'medium' ELSE 'low' END AS severity
FROM power w JOIN actor x ON x.actor_id = w.actor_id WHERE w.power = 'reach_modem' AND w.code IS NOT NULL AND coalesce(w.reachable, 1) = 1
ORDER BY x.build_id, x.name, w.fact_id
