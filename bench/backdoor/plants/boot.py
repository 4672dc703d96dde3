"""Verified boot of the made sample phone: what is checked before the system starts."""
import re

import verified
from plants import Sees, plant

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
    return Sees("verified_boot_off|switch_changed", "", "(?i)not enforced|not verified|nothing is|switched off")


@plant("verified boot", "sample", quiet=True)
def rollback_goes_back(site):
    """The number that forbids old versions goes back."""
    rewrite(site, rollback=2)
    return Sees("rollback_index_lowered", "", "2")


@plant("verified boot", "sample", quiet=True)
def partition_without_check(site):
    """One partition has no descriptor any more: nothing covers it."""
    rewrite(site, parts=("boot", "vendor_boot"))
    return Sees("partition_uncovered|verified_boot_cover|finding_gained", "init_boot")


@plant("verified boot", "sample")
def boot_key_changed(site):
    """The metadata is signed with another key."""
    rewrite(site, key="stranger")
    return Sees("verified_boot_key", "", "[0-9a-f]{8}")


@plant("verified boot", "sample", quiet=True)
def patch_level_goes_back(site):
    """The security patch level is older than before."""
    site.edit("system/system/build.prop", lambda text: re.sub(r"(security_patch=)\S+", r"\g<1>2022-11-05", text))
    return Sees("patch_level_lowered", "", "2022-11-05")
