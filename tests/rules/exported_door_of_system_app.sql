-- fires
INSERT INTO component(package_id, kind, class, exported, enabled, action, fact_id) VALUES(11, 'receiver', 'com.maker.agent.Run', 1, 1, 'com.maker.RUN', printf('%032x', 900));
-- quiet: the same door asks a permission; another hears only what the system may send; a third is switched off
INSERT INTO component(package_id, kind, class, exported, enabled, permission, action, fact_id) VALUES(11, 'receiver', 'com.maker.agent.Run', 1, 1, 'com.maker.permission.GUARD', 'com.maker.RUN', printf('%032x', 900)),
 (11, 'receiver', 'com.maker.agent.Boot', 1, 1, NULL, 'android.intent.action.BOOT_COMPLETED', printf('%032x', 901)), (11, 'service', 'com.maker.agent.Off', 1, 0, NULL, NULL, printf('%032x', 902)),
 (10, 'receiver', 'com.maker.tool.Run', 1, 1, NULL, 'com.maker.RUN', printf('%032x', 903));
