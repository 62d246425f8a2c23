"""Submissions that use up processes and memory.

Each is bounded by itself. One that gets to its bound, which it can only without limits, prints
``ESCAPED``.
"""

from __future__ import annotations

from tests.submissions.base import BEFORE, HONEST_POINTS, Hostile, python

__all__ = ["CASES", "MEMORY", "in_fit"]

MEMORY = ("more memory than it may", "MemoryError", "ended abruptly", "allocate", "time was up")

_ESCAPED = """
import os, time

def escaped(what):
    print("ESC" + "APED", what, flush=True)
"""


def in_fit(name: str, why: str, attack: str, **fields: object) -> Hostile:
    """An attack before the training, which may or may not come to its honest end after it."""
    make = python(_ESCAPED, fit=attack)
    return Hostile(name, make, "graded", **{"most": HONEST_POINTS, "why": why, **fields})  # type: ignore[arg-type]


_PROCESSES = (
    in_fit(
        "fork_bomb",
        "20,000 attempts to fork, at most 1,500 children",
        """
        children = 0
        for _attempt in range(20_000):
            try:
                if os.fork() == 0:
                    time.sleep(60)
                    os._exit(0)
                children += 1
            except OSError:
                time.sleep(0.0005)
            if children == 1_500:
                escaped("1500 processes")
                break
        """,
    ),
    in_fit(
        "fork_tree",
        "ten forks in a row, each of which doubles what is there",
        """
        for _level in range(10):
            try:
                child = os.fork() == 0
            except OSError:
                break
        if os.getpid() != os.getsid(0) and child:
            time.sleep(60)
            os._exit(0)
        """,
    ),
    in_fit(
        "spawn_bomb",
        "up to 1,500 other programs",
        """
        import subprocess
        programs = []
        for _attempt in range(20_000):
            try:
                programs.append(subprocess.Popen(["/bin/sleep", "60"]))
            except OSError:
                time.sleep(0.0005)
            if len(programs) == 1_500:
                escaped("1500 programs")
                break
        """,
    ),
    in_fit(
        "thread_bomb",
        "20,000 attempts to start a thread, at most 5,000 threads",
        """
        import threading
        threading.stack_size(64 * 1024)
        threads = 0
        for _attempt in range(20_000):
            try:
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
                threads += 1
            except (RuntimeError, MemoryError):
                time.sleep(0.0005)
            if threads == 5_000:
                escaped("5000 threads")
                break
        """,
    ),
)

_MEMORY_CASES = (
    in_fit(
        "memory_bomb",
        "30 GB in steps of 256 MB, every page written",
        """
        kept = [b"x" * 2**28 for _step in range(120)]
        escaped("30 GB of memory")
        """,
        most=BEFORE["fit"],
        says=MEMORY,
    ),
    in_fit(
        "memory_bomb_in_children",
        "16 GB shared out among 32 children, each below the limit",
        """
        import select
        reading, writing = os.pipe()
        for _child in range(32):
            try:
                if os.fork() == 0:
                    kept = b"x" * 2**29
                    os.write(writing, b"x")
                    time.sleep(60)
                    os._exit(0)
            except OSError:
                break
        held = 0
        while held < 32 and select.select([reading], [], [], 20)[0]:
            held += len(os.read(reading, 64))
        if held == 32:
            escaped("16 GB of memory in children")
        """,
    ),
    in_fit(
        "shared_memory_bomb",
        "30 GB of anonymous shared memory, which no process owns alone",
        """
        import mmap
        kept = []
        for _step in range(120):
            kept.append(mmap.mmap(-1, 2**28))
            for page in range(0, 2**28, 4096):
                kept[-1][page] = 1
        escaped("30 GB of shared memory")
        """,
        most=BEFORE["fit"],
        says=MEMORY,
    ),
    in_fit(
        "memfd_bomb",
        "30 GB in files that lie in memory and are mapped by nobody",
        """
        block = b"x" * 2**26
        try:
            for _file in range(30):
                memory = os.memfd_create("bomb")
                for _block in range(16):
                    os.write(memory, block)
            escaped("30 GB in memory files")
        except OSError as error:
            print("held:", error)
        """,
    ),
    in_fit(
        "shm_fill",
        "20 GB in /dev/shm",
        """
        block = b"x" * 2**24
        try:
            with open("/dev/shm/labkit_canary_shm_fill", "wb") as stream:
                for _block in range(1_200):
                    stream.write(block)
            escaped("20 GB in /dev/shm")
        except OSError as error:
            print("held:", error)
        """,
        leaves="labkit_canary_shm_fill",
    ),
    in_fit(
        "one_array_of_8_tb",
        "a single request that no machine can grant",
        "np.ones(10**12)",
        most=BEFORE["fit"],
        says=MEMORY,
    ),
    in_fit(
        "one_tensor_of_4_tb",
        "the same through TensorFlow, whose allocator may abort",
        "keras.ops.ones((10**6, 10**6)) + 1",
        most=BEFORE["fit"],
        says=(*MEMORY, "ResourceExhausted", "OOM", "fit raised"),
    ),
)


CASES = _PROCESSES + _MEMORY_CASES
