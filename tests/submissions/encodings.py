"""Files that are no Python, or not in the way that was expected, and names that are hard to write."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from tests.submissions.base import HONEST, HONEST_POINTS, Hostile, Make, source, written

__all__ = ["CASES"]

_ACCENTS = "# Práctica de redes neuronales: predicción de dígitos, ¿qué tal?\n" + HONEST
_SYNTAX = ("SyntaxError", "syntax", "line")
_TODO = """\
import keras


def define():
    raise NotImplementedError("define")


def compile(model):
    raise NotImplementedError("compile")


def fit(model, x, y):
    raise NotImplementedError("fit")
"""


def _case(
    name: str,
    why: str,
    content: str | bytes,
    verdict: str,
    says: tuple[str, ...] = (),
    file: str = "mnist.py",
) -> Hostile:
    most = HONEST_POINTS if verdict == "graded" else 0.0
    return Hostile(name, written(content, file), verdict, most, says, why=why)


def _runs(name: str, why: str, content: str | bytes, file: str = "mnist.py") -> Hostile:
    """Odd, and Python all the same: it keeps its points."""
    return Hostile(name, written(content, file), "graded", HONEST_POINTS, least=HONEST_POINTS, why=why)


def _breaks(name: str, why: str, content: str | bytes, says: tuple[str, ...] = _SYNTAX) -> Hostile:
    """Not Python: nothing to run, and a message that says where."""
    return Hostile(name, written(content), "refused", 0.0, says, why=why)


def _folder(*names: str) -> Make:
    def make(folder: Path) -> Path:
        home = folder / "handed in"
        home.mkdir()
        for number, name in enumerate(names):
            (home / name).write_text(f"# {number}\n{HONEST}", encoding="utf-8")
        return home

    return make


def _linked(folder: Path) -> Path:
    path = folder / "mnist.py"
    path.symlink_to("/etc/passwd")
    return path


def _piped(folder: Path) -> Path:
    path = folder / "mnist.py"
    os.mkfifo(path)
    return path


_CONTENTS = (
    _runs("utf8_with_mark", "a byte order mark, as Windows' editors write it",
          b"\xef\xbb\xbf" + _ACCENTS.encode()),
    _runs("latin1_declared", "Latin-1 that says so",
          b"# -*- coding: latin-1 -*-\n" + _ACCENTS.encode("latin-1")),
    _runs("line_ends_of_windows", "carriage returns", HONEST.replace("\n", "\r\n")),
    _runs("line_ends_of_old_macs", "carriage returns alone", HONEST.replace("\n", "\r")),
    _case("utf16", "two bytes a character", _ACCENTS.encode("utf-16"), "refused", ("UTF-16",)),
    _breaks("latin1_undeclared", "accents in Latin-1 without a word", _ACCENTS.encode("latin-1"),
            ("UTF-8", "utf-8", "encoding", *_SYNTAX)),
    _breaks("unknown_coding", "a coding line that names nothing", "# coding: klingon\n" + HONEST,
            ("klingon", "encoding", *_SYNTAX)),
    _breaks("rot13", "a coding line that makes other code of it",
            "# coding: rot13\n" + HONEST.translate(
                str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")),
            ("rot13", "encoding", *_SYNTAX)),
    _breaks("null_bytes", "zeros in the middle", HONEST.encode().replace(b"\n\n\n", b"\n\x00\n", 1),
            ("null", *_SYNTAX)),
    _breaks("tabs_and_spaces", "indented with both", HONEST.replace("    return model.fit",
            "\treturn model.fit"),
            ("TabError", "indent", "tabs", *_SYNTAX)),
    _breaks("python_2", "print without brackets", HONEST + '\nprint "done"\n', ("print", *_SYNTAX)),
    _breaks("syntax_error", "a bracket that nobody closes", HONEST.replace('"softmax"),',
            '"softmax",')),
    _breaks("merge_marks", "two versions at once",
            HONEST + "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> mine\n"),
    _breaks("brackets", "a hundred thousand brackets, one in the other",
            "x = " + "(" * 100_000 + ")" * 100_000, ("brackets", "nested", "parentheses", "memory",
            *_SYNTAX)),
    _breaks("deep_expression", "fifty thousand signs in a row", "x = " + "-" * 50_000 + "1",
            ("RecursionError", "recursion", "memory", "deep", "nested", *_SYNTAX)),
    _breaks("deep_blocks", "five hundred levels of indentation",
            "".join(" " * n + "if 1:\n" for n in range(500)) + " " * 500 + "x = 1\n", ("indent",
            *_SYNTAX)),
    _case("a_long_list", "a list with a hundred thousand elements",
          "x = [" + "1, " * 10**5 + "]\n" + HONEST,
          "graded"),
    _case("six_megabytes", "larger than any answer", "#" * 6_000_000 + "\n", "refused", ("MB",)),
    _case("not_python", "a letter to the professor", "Dear professor, my computer was ill.\n",
          "refused", _SYNTAX),
    _case("web_page", "what the browser saved", "<!DOCTYPE html>\n<html><body>mnist.py</body></html>\n",
          "refused", ("web page",)),
    _case("zip_named_python", "an archive with another ending", b"PK\x03\x04" + bytes(range(256)) * 4,
          "refused", ("ZIP",)),
    _case("program_named_python", "a program with another ending", b"\x7fELF\x02\x01\x01" + bytes(500),
          "refused", ("a program",)),
    _case("empty", "nothing at all", "", "refused", ("empty",)),
    Hostile("only_comments", written("# coming soon\n"), "graded", 0.0, ("no function", "empty"),
            why="a promise"),
    Hostile("starter_untouched", written(_TODO), "graded", 0.0, ("define is not written yet",),
            why="what was handed out"),
    Hostile("no_functions", written(source().replace("def ", "def my_")), "graded", 0.0,
            ("no function called define",), why="the right functions by other names"),
    Hostile("functions_are_numbers", written("define = compile = fit = evaluate = predict = 7\n"),
            "graded", 0.0,
            ("no function called define",), why="the right names for other things"),
)  # fmt: skip

_NAMES = (
    _runs("name_with_spaces", "spaces and brackets", HONEST, "mi práctica (1) - copia.py"),
    _runs("name_with_emoji", "a picture, and letters from right to left", HONEST, "🧠 עברית mnist.py"),
    _runs("name_like_an_option", "a name that looks like an option", HONEST, "--help.py"),
    _runs("name_like_a_page", "a name that is a web page", HONEST, "<img src=x onerror=alert(1)>.py"),
    _runs("name_like_a_formula", "a name that a spreadsheet computes", HONEST, "=HYPERLINK(0).py"),
    _runs("name_like_a_command", "a name that a shell runs", HONEST,
          "$(touch lab$(echo kit_canary_shell));.py"),
    _runs("name_like_a_format", "a name with fields of a format", HONEST, "{0.__class__} %s %n.py"),
    _runs("name_with_line_end", "a name that is two lines of a log", HONEST, "mnist\n10.0 of 10.py"),
    _runs("name_of_255_bytes", "the longest name there is", HONEST, "m" * 252 + ".py"),
    _runs("name_decomposed", "accents apart from their letters, as macOS writes them", HONEST,
          unicodedata.normalize("NFD", "práctica.py")),
    Hostile("name_of_keras", written(HONEST, "keras.py"), "graded", HONEST_POINTS, least=HONEST_POINTS,
            why="a file that is called like what it imports"),
    Hostile("two_answers", _folder("first.py", "second.py"), "refused", 0.0, ("could be meant",),
            why="which of the two is it?"),
    Hostile("no_answer", _folder("notes.txt"), "refused", 0.0, ("not a Python file",),
            why="a folder without Python in it"),
    Hostile("empty_folder", _folder(), "refused", 0.0, ("nothing in",),
            why="a folder without anything in it"),
    Hostile("answer_is_a_link", _linked, "refused", 0.0, ("nothing in",),
            why="a link to a file of the system"),
    Hostile("answer_is_a_pipe", _piped, "refused", 0.0, ("nothing in",),
            why="a FIFO: whoever opens it waits for ever"),
)  # fmt: skip

CASES = _CONTENTS + _NAMES
