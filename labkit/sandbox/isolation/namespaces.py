"""A room of its own: a process that sees only what it is given, and nobody else.

See namespaces(7), pivot_root(2), mount_setattr(2). Needs Linux 5.12, and either root or user
namespaces open to everyone.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from labkit.sandbox.isolation.kernel import MACHINE, checked, libc, system_call

__all__ = ["DEVICES", "NOBODY", "Room", "enter", "leave_root"]

NOBODY = 65534
"""User and group that foreign code runs as where the grader is root."""

DEVICES = ("/dev/null", "/dev/full", "/dev/urandom", "/dev/random")
"""What a confined process may use of /dev."""

_NEW_NS, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_CLONE_TREE, _CLOEXEC = 1, 0o2000000
_FROM_FD = 0x4
_READ_ONLY, _NO_SUID, _NO_DEV = 0x1, 0x2, 0x4
_PRIVATE, _REC, _DETACH = 1 << 18, 0x4000, 2


class _Attributes(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns"))


@dataclass(frozen=True, slots=True)
class Room:
    """What a confined process sees.

    Args:
        work: Folder it may write to, empty at first and gone with the process.
        work_mb: How much fits into it, MiB.
        readable: Files and folders it may read, at their own paths. Missing ones are left out.
    """

    work: Path
    work_mb: int
    readable: tuple[Path, ...]


def enter(room: Room) -> None:
    """Leave the world for ``room``: for this process, and with its own process numbers for children.

    Root keeps being root here, as it must still become `NOBODY`; everybody else is in a user namespace.

    Raises:
        OSError: The system refuses; the process is in no defined state then, and must end.
    """
    kinds = _NEW_NS | _NEW_UTS | _NEW_IPC | _NEW_PID | _NEW_NET
    user, group = os.getuid(), os.getgid()
    if user != 0:
        kinds |= _NEW_USER
    checked(libc.unshare(kinds), "unshare")
    if user != 0:
        _map_ids(user, group)
    checked(libc.mount(None, b"/", None, _REC | _PRIVATE, None), "private mounts")
    trees = [(path, _tree(path)) for path in _without_nested(room.readable)]
    devices = [(Path(path), _tree(Path(path), _NO_SUID)) for path in DEVICES]
    owner = NOBODY if user == 0 else user
    _new_root(trees + devices, room, owner)


def leave_root() -> bool:
    """Become nobody where the process is root, in a user namespace of its own where it may.

    Returns:
        Whether the processes of this user are counted apart from all others now.
    """
    if os.getuid() != 0:
        return True  # in a user namespace since `enter`
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    return bool(libc.unshare(_NEW_USER) == 0)


def _map_ids(user: int, group: int) -> None:
    """Inside, the user is who they are outside."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _tree(path: Path, attributes: int = _READ_ONLY | _NO_SUID | _NO_DEV) -> int:
    """A copy of the mounts below ``path``, attached to nothing yet, as a file descriptor."""
    about = f"mount of {path}"
    flags = _CLONE_TREE | _CLOEXEC | _AT_RECURSIVE
    tree = system_call(about, _OPEN_TREE, _AT_FDCWD, os.fsencode(path), flags)
    _set(tree, attributes, about, recursive=True)
    return tree


def _set(tree: int, attributes: int, about: str, *, recursive: bool) -> None:
    wanted = _Attributes(attributes, 0, 0, 0)
    flags = _AT_EMPTY_PATH | (_AT_RECURSIVE if recursive else 0)
    size = ctypes.sizeof(wanted)
    system_call(about, _MOUNT_SETATTR, tree, b"", flags, ctypes.byref(wanted), size)


def _new_root(trees: Iterable[tuple[Path, int]], room: Room, owner: int) -> None:
    """Build the new root on a file system in memory and make it the only one."""
    base = Path("/tmp")  # noqa: S108  any folder would do: nothing in it is used
    _tmpfs(base, "size=1m,mode=755")
    for path, tree in trees:
        place = base / path.relative_to("/")
        if stat.S_ISDIR(os.fstat(tree).st_mode):
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        where = os.fsencode(place)
        system_call(f"mount at {path}", _MOVE_MOUNT, tree, b"", _AT_FDCWD, where, _FROM_FD)
        os.close(tree)
    work = base / room.work.relative_to("/")
    work.mkdir(parents=True, exist_ok=True)
    _tmpfs(work, f"size={room.work_mb}m,nr_inodes=20000,mode=700,uid={owner},gid={owner}")
    (base / "dev" / "shm").symlink_to(room.work)
    process = base / "proc" / "self"  # all of /proc that TensorFlow asks for
    process.mkdir(parents=True)
    (process / "exe").symlink_to(sys.executable)
    (process / "cmdline").write_bytes(b"labkit\0")
    os.chdir(base)
    system_call("pivot_root", _PIVOT_ROOT[MACHINE], b".", b".")
    checked(libc.umount2(b".", _DETACH), "umount of the old root")
    os.chdir("/")
    top = os.open("/", os.O_PATH | os.O_CLOEXEC)
    _set(top, _READ_ONLY, "read-only root", recursive=False)
    os.close(top)


def _tmpfs(place: Path, options: str) -> None:
    flags = _NO_SUID | _NO_DEV  # the same bits here as above
    result = libc.mount(b"labkit", os.fsencode(place), b"tmpfs", flags, options.encode())
    checked(result, f"file system in memory at {place}")


def _without_nested(paths: Iterable[Path]) -> list[Path]:
    """Existing paths in order, without those that lie below another, links resolved beside themselves.

    A path that leads through links is given at both places: as it is called and as it really is.
    """
    both = {Path(path) for path in paths if path.exists()}
    both |= {path.resolve() for path in both}
    kept: list[Path] = []
    for path in sorted(both):
        if path != Path("/") and not any(path.is_relative_to(above) for above in kept):
            kept.append(path)
    return kept
