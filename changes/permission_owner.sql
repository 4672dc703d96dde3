-- change: permission_owner
-- theme: rights
-- effect: more
-- severity: low
-- title.en: A permission is declared by another package
-- title.nl: Een toestemming wordt door een ander pakket aangemeld
-- says.en: {subject} is declared by {after}; before by {before}
-- says.nl: {subject} wordt aangemeld door {after}; eerst door {before}
-- why.en: Who declares a permission decides whom it lets in.
-- why.nl: Wie een toestemming aanmeldt bepaalt wie ermee binnenkomt.
SELECT n.permission AS subject, o.package AS before, n.package AS after, o.fact_id AS before_fact, n.fact_id AS after_fact
FROM new_permission_definition n JOIN old_permission_definition o ON o.permission = n.permission WHERE o.package IS NOT NULL AND n.package IS NOT NULL AND o.package <> n.package
