"""`labkit watch` in a real pseudo-terminal of 80 columns and 24 lines."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labkit.grading.attempts import Attempts
from labkit.rubric import find
from labkit.rubric.starter import starter
from labkit.sandbox.launch import Launcher
from tests.cli.terminal import PATIENCE, Terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a pseudo-terminal and fork"),
]

SOLUTION = find.solution(find.lab("lab10")).read_text(encoding="utf-8")
WRONG = SOLUTION.replace("return (net > 0)", "return (net >= 0)")


Watch = Callable[..., Terminal]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "neurona número 1.py"


@pytest.fixture
def watch(runs: Path, file: Path) -> Iterator[Watch]:
    """Watch lab 10's file, which holds what is given first."""
    open_ones: list[Terminal] = []

    def begin(content: str, **environment: str) -> Terminal:
        file.write_text(content, encoding="utf-8")
        environ = {**os.environ, "LABKIT_RUNS": str(runs), "LABKIT_LANG": "en", "TERM": "xterm"}
        terminal = Terminal(["watch", "lab10", str(file)], environ | environment)
        open_ones.append(terminal)
        return terminal

    yield begin
    for terminal in open_ones:
        terminal.kill()


def test_every_save_is_answered_until_all_is_right(watch: Watch, file: Path, runs: Path) -> None:
    terminal = watch(starter(SOLUTION))
    terminal.expect("0 of 10 points")
    file.write_text(WRONG, encoding="utf-8")
    terminal.expect("3 of 10 points")
    terminal.expect("expected [0., 0.,")  # below the points; it may have been there before them
    assert "Hint" not in terminal.drawn
    terminal.press("h")
    terminal.expect("Hint: What does your function say of exactly 0?")
    terminal.press("n")
    terminal.expect("this lab has points left")
    other = file.with_name("other.py")
    other.write_text(SOLUTION, encoding="utf-8")
    other.replace(file)  # as editors save that write a new file first
    terminal.expect("Every point earned.")
    terminal.expect("course: 1 of")
    terminal.press("q")
    assert terminal.end() == 0
    assert len(list(runs.glob("lab10/*/report.html"))) == 3  # of those that were the best so far


def test_a_save_ends_the_run_that_is_going_on(watch: Watch, file: Path, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    endless = f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(10_000)\n"
    terminal = watch(endless + SOLUTION)
    end = time.monotonic() + PATIENCE
    while not (mark.is_file() and mark.read_text()):
        assert time.monotonic() < end
        time.sleep(0.1)
    file.write_text(SOLUTION, encoding="utf-8")
    terminal.expect("Every point earned.")
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
    terminal.press("q")
    assert terminal.end() == 0


def test_a_file_that_cannot_be_read_as_python_is_told_with_its_line(watch: Watch) -> None:
    terminal = watch("def step(net:\n    return net\n")
    terminal.expect("line 1: '(' was never closed")
    terminal.press("q")
    assert terminal.end() == 0


def test_the_next_lab_comes_when_it_is_asked_for_and_not_before(watch: Watch) -> None:
    terminal = watch(SOLUTION)
    terminal.expect("Every point earned.")
    terminal.press("n")
    terminal.expect("lab11 · ")
    terminal.press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize("kind", ["xterm", "dumb"])
def test_in_spanish_without_colour_and_in_plain_letters(watch: Watch, kind: str) -> None:
    terminal = watch(WRONG, LABKIT_LANG="es", NO_COLOR="1", PYTHONIOENCODING="ascii", TERM=kind)
    bar = terminal.expect("3 de 10 puntos")
    assert bar.rstrip().endswith("#########---------------------")


def test_without_a_terminal_every_save_gives_plain_lines(runs: Path, file: Path) -> None:
    file.write_text(WRONG, encoding="utf-8")
    environ = {**os.environ, "LABKIT_RUNS": str(runs), "LABKIT_LANG": "en", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "labkit", "watch", "lab10", str(file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environ,
    )
    assert process.stdout is not None
    with process:
        _until(process.stdout, "3 of 10 points")
        file.write_text(SOLUTION, encoding="utf-8")
        said = _until(process.stdout, "Every point earned.")
        assert "q quit" not in said
        assert "\x1b" not in said
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode == 130


def test_x_leaves_a_file_alone_that_is_not_watched(watch: Watch, tmp_path: Path) -> None:
    mine = copied(tmp_path)
    mine.write_text("# mine\n", encoding="utf-8")
    terminal = watch(SOLUTION, LABKIT_ROOT=str(tmp_path / "kit"))
    terminal.expect("Every point earned.")
    terminal.press("x")
    terminal.expect("x resets the lab's own file, which is not the one watched.")
    terminal.press("q")
    assert terminal.end() == 0
    assert mine.read_text(encoding="utf-8") == "# mine\n"
    assert list(mine.parent.glob("*.backup-*")) == []


def test_x_says_where_the_file_is_kept(runs: Path, tmp_path: Path) -> None:
    mine = copied(tmp_path)
    mine.write_text(SOLUTION, encoding="utf-8")
    environ = {**os.environ, "LABKIT_RUNS": str(runs), "LABKIT_LANG": "en", "TERM": "xterm"}
    terminal = Terminal(["watch", "lab10"], environ | {"LABKIT_ROOT": str(tmp_path / "kit")})
    try:
        terminal.expect("Every point earned.")
        terminal.press("x")
        terminal.expect("Your file is kept as neuron.backup-")
        terminal.expect("0 of 10 points")
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.kill()
    [backup] = mine.parent.glob("neuron.backup-*.py")
    assert backup.read_text(encoding="utf-8") == SOLUTION


def test_a_file_that_is_still_being_loaded_is_shown_with_what_it_prints(watch: Watch) -> None:
    terminal = watch("import time\nprint('reading my table')\ntime.sleep(10_000)\n" + SOLUTION)
    terminal.expect("load the file")
    terminal.expect("reading my table")
    terminal.press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [(OSError(28, "No space left"), "Make room"), (ValueError("odd"), "fault of the kit")],
)
def test_what_nobody_foresaw_is_trouble_and_not_waited_for(
    error: Exception, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("labkit.grading.pipeline.prepared", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    end = time.monotonic() + PATIENCE
    with Attempts(find.lab("lab10"), Launcher()) as attempts:
        attempt = attempts.begin(tmp_path / "neuron.py")
        while not attempt.state().over:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert words in str(attempt.state().trouble)


def test_a_file_that_is_not_there_is_told_at_once(runs: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "labkit", "watch", "lab10", str(tmp_path / "nowhere.py")],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LABKIT_LANG": "en"},
    )
    assert ended.returncode == 4
    assert "There is no file" in ended.stderr
    assert "Look at the name" in ended.stderr
    assert "labkit reset" not in ended.stderr


def copied(tmp_path: Path) -> Path:
    """Lab 10's own file in a small copy of the kit."""
    kit, lab = tmp_path / "kit", find.lab("lab10")
    (kit / "datasets").mkdir(parents=True)
    (kit / "solutions").mkdir()
    shutil.copytree(find.folder(lab), kit / "labs" / lab.folder)
    shutil.copy(find.solution(lab), kit / "solutions")
    return kit / "labs" / lab.folder / find.starter(lab).name


def _until(stream: object, words: str) -> str:
    said = ""
    for line in stream:  # type: ignore[attr-defined]
        said += line
        if words in line:
            return said
    raise AssertionError(f"{words!r} never came; there was:\n{said}")
