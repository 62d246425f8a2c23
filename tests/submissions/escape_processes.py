"""Submissions that try to reach other processes, or to get rid of their own limits.

Whatever would do harm is only shown to be possible: a signal that does nothing, an attachment that is
undone, a priority set to what it is. Only the submission's own parent is really hit.
"""

from __future__ import annotations

from tests.submissions.prelude import escape

__all__ = ["CASES"]

_STRANGERS = """
def strangers():
    # all but itself and, in a room of its own, the room's process 1
    seen = {os.getppid(), 1, *range(2, 1_000)}
    try:
        seen |= {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError as error:
        print("held:", error)
    first = 1 if os.getppid() in (0, 1) else 0
    return sorted(pid for pid in seen if pid not in (0, first, os.getpid()))

"""

CASES = (
    escape(
        "kills_its_parent",
        "ends the process that forked it, which all others wait for",
        """
        import signal
        if os.getppid() > 1:
            os.kill(os.getppid(), signal.SIGKILL)
        """,
        look=False,
    ),
    escape(
        "stops_its_parent",
        "stops the process that forked it, so that nobody waits any more",
        """
        import signal
        for pid in {os.getppid(), os.getpgid(os.getppid()) if os.getppid() else 0} - {0, 1,
            os.getpid()}:
            attempt(lambda: os.kill(pid, signal.SIGSTOP))
        """,
        look=False,
    ),
    escape(
        "ends_the_room",
        "SIGKILL to process 1 of its room, and SIGTERM to it",
        """
        import signal
        if os.getppid() in (0, 1):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
                attempt(lambda: os.kill(1, number))
        """,
        look=False,
        step="predict",
    ),
    escape(
        "signals_everybody",
        "asks of every process whether it could be sent a signal",
        _STRANGERS
        + """
for pid in strangers():
    try:
        os.kill(pid, 0)
        escaped(f"signals to {pid}")
    except OSError:
        continue
""",
        look=False,
    ),
    escape(
        "attaches_to_everybody",
        "ptrace of every process in sight, its parent first",
        _STRANGERS
        + """
ATTACH, DETACH, SEIZE = 16, 17, 0x4206
for pid in strangers():
    for request in (SEIZE, ATTACH):
        if libc.ptrace(request, pid, None, None) == 0:
            escaped(f"ptrace of {pid}")
            os.waitpid(pid, 0x40000000) if request == ATTACH else None
            libc.ptrace(DETACH, pid, None, None)
            break
""",
        look=False,
    ),
    escape(
        "steals_descriptors",
        "takes open files of other processes through their pidfd",
        _STRANGERS
        + """
for pid in strangers():
    handle = libc.syscall(434, pid, 0)  # pidfd_open
    if handle < 0:
        continue
    for number in range(32):
        if libc.syscall(438, handle, number, 0) >= 0:  # pidfd_getfd
            escaped(f"descriptor {number} of {pid}")
""",
        look=False,
    ),
    escape(
        "slows_others_down",
        "priority and processors of other processes, set to what they are",
        _STRANGERS
        + """
for pid in strangers():
    for deed in (lambda: os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid)),
                 lambda: os.sched_setaffinity(pid, os.sched_getaffinity(pid))):
        try:
            deed()
            escaped(f"priority of {pid}")
        except OSError:
            continue
""",
        look=False,
    ),
    escape(
        "raises_its_limits",
        "puts its own limits up again, soft and hard",
        """
        import resource
        for name in ("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_AS",
                     "RLIMIT_CORE"):
            number = getattr(resource, name)
            soft, hard = resource.getrlimit(number)
            if hard == resource.RLIM_INFINITY:
                continue
            try:
                resource.setrlimit(number, (hard + 1, hard + 1))
                escaped(f"a higher {name}")
            except (OSError, ValueError) as error:
                print("held:", name, error)
        """,
        look=False,
    ),
    escape(
        "leaves_its_group",
        "limits by control group, left by writing its number elsewhere",
        """
        for base, _folders, files in os.walk("/sys/fs/cgroup"):
            if "cgroup.procs" in files:
                try:
                    with open(os.path.join(base, "cgroup.procs"), "w") as stream:
                        stream.write(str(os.getpid()))
                    escaped(f"control group {base}")
                    break
                except OSError:
                    continue
        """,
        look=False,
    ),
)
