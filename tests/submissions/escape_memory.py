"""Submissions that try to read what they were forked with: environment, descriptors, memory."""

from __future__ import annotations

from tests.submissions.prelude import escape

__all__ = ["CASES"]

CASES = (
    escape(
        "reads_environment",
        "secrets in its environment, its own copy and the one it was started with",
        """
        def secret(where, text):
            if "LABKIT_TEST_SECRET" in text:
                escaped(f"a secret in {where}")

        secret("os.environ", repr(dict(os.environ)))
        for pid in ["self", str(os.getppid()), "1", *filter(str.isdigit, os.listdir("/proc"))]:
            try:
                with open(f"/proc/{pid}/environ", "rb") as stream:
                    secret(f"/proc/{pid}/environ", stream.read().decode("utf-8", "replace"))
            except OSError as error:
                print("held:", error)
        names = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
        number = 0
        while names[number]:
            secret("libc's environ", names[number].decode("utf-8", "replace"))
            number += 1
        """,
        look=False,
    ),
    escape(
        "reads_descriptors",
        "whatever was left open for it: files, sockets, pipes, folders",
        """
        import fcntl

        def try_one(number):
            kind = os.fstat(number).st_mode
            readable = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE != os.O_WRONLY
            if stat.S_ISSOCK(kind):
                escaped(f"an open socket {number}")
            elif stat.S_ISFIFO(kind) and readable:
                escaped(f"an open pipe {number}")
            elif stat.S_ISDIR(kind):
                for secret in SECRETS:
                    try:
                        os.close(os.open("../" * 12 + secret[1:], os.O_RDONLY, dir_fd=number))
                        escaped(f"{secret} from the folder {number}")
                    except OSError as error:
                        print("held:", error)
            elif stat.S_ISREG(kind) and readable:
                name = os.readlink(f"/proc/self/fd/{number}")
                if not name.endswith(".npy") and not inside(name, ALLOWED):
                    escaped(f"an open file {name}")

        for number in range(3, 1_024):
            try:
                try_one(number)
            except OSError:
                continue
        """,
    ),
    escape(
        "reads_frames_and_objects",
        "labels and split seeds among the objects of its own process, which it was forked with",
        """
        import gc

        def labels(value):
            return (isinstance(value,
                               np.ndarray) and value.shape == (10_000,) and value.dtype.kind in "iu"
                    and value.min() == 0 and value.max() == 9)

        frame = sys._getframe()
        while frame:
            for name, value in list(frame.f_locals.items()):
                if labels(value):
                    escaped(f"labels in {name}")
                task = getattr(value, "task", None)
                if isinstance(task, dict):
                    print("seed seen:", task.get("seed"))
            frame = frame.f_back
        for value in gc.get_objects():
            try:
                held = value.values() if type(value) is dict else value if type(value) in (list,
                    tuple) else ()
                if any(labels(part) for part in list(held)[:1_000]):
                    escaped("labels among the objects")
                if type(value).__name__ == "Trial" and hasattr(value, "truth"):
                    escaped("a trial with its truth")
            except Exception:
                continue
        """,
        look=False,
    ),
    escape(
        "reads_other_jobs",
        "the queue of the process it was forked from: whose submission comes next?",
        """
        import gc
        jobs = [value for value in gc.get_objects() if type(value).__name__ == "Job"]
        others = {str(job.folder) for job in jobs}
        print("jobs seen:", len(others))
        for folder in others:
            for base in above(os.path.join(folder, "x"))[:2]:
                sweep(base, "another job", 500)
        """,
    ),
    escape(
        "reads_a_neighbours_memory",
        "memory of every process in sight, by file and by call",
        """
        class Vector(ctypes.Structure):
            _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

        def strangers():
            seen = {os.getppid(), 1, *range(2, 500)}
            seen |= {int(name) for name in os.listdir("/proc") if name.isdigit()}
            first = 1 if os.getppid() in (0, 1) else 0
            return [pid for pid in seen if pid not in (0, first, os.getpid())]

        room = ctypes.create_string_buffer(8)
        here = Vector(ctypes.addressof(room), 8)
        there = Vector(id(None), 8)
        for pid in strangers():
            try:
                with open(f"/proc/{pid}/mem", "rb"):
                    escaped(f"memory file of {pid}")
            except OSError:
                pass
            if libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
                escaped(f"memory of {pid}")
        """,
        look=False,
    ),
)
