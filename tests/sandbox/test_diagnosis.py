"""Why bubblewrap does not work: each cause told from the others, with what to type; two of them made here for real."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.sandbox.diagnosis import ANY_NAMESPACES, APPARMOR_RESTRICTS, USERS_NAMESPACES, Machine, diagnosis

FREE = {ANY_NAMESPACES: 96_000, USERS_NAMESPACES: 1, APPARMOR_RESTRICTS: 0}
NOT_ALLOWED = "bwrap: No permissions to create new namespace"
NO_PROC = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"
DOCKERS_ROOT = 0xA80425FB
"""The capabilities that Docker leaves to root."""
ALL = (1 << 41) - 1

MACHINES = {
    "not installed": (Machine(None), "apt-get install bubblewrap"),
    "Ubuntu 24.04": (Machine(settings={**FREE, APPARMOR_RESTRICTS: 1}), "/etc/apparmor.d/bwrap"),
    "no namespaces": (Machine(settings={**FREE, ANY_NAMESPACES: 0}), f"echo {ANY_NAMESPACES}=15000 | sudo tee"),
    "none for users": (Machine(settings={**FREE, USERS_NAMESPACES: 0}), f"echo {USERS_NAMESPACES}=1 | sudo tee"),
    "a service": (Machine(settings=FREE, seccomp=True), "RestrictNamespaces=no"),
    "Docker": (Machine(seccomp=True, profile="docker-default", container="Docker"), "docker run --security-opt"),
    "covered /proc": (Machine(said=NO_PROC, container="Podman"), "podman run --security-opt"),
    "Kubernetes": (Machine(seccomp=True, container="Kubernetes"), "securityContext: {privileged: true}"),
    "something else": (Machine(settings=FREE, said=NOT_ALLOWED), "bwrap --unshare-all --ro-bind / / --proc /proc true"),
}


@pytest.mark.parametrize("name", MACHINES)
def test_each_cause_is_told_alone(name: str) -> None:
    told = diagnosis(MACHINES[name][0])
    lines = {other: line for other, (_, line) in MACHINES.items() if line in told}
    assert lines == {name: MACHINES[name][1]}
    assert ("is installed, and does not work here" in told) == (name != "not installed")
    assert all(len(line) < 250 for line in told.splitlines())


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    docker_on_ubuntu = Machine(settings={**FREE, APPARMOR_RESTRICTS: 1}, seccomp=True, container="Docker")
    told = diagnosis(docker_on_ubuntu)
    assert "a profile, on the host of this container:" in told
    assert "docker run" in told


def test_root_is_not_told_what_only_others_need() -> None:
    settings = {ANY_NAMESPACES: 0, USERS_NAMESPACES: 0, APPARMOR_RESTRICTS: 1}
    told = diagnosis(Machine(root=True, capabilities=ALL, settings=settings, said="bwrap: something"))
    assert not re.search("sysctl|apparmor", told)
    assert told.endswith("It says: bwrap: something")


def test_root_in_docker_gets_the_capabilities_that_it_lacks() -> None:
    root = Machine(root=True, capabilities=DOCKERS_ROOT, seccomp=True, container="Docker")
    assert "--cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add SYS_PTRACE IMAGE" in diagnosis(root)
    assert "--cap-add" not in diagnosis(replace(root, root=False))
    half = diagnosis(replace(root, seccomp=False, capabilities=DOCKERS_ROOT | 1 << 21))
    assert "root in it lacks capabilities: NET_ADMIN, SYS_PTRACE." in half


def test_a_container_that_forbids_nothing_is_not_blamed() -> None:
    machine = Machine(settings={**FREE, APPARMOR_RESTRICTS: 1}, container="Docker")
    assert "docker run" not in diagnosis(machine)


def test_what_to_type_for_apparmor_writes_the_profile() -> None:
    """As a shell splits it, pasted with its indentation: the profile of the program that was found."""
    told = diagnosis(replace(MACHINES["Ubuntu 24.04"][0], program="/opt/bin/bwrap"))
    typed = told[told.index("    printf") : told.index(" | sudo tee")]
    written = subprocess.run(["sh", "-c", typed], capture_output=True, text=True, check=True).stdout
    assert written.splitlines() == [
        "abi <abi/4.0>,",
        "include <tunables/global>",
        "profile bwrap /opt/bin/bwrap flags=(unconfined) { userns, }",
    ]


@pytest.mark.parametrize("kind", ["Docker", "Podman"])
def test_what_to_type_for_containers_is_one_command(kind: str) -> None:
    told = diagnosis(Machine(root=True, seccomp=True, container=kind))
    [line] = [line for line in told.splitlines() if line.lstrip().startswith(kind.lower())]
    program, command, *options, image = shlex.split(line)
    assert (program, command, image) == (kind.lower(), "run", "IMAGE")
    assert set(options[::2]) == {"--security-opt", "--cap-add"}


# For real: this machine's bubblewrap, forbidden to work

FORBID = """
import ctypes, os, sys

class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]

def must(status):
    assert status == 0, os.strerror(ctypes.get_errno())

def write(path, text):
    with open(path, "w") as file:
        file.write(text)

def as_a_user():
    uid, gid = os.getuid(), os.getgid()
    must(libc.unshare(0x10000000))
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"1000 {uid} 1")
    write("/proc/self/gid_map", f"1000 {gid} 1")

def setting():
    write("/proc/sys/user/max_user_namespaces", "0")  # of this user namespace, and those below it

def seccomp():
    from autograder.sandbox.seccomp import seccomp_program
    steps = seccomp_program()
    must(libc.prctl(38, 1, 0, 0, 0))
    must(libc.prctl(22, 2, ctypes.byref(Program(len(steps) // 8, steps)), 0, 0))

def proc():
    must(libc.unshare(0x00020000))
    must(libc.mount(b"none", b"/", None, 1 << 18 | 16384, None))
    must(libc.mount(b"/dev/null", b"/proc/cpuinfo", None, 4096, None))

libc = ctypes.CDLL(None, use_errno=True)
for step in sys.argv[1:]:
    globals()[step]()
os.execv(sys.executable, [sys.executable, "-m", "autograder.sandbox"])
"""
"""Runs the package's own trial where something forbids namespaces, for itself alone."""


@pytest.mark.parametrize(
    ("steps", "cause"),
    [
        (["as_a_user", "setting"], rf"{ANY_NAMESPACES} is 0(.|\n)*echo {ANY_NAMESPACES}=15000(.|\n)*It says: bwrap: "),
        (["as_a_user", "seccomp"], r"\(seccomp\) forbids(.|\n)*It says: bwrap: "),
        (["as_a_user", "proc"], r"parts of its /proc are covered(.|\n)*privileged: true(.|\n)*It says: bwrap: "),
        (["seccomp"], r"\(seccomp\) forbids(.|\n)*It says: bwrap: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_real_prohibition_is_told(steps: list[str], cause: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    done = subprocess.run([sys.executable, "-c", FORBID, *steps], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search(cause, done.stderr), done.stderr


def test_where_nothing_forbids_it_nothing_is_said() -> None:
    done = subprocess.run([sys.executable, "-c", FORBID, "as_a_user"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
