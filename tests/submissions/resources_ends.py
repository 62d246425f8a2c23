"""Submissions that never end, or end too early."""

from __future__ import annotations

from tests.submissions.base import ABRUPT, BEFORE, HONEST_POINTS, TIME, Hostile, python

__all__ = ["CASES"]


def _ends_in(step: str, name: str, why: str, attack: str, says: tuple[str, ...]) -> Hostile:
    """An attack that a step does not survive."""
    return Hostile(name, python(**{step: attack}), "graded", BEFORE[step], says, why=why)


_NEVER = (
    _ends_in("fit", "endless_loop", "while True", "while True: pass", TIME),
    _ends_in("top", "endless_import", "an import that never ends", "while True: pass", TIME),
    _ends_in("define", "endless_define", "no model, ever", "while True: pass", TIME),
    _ends_in("predict", "endless_predict", "no answer, ever", "while True: pass", TIME),
    _ends_in(
        "fit",
        "sleep_for_an_hour",
        "waits and uses no processor",
        "import time; time.sleep(3_600)",
        TIME,
    ),
    Hostile(
        "waits_for_input",
        python(fit="input('Epochs? ')"),
        "graded",
        HONEST_POINTS,
        ("Nobody answers input()",),
        HONEST_POINTS,
        why="asks somebody who is not there; it is answered with an empty text",
    ),
    _ends_in(
        "top",
        "power_without_end",
        "one operation of the interpreter that no Python signal handler interrupts",
        "base = 9\nprint(base ** base ** base)",
        (*TIME, "ValueError", "MemoryError", "more memory", *ABRUPT),
    ),
    _ends_in(
        "fit",
        "pattern_without_end",
        "a regular expression with exponential time",
        'import re; re.match(r"(a+)+$", "a" * 64 + "b")',
        TIME,
    ),
    _ends_in(
        "fit",
        "waits_for_itself",
        "a lock that it holds itself",
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        TIME,
    ),
    _ends_in(
        "fit",
        "ignores_every_signal",
        "ignores what can be ignored, then loops",
        """
        import signal
        for number in range(1, signal.NSIG):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True: pass
        """,
        TIME,
    ),
    _ends_in(
        "fit",
        "blocks_every_signal",
        "blocks what can be blocked, in the kernel, then loops",
        """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
        while True: pass
        """,
        TIME,
    ),
    _ends_in(
        "fit",
        "catches_everything",
        "turns every exception, KeyboardInterrupt included, into another round",
        """
        while True:
            try:
                while True: pass
            except BaseException:
                continue
        """,
        TIME,
    ),
    _ends_in(
        "fit",
        "stops_itself",
        "SIGSTOP: alive, using no time at all",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        (*TIME, *ABRUPT),
    ),
)

_EARLY = (
    *(
        _ends_in(
            step,
            f"leaves_quietly_in_{step}",
            "os._exit(0), as if all were well",
            "import os; os._exit(0)",
            ABRUPT,
        )
        for step in BEFORE
    ),
    _ends_in("top", "sys_exit_at_import", "sys.exit(0)", "import sys; sys.exit(0)", ("SystemExit",)),
    _ends_in("fit", "sys_exit_in_fit", "sys.exit(0)", "import sys; sys.exit(0)", ("SystemExit",)),
    _ends_in("fit", "raises_keyboard_interrupt", "Ctrl-C of its own", "raise KeyboardInterrupt",
             ("KeyboardInterrupt",)),
    _ends_in("fit", "raises_generator_exit", "an exception that is no Exception", "raise GeneratorExit",
             ("GeneratorExit", *ABRUPT)),
    _ends_in("fit", "segfault", "reads address 0", "import ctypes; ctypes.string_at(0)", ABRUPT),
    _ends_in("fit", "aborts", "SIGABRT, with a core to dump", "import os; os.abort()", ABRUPT),
    _ends_in("fit", "kills_itself", "looks as if the kernel had no memory left",
             "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
             (*ABRUPT, "more memory than it may")),
    _ends_in("fit", "kills_its_group", "SIGKILL to everything in its process group",
             "import os, signal; os.killpg(0, signal.SIGKILL)", (*ABRUPT, "more memory than it may")),
    _ends_in("fit", "deep_recursion", "a function that calls itself",
             "def again(): return again() + 1\nagain()", ("RecursionError",)),
    _ends_in(
        "fit",
        "stack_overflow",
        "recursion through C code with the limit taken off",
        """
        import functools, sys
        sys.setrecursionlimit(10**8)
        class Again:
            def __repr__(self):
                return repr([self])
        repr(Again())
        """,
        (*ABRUPT, "RecursionError", "MemoryError", "more memory than it may"),
    ),
    _ends_in(
        "fit",
        "an_error_that_cannot_be_told",
        "an exception whose message takes for ever",
        """
        class Told(Exception):
            def __str__(self):
                while True: pass
        raise Told
        """,
        (*TIME, "fit raised", *ABRUPT),
    ),
    _ends_in(
        "fit",
        "an_error_of_a_gigabyte",
        "an exception whose message fills the log and the report",
        'raise ValueError("x" * 10**9)',
        ("fit raised ValueError", *ABRUPT, "more memory than it may"),
    ),
    _ends_in(
        "fit",
        "an_error_that_raises",
        "an exception whose message raises another",
        """
        class Told(Exception):
            def __str__(self):
                raise Told
        raise Told
        """,
        ("fit raised", *ABRUPT),
    ),
)  # fmt: skip

CASES = _NEVER + _EARLY
