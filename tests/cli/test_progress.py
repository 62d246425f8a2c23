"""A training as `labkit run` and `labkit watch` show it, on a real screen and without one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from labkit.rubric import find
from tests.cli.terminal import Terminal

pytestmark = pytest.mark.slow
needs_a_terminal = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs a pseudo-terminal and fork"
)

SOLUTION = find.solution(find.lab("lab1")).read_text(encoding="utf-8")
LONG = SOLUTION.replace(
    "return model.fit(x, y, epochs=60, batch_size=8, verbose=0)",
    """
    import time

    wait = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: time.sleep(0.05))
    stop = keras.callbacks.EarlyStopping(patience=30)
    return model.fit(
        x, y, epochs=60, batch_size=8, verbose=2, validation_split=0.2, callbacks=[wait, stop]
    )
""",
)
SHORT = LONG.replace("time.sleep(0.05)", "None")

Open = Callable[..., Terminal]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gasoline.py"


@pytest.fixture
def open_terminal(runs: Path, file: Path) -> Iterator[Open]:
    """Run or watch a lab 1 whose training takes a few seconds."""
    open_ones: list[Terminal] = []

    def begin(command: str, **environment: str) -> Terminal:
        file.write_text(LONG, encoding="utf-8")
        environ = {**os.environ, "LABKIT_RUNS": str(runs), "LABKIT_LANG": "en", "TERM": "xterm"}
        open_ones.append(Terminal([command, "lab1", str(file)], environ | environment))
        return open_ones[-1]

    yield begin
    for terminal in open_ones:
        terminal.kill()


@needs_a_terminal
def test_a_run_shows_curves_time_left_and_what_early_stopping_waits_for(open_terminal: Open) -> None:
    terminal = open_terminal("run", PYTHONIOENCODING="utf-8")
    terminal.expect("of 60 · at most about ")
    drawn = terminal.expect("of 30 epochs without improvement")
    assert re.search(r"  loss +[\d.e+]+ [▁▂▃▄▅▆▇█]+", drawn)
    assert re.search(r"  val_loss +[\d.e+]+", drawn)
    assert re.search(r"early stopping: val_loss, best [\d.e+]+ · \d+ $", drawn)
    terminal.expect("fit  ")  # it has ended
    terminal.expect("more trainings done")


@needs_a_terminal
def test_a_run_in_spanish_on_a_plain_terminal(open_terminal: Open) -> None:
    terminal = open_terminal("run", LABKIT_LANG="es", PYTHONIOENCODING="ascii", TERM="vt100")
    terminal.expect("de 60 - quedan como mucho unos ")
    drawn = terminal.expect("de 30 epocas sin mejora")
    assert re.search(r"  loss +[\d.e+]+ [|:.]+", drawn)
    assert re.search(r"parada temprana: val_loss, mejor [\d.e+]+ - \d+ $", drawn)
    assert drawn.isascii()


@needs_a_terminal
def test_a_watch_shows_the_same(open_terminal: Open) -> None:
    terminal = open_terminal("watch", PYTHONIOENCODING="utf-8")
    terminal.expect("of 60 · at most about ")
    drawn = terminal.expect("of 30 epochs without improvement")
    assert re.search(r"  loss +[\d.e+]+ [▁▂▃▄▅▆▇█]+", drawn)


def test_without_a_terminal_a_run_gives_a_plain_line_for_every_tenth(runs: Path, file: Path) -> None:
    said = piped(runs, file)
    words = [line.split()[1] for line in said[1:] if not line.startswith("  epoch")]
    assert words == ["define", "compile", "fit", "evaluate", "predict"]
    epochs = [line for line in said if line.startswith("  epoch")]
    assert [line.split()[1] for line in epochs] == [str(n) for n in range(6, 61, 6)][: len(epochs)]
    assert len(epochs) >= 3
    number = r"[\d.e+-]+"
    assert all(
        re.fullmatch(rf"  epoch \d+ of 60 [·-] loss {number} [·-] val_loss {number}", line)
        for line in epochs
    )
    assert said[said.index(epochs[-1]) + 1].split()[1] == "fit"
    assert not any("\x1b" in line for line in said)


@needs_a_terminal
def test_steps_have_the_signs_of_the_terminal(open_terminal: Open) -> None:
    terminal = open_terminal("run", PYTHONIOENCODING="utf-8")
    terminal.expect("✓ define")


@needs_a_terminal
def test_ctrl_c_before_the_file_runs_ends_the_run(open_terminal: Open) -> None:
    terminal = open_terminal("run")
    terminal.expect("starting TensorFlow")
    time.sleep(0.3)  # until it is the run that hears of Ctrl-C
    terminal.press("\x03")
    terminal.expect("Stopped.")
    assert terminal.end() == 130


@pytest.mark.skipif(not find_spec("tensorboard"), reason="pip install labkit[tensorboard]")
def test_logs_for_tensorboard_lie_below_the_folder_that_was_named(runs: Path, file: Path) -> None:
    logs = file.parent / "my logs"
    piped(runs, file, "--tensorboard", str(logs))
    [run] = logs.iterdir()
    assert run.name.startswith("lab01-")
    assert {path.parent.name for path in run.glob("*/events.out.tfevents*")} == {"train", "validation"}


def test_without_tensorboard_it_is_told_before_anything_is_trained(runs: Path) -> None:
    program = "import sys; sys.modules['tensorboard'] = None; from labkit.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "run", "lab1", "--tensorboard"],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LABKIT_LANG": "en", "LABKIT_RUNS": str(runs)},
    )
    assert ended.returncode == 2
    assert "pip install tensorboard" in ended.stderr
    assert not runs.exists()


def piped(runs: Path, file: Path, *arguments: str) -> list[str]:
    """What a run says in a pipe, until the model has been used; the folds are not waited for."""
    file.write_text(SHORT, encoding="utf-8")
    environ = {"LABKIT_RUNS": str(runs), "LABKIT_LANG": "en", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "labkit", "run", "lab1", str(file), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environ},
    )
    assert process.stdout is not None
    said: list[str] = []
    with process:
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if "predict" in line:
                break
        process.kill()
    return said
