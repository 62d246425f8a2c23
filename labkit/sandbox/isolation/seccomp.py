"""System calls that foreign code has no use for, forbidden by a filter in the kernel.

See seccomp(2). What is left out of sight by namespaces or Landlock is not enough: sockets, tracing,
new namespaces, keys, files without a name and io_uring go around them or widen what can be attacked.
Shared memory without a file goes around the limits: given back and kept, it is in nobody's size.
Landlock says nothing of a file's rights, owner and times, nor of others' limits and priorities.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from labkit.sandbox.isolation.kernel import MACHINE, prctl

__all__ = ["NO_NEW_PRIVILEGES", "forbid", "known"]

NO_NEW_PRIVILEGES = 38
_SET_SECCOMP, _FILTER = 22, 2
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _FOURTH_ARGUMENT = 0, 4, 16, 40
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020000
_CLONE = {"x86_64": 56, "aarch64": 220}
_MMAP = {"x86_64": 9, "aarch64": 222}
_SHARED_WITHOUT_FILE = 0x21
_TO_OTHERS = {"x86_64": (62, 234), "aarch64": (129, 131)}  # kill, tgkill: by process
_TO_OTHERS_ALWAYS = {"x86_64": (200, 129, 297, 424), "aarch64": (130, 138, 240, 424)}
_LIMITS = {"x86_64": 302, "aarch64": 261}  # prlimit64: of the process named, 0 for oneself
_WITHOUT_EFFECT = {  # chmod, chown, utime, setxattr, setpriority, sched_set…, ioprio_set and their kin
    "x86_64": (
        *(90, 91, 268, 452, 92, 93, 94, 260, 132, 235, 261, 280),
        *(188, 189, 190, 463, 197, 198, 199, 466, 469),
        *(141, 142, 144, 203, 314, 251),
    ),
    "aarch64": (
        *(52, 53, 452, 54, 55, 88),
        *(5, 6, 7, 463, 14, 15, 16, 466, 469),
        *(140, 118, 119, 122, 274, 30),
    ),
}
"""Answered as if they were done, where only Landlock keeps others' files and processes apart."""
_TRUNCATE = {"x86_64": 76, "aarch64": 45}  # by name, which Landlock knows from its third version on

_NOT_THERE = {"clone3": (435, 435), "memfd_create": (319, 279)}
"""Answered as if the kernel did not know them: the C library then does without."""

_FORBIDDEN = {  # name: number on x86_64, number on aarch64; the same from 424 on
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "syslog": (103, 116),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def known() -> bool:
    """Whether the numbers of this machine's system calls are known here."""
    return MACHINE in _AUDIT


def forbid(*, only_own_signals: bool = False) -> None:
    """Forbid them for this process and its children, for good.

    Args:
        only_own_signals: Whether it may send signals to itself alone, and change nothing of files but
            their content; needed where it can see others.

    Raises:
        OSError: The kernel refuses.
    """
    program = _program(os.getpid() if only_own_signals else None)
    code = ctypes.create_string_buffer(b"".join(program))
    prctl("no_new_privs", NO_NEW_PRIVILEGES, 1)
    described = _Program(len(program), ctypes.addressof(code))
    prctl("seccomp", _SET_SECCOMP, _FILTER, ctypes.byref(described))


def _program(only: int | None) -> list[bytes]:
    """The filter: refuse by number, look into ``clone`` for namespaces, allow the rest."""
    column = 0 if MACHINE == "x86_64" else 1
    lines = [
        _line(_LOAD, _ARCHITECTURE),
        _line(_EQUAL, _AUDIT[MACHINE], yes=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NUMBER),
    ]
    if MACHINE == "x86_64":
        lines += [_line(_AT_LEAST, _X32, no=1), _line(_RETURN, _ERRNO | errno.ENOSYS)]
    for numbers in _FORBIDDEN.values():
        lines += _refuse(numbers[column], errno.EPERM)
    for numbers in _NOT_THERE.values():
        lines += _refuse(numbers[column], errno.ENOSYS)
    lines += [
        _line(_EQUAL, _MMAP[MACHINE], no=5),
        _line(_LOAD, _FOURTH_ARGUMENT),
        _line(_AND, _SHARED_WITHOUT_FILE),
        _line(_EQUAL, _SHARED_WITHOUT_FILE, no=1),
        _line(_RETURN, _ERRNO | errno.EPERM),
        _line(_RETURN, _ALLOW),
    ]
    if only is not None:
        for number in _WITHOUT_EFFECT[MACHINE]:
            lines += _refuse(number, 0)
        lines += _refuse(_TRUNCATE[MACHINE], errno.EPERM)
        lines += [
            _line(_EQUAL, _LIMITS[MACHINE], no=5),
            _line(_LOAD, _FIRST_ARGUMENT),
            _line(_EQUAL, 0, yes=2),
            _line(_EQUAL, only, yes=1),
            _line(_RETURN, _ERRNO | errno.EPERM),
            _line(_RETURN, _ALLOW),
        ]
        for number in _TO_OTHERS_ALWAYS[MACHINE]:
            lines += _refuse(number, errno.EPERM)
        for number in _TO_OTHERS[MACHINE]:
            lines += [
                _line(_EQUAL, number, no=4),
                _line(_LOAD, _FIRST_ARGUMENT),
                _line(_EQUAL, only, yes=1),
                _line(_RETURN, _ERRNO | errno.EPERM),
                _line(_RETURN, _ALLOW),
            ]
    return [
        *lines,
        _line(_EQUAL, _CLONE[MACHINE], no=3),
        _line(_LOAD, _FIRST_ARGUMENT),
        _line(_ANY_BIT, _NEW_NAMESPACES, no=1),
        _line(_RETURN, _ERRNO | errno.EPERM),
        _line(_RETURN, _ALLOW),
    ]


def _refuse(number: int, error: int) -> list[bytes]:
    return [_line(_EQUAL, number, no=1), _line(_RETURN, _ERRNO | error)]


def _line(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction: what to do, with what, and how many lines to skip on yes and on no."""
    return struct.pack("=HBBI", code, yes, no, value)
