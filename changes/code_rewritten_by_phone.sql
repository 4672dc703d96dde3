-- change: code_rewritten_by_phone
-- theme: code
-- effect: other
-- severity: info
-- title.en: Calls of some methods are not known
-- title.nl: Aanroepen van sommige methoden zijn niet bekend
-- says.en: {n} methods of {app}, and {n_old} of its old build, were rewritten by the phone's compiler so that some of their calls name nothing{perhaps}
-- says.nl: {n} methoden van {app}, en {n_old} van de oude build ervan, zijn door de compiler van de telefoon zo herschreven dat sommige aanroepen niets noemen{perhaps_nl}
-- why.en: What these methods gained or lost there is not known.
-- why.nl: Wat deze methoden daar wonnen of verloren is niet bekend.
-- words: before after
WITH f AS (SELECT app, group_concat(value, ', ') AS list FROM (SELECT DISTINCT app, value FROM code_change WHERE what = 'platform_call_maybe_added' AND mark IS NOT NULL ORDER BY app, value) GROUP BY app)
SELECT m.app AS subject, m.app, m.methods_quickened_new AS n, m.methods_quickened_old AS n_old, coalesce('; perhaps new: ' || substr(f.list, 1, 300), '') AS perhaps, coalesce('; misschien nieuw: ' || substr(f.list, 1, 300), '') AS perhaps_nl, m.methods_quickened_old || ' methods' AS before, m.methods_quickened_new || ' methods' AS after,
       CASE WHEN f.app IS NULL THEN 'info' ELSE 'low' END AS severity, m.old_fact AS before_fact, m.new_fact AS after_fact
FROM code_match m LEFT JOIN f ON f.app = m.app WHERE m.methods_quickened_old > 0 OR m.methods_quickened_new > 0
