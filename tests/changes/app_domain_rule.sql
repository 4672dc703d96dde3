-- gives: high more
-- before
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'seapp', 'untrusted_app', 'user=_app domain=untrusted_app', printf('%032x', 501));
-- after
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'seapp', 'untrusted_app', 'user=_app domain=untrusted_app', printf('%032x', 501));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'seapp', 'system_app', 'user=_app seinfo=default name=com.maker.spy domain=system_app', printf('%032x', 502));
