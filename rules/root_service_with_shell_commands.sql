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
SELECT s.build_id, s.actor_id, s.executable AS subject, min(n.fact_id) AS fact_id, s.fact_id AS evidence, s.name AS actor, count(DISTINCT n.value) AS count
FROM service s JOIN artifact a ON a.build_id = s.build_id AND a.device_path = s.executable JOIN native_string n ON n.artifact_id = a.artifact_id
WHERE coalesce(s.user, 'root') IN ('root', '0') AND n.kind = 'command' AND s.executable NOT IN ('/system/bin/dumpstate', '/system/bin/init', '/init', '/system/bin/sh', '/system/bin/vold', '/system/bin/installd', '/system/bin/netd', '/system/bin/app_process32', '/system/bin/app_process64')
GROUP BY s.actor_id ORDER BY s.build_id, s.name
