-- page: traffic
-- order: 13
-- title.en: What left the phone
-- title.nl: Wat de telefoon verliet
-- sentence.en: What captures of its traffic show. A connection is not exfiltration, and what is not in a capture was not seen: it may have
--   gone another way, at another time, or have been waiting for something that did not happen.
-- sentence.nl: Wat opnames van het verkeer laten zien. Een verbinding is geen doorsluizen, en wat niet in een opname staat is niet gezien:
--   het kan een andere weg zijn gegaan, op een ander moment, of gewacht hebben op iets dat niet gebeurde.

-- part: say_no_capture
-- form: sentences
-- tone: quiet
-- say.en: No capture of traffic was handed in, so what left the phone was not seen.
-- say.nl: Er is geen opname van verkeer aangeleverd; wat de telefoon verliet is dus niet gezien.
-- column: captures | hidden
SELECT 0 AS captures WHERE NOT EXISTS (SELECT 1 FROM capture)

-- part: say_frames_dark
-- form: sentences
-- tone: loss
-- say.en: Of {frames} {frames|frame|frames} in the captures {dark} could not be read at all: {protected} under Wi-Fi encryption, {unsupported} of a link type that is not read.
-- say.nl: Van {frames} {frames|frame|frames} in de opnames {dark|was|waren} er {dark} helemaal niet te lezen: {protected} onder wifi-versleuteling, {unsupported} van een soort verbinding die niet gelezen wordt.
-- column: frames | number
-- column: dark | number
-- column: protected | number
-- column: unsupported | number
SELECT sum(frames) AS frames, sum(protected) + sum(unsupported) AS dark, sum(protected) AS protected, sum(unsupported) AS unsupported FROM capture HAVING sum(protected) + sum(unsupported) > 0

-- part: say_identifiers_left
-- form: sentences
-- tone: loss
-- if: EXISTS (SELECT 1 FROM identifier_sought)
-- say.en: Recognised in what left the phone: {identifier}, to {hosts} {hosts|host|hosts}: {whom}
-- say.nl: Herkend in wat de telefoon verliet: {identifier}, naar {hosts} {hosts|host|hosts}: {whom}
-- empty.en: None of the owner's identifiers that were looked for was recognised in what left the phone and could be read.
-- empty.nl: Geen van de kenmerken van de eigenaar waarnaar gezocht is, is herkend in wat de telefoon verliet en te lezen was.
-- column: identifier | state:identifier_kind
-- column: hosts | number
-- column: whom | text
WITH h AS (SELECT identifier, host, max(owner) AS owner FROM identifier_seen WHERE way = 'out' AND strength = 'decoded' GROUP BY identifier, host),
n AS (SELECT identifier, host || coalesce(' (' || owner || ')', '') AS whom, row_number() OVER (PARTITION BY identifier ORDER BY owner IS NULL, host) AS place, count(*) OVER (PARTITION BY identifier) AS hosts FROM h)
SELECT identifier, max(hosts) AS hosts, group_concat(whom, ', ') || iif(max(hosts) > 3, ', …', '.') AS whom FROM (SELECT * FROM n WHERE place <= 3 ORDER BY identifier, place) GROUP BY identifier ORDER BY max(hosts) DESC, identifier

-- part: say_identifiers_not_seen
-- form: sentences
-- say.en: Looked for, and not seen in what went out and could be read: {list}. Not seen is not "not sent": it may have stood in what stayed dark, or have gone another way or at another time.
-- say.nl: Naar gezocht, en niet gezien in wat naar buiten ging en te lezen was: {list}. Niet gezien is niet "niet verstuurd": het kan gestaan hebben in wat donker bleef, of een andere weg of op een ander moment gegaan zijn.
-- each.en: {identifier}{part}
-- each.nl: {identifier}{part}
-- column: identifier | state:identifier_kind
-- column: part | text
SELECT identifier, iif(sum(sought) > 1, ' (' || (sum(sought) - sum(went_out)) || '/' || sum(sought) || ')', '') AS part FROM identifier_tally GROUP BY identifier HAVING sum(went_out) < sum(sought) ORDER BY identifier

-- part: say_identifiers_not_sought
-- form: sentences
-- tone: quiet
-- say.en: No identifier of the owner was looked for in the traffic, since none was given (scan --identifiers FILE). This report does not say whether one was sent.
-- say.nl: In het verkeer is naar geen enkel kenmerk van de eigenaar gezocht, omdat er geen is opgegeven (scan --identifiers BESTAND). Dit rapport zegt niet of er een verstuurd is.
-- column: captures | hidden
SELECT count(*) AS captures FROM capture WHERE NOT EXISTS (SELECT 1 FROM identifier_sought) HAVING count(*) > 0

-- part: say_seen
-- form: sentences
-- say.en: {connections} {connections|connection was|connections were} seen to {hosts} {hosts|host|hosts} known by name and {addresses} {addresses|address|addresses} without one; {bytes_out} went out and {bytes_in} came in.
-- say.nl: Er {connections|is|zijn} {connections} {connections|verbinding|verbindingen} gezien, met {hosts} {hosts|host|hosts} met een naam en {addresses} {addresses|adres|adressen} zonder; {bytes_out} ging naar buiten en {bytes_in} kwam binnen.
-- link: connections
-- column: connections | number
-- column: hosts | number
-- column: addresses | number
-- column: bytes_out | bytes
-- column: bytes_in | bytes
WITH c AS (SELECT *, host GLOB '*[^0-9.]*' AND host NOT LIKE '%:%' AS named FROM connection WHERE local = 0)
SELECT count(*) AS connections, count(DISTINCT host) FILTER (WHERE named) AS hosts, count(DISTINCT CASE WHEN named THEN NULL ELSE coalesce(host, iif(outward, dst, src)) END) AS addresses, sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in FROM c HAVING count(*) > 0 ORDER BY 1

-- part: say_dark
-- form: sentences
-- tone: loss
-- say.en: {share} of the bytes that went out, in {connections} of {all_connections} connections, could not be seen into.
-- say.nl: In {share} van de bytes die naar buiten gingen, in {connections} van {all_connections} verbindingen, kon niet worden gekeken.
-- column: share | share
-- column: connections | number
-- column: all_connections | number
SELECT CAST(1000000.0 * sum(dark_out) / max(sum(bytes_out), 1) AS INTEGER) AS share, count(*) FILTER (WHERE dark IS NOT NULL) AS connections, count(*) AS all_connections FROM connection WHERE local = 0 HAVING count(*) FILTER (WHERE dark IS NOT NULL) > 0 ORDER BY 1

-- part: say_secrets
-- form: sentences
-- tone: loss
-- say.en: Of the {secrets} TLS {secrets|secret|secrets} at hand none is of a connection in the captures: they are of another recording.
-- say.nl: Van {secrets} {secrets|TLS-geheim|TLS-geheimen} hoort er geen bij een verbinding in de opnamen: ze zijn van een andere opname.
-- link: problems
-- column: secrets | number
SELECT max(secrets) AS secrets FROM capture HAVING max(secrets) > 0 AND sum(secrets_used) = 0

-- part: say_clear
-- form: sentences
-- tone: mark
-- say.en: {messages} {messages|message|messages} went out to {hosts} {hosts|host|hosts} without any encryption: whoever carries them can read them.
-- say.nl: {messages} {messages|bericht|berichten} {messages|ging|gingen} onversleuteld naar {hosts} {hosts|host|hosts}: wie ze vervoert kan ze lezen.
-- link: connections
-- column: messages | number
-- column: hosts | number
SELECT count(*) AS messages, count(DISTINCT coalesce(c.host, c.dst)) AS hosts FROM message m JOIN connection c USING(connection_id, capture_id) WHERE m.out = 1 AND c.local = 0 AND m.state = 'clear' AND c.protocol NOT LIKE 'tls%' AND c.protocol NOT LIKE 'quic%' HAVING count(*) > 0 ORDER BY 1

-- part: say_names
-- form: sentences
-- tone: loss
-- say.en: In {connections} {connections|connection|connections} to {resolvers} {resolvers|resolver|resolvers} names were asked for under encryption; which ones was not seen.
-- say.nl: In {connections} {connections|verbinding|verbindingen} met {resolvers} {resolvers|resolver|resolvers} is versleuteld naar namen gevraagd; naar welke is niet gezien.
-- link: connections
-- column: connections | number
-- column: resolvers | number
SELECT count(*) AS connections, count(DISTINCT coalesce(host, dst)) AS resolvers FROM connection WHERE names_under IS NOT NULL AND dark IS NOT NULL AND local = 0 HAVING count(*) > 0 ORDER BY 1

-- part: say_refused
-- form: sentences
-- tone: loss
-- say.en: {connections} {connections|connection|connections} to {hosts} {hosts|host|hosts} ended because the phone's side refused the certificate, as an app does that pins its own: what it would have sent was not seen.
-- say.nl: {connections} {connections|verbinding eindigde|verbindingen eindigden} met {hosts} {hosts|host|hosts} doordat de kant van de telefoon het certificaat weigerde, zoals een app doet die het eigen certificaat vastzet: wat zij verstuurd zou hebben is niet gezien.
-- column: connections | number
-- column: hosts | number
SELECT count(DISTINCT connection_id) AS connections, count(DISTINCT host) AS hosts FROM certificate_refused HAVING count(*) > 0

-- part: say_local
-- form: sentences
-- tone: quiet
-- say.en: Besides, {connections} {connections|connection|connections} stayed in the local network.
-- say.nl: Daarnaast {connections|bleef|bleven} {connections} {connections|verbinding|verbindingen} in het lokale netwerk.
-- link: connections
-- column: connections | number
SELECT count(*) AS connections FROM connection WHERE local = 1 HAVING count(*) > 0 ORDER BY 1

-- part: say_held
-- form: sentences
-- say.en: {held} of {hosts} contacted {hosts|host is|hosts are} named in files of this software; {none} {none|is|are} not, or {none|is|are} put together while it runs.
-- say.nl: {held} van {hosts} gecontacteerde {hosts|host|hosts} {held|staat|staan} in bestanden van deze software; {none} niet, of {none|wordt|worden} tijdens het draaien samengesteld.
-- column: held | number
-- column: hosts | number
-- column: none | number
SELECT count(DISTINCT CASE WHEN held <> 'none' THEN host END) AS held, count(DISTINCT host) AS hosts, count(DISTINCT CASE WHEN held = 'none' THEN host END) AS none FROM wire_host WHERE held IS NOT NULL HAVING count(*) > 0 ORDER BY 1

-- part: leaks
-- if: EXISTS (SELECT 1 FROM identifier_sought)
-- title.en: What was recognised of the owner's identifiers
-- title.nl: Wat herkend is van de kenmerken van de eigenaar
-- sentence.en: Each identifier that was given and seen: to whom, by which path of decodings, in which form. Values are not kept; equal ones have equal digests. What came back may only echo what was sent.
-- sentence.nl: Elk opgegeven kenmerk dat gezien is: naar wie, langs welke weg van decoderingen, in welke vorm. Waarden worden niet bewaard; gelijke hebben gelijke digests. Wat terugkwam is misschien alleen een echo van wat verstuurd is.
-- empty.en: None of the identifiers that were looked for was seen in what could be read. It may have stood in what stayed dark, or have gone another way or at another time.
-- empty.nl: Geen van de kenmerken waarnaar gezocht is, is gezien in wat te lezen was. Het kan gestaan hebben in wat donker bleef, of een andere weg of op een ander moment gegaan zijn.
-- column: identifier | state:identifier_kind | Identifier | Kenmerk | What it is of the owner | Wat het van de eigenaar is
-- column: host | host | To whom | Naar wie | Host, or address of the other side | Host, of adres van de andere kant
-- column: way | state:leak_way | Way | Richting | Whether it went out | Of het naar buiten ging
-- column: open | yesno | In the clear | Onversleuteld | Anybody on the way could read it | Iedereen onderweg kon het lezen
-- column: path | text | Path | Weg | Where it stood, and the decodings down to it | Waar het stond, en de decoderingen tot daar
-- column: form | text | Form | Vorm | How it was written there | Hoe het daar geschreven stond
-- column: owner | text | Owner | Eigenaar | Whose name the host bears, by data/owners | Van wie de naam van de host is, volgens data/owners
-- column: times | number | Times | Keer | How often it was seen | Hoe vaak het gezien is
-- column: country | text | Country | Land | Of the owner's seat; not where the machine stands | Van de zetel van de eigenaar; niet waar de machine staat
-- column: app | text | App | App | That the capturing program names; a hint | Die het opnameprogramma noemt; een aanwijzing
-- column: strength | state:leak_strength | Sure | Zeker | Whether it may be chance | Of het toeval kan zijn
-- column: value | digest | Value | Waarde | Stands for it, under the key beside the case | Staat ervoor, met de sleutel naast de zaak
-- column: first | time | First | Eerste | UTC | UTC
-- column: fact_id | fact | Source | Bron | The first of them | De eerste ervan
SELECT identifier, host, way, "open", decode_path AS path, form, owner, count(*) AS times, owner_country AS country, app, strength, digest AS value, min("at") AS first, min(fact_id) AS fact_id
FROM identifier_seen GROUP BY identifier, digest, host, way, "open", decode_path, form, owner, owner_country, app, strength
ORDER BY strength = 'weak', CASE way WHEN 'out' THEN 0 WHEN 'back' THEN 1 ELSE 2 END, identifier, host, decode_path, form, digest, 14

-- part: sought
-- if: EXISTS (SELECT 1 FROM identifier_sought)
-- title.en: What was looked for, and seen or not
-- title.nl: Waarnaar gezocht is, en gezien of niet
-- sentence.en: Each in its derived forms, in every byte that could be decoded. Nought is a null result for what could be read, not for what stayed dark.
-- sentence.nl: Elk in zijn afgeleide vormen, in elke byte die te decoderen was. Nul is een uitkomst over wat te lezen was, niet over wat donker bleef.
-- empty.en: Nothing was looked for.
-- empty.nl: Er is nergens naar gezocht.
-- column: identifier | state:identifier_kind | Identifier | Kenmerk | What it is of the owner | Wat het van de eigenaar is
-- column: sought | number | Looked for | Gezocht | How many of this kind | Hoeveel van deze soort
-- column: went_out | number | Went out | Naar buiten | How many of them were seen to go out | Hoeveel daarvan naar buiten zijn zien gaan
-- column: hosts | number | Hosts | Hosts | That they went to | Waar ze heen gingen
-- column: came_back | number | Came back | Terug | Seen in what the other side sent | Gezien in wat de andere kant stuurde
-- column: stayed | number | Stayed local | Lokaal | Seen in the local network only | Alleen in het lokale netwerk gezien
-- column: weak | number | May be chance | Kan toeval zijn | Seen only in a form so short that it may be chance | Alleen gezien in een vorm zo kort dat het toeval kan zijn
-- column: fact_id | fact | Source | Bron | What was given | Wat is opgegeven
SELECT identifier, sum(sought) AS sought, sum(went_out) AS went_out, sum(hosts) AS hosts, sum(came_back) AS came_back, sum(stayed) AS stayed, sum(chance) AS weak, min(fact_id) AS fact_id FROM identifier_tally GROUP BY identifier ORDER BY sum(went_out) DESC, identifier

-- part: whom
-- form: flows
-- title.en: Who talks to whom
-- title.nl: Wie praat met wie
-- sentence.en: Bytes that went out, by app where the capturing program names it, by host, by the owner of the host's name and by the country of that owner's seat. The owner is not always who sees the data, and the country is not where they rest. The breadth of a stream grows with the root of its bytes.
-- sentence.nl: Bytes die naar buiten gingen, per app waar het opnameprogramma die noemt, per host, per eigenaar van de naam van de host en per land van diens zetel. De eigenaar is niet altijd wie de gegevens ziet, en het land is niet waar ze liggen. De breedte van een stroom groeit met de wortel van de bytes.
-- empty.en: No capture of traffic was handed in, or none holds a connection.
-- empty.nl: Er is geen opname van verkeer aangeleverd, of er staat geen verbinding in.
-- column: app | text | App | App | That the capturing program names; a hint | Die het opnameprogramma noemt; een aanwijzing
-- column: host | host | Host | Host | Name asked for, or the address | Gevraagde naam, of het adres
-- column: owner | text | Owner | Eigenaar | Whose name the host bears, by data/owners | Van wie de naam van de host is, volgens data/owners
-- column: country | state | Country | Land | Of the owner's seat; not where the machine stands | Van de zetel van de eigenaar; niet waar de machine staat
-- column: bytes_out | bytes | Out | Uit | Payload from the phone's side | Inhoud van de kant van de telefoon
-- column: bytes_in | bytes | In | In | Payload to it | Inhoud naar de telefoon
-- column: connections | number | Connections | Verbindingen | How many | Hoeveel
-- column: dark | share | Not seen into | Niet in gekeken | Share of the bytes that went out | Deel van de bytes die naar buiten gingen
-- column: first | time | First | Eerste | UTC | UTC
-- column: last | time | Last | Laatste | UTC | UTC
-- column: protocols | text | Protocols | Protocollen | Outermost first | Buitenste eerst
-- column: fact_id | fact | Source | Bron | The first connection | De eerste verbinding
SELECT coalesce(app, '') AS app, coalesce(host, dst) AS host, max(owner) AS owner, max(owner_country) AS country, sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in, count(*) AS connections, CAST(1000000.0 * sum(dark_out) / max(sum(bytes_out), 1) AS INTEGER) AS dark,
       min(started) AS first, max(ended) AS last, group_concat(DISTINCT protocol) AS protocols, fact_id
FROM (SELECT * FROM connection WHERE local = 0 ORDER BY capture_id, number) GROUP BY app, coalesce(host, dst) ORDER BY sum(bytes_out) DESC, 2, 1

-- part: votes
-- title.en: Where tables place the addresses
-- title.nl: Waar tabellen de adressen plaatsen
-- sentence.en: Each address with who announces it and how many tables name which country for it. They are votes: tables disagree, many machines share an address, and none says where data rest. The owner of the name, the holder of the network and the organisation in the certificate are three different answers to "whom".
-- sentence.nl: Elk adres met wie het aankondigt en hoeveel tabellen er welk land voor noemen. Het zijn stemmen: tabellen zijn het oneens, veel machines delen een adres, en geen ervan zegt waar gegevens liggen. De eigenaar van de naam, de houder van het netwerk en de organisatie in het certificaat zijn drie verschillende antwoorden op de vraag "wie".
-- empty.en: No address outside the local network was met, or no table was at hand (see below).
-- empty.nl: Er is geen adres buiten het lokale netwerk gezien, of er was geen tabel voorhanden (zie hieronder).
-- column: address | host | Address | Adres | Of the other side | Van de andere kant
-- column: hosts | text | Names | Namen | Asked for at this address | Gevraagd op dit adres
-- column: owners | text | Owner of the name | Eigenaar van de naam | By data/owners | Volgens data/owners
-- column: certificates | text | Certificate | Certificaat | Organisation that the server's certificate names | Organisatie die het certificaat van de server noemt
-- column: as_name | text | Network | Netwerk | Who holds the autonomous system that announces the address | Wie het autonome systeem houdt dat het adres aankondigt
-- column: asn | text | AS | AS | Number of that system | Nummer van dat systeem
-- column: country_votes | text:votes | Countries | Landen | How many of the tables name which | Hoeveel van de tabellen welk noemen
-- column: votes | detail | Table by table | Tabel voor tabel | What each says | Wat elk zegt
-- column: bytes_out | bytes | Out | Uit | To this address | Naar dit adres
-- column: connections | number | Connections | Verbindingen | With it | Ermee
-- column: fact_id | fact | Source | Bron | The connections | De verbindingen
WITH c AS (SELECT k.build_id, CAST(iif(n.outward, n.dst, n.src) AS TEXT) AS address, n.host, n.owner, n.certificate_owner, n.bytes_out FROM connection n JOIN capture k USING(capture_id) WHERE n.local = 0),
s AS (SELECT build_id, address, replace(group_concat(DISTINCT host), ',', ', ') AS hosts, replace(group_concat(DISTINCT owner), ',', ', ') AS owners, group_concat(DISTINCT certificate_owner) AS certificates, sum(bytes_out) AS bytes_out, count(*) AS connections FROM c GROUP BY build_id, address),
v AS (SELECT build_id, address, group_concat(said, ', ') AS votes FROM (SELECT build_id, address, table_name || ': ' || country AS said FROM country_vote ORDER BY table_name) GROUP BY build_id, address)
SELECT a.address, s.hosts, s.owners, s.certificates, a.as_name, 'AS' || a.asn AS asn, a.country_votes, v.votes, s.bytes_out, s.connections, a.fact_id
FROM address_owner a LEFT JOIN s ON s.build_id = a.build_id AND s.address = a.address LEFT JOIN v ON v.build_id = a.build_id AND v.address = a.address ORDER BY s.bytes_out DESC, a.address, a.build_id

-- part: tables
-- title.en: Tables of addresses
-- title.nl: Tabellen van adressen
-- sentence.en: Which were asked, and which were not on this machine. Another version may give other votes, so two people who compare digests need the same ones.
-- sentence.nl: Welke gevraagd zijn, en welke niet op deze machine stonden. Een andere versie kan andere stemmen geven; wie digests vergelijkt heeft dezelfde nodig.
-- empty.en: No address had to be looked up.
-- empty.nl: Er hoefde geen adres te worden opgezocht.
-- column: name | text | Table | Tabel | Its name | De naam
-- column: state | state:table_state | Asked | Gevraagd | Whether it was there | Of zij er was
-- column: gives | state:table_gives | Says | Zegt | About an address | Over een adres
-- column: version | text | Version | Versie | As it says itself | Zoals zij zelf zegt
-- column: ranges | number | Ranges | Reeksen | Of addresses in it | Van adressen erin
-- column: licence | text | Licence | Licentie | Of the table | Van de tabel
-- column: maker | text | Maker | Maker | Of the table | Van de tabel
-- column: file | text | File | Bestand | Of the table | Van de tabel
-- column: sha256 | digest | SHA-256 | SHA-256 | Of the file | Van het bestand
SELECT DISTINCT name, state, gives, version, ranges, licence, maker, file, sha256 FROM data_table ORDER BY CASE state WHEN 'read' THEN 0 WHEN 'damaged' THEN 1 ELSE 2 END, name, file, sha256

-- part: when
-- form: timeline
-- title.en: When
-- title.nl: Wanneer
-- sentence.en: Each connection where it began, and what the owner did by the list that was handed in. Times are UTC. Where nothing happened for long the axis is broken; pieces are no measure of time beside each other. At most the first 20,000 connections are drawn.
-- sentence.nl: Elke verbinding waar zij begon, en wat de eigenaar deed volgens de aangeleverde lijst. Tijden zijn UTC. Waar lang niets gebeurde is de as onderbroken; stukken zijn naast elkaar geen maat voor tijd. Hooguit de eerste 20.000 verbindingen worden getekend.
-- empty.en: No connection was seen.
-- empty.nl: Er is geen verbinding gezien.
-- column: host | host | Host | Host | Name asked for, or the address | Gevraagde naam, of het adres
-- column: started | time | Began | Begon | UTC | UTC
-- column: bytes_out | bytes | Out | Uit | Payload from the phone's side | Inhoud van de kant van de telefoon
-- column: act | state:act_state | The owner | De eigenaar | What the owner did, by the list that was handed in | Wat de eigenaar deed, volgens de aangeleverde lijst
-- column: app | text | App | App | That the capturing program names | Die het opnameprogramma noemt
-- column: protocol | text | Protocol | Protocol | Outermost first | Buitenste eerst
-- column: words | detail | In words | In woorden | As the owner wrote it | Zoals de eigenaar het schreef
-- column: fact_id | fact | Source | Bron | Its first frame, or the line of the list | Het eerste frame, of de regel van de lijst
SELECT host, started, bytes_out, act, app, protocol, words, fact_id FROM (
SELECT * FROM (SELECT coalesce(host, dst) AS host, started, bytes_out, NULL AS act, app, protocol, NULL AS words, fact_id, capture_id, number FROM connection WHERE local = 0 ORDER BY started, capture_id, number LIMIT 20000)
UNION ALL SELECT NULL, "at", NULL, state, NULL, NULL, act, fact_id, 0, 0 FROM act WHERE EXISTS (SELECT 1 FROM connection WHERE local = 0)
) ORDER BY started, capture_id, number, fact_id

-- part: again
-- title.en: Again and again
-- title.nl: Keer op keer
-- sentence.en: Hosts that were contacted eight times or more over six periods. Even means within a tenth of the period; chance says how often contacts thrown at random are as even. That nothing is even proves nothing.
-- sentence.nl: Hosts waarmee acht keer of vaker over zes perioden contact was. Regelmatig is binnen een tiende van de periode; toeval zegt hoe vaak willekeurig gestrooide contacten even regelmatig zijn. Dat niets regelmatig is bewijst niets.
-- empty.en: No host was contacted often enough to look for a period.
-- empty.nl: Met geen enkele host was vaak genoeg contact om een periode te zoeken.
-- column: host | host | Host | Host | Name or address | Naam of adres
-- column: port | text | Port | Poort | Of the other side | Van de andere kant
-- column: app | text | App | App | That the capturing program names | Die het opnameprogramma noemt
-- column: contacts | number | Contacts | Contacten | How many | Hoeveel
-- column: period | duration | Period | Periode | From one contact to the next | Van het ene contact tot het volgende
-- column: even | share | Even | Regelmatig | Intervals within a tenth of the period | Tussenpozen binnen een tiende van de periode
-- column: chance | share | Chance | Toeval | How often random contacts are as even | Hoe vaak willekeurige contacten even regelmatig zijn
-- column: bytes_out | bytes | Out | Uit | Median of a contact | Mediaan van een contact
-- column: known_as | state:contact_for | For | Voor | What such contacts are known to be for | Waar zulke contacten voor bekend zijn
-- column: first | time | First | Eerste | UTC | UTC
-- column: last | time | Last | Laatste | UTC | UTC
-- column: fact_id | fact | Source | Bron | The contacts | De contacten
SELECT host, CAST(port AS TEXT) AS port, app, contacts, CAST(round(period * 1000) AS INTEGER) AS period, even * 1000 AS even, chance * 1000 AS chance, bytes_out, known_as, first, last, fact_id FROM contact WHERE period IS NOT NULL ORDER BY chance, even DESC, contacts DESC, host, port, fact_id

-- part: acts
-- title.en: Idle, in use, before consent
-- title.nl: In rust, in gebruik, voor de toestemming
-- sentence.en: Bytes that went out by the last thing the owner did, as the owner's own list says. An order in time is not a cause.
-- sentence.nl: Bytes die naar buiten gingen na het laatste wat de eigenaar deed, volgens diens eigen lijst. Een volgorde in de tijd is geen oorzaak.
-- empty.en: No list of what the owner did was handed in (a text file that begins with "# klikspaan acts").
-- empty.nl: Er is geen lijst aangeleverd van wat de eigenaar deed (een tekstbestand dat begint met "# klikspaan acts").
-- column: state | state:act_state | Last act | Laatste daad | In the owner's list | In de lijst van de eigenaar
-- column: before_consent | yesno | Before consent | Voor toestemming | No act of consent had happened | Er was nog geen toestemming gegeven
-- column: host | host | Host | Host | Name or address | Naam of adres
-- column: bytes_out | bytes | Out | Uit | Payload from the phone's side | Inhoud van de kant van de telefoon
-- column: connections | number | Connections | Verbindingen | How many | Hoeveel
-- column: fact_id | fact | Source | Bron | The first connection | De eerste verbinding
SELECT coalesce(a.state, 'before_list') AS state, a.before_consent, coalesce(c.host, c.dst) AS host, sum(c.bytes_out) AS bytes_out, count(*) AS connections, min(c.fact_id) AS fact_id FROM connection_act a JOIN connection c USING(connection_id, capture_id) WHERE c.local = 0
GROUP BY a.state, a.before_consent, coalesce(c.host, c.dst) ORDER BY a.before_consent DESC, a.state NULLS FIRST, sum(c.bytes_out) DESC, 3

-- part: held
-- title.en: Who on the phone names these hosts
-- title.nl: Wie op de telefoon deze hosts noemt
-- sentence.en: Contacted hosts beside the packages and files that hold their names. To hold a name is not to have made the connection; a host that no file holds came from elsewhere or is put together at run time.
-- sentence.nl: Gecontacteerde hosts naast de pakketten en bestanden die hun naam bevatten. Een naam bevatten is niet de verbinding gemaakt hebben; een host die in geen bestand staat kwam ergens anders vandaan of wordt tijdens het draaien samengesteld.
-- empty.en: No host was contacted by name, or no software was handed in whose files could name it.
-- empty.nl: Er is met geen enkele host bij naam contact geweest, of er is geen software aangeleverd waarvan de bestanden hem kunnen noemen.
-- column: host | host | Host | Host | That was contacted | Waarmee contact was
-- column: held | state:held | Found | Gevonden | Whether a file names it | Of een bestand hem noemt
-- column: package | package | Who | Wie | That names it | Dat hem noemt
-- column: named | host | As | Als | What the file names | Wat het bestand noemt
-- column: file | path | File | Bestand | Where it is named | Waar het genoemd wordt
-- column: bytes_out | bytes | Out | Uit | To this host | Naar deze host
-- column: endpoint_fact | fact | Source | Bron | Where the name stands | Waar de naam staat
SELECT w.host, w.held, x.name AS package, w.named, coalesce(a.device_path, a.path) AS file, w.bytes_out, coalesce(w.endpoint_fact, w.fact_id) AS endpoint_fact FROM wire_host w LEFT JOIN actor x ON x.actor_id = w.actor_id LEFT JOIN artifact a ON a.artifact_id = w.artifact_id WHERE w.held IS NOT NULL
ORDER BY CASE w.held WHEN 'exact' THEN 0 WHEN 'below' THEN 1 ELSE 2 END, w.host, x.name, file, 7

-- part: telemetry
-- title.en: What was recognised
-- title.nl: Wat herkend is
-- sentence.en: Services known to gather data, and the kinds of data that stood in messages to them. Values are not kept. Where only the service was recognised its messages could not be read; that a kind is absent here does not show that it was not sent.
-- sentence.nl: Diensten waarvan bekend is dat ze gegevens verzamelen, en de soorten gegevens die in berichten naar hen stonden. Waarden worden niet bewaard. Waar alleen de dienst herkend is, waren de berichten niet te lezen; dat een soort hier ontbreekt toont niet dat zij niet verstuurd is.
-- empty.en: No service was met that a decoder knows.
-- empty.nl: Er is geen dienst gezien die een decoder kent.
-- column: maker | name | Maker | Maker | Whose service it is | Van wie de dienst is
-- column: service | name | Service | Dienst | What it is called | Hoe hij heet
-- column: category | state:data_category | Data | Gegevens | Kind of data that stood in the message | Soort gegevens die in het bericht stond
-- column: times | number | Messages | Berichten | How many; contacts where no message was seen | Hoeveel; contacten waar geen bericht gezien is
-- column: host | host | Host | Host | That they went to | Waar ze heen gingen
-- column: state | state:telemetry_state | Seen | Gezien | How far it could be read | Hoe ver het te lezen was
-- column: basis | state:telemetry_basis | Rests on | Rust op | How the form of the message is known | Hoe de vorm van het bericht bekend is
-- column: path | text | Where | Waar | In the message, with the decodings that lead there | In het bericht, met de decoderingen die erheen leiden
-- column: fact_id | fact | Source | Bron | The first message | Het eerste bericht
SELECT maker, CASE WHEN substr(service, 1, length(maker) + 2) = maker || ': ' THEN substr(service, length(maker) + 3) ELSE service END AS service, category, count(DISTINCT capture_id || ' ' || connection_id || ' ' || coalesce(message, '')) AS times, host, state, basis, min(path) AS path, min(fact_id) AS fact_id FROM telemetry WHERE coalesce(out, 1) = 1
GROUP BY maker, telemetry.service, state, category, host, basis ORDER BY maker, telemetry.service, host, CASE state WHEN 'proven' THEN 0 WHEN 'contradicted' THEN 1 WHEN 'decoded' THEN 2 WHEN 'recognised' THEN 3 ELSE 4 END, category, 9

-- part: dark
-- if: EXISTS (SELECT 1 FROM capture)
-- title.en: What stayed dark
-- title.nl: Wat donker bleef
-- sentence.en: Connections, bytes and frames that could not be seen into, by reason. Encryption protects the owner too; it is no accusation.
-- sentence.nl: Verbindingen, bytes en frames waarin niet kon worden gekeken, per reden. Versleuteling beschermt ook de eigenaar; het is geen beschuldiging.
-- empty.en: Nothing in the captures is known to have stayed dark: what they hold was in the clear or could be opened. What they do not hold was not seen.
-- empty.nl: Van niets in de opnames is bekend dat het donker bleef: wat erin zit was onversleuteld of kon worden geopend. Wat er niet in zit is niet gezien.
-- column: dark | state:dark | Why | Waarom | The first reason met in a connection | De eerste reden in een verbinding
-- column: connections | number | Connections | Verbindingen | How many | Hoeveel
-- column: hosts | number | Hosts | Hosts | Different ones | Verschillende
-- column: bytes_out | bytes | Out | Uit | Bytes not seen into | Bytes waarin niet is gekeken
-- column: bytes_in | bytes | In | In | Bytes not seen into | Bytes waarin niet is gekeken
-- column: frames | number | Frames | Frames | Of which no connection is known | Waarvan geen verbinding bekend is
SELECT dark, connections, hosts, bytes_out, bytes_in, frames FROM (
SELECT 0 AS place, c.why AS dark, count(*) AS connections, count(DISTINCT c.host) AS hosts, sum(c.dark_out) AS bytes_out, sum(c.dark_in) AS bytes_in, NULL AS frames
FROM (SELECT CASE WHEN connection_id IN (SELECT connection_id FROM certificate_refused) THEN 'refused' ELSE dark END AS why, coalesce(host, dst) AS host, dark_out, dark_in FROM connection WHERE local = 0) c WHERE c.why IS NOT NULL GROUP BY c.why
UNION ALL SELECT 1, 'wifi', NULL, NULL, NULL, NULL, sum(protected) FROM capture HAVING sum(protected) > 0
UNION ALL SELECT 1, 'link_type', NULL, NULL, NULL, NULL, sum(unsupported) FROM capture HAVING sum(unsupported) > 0
UNION ALL SELECT 1, 'fragments', NULL, NULL, NULL, NULL, sum(fragments_lost) FROM capture HAVING sum(fragments_lost) > 0
UNION ALL SELECT 1, 'frame_damaged', NULL, NULL, NULL, NULL, sum(damaged) FROM capture HAVING sum(damaged) > 0
) ORDER BY place, bytes_out DESC, frames DESC, dark

-- part: refused
-- if: EXISTS (SELECT 1 FROM capture)
-- title.en: Where a certificate was refused
-- title.nl: Waar een certificaat is geweigerd
-- sentence.en: The phone's side ended the connection because it did not accept the server's certificate: the app pins another, or does not trust the one who signed it, as a proxy's. What it would have sent is not in the capture. In TLS 1.3 such a refusal is itself encrypted and is only seen with secrets; and who just hangs up is not told from others.
-- sentence.nl: De kant van de telefoon brak de verbinding af omdat zij het certificaat van de server niet aanvaardde: de app zet een ander vast, of vertrouwt wie het tekende niet, zoals een proxy. Wat zij verstuurd zou hebben staat niet in de opname. In TLS 1.3 is zo'n weigering zelf versleuteld en alleen met geheimen te zien; en wie gewoon ophangt is niet van anderen te onderscheiden.
-- empty.en: No refusal of a certificate was seen. In TLS 1.3 it would be encrypted.
-- empty.nl: Er is geen weigering van een certificaat gezien. In TLS 1.3 zou zij versleuteld zijn.
-- column: host | host | Host | Host | Name asked for, or the address | Gevraagde naam, of het adres
-- column: reason | state:refused | Reason | Reden | As the client says | Zoals de client zegt
-- column: connections | number | Connections | Verbindingen | How many ended so | Hoeveel er zo eindigden
-- column: other | number | Others | Andere | Connections with this host that did not | Verbindingen met deze host die niet zo eindigden
-- column: app | text | App | App | That the capturing program names; a hint | Die het opnameprogramma noemt; een aanwijzing
-- column: owner | text | Owner | Eigenaar | Whose name the host bears, by data/owners | Van wie de naam van de host is, volgens data/owners
-- column: first | time | First | Eerste | UTC | UTC
-- column: fact_id | fact | Source | Bron | The first refusal | De eerste weigering
WITH n AS (SELECT coalesce(host, dst) AS host, count(*) AS connections FROM connection GROUP BY coalesce(host, dst)), e AS (SELECT host, count(DISTINCT connection_id) AS connections FROM certificate_refused GROUP BY host)
SELECT r.host, r.reason, count(DISTINCT r.connection_id) AS connections, max(n.connections - e.connections) AS other, r.app, max(r.owner) AS owner, min(r."at") AS first, min(r.fact_id) AS fact_id
FROM certificate_refused r JOIN n ON n.host = r.host JOIN e ON e.host = r.host GROUP BY r.host, r.reason, r.app ORDER BY count(DISTINCT r.connection_id) DESC, r.host, r.reason, r.app

-- part: own_word
-- title.en: What the phone itself wrote down
-- title.nl: Wat de telefoon zelf opschreef
-- sentence.en: Domains that apps reached, by Apple's App Privacy Report. It is the maker's own word: at most seven days, names of hosts only, and nothing of what was sent.
-- sentence.nl: Domeinen waar apps contact mee hadden, volgens Apples privacyrapport van apps. Het is het eigen woord van de maker: hooguit zeven dagen, alleen namen van hosts, en niets van wat er verstuurd is.
-- empty.en: No App Privacy Report was handed in.
-- empty.nl: Er is geen privacyrapport van apps aangeleverd.
-- column: app | name | App | App | Its bundle | De bundel
-- column: domain | host | Domain | Domein | That it reached | Waar contact mee was
-- column: owner | text | Owner | Eigenaar | By data/owners, else as the report says | Volgens data/owners, anders zoals het rapport zegt
-- column: country | state | Country | Land | Of the owner's seat | Van de zetel van de eigenaar
-- column: hits | number | Times | Keer | How often | Hoe vaak
-- column: domain_type | state:domain_type | Kind | Soort | As Apple holds | Volgens Apple
-- column: initiated | state:initiated_type | By | Door | Who opened it | Wie het begon
-- column: first | time | First | Eerste | UTC | UTC
-- column: last | time | Last | Laatste | UTC | UTC
-- column: fact_id | fact | Source | Bron | The line | De regel
SELECT app, domain, coalesce(owner, domain_owner) AS owner, owner_country AS country, hits, domain_type, initiated_type AS initiated, first, last, fact_id FROM app_contact ORDER BY hits DESC, app, domain, first, fact_id

-- part: own_use
-- title.en: What apps used, by the phone's own word
-- title.nl: Wat apps gebruikten, volgens de telefoon zelf
-- sentence.en: When apps used location, contacts, photos and the like, by Apple's App Privacy Report. To use is not to send.
-- sentence.nl: Wanneer apps locatie, contacten, foto's en dergelijke gebruikten, volgens Apples privacyrapport van apps. Gebruiken is niet versturen.
-- empty.en: No App Privacy Report with such a line was handed in.
-- empty.nl: Er is geen privacyrapport van apps met zo'n regel aangeleverd.
-- column: app | name | App | App | Its bundle | De bundel
-- column: category | state:app_access | What | Wat | That was used | Dat gebruikt is
-- column: times | number | Times | Keer | Begun or single uses | Begonnen of losse keren
-- column: first | time | First | Eerste | UTC | UTC
-- column: last | time | Last | Laatste | UTC | UTC
-- column: fact_id | fact | Source | Bron | The first line | De eerste regel
SELECT app, category, sum(kind IS NULL OR kind <> 'intervalEnd') AS times, min(at) AS first, max(at) AS last, min(fact_id) AS fact_id FROM app_access GROUP BY app, category ORDER BY app, category

-- part: captures
-- form: cards
-- title.en: The captures
-- title.nl: De opnames
-- sentence.en: How much is in them, and what of it could not be read at all.
-- sentence.nl: Hoeveel erin zit, en wat daarvan helemaal niet te lezen was.
-- empty.en: No capture of traffic was handed in.
-- empty.nl: Er is geen opname van verkeer aangeleverd.
-- column: path | path | Capture | Opname | The file | Het bestand
-- column: device | personal | Address of the phone | Adres van de telefoon | From which most connections were opened | Waarvandaan de meeste verbindingen zijn geopend
-- column: started | time | From | Van | UTC | UTC
-- column: ended | time | To | Tot | UTC; a file may hold several recordings | UTC; een bestand kan meer opnames bevatten
-- column: frames | number | Frames | Frames | In the file | In het bestand
-- column: bytes | bytes | Bytes | Bytes | Of its frames | Van de frames
-- column: connections | number | Connections | Verbindingen | TCP, UDP and what else IP carried | TCP, UDP en wat IP verder vervoerde
-- column: not_ip | number | Without IP | Zonder IP | ARP and the like | ARP en dergelijke
-- column: protected | number | Under Wi-Fi encryption | Onder wifi-versleuteling | Nothing in them was seen | Er is niets van gezien
-- column: unsupported | number | Not read | Niet gelezen | Frames of a link type that is not read | Frames van een soort verbinding die niet gelezen wordt
-- column: fragments_lost | number | Lone fragments | Losse fragmenten | IP fragments whose packet never became whole | IP-fragmenten waarvan het pakket nooit compleet werd
-- column: damaged | number | Damaged | Beschadigd | Frames whose lengths contradict each other | Frames waarvan de lengtes elkaar tegenspreken
-- column: cut_bytes | bytes | Left out | Weggelaten | By the capture, at the end of frames | Door de opname, aan het eind van frames
-- column: dropped | number | Lost | Verloren | Frames that the capturing system says it lost | Frames die het opnamesysteem zegt te hebben gemist
-- column: secrets | number | TLS secrets | TLS-geheimen | At hand for opening | Voorhanden om te openen
-- column: fact_id | fact | Source | Bron | The file | Het bestand
SELECT a.path, c.device, c.started, c.ended, c.frames, c.bytes, c.connections, c.not_ip, c.protected, c.unsupported, c.fragments_lost, c.damaged, c.cut_bytes, c.dropped, c.secrets, c.fact_id FROM capture c JOIN artifact a USING(artifact_id) ORDER BY a.path, c.capture_id
