"""A filter of system calls for bubblewrap: what a notebook never needs, and what no limit bounds.

Refused are new user namespaces and mounts (they widen what code inside can try on the system's kernel), tracing and
reading other processes, key rings, and memory that no limit counts: files in memory, System V's segments, pages lent to
a pipe, larger buffers for pipes and sockets, and threads with open files of their own. The filter is a program for the
classic Berkeley packet filter, see seccomp(2).
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
    "vmsplice": (278, 75), "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "msgget": (68, 186),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)
SOCKETS = ((41, 198), (53, 199))
"""socket and socketpair."""
FAMILIES = (1, 16)
"""AF_UNIX and AF_NETLINK. Of others some, AF_VSOCK for one, belong to no network namespace."""
NETWORK_FAMILIES = (2, 10)
"""AF_INET and AF_INET6, whose buffers grow by themselves once there is an interface."""
MMAP, CLOSE_RANGE, SETSOCKOPT, FCNTL = (9, 222), (436, 436), (54, 208), (72, 25)
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
"""Together they make memory that is counted to nobody once it is let go."""
CLONE_FILES, CLONE_THREAD, CLONE_NEWUSER = 0x400, 0x10000, 0x10000000
CLOSE_RANGE_UNSHARE = 2
"""A table of open files for one thread alone, which /proc does not show with its process; so does a thread that is made
without CLONE_FILES."""
SOL_SOCKET, SO_SNDBUF, SO_RCVBUF, F_SETPIPE_SZ = 1, 7, 8, 1031
AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
"""Numbers from here on are another way into the same system calls."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, (16, 24, 32, 40)
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_PRETEND = _ERRNO
"""Nothing is done, and no error told."""
Condition = tuple[int, int, int, bool]
"""An argument's place, a comparison, its value, and what is to come of it."""


def seccomp_program(machine: str = "", network: bool = True) -> bytes:
    """The filter for this machine, or for one that `platform.machine` calls so; empty where there is none. Without
    `network` there are no Internet sockets either."""
    machine = machine or platform.machine()
    if machine not in AUDIT_ARCHITECTURES:
        return b""
    column = list(AUDIT_ARCHITECTURES).index(machine)
    refuse, absent = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    families = FAMILIES + (NETWORK_FAMILIES if network else ())
    return b"".join([
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, AUDIT_ARCHITECTURES[machine], otherwise=0, then=1),
        _step(_RETURN, refuse),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, X32, otherwise=1),
        _step(_RETURN, refuse),
        *(_step(_EQUAL, numbers[column], otherwise=1) + _step(_RETURN, refuse) for numbers in REFUSED.values()),
        *(_only_families(numbers[column], families) for numbers in SOCKETS),
        _when(MMAP[column], _ERRNO | errno.ENOMEM, *((3, _ANY_BIT, bit, True) for bit in (MAP_ANONYMOUS, MAP_SHARED))),
        _when(FCNTL[column], refuse, (1, _EQUAL, F_SETPIPE_SZ, True)),
        *(
            _when(SETSOCKOPT[column], _PRETEND, (1, _EQUAL, SOL_SOCKET, True), (2, _EQUAL, option, True))
            for option in (SO_SNDBUF, SO_RCVBUF)
        ),
        _when(CLOSE_RANGE[column], refuse, (2, _ANY_BIT, CLOSE_RANGE_UNSHARE, True)),
        # Its flags lie in memory, out of the filter's sight: libc goes on with clone where clone3 is absent.
        _when(CLONE3[column], absent),
        _when(CLONE[column], refuse, (0, _ANY_BIT, CLONE_NEWUSER, True)),
        _when(CLONE[column], refuse, (0, _ANY_BIT, CLONE_THREAD, True), (0, _ANY_BIT, CLONE_FILES, False)),
        _step(_RETURN, _ALLOW),
    ])  # fmt: skip


def _only_families(number: int, families: tuple[int, ...]) -> bytes:
    most = len(families)
    return b"".join(
        [
            _step(_EQUAL, number, otherwise=most + 3),
            _step(_LOAD, _ARGUMENTS[0]),
            *(_step(_EQUAL, family, then=most - place) for place, family in enumerate(families)),
            _step(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
            _step(_RETURN, _ALLOW),
        ]
    )


def _when(number: int, result: int, *conditions: Condition) -> bytes:
    """This result for a system call whose arguments meet all conditions; else go on, with its number loaded."""
    steps = [_step(_EQUAL, number, otherwise=2 * len(conditions) + 2)]
    for place, (argument, comparison, value, wanted) in enumerate(conditions, 1):
        away = 2 * (len(conditions) - place) + 1
        ends = {"otherwise": away} if wanted else {"then": away}
        steps += [_step(_LOAD, _ARGUMENTS[argument]), _step(comparison, value, **ends)]
    return b"".join([*steps, _step(_RETURN, result), _step(_LOAD, _NUMBER)])


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; `then` and `otherwise` say how many of the following a comparison skips."""
    return struct.pack("=HBBI", code, then, otherwise, value)
