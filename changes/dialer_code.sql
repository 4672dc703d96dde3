-- change: dialer_code
-- theme: doors
-- effect: more
-- severity: medium
-- title.en: A hidden dialer code is new
-- title.nl: Een verborgen toetscode is nieuw
-- says.en: Dialling *#*#{code}#*#* opens {class} of {app}
-- says.nl: *#*#{code}#*#* kiezen opent {class} van {app}
-- why.en: Whoever holds the phone, or makes it dial, opens what the menus do not show.
-- why.nl: Wie de telefoon vasthoudt of laat kiezen, opent wat de menu's niet tonen.
-- limits: Codes in manifests; dialers may know more in their code.
SELECT pp.app || ' ' || d.code || coalesce(' ' || d.class, '') AS subject, pp.app, d.code, d.class, NULL AS before, d.code AS after, d.fact_id AS after_fact
FROM package_pair pp JOIN new_dialer_code d ON d.package_id = pp.after_id
WHERE NOT EXISTS (SELECT 1 FROM package_pair q JOIN old_dialer_code e ON e.package_id = q.before_id WHERE q.app = pp.app AND e.code = d.code AND e.class = new_named(pp.app, d.class))
