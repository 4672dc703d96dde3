"""Doors of apps: what others can reach, and what guards it."""
from plants import Sees, plant, word
from plants import smali

OPENED = "component_opened|component_guard|door_opened"


@plant("command receiver", "blu", "oneplus", "sample")
def open_command_receiver(site):
    """An exported receiver without a permission that runs a command, in an app of the system."""
    app = site.app({"blu": "FusedLocation", "oneplus": "QTIDiagServices", "sample": "SampleTool"}[site.host])
    name = f"{app.package}.{site.one_of('Stat', 'Boot', 'Idle')}Receiver"
    app.add_class(smali.receiver(name, smali.RUN_EXTRA))
    app.application.add("receiver", name=name, exported=True).add("intent-filter").add("action", name=f"{app.package}.STAT")
    return Sees("door_opened|component_added|power_gained", word(app.package), word(name.rsplit(".", 1)[-1]))


@plant("command receiver", "xiaomi", quiet=True)
def command_in_old_receiver(site):
    """A command is run from a receiver that was exported before; the manifest stays as it is."""
    app = site.app("WMService")
    door = next(e for e in app.application.find("receiver") if e.find("intent-filter") and not e.get("permission"))
    name = app.full(door.get("name"))
    part, file, text = app.class_text(name)
    helper = f"{app.package}.q.{site.one_of('b', 'c', 'd')}z"
    app.add_class(smali.a_class(helper, "java.lang.Object", smali.static_method("a", "(Landroid/content/Intent;)V", """
    :start
    const-string v0, "c"
    invoke-virtual {p0, v0}, Landroid/content/Intent;->getStringExtra(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    invoke-static {}, Ljava/lang/Runtime;->getRuntime()Ljava/lang/Runtime;
    move-result-object v1
    invoke-virtual {v1, v0}, Ljava/lang/Runtime;->exec(Ljava/lang/String;)Ljava/lang/Process;
    :end
    .catch Ljava/lang/Throwable; {:start .. :end} :failed
    return-void
    :failed
    move-exception v0
    return-void""", 3)))
    part[file] = smali.called_first(text, "onReceive(", f"    invoke-static/range {{p2 .. p2}}, L{helper.replace('.', '/')};->a(Landroid/content/Intent;)V\n")
    app.code_changed = True
    return Sees("power_gained|power_reached|door_opened|call_added", word(app.package), r"run commands|Runtime\.exec|run_commands")


@plant("provider without permission", "blu", "xiaomi")
def provider_loses_permission(site):
    """A provider that asked a permission asks none any more."""
    app = site.app({"blu": "PreinstallProvider", "xiaomi": "UserDictionaryProvider"}[site.host])
    door = next(e for e in app.application.find("provider") if e.get("permission") or e.get("readPermission"))
    name = app.full(door.get("name"))
    door.drop("permission").drop("readPermission").drop("writePermission")
    return Sees(OPENED, word(app.package), word(name.rsplit(".", 1)[-1]))


@plant("provider without permission", "oneplus", quiet=True)
def provider_loses_read_permission(site):
    """Only reading a provider asks nothing any more; writing asks as before."""
    app = site.app("SmscPlugger")
    door = next(e for e in app.application.find("provider") if e.get("permission"))
    permission = door.get("permission")
    door.drop("permission").put("writePermission", permission)
    return Sees(OPENED, word(app.package), word(app.full(door.get("name")).rsplit(".", 1)[-1]))


@plant("guard lost in the manifest", "blu", "oneplus")
def service_loses_permission(site):
    """An exported service loses the permission in front of it."""
    app = site.app({"blu": "DefaultContainerService", "oneplus": "OnePlusCameraService"}[site.host])
    door = next(e for e in app.application.find("service") if e.get("permission"))
    door.drop("permission")
    return Sees(OPENED, word(app.package), word(app.full(door.get("name")).rsplit(".", 1)[-1]))


@plant("guard weakened", "sample", "xiaomi", quiet=True)
def signature_permission_becomes_normal(site):
    """The permission in front of a door falls from signature to normal."""
    app = site.app({"sample": "SampleGuarded", "xiaomi": "FileExplorer_old"}[site.host])
    declared = next(e for e in app.manifest.root.find("permission") if (e.get("protectionLevel") or 0) & 0xF in (2, 3))
    declared.put("protectionLevel", 0)
    return Sees("permission_protection|component_guard", word(app.package) + "|" + word(declared.get("name")), "normal")


@plant("guard lost in code", "blu", "oneplus", quiet=True)
def service_loses_check_in_code(site):
    """A check of the caller's permission in the code of a door is gone; the manifest stays as it is."""
    app = site.app({"blu": "MediaProvider", "oneplus": "ExternalStorageProvider"}[site.host])
    import re
    check = re.compile(r"    invoke-[\w/]+ \{[^}]*\}, L[\w/$]+;->enforceCalling(?:OrSelf)?Permission\([^\n]*\n")
    gone = 0
    for part in app.texts:
        for name, text in part.items():
            part[name], count = check.subn("", text)
            gone += count
    if not gone:
        raise KeyError("no check in the code")
    app.code_changed = True
    return Sees("check_dropped|call_removed", word(app.package), "enforceCalling")


@plant("newly exported", "xiaomi", "blu")
def service_is_exported(site):
    """A service of a system app that was its own is open to everybody."""
    app = site.app({"xiaomi": "AnalyticsCore", "blu": "MediaProvider"}[site.host])
    door = next(e for e in app.application.find("service") if not e.find("intent-filter") and not e.get("permission") and e.get("exported") != 0xFFFFFFFF)
    door.put("exported", True)
    return Sees(OPENED, word(app.package), word(app.full(door.get("name")).rsplit(".", 1)[-1]))


@plant("dialer code", "oneplus", "blu")
def hidden_dialer_code(site):
    """A receiver for a secret code that the phone's dialer sends."""
    app = site.app({"oneplus": "NVBackupUI", "blu": "AtciService"}[site.host])
    code = str(site.rng.randrange(10000, 99999))
    name = f"{app.package}.KeyReceiver"
    app.add_class(smali.receiver(name, "    const/4 v0, 0x0"))
    a_filter = app.application.add("receiver", name=name, exported=True).add("intent-filter")
    a_filter.add("action", name="android.provider.Telephony.SECRET_CODE")
    a_filter.add("data", scheme="android_secret_code", host=code)
    return Sees("dialer_code", word(app.package), code)


@plant("special listener", "xiaomi", "sample")
def accessibility_service_added(site):
    """A system app gets an accessibility service: it can read screens and press buttons once it is switched on."""
    app = site.app({"xiaomi": "ThemeModule", "sample": "SampleClock"}[site.host])
    name = f"{app.package}.ShowService"
    app.add_class(smali.a_class(name, "android.accessibilityservice.AccessibilityService", """
.method public onAccessibilityEvent(Landroid/view/accessibility/AccessibilityEvent;)V
    .registers 3
    invoke-virtual {p0}, Landroid/accessibilityservice/AccessibilityService;->getRootInActiveWindow()Landroid/view/accessibility/AccessibilityNodeInfo;
    return-void
.end method

.method public onInterrupt()V
    .registers 1
    return-void
.end method
"""))
    app.application.add("service", name=name, exported=True, permission="android.permission.BIND_ACCESSIBILITY_SERVICE").add("intent-filter").add(
        "action", name="android.accessibilityservice.AccessibilityService")
    return Sees("power_gained|component_added|finding_gained", word(app.package), "ShowService")


@plant("special listener", "blu")
def notification_listener_added(site):
    """A system app gets a service that reads all notifications."""
    app = site.app("HTMLViewer")
    name = f"{app.package}.Feed"
    app.add_class(smali.a_class(name, "android.service.notification.NotificationListenerService", """
.method public onNotificationPosted(Landroid/service/notification/StatusBarNotification;)V
    .registers 3
    invoke-virtual {p1}, Landroid/service/notification/StatusBarNotification;->getNotification()Landroid/app/Notification;
    return-void
.end method
"""))
    app.application.add("service", name=name, exported=True, permission="android.permission.BIND_NOTIFICATION_LISTENER_SERVICE").add("intent-filter").add(
        "action", name="android.service.notification.NotificationListenerService")
    return Sees("power_gained|component_added|finding_gained", word(app.package), r"Feed\b")


@plant("debuggable app", "blu", quiet=True)
def app_becomes_debuggable(site):
    """An app with the system's uid can be debugged, so that whoever has a cable runs code as the system."""
    app = site.app("KeyChain")
    app.application.put("debuggable", True)
    return Sees("package_switch|finding_gained", word(app.package), "(?i)debug")
