-- rule: file_capability
-- theme: files
-- severity: low
-- strength: present
-- title.en: Programs hold powers of root by their file
-- title.nl: Programma's hebben vermogens van root door hun bestand
-- says.en: {subject} has {detail}
-- says.nl: {subject} heeft {detail}
-- explain.en: File capabilities give a program single powers of root. Plain AOSP has a few such programs; the note
--   says whether this is one.
-- explain.nl: Bestandsrechten (capabilities) geven een programma losse vermogens van root. Kaal AOSP heeft een paar
--   van zulke programma's; de opmerking zegt of dit er een is.
-- reference: https://source.android.com/docs/core/permissions/filesystem
-- limits: Programs of plain AOSP are known by their name only.
-- needs: privileged_file
SELECT f.build_id, NULL AS actor_id, coalesce(a.device_path, a.path) AS subject, f.fact_id, f.detail,
       a.device_path IN ('/system/bin/run-as', '/system/bin/simpleperf_app_runner', '/system/bin/surfaceflinger', '/system/bin/webview_zygote32', '/system/bin/webview_zygote64', '/system/bin/logd', '/system/bin/hw/android.hardware.bluetooth@1.0-service',
         '/vendor/bin/hw/android.hardware.bluetooth@1.0-service', '/system/bin/inputflinger', '/system/bin/uncrypt') AS baseline
FROM privileged_file f JOIN artifact a ON a.artifact_id = f.artifact_id WHERE f.how = 'capability'
ORDER BY f.build_id, subject, f.fact_id
