-- page: connections
-- order: 37
-- title.en: Connections
-- title.nl: Verbindingen
-- sentence.en: Every connection that was seen, with the name that was asked for. With encrypted ClientHellos that name may be a front's.
-- sentence.nl: Elke verbinding die gezien is, met de naam die gevraagd werd. Bij versleutelde ClientHello's kan dat de naam van een voorgevel zijn.
-- origins: last

-- part: list
-- title.en: All connections
-- title.nl: Alle verbindingen
-- empty.en: No connection was seen.
-- empty.nl: Er is geen verbinding gezien.
-- column: host | host | Host | Host | Name asked for, else one looked up | Gevraagde naam, anders een opgezochte
-- column: dst | host | Address | Adres | Of the other side | Van de andere kant
-- column: dport | text | Port | Poort | Of the other side | Van de andere kant
-- column: protocol | text | Protocol | Protocol | Outermost first | Buitenste eerst
-- column: bytes_out | bytes | Out | Uit | Payload from the phone's side | Inhoud van de kant van de telefoon
-- column: bytes_in | bytes | In | In | Payload to it | Inhoud naar de telefoon
-- column: dark | state:dark | Dark | Donker | Why part of it was not seen into | Waarom er niet overal in gekeken is
-- column: app | text | App | App | That the capturing program names | Die het opnameprogramma noemt
-- column: started | time | Began | Begon | UTC | UTC
-- column: owner | text | Owner | Eigenaar | Whose name the host bears | Van wie de naam van de host is
-- column: country_votes | text:votes | Countries | Landen | Votes of tables on the address | Stemmen van tabellen over het adres
-- column: ended | time | Ended | Eindigde | UTC | UTC
-- column: host_from | state:host_from | Name by | Naam uit | What says so | Wat het zegt
-- column: ja4 | text | JA4 | JA4 | Fingerprint of the client's software | Vingerafdruk van de software
-- column: src | personal | From | Van | Address of the side that opened it | Adres van de kant die opende
-- column: missing | bytes | Missing | Ontbreekt | Payload that the capture lacks | Inhoud die in de opname ontbreekt
-- column: moved | number | Moved | Verhuisd | Other addresses or ports that it went on over | Andere adressen of poorten waarover ze verderging
-- column: fact_id | fact | Source | Bron | Its first frame | Het eerste frame
SELECT c.host, c.dst, CAST(c.dport AS TEXT) AS dport, c.protocol, c.bytes_out, c.bytes_in, c.dark, c.app, c.started, c.owner, c.country_votes, c.ended, c.host_from, h.ja4, c.src, c.missing, nullif(c.moved, 0) AS moved, c.fact_id
FROM connection c LEFT JOIN (SELECT connection_id, capture_id, min(ja4) AS ja4 FROM tls_hello WHERE ja4 IS NOT NULL GROUP BY connection_id, capture_id) h ON h.connection_id = c.connection_id AND h.capture_id = c.capture_id
ORDER BY c.local, c.capture_id, c.number

-- part: names
-- title.en: Names that were asked for
-- title.nl: Namen die gevraagd zijn
-- sentence.en: By whatever means names are found: DNS, the local network, or a maker's own service. Names of devices are hidden.
-- sentence.nl: Op welke manier ook namen gevonden worden: DNS, het lokale netwerk of de eigen dienst van een maker. Namen van apparaten zijn verborgen.
-- empty.en: No name was asked for in what could be read.
-- empty.nl: In wat te lezen was is geen naam gevraagd.
-- column: how | state:lookup_how | How | Hoe | By which service | Met welke dienst
-- column: name | host | Name | Naam | As asked | Zoals gevraagd
-- column: device_name | personal | Device | Apparaat | A name on the local network | Een naam op het lokale netwerk
-- column: types | text | Types | Soorten | Of records | Van records
-- column: questions | number | Questions | Vragen | How many | Hoeveel
-- column: answers | number | Answers | Antwoorden | How many | Hoeveel
-- column: fact_id | fact | Source | Bron | The first of them | De eerste
SELECT how, CASE WHEN how IN ('dns', 'dot', 'doh', 'doq', 'httpdns') THEN name END AS name, CASE WHEN how NOT IN ('dns', 'dot', 'doh', 'doq', 'httpdns') THEN name END AS device_name, group_concat(DISTINCT type) AS types, sum(answer = 0) AS questions, sum(answer) AS answers, min(fact_id) AS fact_id
FROM name_lookup GROUP BY how, name ORDER BY how, name

-- part: messages
-- title.en: Messages that were read
-- title.nl: Berichten die gelezen zijn
-- sentence.en: Requests, answers and other messages that were in the clear or could be opened. Their bodies are not kept; paths may tell who somebody is and are hidden.
-- sentence.nl: Verzoeken, antwoorden en andere berichten die onversleuteld waren of konden worden geopend. De inhoud wordt niet bewaard; paden kunnen vertellen wie iemand is en zijn verborgen.
-- empty.en: No message could be read.
-- empty.nl: Geen enkel bericht kon worden gelezen.
-- column: host | host | Host | Host | Of the request, else of the connection | Van het verzoek, anders van de verbinding
-- column: what | state:message_what | What | Wat | Kind of message | Soort bericht
-- column: method | text | Method | Methode | Of a request | Van een verzoek
-- column: state | state:message_state | Read | Gelezen | How far it could be read | Hoe ver het te lezen was
-- column: out | yesno | Out | Uit | From the phone's side | Van de kant van de telefoon
-- column: body_bytes | bytes | Body | Inhoud | As sent | Zoals verstuurd
-- column: content_type | text | Type | Type | As declared | Zoals opgegeven
-- column: path | personal | Path | Pad | Without its query | Zonder de query
-- column: query | text | Fields | Velden | Names of the fields of the query | Namen van de velden van de query
-- column: status | number | Status | Status | Of an answer | Van een antwoord
-- column: agent | text | Program | Programma | User-Agent | User-Agent
-- column: protocol | text | Protocol | Protocol | Of the message | Van het bericht
-- column: detail | text | More | Meer | What the protocol adds | Wat het protocol toevoegt
-- column: at | time | When | Wanneer | UTC | UTC
-- column: fact_id | fact | Source | Bron | Its first bytes | De eerste bytes
SELECT coalesce(m.host, c.host, c.dst) AS host, m.what, m.method, m.state, m.out, m.body_bytes, m.content_type, m.path, m.query, m.status, m.agent, m.protocol, m.detail, m.at, m.fact_id
FROM message m JOIN connection c USING(connection_id, capture_id) ORDER BY m.capture_id, c.number, m.number

-- part: unknown
-- title.en: Protocols that are not read
-- title.nl: Protocollen die niet gelezen worden
-- sentence.en: The first bytes of each way. Near 8 bits per byte they are encrypted or packed.
-- sentence.nl: De eerste bytes van elke kant. Rond 8 bits per byte zijn ze versleuteld of ingepakt.
-- empty.en: Every stream speaks a protocol that klikspaan knows.
-- empty.nl: Elke stroom spreekt een protocol dat klikspaan kent.
-- column: host | host | Host | Host | Name or address | Naam of adres
-- column: dport | text | Port | Poort | Of the other side | Van de andere kant
-- column: proto | text | Transport | Transport | tcp, udp or another protocol of IP | tcp, udp of een ander protocol van IP
-- column: out | yesno | Out | Uit | From the phone's side | Van de kant van de telefoon
-- column: first | personal | First bytes | Eerste bytes | In hexadecimal | Hexadecimaal
-- column: entropy | text | Bits per byte | Bits per byte | 0 to 8 | 0 tot 8
-- column: sampled | bytes | Of | Van | Bytes that it is over | Bytes waarover het gaat
-- column: fact_id | fact | Source | Bron | Where it stands | Waar het staat
SELECT coalesce(c.host, c.dst) AS host, CAST(c.dport AS TEXT) AS dport, c.proto, u.out, u.first, format('%.2f', u.entropy) AS entropy, u.sampled, u.fact_id FROM unknown_stream u JOIN connection c USING(connection_id, capture_id) ORDER BY u.capture_id, c.number, u.out DESC, u.fact_id
