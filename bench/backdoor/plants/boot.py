"""Verified boot of the made sample phone: what is checked before the system starts."""
import re

import verified
from plants import Sees, plant

AVB = r"avb|vbmeta|verif|boot|rollback|descriptor|patch"
PARTS = ("boot", "init_boot", "vendor_boot")


def rewrite(site, parts=PARTS, key="avb", **how):
    site.files.write("vbmeta.img", metadata(site.rebuild, site.files, 2, parts, key, **how))


def metadata(rebuild, files, version, parts=PARTS, key="avb", **how):
    """vbmeta of the sample phone over its boot images."""
    descriptors = [verified.property_of("com.android.build.boot.fingerprint", f"made_sample:13/SAMPLE.{version}")]
    descriptors += [verified.hash_of(name, files[f"{name}.img"].data) for name in parts]
    return verified.vbmeta(descriptors, rebuild.keys.made(key)[0], **how)


@plant("verified boot", "sample", quiet=True)
def checks_are_switched_off(site):
    """Two bits in the metadata: hash trees and everything else are not checked."""
    rewrite(site, flags=3)
    return Sees(AVB, r"vbmeta|avb|boot", "(?i)flag|disab|off|not checked|3")


@plant("verified boot", "sample", quiet=True)
def rollback_goes_back(site):
    """The number that forbids old versions goes back."""
    rewrite(site, rollback=2)
    return Sees(AVB, r"vbmeta|avb|boot|rollback", "(?i)rollback|index|5|2")


@plant("verified boot", "sample", quiet=True)
def partition_without_check(site):
    """One partition has no descriptor any more: nothing covers it."""
    rewrite(site, parts=("boot", "vendor_boot"))
    return Sees(AVB, r"init_boot|vbmeta", "init_boot|descriptor")


@plant("verified boot", "sample")
def boot_key_changed(site):
    """The metadata is signed with another key."""
    rewrite(site, key="stranger")
    return Sees(AVB + "|key|sign", r"vbmeta|avb|boot|key", "(?i)key|sign|[0-9a-f]{8}")


@plant("verified boot", "sample", quiet=True)
def patch_level_goes_back(site):
    """The security patch level is older than before."""
    site.edit("system/system/build.prop", lambda text: re.sub(r"(security_patch=)\S+", r"\g<1>2022-11-05", text))
    return Sees("patch|build|prop|level", r"patch|build|level", "2022-11-05")
