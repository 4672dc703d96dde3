#!/usr/bin/env python3
"""The sample's own apps are what their truth.json says, judged by Debian's aapt, apksigner, dexdump and openssl."""
import subprocess
import unittest
import zipfile

from sample_phone import SAMPLE, TRUTHS, VERSIONS, certificate_sha256, code, exported, manifest, on_phone, own_apps, say

# What dexdump prints when the code of a power is there. Presence only; reachability is the product's business.
CODE_OF = {
    "run commands": "Ljava/lang/Runtime;.exec:",
    "load code": "Ldalvik/system/DexClassLoader;.<init>",
    "read messages": '"content://sms"',
    "read call log": "Landroid/provider/CallLog$Calls;.CONTENT_URI",
    "read notifications": "onNotificationPosted",
    "read the screen": "onAccessibilityEvent",
    "device identifiers": "Landroid/telephony/TelephonyManager;.getImei",
    "install silently": "Landroid/content/pm/PackageInstaller$Session;.commit",
    "update the system": "Landroid/os/RecoverySystem;.installPackage",
    "talk in clear": '"http://',
}


class OwnApps(unittest.TestCase):
    looked_at = ""

    def _formatMessage(self, msg, standardMsg):
        return super()._formatMessage(f"{self.looked_at}: {msg or ''}", standardMsg)

    def each(self):
        """As own_apps(), with the app named in what a failing assertion says."""
        for name, truth, version, apk in own_apps():
            self.looked_at = f"{name}, version {version}"
            yield name, truth, str(version), apk

    def test_there_are_enough_of_them(self):
        self.assertGreaterEqual(len(TRUTHS), 8)

    def test_badging_names_package_version_and_target(self):
        for _, truth, version, apk in self.each():
            badging = say("aapt", "dump", "badging", apk)
            self.assertIn(f"package: name='{truth['package']}' versionCode='{truth['version_code'][version]}'", badging)
            self.assertTrue(truth["package"].startswith("nl.klikspaan.sample."))
            label = next(manifest(apk).all("application")).attributes["label"]
            self.assertTrue(label.startswith("Made sample"), label)

    def test_an_app_is_absent_where_its_truth_has_no_version(self):
        for truth in TRUTHS.values():
            for version in VERSIONS:
                self.assertEqual(on_phone(version, truth["place"]).exists(), str(version) in truth["version_code"], truth["place"])

    def test_requested_permissions_are_the_known_ones(self):
        for _, truth, version, apk in self.each():
            asked = [use.attributes["name"] for use in manifest(apk).all("uses-permission")]
            self.assertEqual(asked, truth["permissions"][version])

    def test_exported_components_are_the_known_ones(self):
        for _, truth, version, apk in self.each():
            self.assertEqual(sorted(exported(apk)), sorted(truth["exported"][version]))

    def test_shared_uid_is_the_known_one(self):
        for _, truth, _, apk in self.each():
            self.assertEqual(manifest(apk).attributes.get("sharedUserId"), truth.get("shared_uid"))

    def test_dialer_codes_are_the_known_ones(self):
        for _, truth, version, apk in self.each():
            codes = [data.attributes["host"] for data in manifest(apk).all("data") if data.attributes.get("scheme") == "android_secret_code"]
            self.assertEqual(codes, truth.get("dialer_codes", {}).get(version, []))

    def test_code_has_the_known_powers_and_no_others(self):
        for _, truth, version, apk in self.each():
            for power, reference in CODE_OF.items():
                self.assertEqual(reference in code(apk), power in truth["powers"][version], power)

    def test_signer_is_the_known_key(self):
        for _, truth, version, apk in self.each():
            said = say("apksigner", "verify", "--verbose", "--print-certs", "--min-sdk-version", "28", apk)
            self.assertIn(f"certificate SHA-256 digest: {certificate_sha256(truth['signer'][version])}", said)
            self.assertIn("Verified using v3 scheme (APK Signature Scheme v3): true", said)

    def test_rotated_key_is_tied_to_the_first_by_a_lineage(self):
        lineages = 0
        for _, truth, version, apk in self.each():
            if version not in truth.get("lineage", {}):
                continue
            said = say("apksigner", "lineage", "--in", apk, "--print-certs")
            places = [said.index(certificate_sha256(key)) for key in truth["lineage"][version]]
            self.assertEqual(places, sorted(places))
            lineages += 1
        self.assertEqual(lineages, 1)

    def test_guarding_permissions_have_the_known_level(self):
        levels = {"normal": 0, "signature": 2}
        platform = {p.attributes["name"]: p.attributes["protectionLevel"]
                    for p in manifest(on_phone(1, "system/framework/framework-res.apk")).all("permission")}
        checked = 0
        for _, truth, version, apk in self.each():
            own = {p.attributes["name"]: p.attributes["protectionLevel"] for p in manifest(apk).all("permission")}
            for kind in ("service", "receiver"):
                for component in manifest(apk).all(kind):
                    level = truth.get("guards", {}).get(version, {}).get(component.attributes["name"].lstrip("."))
                    if level:
                        self.assertEqual({**platform, **own}[component.attributes["permission"]], levels[level])
                        checked += 1
        self.assertGreaterEqual(checked, 7)


class HiddenHosts(unittest.TestCase):
    def test_no_hidden_host_stands_in_plain_text(self):
        for version in VERSIONS:
            dex = zipfile.ZipFile(on_phone(version, TRUTHS["beacon"]["place"])).read("classes.dex")
            for host in TRUTHS["beacon"]["hidden"]:
                self.assertNotIn(host.encode(), dex)

    def test_the_first_host_is_array_data_of_characters(self):
        for version in VERSIONS:
            dex = zipfile.ZipFile(on_phone(version, TRUTHS["beacon"]["place"])).read("classes.dex")
            self.assertIn(TRUTHS["beacon"]["hosts"]["1"][0].encode("utf-16-le"), dex)

    def test_the_second_host_is_what_openssl_decrypts_and_is_new_in_version_two(self):
        host, = set(TRUTHS["beacon"]["hosts"]["2"]) - set(TRUTHS["beacon"]["hosts"]["1"])
        vector = TRUTHS["beacon"]["hidden"][host]
        plain = subprocess.run(["openssl", "enc", "-d", "-des-ecb", "-provider", "legacy", "-provider", "default", "-K", vector["key"].encode().hex(),
                                "-base64", "-A"], input=vector["text"].encode(), capture_output=True, check=True).stdout
        self.assertEqual(plain.decode(), host)
        for version in VERSIONS:
            dumped = code(on_phone(version, TRUTHS["beacon"]["place"]))
            self.assertEqual(f'"{vector["text"]}"' in dumped and f'"{vector["key"]}"' in dumped, version == 2)

    def test_the_clear_host_is_a_plain_string(self):
        self.assertIn('"http://' + TRUTHS["updater"]["hosts"]["1"][0], code(on_phone(1, TRUTHS["updater"]["place"])))


class Platform(unittest.TestCase):
    def setUp(self):
        self.apk = on_phone(1, "system/framework/framework-res.apk")

    def test_permissions_have_androids_levels(self):
        levels = {p.attributes["name"].rsplit(".", 1)[-1]: p.attributes["protectionLevel"] for p in manifest(self.apk).all("permission")}
        for name, level in {"INTERNET": 0x1000, "READ_SMS": 1, "READ_CALL_LOG": 1, "BIND_ACCESSIBILITY_SERVICE": 2, "INSTALL_PACKAGES": 0x12,
                            "READ_PRIVILEGED_PHONE_STATE": 0x12, "READ_LOGS": 0x32, "REBOOT": 0x12}.items():
            self.assertEqual(levels[name], level, name)

    def test_every_permission_that_an_own_app_asks_for_is_declared(self):
        declared = {p.attributes["name"] for p in manifest(self.apk).all("permission")}
        for _, _, _, apk in own_apps():
            declared |= {p.attributes["name"] for p in manifest(apk).all("permission")}
        declared.add("nl.klikspaan.sample.permission.NOBODY_DECLARES")
        for _, truth, _, _ in own_apps():
            for asked in truth["permissions"].values():
                self.assertLessEqual(set(asked), declared)

    def test_attributes_carry_androids_ids(self):
        tree = say("aapt", "dump", "xmltree", on_phone(1, TRUTHS["telltale"]["place"]), "AndroidManifest.xml")
        for name, number in {"name": "01010003", "sharedUserId": "0101000b", "exported": "01010010", "targetSdkVersion": "01010270"}.items():
            self.assertIn(f"android:{name}(0x{number})", tree)

    def test_the_overlay_gives_the_helper_a_listener_that_nobody_has_to_allow(self):
        overlay = on_phone(1, TRUTHS["overlay"]["place"])
        target = next(manifest(overlay).all("overlay")).attributes
        self.assertEqual((target["targetPackage"], bool(target["isStatic"])), ("android", True))
        name, value = next(iter(TRUTHS["overlay"]["overlays"].items()))
        values = say("aapt", "dump", "--values", "resources", overlay)
        self.assertIn(name.split("/")[1], values)
        self.assertIn(f'"{value}"', values)
        self.assertIn(f"{name}:", say("aapt", "dump", "--values", "resources", self.apk))


class Sources(unittest.TestCase):
    def test_every_app_folder_has_a_truth(self):
        self.assertEqual({path.name for path in (SAMPLE / "apps").iterdir()}, set(TRUTHS))


if __name__ == "__main__":
    unittest.main()
