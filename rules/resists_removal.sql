-- rule: resists_removal
-- theme: removal
-- severity: medium
-- strength: able
-- title.en: Apps are able to resist being removed or switched off
-- title.nl: Apps zijn in staat zich tegen verwijderen of uitschakelen te verzetten
-- says.en: {actor} is able to resist removal: {held_by}
-- says.nl: {actor} is in staat zich tegen verwijdering te verzetten: {held_by}
-- explain.en: Rights and code that protect an app from its owner also protect it when it is spyware.
-- explain.nl: Rechten en code die een app tegen haar eigenaar beschermen, beschermen haar ook als ze spyware is.
-- reference: https://source.android.com/docs/core/permissions
-- limits: A list of protected apps in the maker's own framework code is seen only where that code was read.
-- needs: power, actor
SELECT x.build_id, x.actor_id, x.name AS subject, w.fact_id, x.name AS actor, coalesce(w.held_by, w.code) AS held_by, w.code AS note, w.baseline
FROM power w JOIN actor x ON x.actor_id = w.actor_id WHERE w.power IN ('resist_removal', 'hide_itself') AND w.code IS NOT NULL AND w.reachable = 1 ORDER BY x.build_id, x.name, w.power, w.fact_id
