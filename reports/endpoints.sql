-- page: endpoints
-- order: 34
-- title.en: Hosts and owners
-- title.nl: Hosts en eigenaren
-- sentence.en: Hosts that files name, with the owner of the name as far as known. Naming a host is not sending to it. The country is that of the owner's seat, not where the machine stands.
-- sentence.nl: Hosts die bestanden noemen, met de eigenaar van de naam voor zover bekend. Een host noemen is er niet naar versturen. Het land is dat van de zetel van de eigenaar, niet waar de machine staat.
-- origins: last
-- empty.en: No host was found in files of software. Hosts that were seen on the wire are on the page What left the phone.
-- empty.nl: Er is geen host gevonden in bestanden van software. Hosts die in het verkeer gezien zijn staan op de pagina Wat de telefoon verliet.
-- column: host | host | Host | Host | The name or address | De naam of het adres
-- column: owner | text | Owner | Eigenaar | Whose name it is, by data/owners | Van wie de naam is, volgens data/owners
-- column: country | state | Country | Land | Of the owner's seat | Van de zetel van de eigenaar
-- column: package | package | Who | Wie | The package or service that names it | Het pakket of de dienst die het noemt
-- column: scheme | state | Scheme | Schema | http is not encrypted | http is niet versleuteld
-- column: how | state | How | Hoe | How the host is known | Hoe de host bekend is
-- column: use | state | Used in | Gebruikt in | Kind of file that uses it | Soort bestand dat het gebruikt
-- column: category | state | For | Voor | What the host is for | Waar de host voor is
-- column: path | text | Path | Pad | As written | Zoals geschreven
-- column: port | number | Port | Poort | As written | Zoals geschreven
-- column: file | path | File | Bestand | Where it is named | Waar het genoemd wordt
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Host | Host | Where it stands | Waar het staat
WITH o AS MATERIALIZED (SELECT build_id, host, min(owner) AS owner, min(country) AS country, min(category) AS category FROM host_owner GROUP BY build_id, host)
SELECT e.host, o.owner, o.country, x.name AS package, e.scheme, e.how, e."use", o.category, e.path, e.port, coalesce(a.device_path, a.path) AS file, coalesce(nullif(b.label, ''), 'build ' || e.build_id) AS build, e.fact_id
FROM endpoint e LEFT JOIN o ON o.build_id = e.build_id AND o.host = e.host LEFT JOIN actor x ON x.actor_id = e.actor_id LEFT JOIN artifact a ON a.artifact_id = e.artifact_id LEFT JOIN build b ON b.build_id = e.build_id
WHERE e."use" <> 'none' AND coalesce(e.local, 0) = 0 ORDER BY e.build_id, e.host, x.name, e.scheme, e.path, e.fact_id
