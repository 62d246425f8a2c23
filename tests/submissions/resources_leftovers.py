"""Submissions that leave something behind that goes on, or that nobody can remove."""

from __future__ import annotations

from tests.submissions.base import HONEST_POINTS, Hostile, python

__all__ = ["CASES"]


def _goes_on(name: str, why: str, attack: str, leaves: str = "", least: float = 0.0) -> Hostile:
    """The honest answer, with something that should go on after its end."""
    make = python(predict=attack)
    return Hostile(name, make, "graded", HONEST_POINTS, least=least, why=why, leaves=leaves)


CASES = (
    _goes_on(
        "daemon",
        "a grandchild in a session of its own that lives on for ten minutes",
        """
        import os, sys
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                code = "import time; time.sleep(600)  # labkit_canary_daemon"
                os.execv(sys.executable, [sys.executable, "-c", code])
            os._exit(0)
        """,
        leaves="labkit_canary_daemon",
    ),
    _goes_on(
        "daemon_without_a_past",
        "closes every descriptor, ignores every signal, leaves the folder, lives on",
        """
        import os, signal, sys
        if os.fork() == 0:
            os.setsid()
            os.closerange(0, 4_096)
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            os.chdir("/")
            if os.fork() == 0:
                code = "import time; time.sleep(600)  # labkit_canary_quiet_daemon"
                os.execv(sys.executable, [sys.executable, "-c", code])
            os._exit(0)
        """,
        leaves="labkit_canary_quiet_daemon",
    ),
    _goes_on(
        "daemon_that_forks_on",
        "moves to a new process every tenth of a second, ten minutes long",
        """
        import os, time
        if os.fork() == 0:
            for _move in range(6_000):
                if os.fork():
                    os._exit(0)
                os.setsid()
                time.sleep(0.1)
            os._exit(0)
        """,
    ),
    _goes_on(
        "thread_outlives",
        "a thread that is no daemon and sleeps for ten minutes",
        "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()",
        least=HONEST_POINTS,
    ),
    _goes_on(
        "thread_spins",
        "a daemon thread that keeps the interpreter busy for ever",
        """
        import threading
        def spin():
            while True: pass
        threading.Thread(target=spin, daemon=True).start()
        """,
    ),
    _goes_on(
        "loops_at_exit",
        "atexit never comes back",
        """
        import atexit
        def spin():
            while True: pass
        atexit.register(spin)
        """,
        least=HONEST_POINTS,
    ),
    _goes_on(
        "loops_when_deleted",
        "__del__ never comes back when the interpreter ends",
        """
        class Spin:
            def __del__(self):
                while True: pass
        keras.spin = Spin()
        """,
        least=HONEST_POINTS,
    ),
    _goes_on(
        "loops_in_exit",
        "puts a loop in place of os._exit",
        """
        import os
        def spin(code):
            while True: pass
        os._exit = spin
        """,
    ),
    _goes_on(
        "closes_its_output",
        "no standard streams for whoever comes after",
        """
        import os, sys
        sys.stdout.close()
        sys.stderr.close()
        os.close(1)
        os.close(2)
        """,
    ),
    _goes_on(
        "answers_of_400_gb",
        "an array that takes 8 bytes until somebody saves it",
        "return np.broadcast_to(np.float64(1), (len(x), 10**7))",
    ),
    _goes_on(
        "leaves_a_deep_tree",
        "folders in folders, 3,000 deep, for whoever cleans up",
        """
        import os
        home = os.open(".", os.O_RDONLY)
        try:
            for _level in range(3_000):
                os.mkdir("d" * 50)
                os.chdir("d" * 50)
        except OSError as error:
            print("held:", error)
        os.fchdir(home)
        os.close(home)
        """,
    ),
    _goes_on(
        "leaves_odd_names",
        "files whose names are no text, hold line ends, or look like options",
        r"""
        import os
        for name in (b"\xff\xfe", b"a\nb", b"-rf", b"\x1b[2J", b"x" * 255, b" ", b"'; touch oops; '"):
            try:
                os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
            except OSError as error:
                print("held:", error)
        """,
    ),
    _goes_on(
        "locks_its_folder",
        "takes every permission off its work folder and what is in it",
        """
        import os
        for name in os.listdir("."):
            os.chmod(name, 0)
        os.makedirs("locked/inner")
        os.chmod("locked", 0)
        os.chmod(".", 0)
        """,
    ),
)
