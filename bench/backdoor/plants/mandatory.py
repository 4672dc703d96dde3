"""Rules of SELinux in a binary policy."""
import policy
from plants import Sees, plant, word



def change(site, *rules):
    path = site.rebuild.host.policy[1]
    site.files.write(path, policy.with_rules(site.files[path].data, *rules))


@plant("permissive domain", "oneplus")
def domain_becomes_permissive(site):
    """Rules of one domain are no longer enforced."""
    domain = site.one_of("mediaserver", "netd", "installd")
    change(site, f"(typepermissive {domain})")
    return Sees("domain_permissive", word(domain))


@plant("policy rule", "oneplus", quiet=True)
def apps_reach_device(site):
    """One rule: apps of the user may talk to the diagnosis device of the modem."""
    change(site, "(allow untrusted_app diag_device (chr_file (read write open ioctl)))")
    return Sees("access_widened", "untrusted_app diag_device", "write")


@plant("policy rule", "oneplus", quiet=True)
def apps_reach_socket(site):
    """One rule: apps of the user may connect to a daemon that runs as root."""
    change(site, "(allow untrusted_app installd (unix_stream_socket (connectto)))")
    return Sees("access_widened", "untrusted_app installd", "connectto")


@plant("policy rule", "oneplus", quiet=True)
def domain_may_change_kernel(site):
    """One rule: the media server may load modules into the kernel."""
    change(site, "(allow mediaserver self (capability (sys_module)))")
    return Sees("policy_rule_added", "mediaserver", "sys_module")


@plant("policy rule", "oneplus", quiet=True)
def apps_join_trusted_group(site):
    """Apps of the user join the group that the separation of apps and users does not hold back; no rule is added."""
    change(site, "(typeattributeset mlstrustedsubject (untrusted_app))")
    return Sees("policy_group_joined", "untrusted_app mlstrustedsubject")


@plant("policy rule", "oneplus", quiet=True)
def daemon_reaches_storage(site):
    """One rule between parts of the system: a daemon may read the raw storage."""
    change(site, "(allow mediaserver block_device (blk_file (read open)))")
    return Sees("policy_rule_added|access_widened", "mediaserver block_device", "read")
