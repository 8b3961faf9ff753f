"""A filter of system calls for bubblewrap: what a notebook never needs, and what no limit bounds.

Refused are new user namespaces and mounts (they widen what code inside can try on the system's kernel), tracing and
reading other processes, key rings, and memory that no limit counts: files in memory and System V's segments. The
filter is a program for the classic Berkeley packet filter, see seccomp(2).
"""

from __future__ import annotations

import errno
import platform
import struct

REFUSED = {
    # name: number on x86_64, on aarch64 (the newer ones have one number everywhere)
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "open_by_handle_at": (304, 265),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "perf_event_open": (298, 241), "bpf": (321, 280), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)
SOCKETS = ((41, 198), (53, 199))
"""socket and socketpair."""
FAMILIES = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK. Of others some, AF_VSOCK for one, belong to no network namespace."""
MMAP = (9, 222)
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
"""Together they make memory that is counted to nobody once it is let go."""
CLONE_NEWUSER = 0x10000000
AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
"""Numbers from here on are another way into the same system calls."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _FOURTH_ARGUMENT = 0, 4, 16, 40
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def seccomp_program(machine: str = "") -> bytes:
    """The filter for this machine, or for one that `platform.machine` calls so; empty where there is none."""
    machine = machine or platform.machine()
    if machine not in AUDIT_ARCHITECTURES:
        return b""
    column = list(AUDIT_ARCHITECTURES).index(machine)
    refuse, absent = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    return b"".join([
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, AUDIT_ARCHITECTURES[machine], otherwise=0, then=1),
        _step(_RETURN, refuse),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, X32, otherwise=1),
        _step(_RETURN, refuse),
        *(_step(_EQUAL, numbers[column], otherwise=1) + _step(_RETURN, refuse) for numbers in REFUSED.values()),
        *(_only_families(numbers[column]) for numbers in SOCKETS),
        *_no_shared_memory(MMAP[column]),
        _step(_EQUAL, CLONE3[column], otherwise=1),  # its flags lie in memory, out of the filter's sight: libc goes on
        _step(_RETURN, absent),  # with clone where clone3 is absent
        _step(_EQUAL, CLONE[column], otherwise=3),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_ANY_BIT, CLONE_NEWUSER, otherwise=1),
        _step(_RETURN, refuse),
        _step(_RETURN, _ALLOW),
    ])  # fmt: skip


def _only_families(number: int) -> bytes:
    most = len(FAMILIES)
    return b"".join(
        [
            _step(_EQUAL, number, otherwise=most + 3),
            _step(_LOAD, _FIRST_ARGUMENT),
            *(_step(_EQUAL, family, then=most - place) for place, family in enumerate(FAMILIES)),
            _step(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
            _step(_RETURN, _ALLOW),
        ]
    )


def _no_shared_memory(number: int) -> list[bytes]:
    return [
        _step(_EQUAL, number, otherwise=5),
        _step(_LOAD, _FOURTH_ARGUMENT),
        _step(_ANY_BIT, MAP_ANONYMOUS, otherwise=2),
        _step(_ANY_BIT, MAP_SHARED, otherwise=1),
        _step(_RETURN, _ERRNO | errno.ENOMEM),
        _step(_RETURN, _ALLOW),
    ]


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; `then` and `otherwise` say how many of the following a comparison skips."""
    return struct.pack("=HBBI", code, then, otherwise, value)
