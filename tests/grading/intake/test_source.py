from __future__ import annotations

import codecs
import warnings
from pathlib import Path
from typing import Any

import pytest

from labkit.errors import SandboxError, SubmissionError
from labkit.grading.intake import take
from labkit.grading.intake.examine import examine
from labkit.grading.intake.source import look


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"PK\x03\x04....[Content_Types].xml", "an Office document"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b'{"cells": []}', "a Jupyter notebook"),
        (codecs.BOM_UTF16_LE + "x = 1".encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + "x = 1".encode("utf-16-be"), "UTF-16"),
        ("x = 1".encode("utf-16-le"), "UTF-16"),
        (b"x = 1; y = '\0'", "null bytes"),
        ("# función\nx = 1\n# año".encode("latin-1"), r"line 1: # función.*Save it again"),
        (b"# coding: klingon\nx = 1", "klingon"),
        (b"x = 1\ny = )\n", r"line 2: unmatched '\)' \(y = \)\)"),
        (b"if x:\n\ty = 1\n        z = 1\n", "line 3: inconsistent use of tabs"),
        (b"if x:\n  y = 1\n z = 1\n", "line 3: unindent does not match"),
        (b'x = 1\nprint "x"\n', "Missing parentheses in call to 'print'"),
        (b"return 1\n", "'return' outside function"),
        (b"!pip install keras\n", "Only a notebook knows"),
    ],
)
def test_what_is_no_python_says_why(content: bytes, said: str, handed: Any) -> None:
    with pytest.raises(SubmissionError, match=said):
        take(handed("a.py", content))


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + "x = 'año'".encode(),
        b"# -*- coding: latin-1 -*-\nx = 'a\xf1o'\n",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\ry = 2\r",
        b"assert (1, 'always')\nx = '\\d' is 'd'\n",
        b"# nothing yet",
    ],
)
def test_what_python_reads_is_taken(content: bytes, handed: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        take(handed("a.py", content))


@pytest.mark.parametrize(
    "content",
    [
        "x = " + "1+" * 200_000 + "1",
        "x" + ".a" * 500_000,
        "x = " + "-" * 500_000 + "1",
        "x = " + "(" * 5_000,
        "x = " + "f('" * 5_000,
        "if 1:\n pass\n" + "elif 1:\n pass\n" * 50_000,
        "\n".join(" " * depth + "if 1:" for depth in range(500)),
    ],
    ids=["sum", "attributes", "signs", "brackets", "calls", "elif", "blocks"],
)
def test_nesting_without_end_brings_nothing_down(content: str, handed: Any) -> None:
    with pytest.raises(SubmissionError):
        take(handed("a.py", content))


def test_what_needs_too_much_memory_is_refused(handed: Any) -> None:
    with pytest.raises(SubmissionError, match="too deeply, or too long"):
        take(handed("a.py", "x = [" + "[]," * 1_000_000 + "]"))


def test_a_huge_file_is_not_read(handed: Any) -> None:
    with pytest.raises(SubmissionError, match="6 MB"):
        take(handed("a.py", b"#" * 6_000_000))


def test_a_file_that_asks_for_input_is_told_that_nobody_answers(handed: Any) -> None:
    taken = take(handed("a.py", "x = 1\nn = input('n?')\nprint(input())\n"))
    assert [str(note) for note in taken.notes] == [
        "Nobody answers input() here, it returns an empty text (lines: 2, 3)."
    ]


def test_nothing_of_a_file_is_run(handed: Any, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    take(handed("a.py", f"open({str(mark)!r}, 'w')\n"))
    assert not mark.exists()


def test_functions_of_a_broken_file_are_guessed() -> None:
    assert examine(b"def one():\n  def two(): (\nasync def three(x)")["functions"] == ["one", "three"]


def test_a_reader_that_fails_is_no_fault_of_the_student(
    handed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(1)")
    monkeypatch.setattr("labkit.grading.intake.source._PROGRAM", broken)
    with pytest.raises(SandboxError):
        take(handed("a.py", "x = 1"))
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    with pytest.raises(SandboxError):
        take(handed("a.py", "x = 1"))


def test_what_a_file_names_of_other_modules_is_seen_through_any_alias() -> None:
    code = (
        "import numpy as np, os.path\nimport tensorflow as tf\n"
        "from numpy import linalg as la\nfrom scipy.signal import convolve\n"
        "def f(x):\n    return np.convolve(x, x) + la.inv(x)\n"
        "class Layer(tf.keras.layers.Layer):\n    def call(self, x):\n        return convolve(x, x.T)\n"
        "y = os.path.join('a')\n"
    )
    uses = {(use.name, use.line, use.place) for use in look(code.encode(), "a.py").uses}
    assert {
        ("numpy.convolve", 6, "f"),
        ("numpy.linalg.inv", 6, "f"),
        ("keras.layers.Layer", 7, "Layer"),
        ("scipy.signal.convolve", 9, "Layer"),
        ("os.path.join", 10, ""),
    } <= uses
    star = look(b"import os\ntry:\n    from numpy import *\nexcept: pass\nfrom . import *", "a.py")
    assert [(use.name, use.line, use.place) for use in star.uses] == [("numpy.*", 3, "")]
    assert [use.name for use in look(b"from tensorflow.keras.layers import *", "a.py").uses] == [
        "keras.layers.*"
    ]
    own = look(b"def g(): pass\ndef f(g2): return g() + g2()\nclass A: x = f\nf(1)", "a.py").uses
    assert {(use.name, use.place) for use in own} == {(".g", "f"), (".f", "A"), (".f", "")}
    assert not any("x.T" in name or name.startswith("x") for name, _line, _place in uses)
