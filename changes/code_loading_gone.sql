-- change: code_loading_gone
-- theme: code
-- effect: less
-- severity: info
-- title.en: An app does not load code in a way that it did
-- title.nl: Een app laadt geen code meer op een manier waarop dat wel gebeurde
-- says.en: {app} does not use {callee}{what} any more
-- says.nl: {app} gebruikt {callee}{what} niet meer
-- why.en: Less can come from outside.
-- why.nl: Er kan minder van buiten komen.
WITH o AS (SELECT * FROM old_loading), n AS (SELECT * FROM new_loading)
SELECT o.app || ' ' || o.callee || CASE WHEN o.what = '' THEN '' ELSE ' ' || o.what END AS subject, o.app, o.callee, CASE WHEN o.what = '' THEN '' ELSE ': ' || o.what END AS what, o.kind AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON o.app = n.app AND o.kind = n.kind AND o.callee = n.callee AND o.what = n.what WHERE n.app IS NULL AND o.kind <> 'reflection' AND o.app IN (SELECT app FROM app_in_both)
