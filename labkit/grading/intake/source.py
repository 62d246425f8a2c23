"""Reads a Python file that a stranger wrote, without running it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.errors import SandboxError, SubmissionError
from labkit.grading.intake.examine import TOO_MUCH
from labkit.grading.intake.kinds import HEAD, kind
from labkit.grading.intake.names import shown
from labkit.grading.intake.walk import plain
from labkit.i18n import Text, texts
from labkit.rubric.evidence import Use
from labkit.rubric.whereabouts import whereabouts

__all__ = ["LARGEST", "Looked", "look", "read", "too_much_code"]

_ = texts(__file__)

LARGEST = 5 * 2**20
"""Bytes of a Python file."""
_PROGRAM = Path(__file__).with_name("examine.py")
_WALL_SECONDS = 120  # twelve times what the program allows itself; only a stuck machine takes it
_CRASHES = tuple(
    -getattr(signal, name)
    for name in ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGXCPU", "SIGILL")
    if hasattr(signal, name)
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is to say about one Python file.

    Args:
        functions: Defined at the top level; a guess where the file cannot be read.
        inputs: Lines that call ``input()``.
        problem: Why it cannot be run, if it cannot.
        line: Where Python came upon that; 0 where it does not say.
        uses: What it names of other modules.
    """

    functions: tuple[str, ...]
    inputs: tuple[int, ...]
    problem: SubmissionError | None = None
    line: int = 0
    uses: tuple[Use, ...] = ()


def read(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file.

    Raises:
        SubmissionError: It is larger than it may be.
        StorageError: It cannot be read.
    """
    size = path.stat().st_size
    if size > largest:
        raise SubmissionError(
            _("{name} is {size:.0f} MB large.", name=shown(path.name), size=size / 1e6),
            _("A Python file of a few kilobytes was expected."),
        )
    return b"".join(plain(path))


def look(content: bytes, name: str, where: Callable[[int], Text] = whereabouts) -> Looked:
    """Look at source as Python would, without running it.

    Args:
        content: The bytes of the file.
        name: Of the file, for messages.
        where: How a line is called in messages.

    Raises:
        SandboxError: The process that looks could not be started, or did not answer.
    """
    if (problem := _no_text(content, shown(name))) is not None:
        return Looked((), (), problem)
    found = _examine(content)
    if found is None:
        return Looked((), (), _deep(shown(name)))
    functions, inputs = tuple(found["functions"]), tuple(found["inputs"])
    if found["problem"]:
        problem = _problem(found["problem"], shown(name), where)
        return Looked(functions, inputs, problem, found["problem"].get("line", 0))
    return Looked(functions, inputs, uses=tuple(Use(*use) for use in found["uses"]))


def too_much_code(name: str) -> SubmissionError:
    """The refusal of a notebook whose code is larger than `LARGEST`."""
    return SubmissionError(
        _("{name} holds more than {size} MB of code.", name=shown(name), size=LARGEST // 2**20),
        fix=_("Keep data out of the code."),
    )


def _no_text(content: bytes, name: str) -> SubmissionError | None:
    if not content.strip():
        return SubmissionError(
            _("{name} is empty.", name=name),
            fix=_("Save it in your editor, look into it, and hand it in again."),
        )
    if (really := kind(content[:HEAD])) is not None:
        return SubmissionError(
            _(
                "{name} is no Python file: it is {kind}, whatever its name says.",
                name=name,
                kind=really,
            ),
            _("A text file with Python code was expected."),
            _("Hand in the .py file itself, or the notebook under its own name."),
        )
    if content.startswith(_UTF16) or content.count(b"\0") > len(content) // 4:
        return SubmissionError(
            _("{name} is saved as UTF-16, which Python does not read.", name=name),
            _("UTF-8 was expected."),
            _("Save it again with the encoding UTF-8 (your editor: Save as, Encoding)."),
        )
    if b"\0" in content:
        return SubmissionError(
            _("{name} holds null bytes, which no text has.", name=name),
            _("A text file with Python code was expected."),
            _("Copy your code into a new file and hand that in."),
        )
    return None


def _problem(found: Mapping[str, Any], name: str, where: Callable[[int], Text]) -> SubmissionError:
    if found["kind"] == "deep":
        return _deep(name)
    place, text, message = where(found["line"]), found["text"], found["message"]
    if found["kind"] == "encoding":
        return SubmissionError(
            _("{name} is not saved as UTF-8 ({place}: {text}).", name=name, place=place, text=text),
            _("UTF-8 was expected, which holds accents in every language."),
            _("Save it again with the encoding UTF-8 (your editor: Save as, Encoding)."),
        )
    if not found["line"]:
        return SubmissionError(_("Python cannot read {name}: {message}.", name=name, message=message))
    return SubmissionError(
        _(
            "Python cannot read {name}, {place}: {message} ({text}).",
            name=name,
            place=place,
            message=message,
            text=text,
        ),
        fix=_advice(text, message),
    )


def _advice(text: str, message: str) -> Text:
    if text.startswith(("!", "%")):
        return _(
            "Only a notebook knows lines that begin with ! or %: take it out, or hand the notebook in."
        )
    if message.startswith("'await' outside"):
        return _("Only a notebook can wait outside of a function: take the await out.")
    return _("Run the file on your own computer first; the mistake is there or just above.")


def _deep(name: str) -> SubmissionError:
    return SubmissionError(
        _("{name} is nested too deeply, or too long, for Python to read.", name=name),
        fix=_("Split the longest expressions, and keep data out of the code."),
    )


def _examine(content: bytes) -> dict[str, Any] | None:
    """What `examine` says; ``None`` where the file brought it down."""
    lost = SandboxError(
        _("The process that reads Python files could not be started, or did not answer."),
        fix=_("Try again when the machine has less to do."),
    )
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", str(_PROGRAM)],
            input=content,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise lost from error
    if done.returncode == 0:
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    if _fell(done.returncode):
        return None
    raise lost


def _fell(status: int) -> bool:
    """Whether the file ended the process: by its limits, or by a crash of Python itself.

    Windows has large numbers for crashes. A process that was killed was killed by somebody else.
    """
    return status in (TOO_MUCH, *_CRASHES) or status >= 0xC0000000
