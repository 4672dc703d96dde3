-- change: same_name_other_bytes
-- theme: build
-- effect: more
-- severity: medium
-- title.en: Two builds of one name differ
-- title.nl: Twee builds met één naam verschillen
-- says.en: Both builds call themselves {subject}, and they are not the same bytes
-- says.nl: Beide builds noemen zich {subject}, en het zijn niet dezelfde bytes
-- why.en: A fingerprint names one build. Different bytes under one name are what a change for a few looks like; another selection of files looks the same.
-- why.nl: Een fingerprint noemt één build. Andere bytes onder één naam is hoe een verandering voor enkelen eruitziet; een andere keuze van bestanden ziet er hetzelfde uit.
SELECT n.fingerprint AS subject, o.digest AS before, n.digest AS after, o.fact_id AS before_fact, n.fact_id AS after_fact FROM old_build o, new_build n WHERE o.fingerprint = n.fingerprint AND o.digest <> n.digest AND o.fingerprint IS NOT NULL
AND EXISTS (SELECT 1 FROM file_pair WHERE same = 0 AND before_id IS NOT NULL AND after_id IS NOT NULL)
