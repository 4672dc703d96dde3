-- change: package_renamed
-- theme: whose
-- effect: other
-- severity: low
-- title.en: A package has another name in the same place
-- title.nl: Een pakket heet anders op dezelfde plek
-- says.en: {before} is now called {after}, in the same place and by the same signer
-- says.nl: {before} heet nu {after}, op dezelfde plek en van dezelfde ondertekenaar
-- why.en: Block lists and owners know a package by its name.
-- why.nl: Blokkeerlijsten en eigenaren kennen een pakket bij zijn naam.
SELECT pp.app AS subject, pp.before_name AS before, pp.app AS after, o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id WHERE pp.how = 'place'
