"""Submissions that try to write outside their work folder, or to have somebody else do it.

Where they got it done is for the test to find: each leaves a file whose name says which case it was.
"""

from __future__ import annotations

from tests.submissions.base import Hostile
from tests.submissions.prelude import escape

__all__ = ["CASES"]

_PLACES = """
import tempfile
PLACES = list(dict.fromkeys([
    *above(os.getcwd(), os.path.join(os.path.dirname(__file__), "x"), sys.prefix),
    *CHECKOUTS, *(os.path.join(folder, name) for folder in CHECKOUTS for name in KEPT), *homes(),
    *sysconfig.get_paths().values(), os.path.dirname(sys.modules["labkit"].__file__),
    "/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/etc", "/etc/cron.d",
    "/usr/local/bin", "/var/spool/cron",
    tempfile.gettempdir()]))


def leave(path, how):
    try:
        with open(path, "x") as stream:
            stream.write("labkit\\n")
        print("left:", how, path)
    except OSError as error:
        print("held:", type(error).__name__, path)

"""


def _writes(name: str, why: str, attack: str, canary: str) -> Hostile:
    return escape(name, why, f"{_PLACES}\n{attack}".replace("CANARY", canary), leaves=canary)


CASES = (
    _writes(
        "writes_everywhere",
        "a new file in every folder it can think of",
        """
for place in PLACES:
    leave(os.path.join(place, "CANARY"), "open")
""",
        "labkit_canary_everywhere",
    ),
    _writes(
        "writes_through_links",
        "through a symbolic link, and through a folder that is one",
        """
for number, place in enumerate(PLACES):
    try:
        os.symlink(place, f"way{number}")
        os.symlink(os.path.join(place, "CANARY"), f"file{number}")
    except OSError as error:
        print("held:", error)
        continue
    leave(f"way{number}/CANARY_too", "folder")
    try:
        with open(f"file{number}", "w") as stream:
            stream.write("labkit")
    except OSError as error:
        print("held:", error)
    os.unlink(f"way{number}")
    os.unlink(f"file{number}")
""",
        "labkit_canary_link",
    ),
    _writes(
        "moves_files_out",
        "writes inside, then moves, links and copies it out",
        """
import shutil
for place in PLACES:
    goal = os.path.join(place, "CANARY")
    for deed in (os.link, os.rename, shutil.copyfile):
        try:
            with open("parcel", "w") as stream:
                stream.write("labkit")
            deed("parcel", goal + deed.__name__)
        except OSError as error:
            print("held:", deed.__name__, type(error).__name__)
""",
        "labkit_canary_moved",
    ),
    _writes(
        "writes_through_proc",
        "roots and folders of other processes as a way out",
        """
for pid in ("1", "self", str(os.getppid())):
    for door in ("root/tmp", "root/root", "root/etc", "cwd", "cwd/..", "cwd/../..", "root/dev/shm"):
        leave(f"/proc/{pid}/{door}/CANARY", "proc")
for number in range(3, 256):
    leave(f"/proc/self/fd/{number}/CANARY", "descriptor")
    leave(f"/proc/self/fd/{number}/../CANARY", "descriptor")
""",
        "labkit_canary_proc",
    ),
    _writes(
        "writes_by_other_programs",
        "the shell, Python and cp in its place",
        """
for place in PLACES:
    goal = os.path.join(place, "CANARY")
    for command in (["/bin/sh", "-c", f"echo labkit > '{goal}_sh'"], ["touch", goal + "_touch"],
                    ["cp", "/etc/hostname", goal + "_cp"], ["mkdir", goal + "_folder"]):
        try:
            subprocess.run(command, capture_output=True, timeout=20)
        except (OSError, subprocess.SubprocessError) as error:
            print("held:", error)
""",
        "labkit_canary_program",
    ),
    _writes(
        "plants_code",
        "files that Python runs at its next start: .pth, sitecustomize, a package of a well-known name",
        """
import site
folders = {*sysconfig.get_paths().values(), *site.getsitepackages(), site.getusersitepackages(),
           os.path.dirname(sys.modules["labkit"].__file__), os.path.dirname(keras.__file__)}
for folder in folders:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        print("held:", error)
    leave(os.path.join(folder, "CANARY.pth"), "site")
    leave(os.path.join(folder, "CANARY.py"), "module")
    leave(os.path.join(folder, "__pycache__", "CANARY.pyc"), "cache")
""",
        "labkit_canary_planted",
    ),
    _writes(
        "plants_a_schedule",
        "something that starts later: cron, at, systemd, a profile, a shared library",
        """
for path in ("/etc/cron.d/CANARY", "/var/spool/cron/CANARY", "/var/spool/cron/crontabs/CANARY",
             "/etc/systemd/system/CANARY.service", "/etc/profile.d/CANARY.sh",
             "/etc/ld.so.conf.d/CANARY.conf",
             "~/.config/systemd/user/CANARY.service", "~/.config/autostart/CANARY.desktop",
             "~/.ssh/CANARY",
             "~/.local/bin/CANARY", "~/.ipython/profile_default/startup/CANARY.py"):
    path = os.path.expanduser(path)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        print("held:", error)
    leave(path, "schedule")
""",
        "labkit_canary_schedule",
    ),
    _writes(
        "changes_its_neighbours",
        "writes into every other work folder, submission and gradebook it can find",
        """
left = 0
for folder in above(__file__, os.getcwd())[:6]:
    for base, folders, _files in os.walk(folder):
        folders[:] = [name for name in folders if not inside(os.path.join(base, name), ALLOWED)][:200]
        if left < 500 and not inside(base, OWN):
            left += 1
            leave(os.path.join(base, "CANARY"), "neighbour")
""",
        "labkit_canary_neighbour",
    ),
)
