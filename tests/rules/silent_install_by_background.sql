-- fires
INSERT INTO power(actor_id, power, held_by, code, reachable, entry, baseline, fact_id) VALUES(10, 'install_silently', 'android.permission.INSTALL_PACKAGES', 'La;->b', 1, 'com.maker.tool.S', 0, printf('%032x', 900));
-- quiet: code without the right
INSERT INTO power(actor_id, power, code, reachable, entry, baseline, fact_id) VALUES(10, 'install_silently', 'La;->b', 1, 'com.maker.tool.S', 0, printf('%032x', 900));
