-- rule: permissive_domain
-- theme: selinux
-- severity: high
-- strength: present
-- title.en: SELinux holds nothing back in some domains
-- title.nl: SELinux houdt in sommige domeinen niets tegen
-- says.en: The domain {subject} is permissive: what it does is logged, nothing is stopped
-- says.nl: Het domein {subject} is permissive: wat het doet wordt vastgelegd, niets wordt tegengehouden
-- explain.en: Programs in a permissive domain are bound by users and file modes only. AOSP's checks forbid such
--   domains on builds for users.
-- explain.nl: Programma's in een permissive domein zijn alleen gebonden door gebruikers en bestandsrechten. AOSP's
--   controles verbieden zulke domeinen op builds voor gebruikers.
-- reference: https://source.android.com/docs/security/features/selinux/validate
-- limits: The policy of recovery counts as well; the file is in the evidence.
-- needs: selinux_domain
SELECT d.build_id, NULL AS actor_id, d.domain AS subject, d.fact_id, coalesce(a.device_path, a.path) AS note, CASE WHEN d.domain IN ('su', 'shell') THEN 'medium' ELSE 'high' END AS severity
FROM selinux_domain d LEFT JOIN artifact a ON a.artifact_id = d.artifact_id WHERE d.permissive = 1
ORDER BY d.build_id, d.domain, d.fact_id
