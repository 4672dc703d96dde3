-- page: changes
-- order: 0
-- title.en: What changed
-- title.nl: Wat er veranderde
-- sentence.en: Two builds, or two sets of captures, compared at the level of powers, rights, doors, hosts, signers, rules of the system and
--   what was seen on the wire. What gives somebody outside more power over the owner stands first. A change is not an attack, and a build without changes is not shown to be safe.
-- sentence.nl: Twee builds, of twee reeksen opnames, vergeleken op het niveau van machten, rechten, deuren, hosts, ondertekenaars, regels van het
--   systeem en wat op de lijn gezien werd. Wat iemand van buiten meer macht over de eigenaar geeft staat bovenaan. Een verandering is geen aanval, en een build zonder veranderingen is niet veilig gebleken.

-- part: say_more
-- form: sentences
-- tone: loss
-- say.en: {n} {n|change gives|changes give} others more than before; {grave} of them {grave|weighs|weigh} high or critical, {notes} {notes|is|are} a note. The first: {title}
-- say.nl: {n} {n|verandering geeft|veranderingen geven} anderen meer dan eerst; {grave} daarvan {grave|weegt|wegen} hoog of kritiek, {notes} {notes|is|zijn} een opmerking. De eerste: {title_nl}
-- empty.en: No change was found that gives others more than before, in what was read of both builds and asked of them.
-- empty.nl: Er is geen verandering gevonden die anderen meer geeft dan eerst, in wat van beide builds gelezen en gevraagd is.
-- column: n | number
-- column: grave | number
-- column: notes | number
-- column: title | text
-- column: title_nl | text
SELECT count(*) AS n, sum(severity IN ('critical', 'high')) AS grave, sum(severity = 'info') AS notes, (SELECT title FROM change WHERE effect = 'more' ORDER BY rank LIMIT 1) AS title, (SELECT title_nl FROM change WHERE effect = 'more' ORDER BY rank LIMIT 1) AS title_nl
FROM change WHERE effect = 'more' HAVING count(*) > 0

-- part: say_less
-- form: sentences
-- say.en: {n} {n|change takes|changes take} something away that others had. What was removed without a word is a fact too. The first: {title}
-- say.nl: {n} {n|verandering neemt|veranderingen nemen} iets weg wat anderen hadden. Wat zonder een woord verdween is ook een feit. De eerste: {title_nl}
-- empty.en: Nothing that others had was found to be taken away.
-- empty.nl: Er is niets gevonden wat anderen hadden en nu weg is.
-- column: n | number
-- column: title | text
-- column: title_nl | text
SELECT count(*) AS n, (SELECT title FROM change WHERE effect = 'less' ORDER BY rank LIMIT 1) AS title, (SELECT title_nl FROM change WHERE effect = 'less' ORDER BY rank LIMIT 1) AS title_nl FROM change WHERE effect = 'less' HAVING count(*) > 0

-- part: say_seen
-- form: sentences
-- if: EXISTS (SELECT 1 FROM file_pair) OR NOT EXISTS (SELECT 1 FROM old_artifact WHERE kind IN ('pcap', 'pcapng', 'har') UNION ALL SELECT 1 FROM new_artifact WHERE kind IN ('pcap', 'pcapng', 'har'))
-- say.en: {before_name} was read for {before_read} of {before_listed} files, {after_name} for {after_read} of {after_listed}; {same} files are the same byte for byte, {other} have other bytes, {added} are new, {removed} are gone. What was not read may have changed unseen.
-- say.nl: Van {before_name} zijn {before_read} van {before_listed} bestanden gelezen, van {after_name} {after_read} van {after_listed}; {same} bestanden zijn byte voor byte gelijk, {other} hebben andere bytes, {added} zijn nieuw, {removed} zijn weg. Wat niet gelezen is kan ongezien veranderd zijn.
-- column: before_name | text
-- column: before_read | number
-- column: before_listed | number
-- column: after_name | text
-- column: after_read | number
-- column: after_listed | number
-- column: same | number
-- column: other | number
-- column: added | number
-- column: removed | number
SELECT b.name AS before_name, b.files_read AS before_read, b.files_listed AS before_listed, a.name AS after_name, a.files_read AS after_read, a.files_listed AS after_listed,
       (SELECT count(*) FROM file_pair WHERE same = 1) AS same, (SELECT count(*) FROM file_pair WHERE same = 0 AND how = 'path') AS other, (SELECT count(*) FROM file_pair WHERE how = 'added') AS added, (SELECT count(*) FROM file_pair WHERE how = 'removed') AS removed
FROM side b, side a WHERE b.side = 'before' AND a.side = 'after'

-- part: say_captures
-- form: sentences
-- say.en: {before_name} holds {before} {before|capture|captures} of traffic, {after_name} {after}; {same} of them {same|is|are} the same byte for byte. What is in no capture was not seen.
-- say.nl: In {before_name} {before|zit|zitten} {before} {before|opname|opnames} van verkeer, in {after_name} {after}; {same} daarvan {same|is|zijn} byte voor byte gelijk. Wat in geen opname staat is niet gezien.
-- column: before_name | text
-- column: before | number
-- column: after_name | text
-- column: after | number
-- column: same | number
WITH o AS (SELECT DISTINCT sha256 FROM old_artifact WHERE kind IN ('pcap', 'pcapng', 'har')), w AS (SELECT DISTINCT sha256 FROM new_artifact WHERE kind IN ('pcap', 'pcapng', 'har'))
SELECT b.name AS before_name, (SELECT count(*) FROM o) AS before, a.name AS after_name, (SELECT count(*) FROM w) AS after, (SELECT count(*) FROM o WHERE sha256 IN (SELECT sha256 FROM w)) AS same
FROM side b, side a WHERE b.side = 'before' AND a.side = 'after' AND (SELECT count(*) FROM o) + (SELECT count(*) FROM w) > 0

-- part: say_not_asked
-- form: sentences
-- tone: loss
-- say.en: Not all is known of these kinds of change: {list}.
-- say.nl: Van deze soorten veranderingen is niet alles bekend: {list}.
-- each.en: {title} ({state})
-- each.nl: {title_nl} ({state})
-- column: title | text
-- column: title_nl | text
-- column: state | text
SELECT title, title_nl, state FROM change_run WHERE state <> 'asked' ORDER BY kind

-- part: say_not_compared
-- form: sentences
-- tone: loss
-- say.en: Not everything was compared: {list}. What is not told there is not known to be equal.
-- say.nl: Niet alles is vergeleken: {list}. Wat daar niet verteld wordt is niet gelijk gebleken.
-- each.en: {comparer} ({detail})
-- each.nl: {comparer} ({detail})
-- column: comparer | text
-- column: detail | text
SELECT comparer, detail FROM comparer_run WHERE state = 'fault' ORDER BY comparer

-- part: ranked
-- form: table
-- title.en: Changes that weigh more than a note
-- title.nl: Veranderingen die meer wegen dan een opmerking
-- sentence.en: The first hundred, in order of rank. Open a row for the reason of its rank and for the bytes in both builds.
-- sentence.nl: De eerste honderd, op volgorde van gewicht. Open een regel voor de reden van haar plaats en voor de bytes in beide builds.
-- empty.en: Nothing was found that weighs more than a note. The page with everything has the rest.
-- empty.nl: Er is niets gevonden dat meer weegt dan een opmerking. De pagina met alles heeft de rest.
-- column: rank | number | Rank | Plaats | From 1: the first is what gives outsiders most | Vanaf 1: bovenaan staat wat buitenstaanders het meeste geeft
-- column: severity | state:finding_severity | Weight | Gewicht | What it would mean for the owner | Wat het voor de eigenaar kan betekenen
-- column: title_en | text | What changed | Wat er veranderde | One sentence | Eén zin
-- column: title_nl | text | What changed | Wat er veranderde | One sentence | Eén zin
-- column: effect | state:effect | Others can | Anderen kunnen | Whether others can do more or less than before | Of anderen meer of minder kunnen dan eerst
-- column: subject | detail | Subject | Onderwerp | What it is about | Waar het over gaat
-- column: before_en | detail | Before | Eerst | In the old build | In de oude build
-- column: before_nl | detail | Before | Eerst | In the old build | In de oude build
-- column: after_en | detail | After | Nu | In the new build | In de nieuwe build
-- column: after_nl | detail | After | Nu | In the new build | In de nieuwe build
-- column: why_en | detail | Why this rank | Waarom deze plaats | The reason | De reden
-- column: why_nl | detail | Why this rank | Waarom deze plaats | The reason | De reden
-- column: kind | detail | Kind | Soort | The file in changes/ | Het bestand in changes/
-- column: before_fact | fact | Before | Eerst | Its bytes in the old build | De bytes in de oude build
-- column: after_fact | fact | After | Nu | Its bytes in the new build | De bytes in de nieuwe build
SELECT rank, severity, title AS title_en, title_nl, effect, subject, before AS before_en, before_nl, after AS after_en, after_nl, why AS why_en, why_nl, kind, before_fact, after_fact FROM change WHERE severity <> 'info' ORDER BY rank LIMIT 100
