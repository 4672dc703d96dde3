-- change: package_removed
-- theme: removal
-- effect: less
-- severity: info
-- title.en: A package is gone
-- title.nl: Een pakket is weg
-- says.en: {subject} is gone; it was {before}
-- says.nl: {subject} is weg; het was {before}
-- why.en: What is removed without a word is a fact: it may be a clean-up, or something that protected the owner; low when it ran with rights of the system, which is what such protection needs.
-- why.nl: Wat zonder een woord verdwijnt is een feit: het kan opruimen zijn, of iets wat de eigenaar beschermde; laag als het met rechten van het systeem liep, want die heeft zulke bescherming nodig.
-- limits: A package whose file is named but absent from the new evidence counts as gone here; the page on what was not seen has it.
-- words: before
SELECT pp.app AS subject, 'version ' || coalesce(p.version_name, '?') || ', ' || coalesce(p.partition, '?') || CASE WHEN p.privileged = 1 THEN ', privileged' ELSE '' END || coalesce(', user ' || p.shared_uid, '') AS before, NULL AS after,
       CASE WHEN EXISTS (SELECT 1 FROM new_artifact a, old_artifact b WHERE b.artifact_id = p.artifact_id AND a.device_path = b.device_path AND a.state <> 'read') THEN 'other' ELSE 'less' END AS effect,
       CASE WHEN p.shared_uid LIKE 'android.uid.%' OR p.privileged = 1 THEN 'low' ELSE 'info' END AS severity, CASE WHEN p.shared_uid LIKE 'android.uid.%' THEN 30 WHEN p.privileged = 1 THEN 20 ELSE 0 END AS weight, p.fact_id AS before_fact
FROM package_pair pp JOIN old_package p ON p.package_id = pp.before_id WHERE pp.how = 'removed'
