-- rule: verified_boot_does_not_hold
-- theme: files
-- severity: critical
-- strength: present
-- title.en: Images or modules are not what their signer signed
-- title.nl: Images of modules zijn niet wat hun ondertekenaar heeft getekend
-- says.en: {subject}: the {what} does not hold ({detail})
-- says.nl: {subject}: de {what} klopt niet ({detail})
-- explain.en: Signature, digest or hash tree were computed again and differ from what is stated. Somebody changed the bytes
--   after they were signed, or the file was damaged on its way.
-- explain.nl: Handtekening, digest of hashboom zijn opnieuw berekend en wijken af van wat er staat. Iemand heeft de bytes na
--   het tekenen veranderd, of het bestand is onderweg beschadigd.
-- reference: https://source.android.com/docs/security/features/verifiedboot
-- limits: A check that holds says whose the bytes are, not that they are harmless. Error correction blocks are not compared. A
--   signature also fails where boot loaders refuse the structure under it for another reason, which is then told.
-- needs: avb_check
SELECT build_id, NULL AS actor_id, partition AS subject, fact_id, what, coalesce(detail, '') AS detail, CASE what WHEN 'tree' THEN 'medium' WHEN 'chain' THEN 'high' ELSE 'critical' END AS severity
FROM avb_check WHERE result = 'failed' AND what <> 'flags'
UNION ALL SELECT c.build_id, NULL, coalesce(a.device_path, a.path), c.fact_id, c.what, coalesce(c.detail, ''), CASE c.what WHEN 'tree' THEN 'medium' ELSE 'critical' END
FROM apex_check c JOIN artifact a ON a.artifact_id = c.artifact_id WHERE c.result = 'failed' ORDER BY 1, 3, 5
