-- rule: update_goes_back
-- theme: updates
-- severity: medium
-- strength: present
-- title.en: The update says that it leads to an older system
-- title.nl: De update zegt dat ze naar een ouder systeem leidt
-- says.en: The update states {subject}
-- says.nl: De update zegt {subject}
-- explain.en: Such an update takes the phone back to a build, or a state of security repairs, that is older than the one it
--   has. Gaps that were closed are open again.
-- explain.nl: Zo'n update brengt de telefoon terug naar een build, of een stand van beveiligingsreparaties, die ouder is dan
--   wat erop staat. Gaten die gedicht waren staan weer open.
-- reference: https://source.android.com/docs/core/ota/tools
-- limits: The update's own word. An older system without these words is found by comparing two builds.
-- needs: update_metadata
SELECT m.build_id, NULL AS actor_id, m.key || '=' || m.value AS subject, min(m.fact_id) AS fact_id, group_concat(DISTINCT m.fact_id) AS evidence
FROM update_metadata m WHERE m.key IN ('ota-downgrade', 'spl-downgrade') AND m.value = 'yes'
GROUP BY m.build_id, m.key, m.value ORDER BY m.build_id, subject
