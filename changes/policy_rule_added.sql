-- change: policy_rule_added
-- theme: selinux
-- effect: more
-- severity: low
-- title.en: SELinux allows a part of the system more
-- title.nl: SELinux laat een deel van het systeem meer toe
-- says.en: {domain} may {permissions} {target} ({class})
-- says.nl: {domain} mag {permissions} op {target} ({class})
-- why.en: {reason}
-- why.nl: {reason}
-- limits: Domains and types that only the new build has are not in it, nor rules about single ioctl commands.
-- words: reason
WITH w AS (SELECT *, ' ' || permissions || ' ' AS p FROM policy_rule_added),
     k AS (SELECT *, CASE WHEN class IN ('capability', 'capability2', 'cap_userns', 'cap2_userns') THEN (p LIKE '% sys_module %' OR p LIKE '% sys_rawio %' OR p LIKE '% sys_ptrace %' OR p LIKE '% dac_override %' OR p LIKE '% mac_admin %' OR p LIKE '% mac_override %' OR p LIKE '% sys_admin %')
                          WHEN class = 'security' THEN 1 WHEN class = 'system' THEN p LIKE '% module_%' WHEN class = 'process' THEN (p LIKE '% ptrace %' OR p LIKE '% dyntransition %' OR p LIKE '% execmem %')
                          WHEN class = 'blk_file' OR target IN ('kmem_device', 'port_device', 'proc_security', 'su_exec') THEN 1
                          WHEN domain LIKE 'untrusted%' OR domain IN ('appdomain', 'isolated_app', 'all_untrusted_apps', 'ephemeral_app') THEN 1 ELSE 0 END AS strong,
                     class IN ('chr_file', 'unix_stream_socket', 'unix_dgram_socket', 'service_manager', 'property_service', 'binder', 'key', 'keystore_key') AS door FROM w)
SELECT domain || ' ' || target || ' ' || class AS subject, domain, target, class, permissions, NULL AS before, permissions AS after, CASE WHEN strong THEN 'high' WHEN door THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN strong THEN 'This takes down a wall that protects the kernel, other processes or storage.' WHEN door THEN 'A way from one part of the system to another that was closed.' ELSE 'Other barriers, such as file modes, may still forbid it.' END || CASE WHEN pairs > 1 THEN ' ' || pairs || ' pairs of domain and target gain it.' ELSE '' END AS reason,
       CASE WHEN strong THEN 30 WHEN door THEN 10 ELSE 0 END AS weight, fact_id AS after_fact
-- What access_widened tells of the same policy, all of it.
FROM k WHERE (SELECT count(DISTINCT x.p) FROM new_access x WHERE x.domain = k.domain AND x.target = k.target AND x.class = k.class AND x.policy IN ('', k.policy) AND instr(k.p, ' ' || x.p || ' ') > 0 AND EXISTS (SELECT 1 FROM old_access)
        AND NOT EXISTS (SELECT 1 FROM old_access o WHERE o.domain = x.domain AND o.target = x.target AND o.class = x.class AND o.p = x.p AND (o.policy = x.policy OR x.policy NOT IN (SELECT policy FROM old_access))))
      < length(trim(k.permissions)) - length(replace(trim(k.permissions), ' ', '')) + 1
