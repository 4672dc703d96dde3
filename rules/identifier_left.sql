-- rule: identifier_left
-- theme: data
-- severity: medium
-- strength: decoded
-- title.en: An identifier of the owner left the phone
-- title.nl: Een kenmerk van de eigenaar verliet de telefoon
-- says.en: {kind_en} went to {to}{clear_en}
-- says.nl: {kind_nl} ging naar {to}{clear_nl}
-- explain.en: The owner gave it to be looked for (--identifiers), and it stood in what went out, plain or in a form that follows from it.
--   Whether the owner agreed to that, and what was done with it there, is not in a capture.
-- explain.nl: De eigenaar gaf het op om naar te zoeken (--identifiers), en het stond in wat naar buiten ging, zoals het is of in een vorm
--   die eruit volgt. Of de eigenaar daarmee instemde, en wat er daar mee gedaan is, staat niet in een opname.
-- reference: https://eur-lex.europa.eu/eli/reg/2016/679/oj
-- limits: Only identifiers that were given are looked for, and only where the traffic could be seen into. What is so short that it may be chance gives no finding.
-- needs: identifier_sought
SELECT s.build_id, NULL AS actor_id, s.identifier || ' ' || s.host AS subject, min(s.fact_id) AS fact_id, group_concat(DISTINCT s.fact_id) AS evidence, s.host || coalesce(' (' || max(s.owner) || ')', '') AS "to",
       CASE WHEN max(s."open") THEN 'high' ELSE 'medium' END AS severity, min(s.decode_path) || iif(count(DISTINCT s.decode_path) > 1, ', …', '') AS note,
       iif(max(s."open"), ' in the clear', '') AS clear_en, iif(max(s."open"), ', onversleuteld', '') AS clear_nl,
       CASE s.identifier WHEN 'imei' THEN 'The IMEI' WHEN 'meid' THEN 'The MEID' WHEN 'serial' THEN 'The serial number' WHEN 'mac' THEN 'A MAC address' WHEN 'wifi_mac' THEN 'The Wi-Fi address' WHEN 'bluetooth_mac' THEN 'The Bluetooth address'
            WHEN 'bssid' THEN 'The address of the access point' WHEN 'ssid' THEN 'The name of the Wi-Fi network' WHEN 'phone' THEN 'The phone number' WHEN 'email' THEN 'The e-mail address' WHEN 'advertising_id' THEN 'The advertising id'
            WHEN 'android_id' THEN 'The Android id' WHEN 'gsf_id' THEN 'The id of Google''s services' WHEN 'udid' THEN 'The UDID' WHEN 'imsi' THEN 'The IMSI' WHEN 'iccid' THEN 'The number of the SIM' WHEN 'coordinates' THEN 'The place of the phone'
            WHEN 'contact' THEN 'A contact' WHEN 'canary' THEN 'A planted text' WHEN 'operator' THEN 'The mobile operator' ELSE 'An identifier' END AS kind_en,
       CASE s.identifier WHEN 'imei' THEN 'De IMEI' WHEN 'meid' THEN 'De MEID' WHEN 'serial' THEN 'Het serienummer' WHEN 'mac' THEN 'Een MAC-adres' WHEN 'wifi_mac' THEN 'Het wifi-adres' WHEN 'bluetooth_mac' THEN 'Het bluetooth-adres'
            WHEN 'bssid' THEN 'Het adres van het toegangspunt' WHEN 'ssid' THEN 'De naam van het wifinetwerk' WHEN 'phone' THEN 'Het telefoonnummer' WHEN 'email' THEN 'Het e-mailadres' WHEN 'advertising_id' THEN 'De reclame-id'
            WHEN 'android_id' THEN 'De Android-id' WHEN 'gsf_id' THEN 'De id van Googles diensten' WHEN 'udid' THEN 'De UDID' WHEN 'imsi' THEN 'De IMSI' WHEN 'iccid' THEN 'Het nummer van de simkaart' WHEN 'coordinates' THEN 'De plaats van de telefoon'
            WHEN 'contact' THEN 'Een contact' WHEN 'canary' THEN 'Een uitgezette tekst' WHEN 'operator' THEN 'De mobiele aanbieder' ELSE 'Een kenmerk' END AS kind_nl
FROM identifier_seen s WHERE s.way = 'out' AND s.strength = 'decoded' AND EXISTS (SELECT 1 FROM identifier_sought) GROUP BY s.build_id, s.identifier, s.host ORDER BY s.build_id, s.identifier, s.host
