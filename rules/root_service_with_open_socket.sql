-- rule: root_service_with_open_socket
-- theme: services
-- severity: medium
-- strength: present
-- title.en: Native services that run as root listen on sockets that others may write to
-- title.nl: Native diensten die als root draaien luisteren op sockets waar anderen naar mogen schrijven
-- says.en: {actor} runs as root and its socket {subject} has mode {mode}
-- says.nl: {actor} draait als root en haar socket {subject} heeft rechten {mode}
-- explain.en: A socket that every user may write to lets apps talk to a service with all rights. SELinux may still
--   forbid it; the rules on SELinux say what apps may reach.
-- explain.nl: Een socket waar elke gebruiker naar mag schrijven laat apps praten met een dienst die alle rechten
--   heeft. SELinux kan het nog verbieden; de regels over SELinux zeggen wat apps mogen bereiken.
-- reference: https://android.googlesource.com/platform/system/core/+/main/init/README.md
-- limits: Sockets that the program makes itself are not seen.
-- needs: service, service_socket
SELECT s.build_id, s.actor_id, k.name AS subject, k.fact_id, s.fact_id AS evidence, s.name AS actor, k.mode, coalesce(s.seclabel, '') AS note,
       s.name IN ('zygote', 'zygote_secondary', 'netd', 'logd', 'property_service', 'tombstoned', 'traced', 'statsd', 'prng_seeder', 'mdnsd', 'dnsproxyd', 'installd', 'vold', 'ueventd') AS baseline
FROM service s JOIN service_socket k ON k.actor_id = s.actor_id
WHERE coalesce(s.user, 'root') IN ('root', '0') AND substr(k.mode, -1) IN ('2', '3', '6', '7')
ORDER BY s.build_id, s.name, k.name, k.fact_id
