"""Why bubblewrap does not work on a machine, and what to type there.

Which facts decide, and where they come from: user_namespaces(7), seccomp(2), AppArmor's restriction of unprivileged
user namespaces (in Ubuntu since 24.04), and the defaults of Docker, Podman and Kubernetes. `Machine.here` gathers them;
everything else is a function of a described machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ANY_NAMESPACES = "user.max_user_namespaces"
USERS_NAMESPACES = "kernel.unprivileged_userns_clone"
APPARMOR_RESTRICTS = "kernel.apparmor_restrict_unprivileged_userns"
ALLOWING = {ANY_NAMESPACES: 15_000, USERS_NAMESPACES: 1}
CAPABILITIES = {"SYS_ADMIN": 21, "NET_ADMIN": 12, "SYS_PTRACE": 19}
"""What root needs, who makes namespaces without a user namespace around them: each one's name, and its bit."""
SECURITY = "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt"
CONTAINERS = {
    "Docker": f"docker run {SECURITY} systempaths=unconfined{{more}} IMAGE",
    "Podman": f"podman run {SECURITY} unmask=ALL --security-opt label=disable{{more}} IMAGE",
    "Kubernetes": "securityContext: {{privileged: true}}     # in the pod's spec, of the container",
}
"""What has each let a container make namespaces, and mount /proc in them."""
NOT_INSTALLED = """\
bubblewrap (the program `bwrap`) is not installed. Install it:
    sudo apt-get install bubblewrap     # on Debian and Ubuntu
    sudo dnf install bubblewrap         # on Fedora and its kin"""
APPARMOR = """\
AppArmor lets only programs with a profile of their own make namespaces ({setting} is 1, as Ubuntu has it). Give
bubblewrap such a profile{where}:
    printf '%s\\n' 'abi <abi/4.0>,' 'include <tunables/global>' \\
      'profile bwrap {program} flags=(unconfined) {{ userns, }}' | sudo tee /etc/apparmor.d/bwrap
    sudo apparmor_parser --replace /etc/apparmor.d/bwrap"""
SETTING = """\
The system's setting {setting} is 0, so that users can't make namespaces. Change it{where}:
    echo {setting}={value} | sudo tee /etc/sysctl.d/99-namespaces.conf
    sudo sysctl --system"""
CONTAINER = """\
This is a container, and {what}. {kind} starts one in which bubblewrap works like this:
    {line}"""
SECCOMP = """\
A filter of system calls (seccomp) forbids this process and its children to make namespaces. Whoever started it has set
that: try an ordinary terminal. For a service of systemd, `sudo systemctl edit SERVICE`, and there:
    [Service]
    RestrictNamespaces=no"""
UNKNOWN = """\
It may not make namespaces here. This must print nothing, and its message may tell your system's administrator more:
    bwrap --unshare-all --ro-bind / / --proc /proc true"""


@dataclass(frozen=True)
class Machine:
    """What decides whether bubblewrap works, as one process sees it."""

    program: str | None = "/usr/bin/bwrap"
    said: str = ""
    """What bubblewrap wrote when it failed."""
    root: bool = False
    capabilities: int = 0
    """Effective ones of this process, as a bit set."""
    settings: Mapping[str, int] = field(default_factory=dict)
    """The kernel's settings, of those named here that it has."""
    seccomp: bool = False
    profile: str = ""
    """This process's AppArmor profile; empty where it is not confined."""
    container: str = ""
    """What runs the container that this is: a key of `CONTAINERS`, or another name; empty for none."""

    @classmethod
    def here(cls, program: str | None, said: str = "") -> Machine:
        """This machine, whose bubblewrap has said that."""
        status = dict(line.split(":\t", 1) for line in _text("/proc/self/status").splitlines() if ":\t" in line)
        names = (ANY_NAMESPACES, USERS_NAMESPACES, APPARMOR_RESTRICTS)
        texts = {name: _text(f"/proc/sys/{name.replace('.', '/')}") for name in names}
        profile = _text("/proc/self/attr/apparmor/current").partition(" (")[0]
        return cls(
            program, said, os.geteuid() == 0, int(status.get("CapEff", "0"), 16),
            {name: int(text) for name, text in texts.items() if text.isdecimal()},
            status.get("Seccomp") == "2", "" if profile == "unconfined" else profile, _container(),
        )  # fmt: skip


def diagnosis(machine: Machine) -> str:
    """What keeps bubblewrap from working there, each cause with the lines to type, and what it said."""
    if machine.program is None:
        return NOT_INSTALLED
    causes = list(_causes(machine)) or [UNKNOWN]
    return "\n".join(["bubblewrap is installed, and does not work here.", *causes, *_quoted(machine.said)])


def _causes(machine: Machine) -> Iterator[str]:
    where = ", on the host of this container" if machine.container else ""
    if "mount proc" in machine.said:  # the last step: whatever comes before is allowed
        if machine.container:
            yield _container_must(
                machine, "parts of its /proc are covered, so that new namespaces can't have one of their own"
            )
        return
    if not machine.root:  # it needs no user namespace
        for setting, value in ALLOWING.items():
            if machine.settings.get(setting) == 0:
                yield SETTING.format(setting=setting, value=value, where=where)
        if machine.settings.get(APPARMOR_RESTRICTS):
            yield APPARMOR.format(setting=APPARMOR_RESTRICTS, program=machine.program, where=where)
    if machine.container and (forbids := _container_forbids(machine)):
        yield _container_must(machine, forbids)
    elif machine.seccomp:
        yield SECCOMP


def _container_forbids(machine: Machine) -> str:
    if machine.seccomp:
        return "its filter of system calls (seccomp) forbids new namespaces"
    if machine.profile:
        return f"its AppArmor profile, {machine.profile}, forbids what bubblewrap does"
    lacks = [name for name, bit in CAPABILITIES.items() if machine.root and not machine.capabilities >> bit & 1]
    return f"root in it lacks capabilities: {', '.join(lacks)}" if lacks else ""


def _container_must(machine: Machine, what: str) -> str:
    kind = machine.container if machine.container in CONTAINERS else "Docker"
    more = "".join(f" --cap-add {name}" for name in CAPABILITIES) if machine.root else ""
    return CONTAINER.format(what=what, kind=kind, line=CONTAINERS[kind].format(more=more))


def _quoted(said: str) -> list[str]:
    return [f"It says: {said}"] if said else []


def _container() -> str:
    """What runs the container that this process is in, by the traces that each leaves; empty where there are none."""
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return "Kubernetes"
    if Path("/.dockerenv").exists():
        return "Docker"
    if Path("/run/.containerenv").exists():
        return "Podman"
    traces = {"kubepods": "Kubernetes", "docker": "Docker", "libpod": "Podman", "lxc": "LXC"}
    cgroup = _text("/proc/1/cgroup")
    return next((kind for trace, kind in traces.items() if trace in cgroup), _text("/run/systemd/container"))


def _text(path: str) -> str:
    """A file's text; empty where it can't be read."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip().strip("\0")
    except OSError:
        return ""
