-- page: findings
-- order: 12
-- title.en: Findings
-- title.nl: Bevindingen
-- sentence.en: What rules make of the facts. A finding is an answer from the evidence, no verdict on what anybody meant. What plain AOSP has
--   too is marked, so that the maker's share can be seen.
-- sentence.nl: Wat regels van de feiten maken. Een bevinding is een antwoord uit het bewijs, geen oordeel over wat iemand bedoelde. Wat kaal
--   AOSP ook heeft is gemerkt, zodat het deel van de maker te zien is.

-- part: say_rules
-- form: sentences
-- say.en: {asked} {asked|rule was|rules were} asked; {found} of them found something. {absent} could not be asked, because the part {absent|it looks|they look} at is not in the evidence.
-- say.nl: {asked} {asked|regel is|regels zijn} gesteld; {found} daarvan {found|vond|vonden} iets. {absent} {absent|kon|konden} niet gesteld worden, omdat het deel waarnaar {absent|die kijkt|ze kijken} niet in het bewijs zit.
-- column: asked | number
-- column: found | number
-- column: absent | number
SELECT sum(evaluated) AS asked, sum(evaluated = 1 AND findings > 0) AS found, sum(evaluated = 0) AS absent FROM rule_run HAVING count(*) > 0

-- part: list
-- title.en: Findings
-- title.nl: Bevindingen
-- empty.en: No rule found anything in what was read.
-- empty.nl: Geen regel vond iets in wat gelezen is.
-- column: title_en | text | Finding | Bevinding | What was found | Wat er gevonden is
-- column: title_nl | text | Finding | Bevinding | What was found | Wat er gevonden is
-- column: severity | state:finding_severity | Severity | Ernst | How much it asks for attention | Hoeveel aandacht het vraagt
-- column: strength | state:strength | Shown | Getoond | How much the evidence shows | Hoeveel het bewijs toont
-- column: package | package | Who | Wie | The package or service | Het pakket of de dienst
-- column: share | state:share | Whose | Van wie | Whether plain AOSP has it too | Of kaal AOSP het ook heeft
-- column: theme | state:theme | Theme | Thema | What it belongs to | Waar het bij hoort
-- column: subject | text | Subject | Onderwerp | What it is about | Waar het over gaat
-- column: note | text | Note | Opmerking | What else the rule says | Wat de regel verder zegt
-- column: explanation_en | text | Why it matters | Waarom het ertoe doet | And what it does not show | En wat het niet toont
-- column: explanation_nl | text | Why it matters | Waarom het ertoe doet | And what it does not show | En wat het niet toont
-- column: limits | text | Limits | Grenzen | What the rule cannot see | Wat de regel niet kan zien
-- column: rule | text | Rule | Regel | Its file in rules/ | Haar bestand in rules/
-- column: reference | text | Reference | Bron | Where the rule comes from | Waar de regel vandaan komt
-- column: build | build | Build | Build | The build | De build
-- column: finding_id | digest | Finding | Bevinding | Equal across runs | Gelijk over runs
-- column: fact_id | fact | Main fact | Hoofdfeit | The fact it rests on first | Het feit waar het eerst op steunt
SELECT f.title AS title_en, f.title_nl, f.severity, f.strength, x.name AS package, CASE f.baseline WHEN 1 THEN 'aosp' WHEN 0 THEN 'maker' END AS share, r.theme, f.subject, f.note,
       r.explanation AS explanation_en, r.explanation_nl, r.limits, f.rule, r.reference, coalesce(nullif(b.label, ''), 'build ' || f.build_id) AS build, f.finding_id, f.fact_id
FROM finding f LEFT JOIN rule r ON r.rule = f.rule LEFT JOIN actor x ON x.actor_id = f.actor_id LEFT JOIN build b ON b.build_id = f.build_id
ORDER BY CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, f.rule, f.build_id, f.subject, f.finding_id

-- part: evidence
-- title.en: Evidence behind the findings
-- title.nl: Bewijs achter de bevindingen
-- empty.en: There is no finding, so there is no evidence to show.
-- empty.nl: Er is geen bevinding, dus geen bewijs om te tonen.
-- column: rule | text | Rule | Regel | Its file in rules/ | Haar bestand in rules/
-- column: package | package | Who | Wie | The package or service | Het pakket of de dienst
-- column: subject | text | Subject | Onderwerp | What it is about | Waar het over gaat
-- column: path | path | File | Bestand | Where the fact stands | Waar het feit staat
-- column: at | number | Offset | Positie | In the decoded file | In het gedecodeerde bestand
-- column: length | number | Length | Lengte | In bytes | In bytes
-- column: finding_id | digest | Finding | Bevinding | Which finding | Welke bevinding
-- column: fact_id | fact | Fact | Feit | The fact | Het feit
SELECT f.rule, x.name AS package, f.subject, a.path, e.at, e.length, f.finding_id, e.fact_id
FROM finding f JOIN finding_evidence e ON e.finding_id = f.finding_id LEFT JOIN actor x ON x.actor_id = f.actor_id LEFT JOIN artifact a ON a.artifact_id = e.artifact_id
WHERE f.severity <> 'info' ORDER BY f.rule, f.build_id, f.subject, f.finding_id, e.fact_id

-- part: runs
-- title.en: Rules and whether they could be asked
-- title.nl: Regels en of ze gesteld konden worden
-- empty.en: No rule was asked.
-- empty.nl: Er is geen regel gesteld.
-- column: title_en | text | Rule | Regel | What it looks for | Waar de regel naar zoekt
-- column: title_nl | text | Rule | Regel | What it looks for | Waar de regel naar zoekt
-- column: state | state:rule_state | Asked | Gesteld | Whether it could be asked | Of de regel gesteld kon worden
-- column: findings | number | Findings | Bevindingen | How many | Hoeveel
-- column: severity | state:finding_severity | Severity | Ernst | Of its findings, as a rule | Van haar bevindingen, in de regel
-- column: detail | text | Absent | Afwezig | Which part is not there | Welk deel er niet is
-- column: rule | text | File | Bestand | In rules/ | In rules/
SELECT r.title AS title_en, r.title_nl, n.state, n.findings, r.severity, nullif(n.detail, '') AS detail, n.rule
FROM rule_run n JOIN rule r ON r.rule = n.rule ORDER BY n.evaluated, n.findings DESC, n.rule
