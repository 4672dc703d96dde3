"""Rules of SELinux in a binary policy."""
import policy
from plants import Sees, plant, word

SELINUX = r"selinux|policy|rule|permissive|domain|allow"


def change(site, *rules):
    path = site.rebuild.host.policy[1]
    site.files.write(path, policy.with_rules(site.files[path].data, *rules))


@plant("permissive domain", "oneplus")
def domain_becomes_permissive(site):
    """Rules of one domain are no longer enforced."""
    domain = site.one_of("mediaserver", "netd", "installd")
    change(site, f"(typepermissive {domain})")
    return Sees("permissive|" + SELINUX, word(domain), "permissive|" + word(domain))


@plant("policy rule", "oneplus", quiet=True)
def apps_reach_device(site):
    """One rule: apps of the user may talk to the diagnosis device of the modem."""
    change(site, "(allow untrusted_app diag_device (chr_file (read write open ioctl)))")
    return Sees(SELINUX + "|device|reach", "untrusted_app|diag_device", "diag")


@plant("policy rule", "oneplus", quiet=True)
def apps_reach_socket(site):
    """One rule: apps of the user may connect to a daemon that runs as root."""
    change(site, "(allow untrusted_app installd (unix_stream_socket (connectto)))")
    return Sees(SELINUX + "|socket|reach", "untrusted_app|installd", "installd|connectto")


@plant("policy rule", "oneplus", quiet=True)
def domain_may_change_kernel(site):
    """One rule: the media server may load modules into the kernel."""
    change(site, "(allow mediaserver self (capability (sys_module)))")
    return Sees(SELINUX + "|kernel", "mediaserver", "sys_module|capability|kernel")
