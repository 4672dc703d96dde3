-- rule: apps_reach_devices
-- theme: selinux
-- severity: medium
-- strength: present
-- title.en: SELinux lets ordinary apps write to devices of the kernel
-- title.nl: SELinux laat gewone apps naar apparaten van de kernel schrijven
-- says.en: {domain} may {permissions} {target}
-- says.nl: {domain} mag {permissions} op {target}
-- explain.en: Drivers are the part of a system with most faults. Each device that every app may open and write widens
--   what an app can try. Ashmem, binder, the GPU and a few more are needed by every app.
-- explain.nl: Drivers zijn het deel van een systeem met de meeste fouten. Elk apparaat dat elke app mag openen en
--   beschrijven verruimt wat een app kan proberen. Ashmem, binder, de GPU en enkele andere heeft elke app nodig.
-- reference: https://source.android.com/docs/security/features/selinux
-- limits: File modes may still forbid it.
-- needs: selinux_access
SELECT x.build_id, NULL AS actor_id, x.domain || ' ' || x.target AS subject, x.fact_id, x.domain, x.target, x.permissions
FROM selinux_access x
WHERE x.note IS NULL AND x.class IN ('chr_file', 'blk_file') AND (x.domain = 'appdomain' OR x.domain LIKE '%untrusted_app%') AND (' ' || x.permissions || ' ') LIKE '% write %'
  AND x.target NOT IN ('ashmem_device', 'ashmem_libcutils_device', 'binder_device', 'hwbinder_device', 'vndbinder_device', 'gpu_device', 'null_device', 'zero_device', 'random_device', 'urandom_device', 'owntty_device', 'ptmx_device', 'tty_device',
    'devpts', 'full_device', 'fuse_device', 'ion_device', 'dmabuf_heap_device', 'dmabuf_system_heap_device', 'untrusted_app_devpts', 'untrusted_app_all_devpts', 'tun_device', 'random_device', 'qtaguid_device', 'same_process_hwservice', 'appdomain', 'device')
ORDER BY x.build_id, x.domain, x.target, x.fact_id
