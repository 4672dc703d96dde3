-- change: kernel_module_added
-- theme: services
-- effect: more
-- severity: medium
-- title.en: A kernel module is new
-- title.nl: Een kernelmodule is nieuw
-- says.en: The kernel module {name} is new: {path}
-- says.nl: De kernelmodule {name} is nieuw: {path}
-- why.en: Code in the kernel may do everything.
-- why.nl: Code in de kernel mag alles.
-- limits: A module that came in the place of one of its name elsewhere counts as moved; whether its code is another is told by the kinds about native code.
-- words: after
WITH o AS MATERIALIZED (SELECT k.name, coalesce(a.device_path, a.path) AS path FROM old_kernel_module k LEFT JOIN old_artifact a ON a.artifact_id = k.artifact_id),
     n AS MATERIALIZED (SELECT k.artifact_id, coalesce(k.name, '?') AS name, coalesce(a.device_path, a.path, '?') AS path, coalesce(k.description, k.license, 'there') AS said, k.fact_id AS f FROM new_kernel_module k LEFT JOIN new_artifact a ON a.artifact_id = k.artifact_id),
     -- A folder may be named after the kernel's version: a module whose old place is empty moved.
     moved AS (SELECT name FROM o WHERE path NOT IN (SELECT path FROM n))
SELECT n.path AS subject, n.name, n.path, NULL AS before, n.name || ': ' || n.said AS after, min(n.f) AS after_fact
FROM n WHERE n.path NOT IN (SELECT path FROM o WHERE path IS NOT NULL) AND n.name NOT IN (SELECT name FROM moved WHERE name IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM file_pair f WHERE f.after_id = n.artifact_id AND f.how = 'content') GROUP BY n.path, n.name
