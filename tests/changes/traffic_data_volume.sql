-- gives: info more
-- also: info less imei quiet.example
-- also: info other maker_stats locale
-- says: imei was seen to go to Maker Inc. in 40.0 messages a capture; before in 1.5 messages a capture
-- not: imei a.maker.example
-- not: imei same.example
-- before
-- after
-- compared
INSERT INTO traffic_data(what, about, name, name_nl, decoder, service, level, recipient, owner, verdict, seen_before, captures_before, seen_after, captures_after, enough, times_before, times_after, chance, dark_before, dark_after, old_fact, new_fact) VALUES('leak', 'imei', 'imei', 'imei', NULL, NULL, 'owner', 'Maker Inc.', NULL, 'volume', 4, 4, 4, 4, 1, 1500, 40000, 20, 0, 0, printf('%032x', 901), printf('%032x', 902));
INSERT INTO traffic_data(what, about, name, name_nl, decoder, service, level, recipient, owner, verdict, seen_before, captures_before, seen_after, captures_after, enough, times_before, times_after, chance, dark_before, dark_after, old_fact, new_fact) VALUES('leak', 'imei', 'imei', 'imei', NULL, NULL, 'host', 'a.maker.example', 'Maker Inc.', 'volume', 4, 4, 4, 4, 1, 1500, 40000, 20, 0, 0, printf('%032x', 903), printf('%032x', 904));
INSERT INTO traffic_data(what, about, name, name_nl, decoder, service, level, recipient, owner, verdict, seen_before, captures_before, seen_after, captures_after, enough, times_before, times_after, chance, dark_before, dark_after, old_fact, new_fact) VALUES('leak', 'imei', 'imei', 'imei', NULL, NULL, 'host', 'quiet.example', NULL, 'volume', 4, 4, 4, 4, 1, 9000, 1000, 20, 0, 0, printf('%032x', 905), printf('%032x', 906));
INSERT INTO traffic_data(what, about, name, name_nl, decoder, service, level, recipient, owner, verdict, seen_before, captures_before, seen_after, captures_after, enough, times_before, times_after, chance, dark_before, dark_after, old_fact, new_fact) VALUES('telemetry', 'locale', 'locale', 'locale', 'maker_stats', 'Maker: statistics', 'service', 'maker_stats', NULL, 'volume', 4, 4, 4, 4, 1, 9000, 1000, 20, 0, 3, printf('%032x', 907), printf('%032x', 908));
INSERT INTO traffic_data(what, about, name, name_nl, decoder, service, level, recipient, owner, verdict, seen_before, captures_before, seen_after, captures_after, enough, times_before, times_after, chance, dark_before, dark_after, old_fact, new_fact) VALUES('leak', 'imei', 'imei', 'imei', NULL, NULL, 'host', 'same.example', NULL, 'same', 4, 4, 4, 4, 1, 9000, 9100, 20, 0, 0, printf('%032x', 909), printf('%032x', 910));
