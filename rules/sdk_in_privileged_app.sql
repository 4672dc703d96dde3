-- rule: sdk_in_privileged_app
-- theme: whose
-- severity: low
-- strength: present
-- title.en: Apps with rights of the system hold code of other companies
-- title.nl: Apps met rechten van het systeem bevatten code van andere bedrijven
-- says.en: {actor} holds {subject} of {owner} ({country})
-- says.nl: {actor} bevat {subject} van {owner} ({country})
-- explain.en: Code of another company inside an app runs with all rights of that app. The country is that of the
--   owner's seat; it says which law the owner is under, not what the code does.
-- explain.nl: Code van een ander bedrijf in een app draait met alle rechten van die app. Het land is dat van de zetel
--   van de eigenaar; het zegt onder welk recht die valt, niet wat de code doet.
-- reference: https://developer.android.com/guide/practices/sdk-best-practices
-- limits: By names of classes or structure; a copy that was changed looks the same.
-- needs: sdk, package
SELECT p.build_id, p.package_id AS actor_id, k.name AS subject, k.fact_id, p.fact_id AS evidence, p.name AS actor, coalesce(k.owner, 'an owner that is not known') AS owner, coalesce(k.country, '–') AS country, k.how AS note
FROM sdk k JOIN package p ON p.package_id = k.actor_id WHERE (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%') AND k.owner IS NOT NULL
ORDER BY p.build_id, p.name, k.name, k.fact_id
