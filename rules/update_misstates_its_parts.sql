-- rule: update_misstates_its_parts
-- theme: updates
-- severity: high
-- strength: present
-- title.en: What an update tells its installer about its parts is not so
-- title.nl: Wat een update haar installateur over haar delen zegt klopt niet
-- says.en: The update says {subject}, and that is not so
-- says.nl: De update zegt {subject}, en dat klopt niet
-- explain.en: An updater that streams reads the parts of an update at the places, and checks them by the digests, that these
--   files state; it never looks into the zip's directory. Where they differ from what is there, another program than the one
--   that checked the file may install something else.
-- explain.nl: Een updater die streamt leest de delen van een update op de plaatsen, en controleert ze met de digests, die
--   deze bestanden noemen; hij kijkt nooit in de inhoudsopgave van de zip. Waar die afwijken van wat er is, kan een ander
--   programma dan dat wat het bestand controleerde iets anders installeren.
-- reference: https://source.android.com/docs/core/ota/ab
-- limits: Only entries that the statements name are compared.
-- needs: update_property
SELECT p.build_id, NULL AS actor_id, p.key || '=' || p.value AS subject, p.fact_id FROM update_property p WHERE p.holds = 0
UNION ALL
SELECT p.build_id, NULL, p.name || ' at ' || p."offset" || ', ' || p.size || ' bytes', p.fact_id FROM update_place p WHERE p.holds = 0
ORDER BY 1, 3, 4
