"""The phones that changes are planted on: where each tree comes from and which of its apps are rebuilt."""
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import tree

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = Path(os.environ.get("KLIK_EVIDENCE", ROOT / "../shared/evidence"))


@dataclass(frozen=True)
class Host:
    name: str
    sdk: int
    incremental: str                 # the build's own number, which leaks into many files
    archive: str = ""                # below firmware/ of the evidence; empty: the made sample phone
    apps: tuple = ()                 # always rebuilt, by name of the file
    limit: int = 0                   # others are rebuilt while this many are not reached, small ones first
    largest: int = 170_000           # bytes of an APK
    policy: tuple = ()               # (file below containers/sepolicy, where it goes)
    others_stay: bool = False        # apps that are not rebuilt stay as they are, else they are left out on both sides
    jars: int = 4
    before: str = ""                 # another archive: the old side is this real older build, so that its real changes surround a plant
    like: str = ""                   # the host whose plants are tried on it


# Kinds of apps that plants need are named; the rest is drawn, so that a rebuild touches more than what is planted on.
BLU = """AdupsFotaReboot FusedLocation CertInstaller KeyChain SettingsProvider MmsService ExternalStorageProvider DefaultContainerService MediaProvider Shell
CaptivePortalLogin ProxyHandler PacProcessor BatteryWarning Amigo_SystemService SharedStorageBackup CallLogBackup UserDictionaryProvider AtciService
GoogleBackupTransport PreinstallProvider HTMLViewer SchedulePowerOnOff StatementService"""
XIAOMI = """AnalyticsCore AntiSpam MiAssistant TimeService shutdownlistener CloudServiceSysbase SYSOPT WMService FileExplorer_old UserDictionaryProvider KeyChain
CertInstaller SettingsProvider Shell FusedLocation WfdService WeatherProvider BrowserProviderProxy AppIndexProvider ThemeModule GooglePartnerSetup"""
ONEPLUS = """OPBugReportLite CertInstaller OPFindMyPhoneUtils KeyChain QTIDiagServices OnePlusCameraService IFAAService OPDeviceManagerProvider dpmserviceapp
LocalTransport ProxyHandler VpnDialogs SdCardService BackupRestoreRemoteService NVBackupUI SmscPlugger DynamicSystemInstallationService OPInstantLocalService
TimeService WallpaperBackup PacProcessor ExternalStorageProvider Shell WAPPushManager"""

HOSTS = {host.name: host for host in (
    Host("sample", 33, "SAMPLE.1", limit=20, others_stay=True),
    Host("blu", 23, "1490081232", "blu-vivo5r-2017-04.tar.zst", tuple(BLU.split()), 28,
         policy=("blu-vivo5r_2016-05-V0090UU_boot_ramdisk_sepolicy", "boot/ramdisk/sepolicy")),
    Host("xiaomi", 22, "V9.2.2.0.LXAMIEK", "xiaomi-mi2-global-v9.2.2.0.tar.zst", tuple(XIAOMI.split()), 26),
    Host("oneplus", 29, "2012030314", "oneplus-5-china-10.0.3.tar.zst", tuple(ONEPLUS.split()), 28, 100_000,
         ("oneplus-5_2012030314_vendor_etc_selinux_precompiled_sepolicy", "vendor/etc/selinux/precompiled_sepolicy")),
)}
HOSTS["blu-pair"] = replace(HOSTS["blu"], name="blu-pair", before="blu-vivo5r-2016-08.tar.zst", like="blu")


def present(host):
    """Why the host cannot be used, or nothing."""
    for archive in (host.archive, host.before):
        if archive and not (EVIDENCE / "firmware" / archive).exists():
            return f"{archive} is not here"
    return ""


def original(host, archive=""):
    if not host.archive:
        if not (ROOT / "sample/out/sample-phone-1/partitions").is_dir():
            subprocess.run([sys.executable, ROOT / "sample/make_sample.py"], check=True, stdout=subprocess.DEVNULL)
        found = tree.from_folder(ROOT / "sample/out/sample-phone-1/partitions")
        for name in ("boot", "init_boot", "vendor_boot"):
            found[f"{name}.img"] = tree.Entry((ROOT / f"sample/out/sample-phone-1/images/{name}.img").read_bytes())
        # A folder of an ordinary user has no owners; the phone's programs may be run.
        return tree.Tree({path: replace(entry, mode=0o755 if "/bin/" in path else 0o644) for path, entry in found.items()})
    found = tree.load(EVIDENCE / "firmware" / (archive or host.archive), strip=1)
    found = tree.Tree({path: replace(entry, mode=0o755) if "/bin/" in path or "/xbin/" in path else entry for path, entry in found.items()})
    if host.policy:
        source = EVIDENCE / "containers/sepolicy" / host.policy[0]
        if source.exists():
            found.write(host.policy[1], source.read_bytes())
    return found
