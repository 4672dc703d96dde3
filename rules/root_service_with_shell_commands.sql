-- rule: root_service_with_shell_commands
-- theme: services
-- severity: low
-- strength: present
-- title.en: Services that run as root hold commands for a shell
-- title.nl: Diensten die als root draaien bevatten opdrachten voor een shell
-- says.en: {actor} runs as root and its program holds {count} commands for a shell
-- says.nl: {actor} draait als root en haar programma bevat {count} opdrachten voor een shell
-- explain.en: A program that puts commands together for a shell is open to whoever can put words into them. Holding a
--   command is not running it.
-- explain.nl: Een programma dat opdrachten voor een shell samenstelt staat open voor wie er woorden in kan zetten.
--   Een opdracht bevatten is haar niet uitvoeren.
-- reference: https://cwe.mitre.org/data/definitions/78.html
-- limits: Texts that look like commands may be something else; libraries that the program loads are not counted.
-- needs: service, native_string
WITH root AS MATERIALIZED (SELECT actor_id, build_id, name, executable, fact_id FROM service
  WHERE coalesce(user, 'root') IN ('root', '0') AND executable NOT IN ('/system/bin/dumpstate', '/system/bin/init', '/init', '/system/bin/sh', '/system/bin/vold', '/system/bin/installd', '/system/bin/netd',
    '/system/bin/app_process32', '/system/bin/app_process64')),
program AS MATERIALIZED (SELECT a.artifact_id, a.build_id, a.device_path FROM artifact a WHERE a.device_path IN (SELECT executable FROM root)),
command AS MATERIALIZED (SELECT artifact_id, value, fact_id FROM native_string WHERE kind = 'command')
SELECT r.build_id, r.actor_id, r.executable AS subject, min(c.fact_id) AS fact_id, r.fact_id AS evidence, r.name AS actor, count(DISTINCT c.value) AS count
FROM root r JOIN program p ON p.build_id = r.build_id AND p.device_path = r.executable JOIN command c ON c.artifact_id = p.artifact_id
GROUP BY r.actor_id ORDER BY r.build_id, r.name
