"""What apps may do, who signed them, and which apps there are."""
import io
import re
import zipfile

import apk
import axml
import bytecode
import tree
from plants import Sees, plant, word
from plants import smali

RIGHT = "right_gained|allow_list_line|power_gained"


@plant("right added", "oneplus", "sample")
def privileged_right_with_list_line(site):
    """A privileged app asks one more right, and the list of privileged permissions allows it."""
    app = site.app({"oneplus": "IFAAService", "sample": "SampleMessages"}[site.host])
    right = "android.permission.READ_PRIVILEGED_PHONE_STATE"
    app.manifest.root.add("uses-permission", name=right)
    path = {"oneplus": "system/system/etc/permissions/privapp-permissions-oem-system.xml", "sample": "system/system/etc/permissions/privapp-permissions-platform.xml"}[site.host]
    line = f'<privapp-permissions package="{app.package}"><permission name="{right}"/></privapp-permissions>\n</permissions>'
    site.edit(path, lambda text: text.replace("</permissions>", line, 1))
    return Sees(RIGHT, word(app.package), word(right))


@plant("right added", "xiaomi", "blu", quiet=True)
def signature_right_added(site):
    """An app with the platform's key asks one more right that only that key gets."""
    app = site.app({"xiaomi": "BrowserProviderProxy", "blu": "CaptivePortalLogin"}[site.host])
    app.manifest.root.add("uses-permission", name="android.permission.INSTALL_PACKAGES")
    return Sees(RIGHT, word(app.package), "INSTALL_PACKAGES")


@plant("default grant", "oneplus", "sample", quiet=True)
def default_grant_added(site):
    """A file of default grants gives a preinstalled app a right without asking."""
    app = site.app({"oneplus": "OPFindMyPhoneUtils", "sample": "SampleHelper"}[site.host])
    right = "android.permission.READ_SMS"
    app.manifest.root.add("uses-permission", name=right)
    path = "system/system/etc/default-permissions/default-permissions-extra.xml"
    site.files.write_text(path, f'<?xml version="1.0" encoding="utf-8"?>\n<exceptions>\n  <exception package="{app.package}">\n    <permission name="{right}" fixed="true"/>\n  </exception>\n</exceptions>\n')
    return Sees(RIGHT, word(app.package), "READ_SMS")


@plant("system uid", "xiaomi", "oneplus")
def shared_system_uid_added(site):
    """An app with the platform's key begins to run as the system."""
    app = site.app({"xiaomi": "ThemeModule", "oneplus": "PacProcessor"}[site.host])
    app.manifest.root.put("sharedUserId", "android.uid.system")
    return Sees("package_user", word(app.package), r"android\.uid\.system")


@plant("signer", "blu", "oneplus", "sample")
def signer_swapped(site):
    """An app comes from another signer; nothing else is changed."""
    stem = {"blu": "StatementService", "oneplus": "CertInstaller", "sample": "SampleNotes"}[site.host]
    app = site.app(stem)
    site.keys[stem] = site.rebuild.keys.made("stranger")
    return Sees("package_signer", word(app.package), "stranger")


@plant("signer", "xiaomi")
def system_app_replaced(site):
    """Another app under the name and at the place of an old one: same package, same signer, other code."""
    app = site.app("shutdownlistener")
    door = next(e for e in app.application.walk() if e.tag in ("receiver", "service", "activity"))
    name = app.full(door.get("name"))
    app.texts, app.code_changed = [{}], True
    app.add_class(smali.receiver(name, """
    const-string v0, "content://sms/inbox"
    invoke-static {v0}, Landroid/net/Uri;->parse(Ljava/lang/String;)Landroid/net/Uri;
    move-result-object v1
    invoke-virtual {p1}, Landroid/content/Context;->getContentResolver()Landroid/content/ContentResolver;
    move-result-object v0
    const/4 v2, 0x0
    move-object v3, v2
    move-object v4, v2
    move-object v5, v2
    invoke-virtual/range {v0 .. v5}, Landroid/content/ContentResolver;->query(Landroid/net/Uri;[Ljava/lang/String;Ljava/lang/String;[Ljava/lang/String;Ljava/lang/String;)Landroid/database/Cursor;
"""))
    return Sees("power_gained|call_added", word(app.package), r"content://sms|messages")


@plant("package added", "blu", "xiaomi")
def hidden_package_added(site):
    """A package without an icon that may read messages and reach the network, in a folder of the system."""
    donor = site.app({"blu": "SharedStorageBackup", "xiaomi": "TimeService"}[site.host])
    name = "com.android." + site.one_of("telstat", "syncaux", "netidle")
    manifest = axml.decode(axml.encode(donor.manifest))
    root = manifest.root
    root.put("package", name)
    for attribute in root.attributes:
        if attribute.name == "package":
            attribute.space = None
    root.drop("sharedUserId").drop("coreApp")
    root.children = [e for e in root.children if e.tag in ("uses-sdk", "application")]
    for right in ("READ_SMS", "INTERNET", "RECEIVE_BOOT_COMPLETED"):
        root.children.insert(0, axml.Element("uses-permission").put("name", f"android.permission.{right}"))
    application = root.first("application")
    application.children = []
    for attribute in ("name", "backupAgent", "label", "icon", "theme"):
        application.drop(attribute)
    application.add("receiver", name=f"{name}.Start").add("intent-filter").add("action", name="android.intent.action.BOOT_COMPLETED")
    folder = site.folder / "planted"
    folder.mkdir(exist_ok=True)
    dex = bytecode.assemble_all([{"0.smali": smali.receiver(f"{name}.Start", "    const/4 v0, 0x0")}], folder, site.rebuild.api())[0]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", axml.encode(manifest))
        archive.writestr("classes.dex", dex)
    signed = site.rebuild.keys.sign(made.getvalue(), donor.signer, site.rebuild.host.sdk, folder)
    site.open_apps.clear()
    stem = name.rsplit(".", 1)[-1].capitalize()
    site.files[f"system/app/{stem}/{stem}.apk"] = tree.Entry(signed)
    return Sees("package_added", word(name))


@plant("package removed", "xiaomi")
def guard_app_removed(site):
    """The app that stops unwanted messages is gone."""
    path = site.path_of("AntiSpam")
    package = site.known[path]["package"]
    del site.files[path]
    return Sees("package_removed", word(package))


@plant("component disabled", "xiaomi", "oneplus", quiet=True)
def component_disabled(site):
    """A receiver or service of a system app is switched off in its manifest."""
    app = site.app({"xiaomi": "WMService", "oneplus": "SdCardService"}[site.host])
    door = next(e for e in app.application.walk() if e.tag in ("receiver", "service", "activity") and e.get("enabled") in (None, 0xFFFFFFFF))
    door.put("enabled", False)
    return Sees("component_switched", word(app.package), word(app.full(door.get("name")).rsplit(".", 1)[-1]))


@plant("public key", "sample")
def public_key_signs_system_app(site):
    """An app is signed with the test key of the Android sources, whose private half everybody has."""
    pair = public_test_key(site.rebuild.work.parent)
    app = site.app("SampleNotes")
    site.keys["SampleNotes"] = pair
    return Sees("package_signer|finding_gained", word(app.package), "")


class Absent(Exception):
    """What a plant needs is not on this machine."""


def public_test_key(work):
    """The public test key as npm's appium-adb carries it, fetched when it is not there yet."""
    folder = work / "testkey"
    key, certificate = folder / "package/keys/testkey.pk8", folder / "package/keys/testkey.x509.pem"
    if not key.exists():
        folder.mkdir(exist_ok=True)
        try:
            apk.run("npm", "pack", "--silent", "appium-adb@16.0.9", cwd=folder)
            archive = next(folder.glob("*.tgz"))
            apk.run("tar", "xzf", archive, "package/keys", cwd=folder)
        except (apk.Failed, FileNotFoundError, StopIteration) as error:
            raise Absent(f"no public test key: {str(error).splitlines()[0]}") from None
    if not key.exists():
        raise Absent("no public test key in the package")
    return key, certificate


def replaced(text, pattern, by):
    return re.sub(pattern, by, text)
