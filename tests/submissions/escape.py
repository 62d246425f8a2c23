"""Submissions that try to read files that are not theirs."""

from __future__ import annotations

from tests.submissions.prelude import escape

__all__ = ["CASES"]

CASES = (
    escape(
        "reads_home",
        "every home directory it can think of",
        """
        for home in homes():
            sweep(home, "home")
        """,
    ),
    escape(
        "reads_system_secrets",
        "the password file, host keys, root's own files",
        """
        import glob
        for path in (*SECRETS, *glob.glob("/etc/ssh/*key"), *glob.glob("/etc/ssl/private/*")):
            grab(path, "secret")
        sweep("/root", "root")
        sweep("/var/log", "log", 200)
        sweep("/var/mail", "mail", 200)
        """,
    ),
    escape(
        "reads_siblings",
        "other people's submissions, beside its own and a few folders up",
        """
        folder = os.path.dirname(os.path.realpath(__file__))
        try:
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                if name.endswith((".py", ".ipynb", ".zip", ".h5")):
                    grab(path, "sibling", real(__file__))
        except OSError as error:
            print("held:", error)
        for folder in above(__file__, os.getcwd())[:6]:
            sweep(folder, "above")
        """,
    ),
    escape(
        "reads_the_checkout",
        "solutions, rubrics, tests and hidden data beside the kit's own code",
        """
        for folder in CHECKOUTS:
            for name in KEPT:
                sweep(os.path.join(folder, name), "checkout")
        """,
    ),
    escape(
        "reads_hidden_data",
        "asks the kit itself for the data set, and looks for the cache it unpacks to",
        """
        def usable(labels):
            if len(labels) in (10_000, 70_000) and len(set(np.asarray(labels).ravel()[:500])) == 10:
                escaped("hidden labels")

        @attempt
        def through_the_kit():
            from labkit import data
            usable(data.load("mnist").y_test)

        @attempt
        def through_a_split():
            from labkit import data
            from pathlib import Path
            usable(data.split("mnist", seed=None, folder=Path.cwd()).hidden_y)

        @attempt
        def through_the_cache():
            from labkit.data import cache_folder
            for base, _folders, files in os.walk(cache_folder()):
                for name in files:
                    if name.endswith(".npy"):
                        usable(np.load(os.path.join(base, name), mmap_mode="r"))
        """,
    ),
    escape(
        "reads_beside_its_data",
        "the folder its own rows lie in, and those beside it",
        """
        import json

        def strings(value):
            if isinstance(value, dict):
                for part in value.values():
                    yield from strings(part)
            elif isinstance(value, (list, tuple)):
                for part in value:
                    yield from strings(part)
            elif isinstance(value, str):
                yield value

        def jobs():
            frame = sys._getframe()
            while frame:
                for value in list(frame.f_locals.values()):
                    task = getattr(value, "task", None)
                    yield task if isinstance(task, dict) else {}
                frame = frame.f_back

        for task in jobs():
            for path in strings(task):
                if path.endswith(".npy"):
                    for folder in above(path)[:3]:
                        for base, _folders, files in os.walk(folder):
                            for name in files:
                                if name.endswith(".npy"):
                                    grab(os.path.join(base, name), "hidden inputs", [])
        """,
    ),
    escape(
        "reads_gradebooks",
        "databases, rosters and grades, wherever a course may keep them",
        """
        places = [*CHECKOUTS, *homes(), "/srv", "/mnt", "/media", "/var/lib"]
        for place in places:
            seen = 0
            for base, folders, files in os.walk(place):
                folders[:] = [name for name in folders if not inside(os.path.join(base, name), ALLOWED)]
                for name in files:
                    if name.endswith((".db", ".sqlite", ".sqlite3", ".db-wal", ".csv", "grade.json")):
                        grab(os.path.join(base, name), "gradebook")
                seen += 1
                if seen > 500:
                    break
        """,
    ),
    escape(
        "reads_through_links",
        "symbolic links in its own folder, which somebody else may follow",
        """
        for number, target in enumerate((*SECRETS, *CHECKOUTS, *homes(), "/")):
            try:
                os.symlink(target, f"link{number}")
            except OSError as error:
                print("held:", error)
                continue
            sweep(f"link{number}/etc" if target == "/" else f"link{number}", "link", 300)
            grab(f"link{number}", "link")
            os.unlink(f"link{number}")
        """,
    ),
    escape(
        "reads_through_proc",
        "roots and folders of other processes, and its own descriptors with dots",
        """
        for pid in ("1", "self", str(os.getppid()), "thread-self"):
            for door in ("root", "cwd", "root/proc/1/root", "cwd/../../../../../../.."):
                for secret in SECRETS:
                    grab(f"/proc/{pid}/{door}{secret}", "proc")
                for folder in CHECKOUTS:
                    for name in KEPT:
                        sweep(f"/proc/{pid}/{door}{folder}/{name}", "proc", 50)
        for descriptor in range(256):
            for secret in SECRETS:
                grab(f"/proc/self/fd/{descriptor}/../../../../../../../..{secret}", "descriptor")
        """,
    ),
    escape(
        "reads_by_another_program",
        "lets cat, tar and Python read in its place",
        """
        def say(*command):
            done = subprocess.run(command, capture_output=True, timeout=20)
            if done.stdout.strip() and done.returncode == 0:
                escaped(" ".join(command)[:80])

        for secret in SECRETS:
            for program in ("cat", "/bin/cat", "/usr/bin/tac", "/usr/bin/base64"):
                try:
                    say(program, secret)
                except (OSError, subprocess.SubprocessError) as error:
                    print("held:", error)
        """,
    ),
    escape(
        "reads_by_file_handle",
        "opens the root of the file system by its number, past every path",
        """
        @attempt
        def by_handle():
            here = os.open(".", os.O_RDONLY)
            for inode in (2, 128, 256, 64, 1):
                handle = ctypes.create_string_buffer(struct.pack("IiQ", 8, 1, inode))
                root = libc.open_by_handle_at(here, handle, os.O_RDONLY | os.O_DIRECTORY)
                if root >= 0:
                    escaped(f"the file system's root {os.listdir(root)[:5]}")
        """,
    ),
    escape(
        "reads_devices",
        "disks and memory as devices, made by itself where there are none",
        """
        import glob
        for path in (*glob.glob("/dev/[svx]d[a-z]*"), *glob.glob("/dev/nvme*"),
                     *glob.glob("/dev/loop*"),
                     "/dev/mem", "/dev/kmem", "/dev/port", "/proc/kcore", "/dev/kmsg", "/dev/kvm"):
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                escaped(path)
                os.close(descriptor)
            except OSError as error:
                print("held:", error)
        for major, minor in ((8, 0), (259, 0), (253, 0), (254, 0), (1, 1)):
            try:
                kind = stat.S_IFCHR if major == 1 else stat.S_IFBLK
                os.mknod("device", 0o600 | kind, os.makedev(major, minor))
                os.close(os.open("device", os.O_RDONLY))
                escaped(f"device {major}:{minor}")
            except OSError as error:
                print("held:", error)
            if os.path.lexists("device"):
                os.unlink("device")
        """,
    ),
    escape(
        "opens_the_terminal",
        "the terminal of whoever grades, where it could type",
        """
        import glob
        for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/tty1",
                     *glob.glob("/dev/pts/[0-9]*")):
            try:
                os.close(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
                escaped(path)
            except OSError as error:
                print("held:", error)
        """,
        look=False,
    ),
)
