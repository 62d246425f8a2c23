"""`labkit play` as one types it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit import data
from labkit.cli.play import PAGES
from labkit.root import root

Played = Callable[..., subprocess.CompletedProcess[str]]

_NEEDS_GRADIO = pytest.mark.skipif("not __import__('importlib.util').util.find_spec('gradio')")


def environment(runs: Path) -> dict[str, str]:
    return {**os.environ, "LABKIT_RUNS": str(runs), "LABKIT_LANG": "en", "PYTHONUTF8": "1"}


@pytest.fixture
def play(runs: Path) -> Played:
    """Run ``labkit play`` with a folder of runs of its own, to its end."""

    def run(*arguments: str, program: tuple[str, ...] = ("-m", "labkit", "play")) -> object:
        return subprocess.run(
            [sys.executable, *program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment(runs),
        )

    return run  # type: ignore[return-value]


def test_every_page_is_a_module_and_every_module_a_page() -> None:
    folder = root() / "labkit" / "playground" / "pages"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(PAGES.values())


def test_a_lab_without_a_page_names_those_that_have_one(play: Played) -> None:
    done = play("lab16")
    assert done.returncode == 2
    assert "no page for lab16" in done.stderr and "lab1, lab2" in done.stderr


@_NEEDS_GRADIO
def test_without_a_run_it_says_to_run_the_lab_first(play: Played) -> None:
    done = play("lab2")
    assert done.returncode == 2
    assert "labkit run lab2" in done.stderr


@_NEEDS_GRADIO
def test_a_page_without_a_model_takes_none(play: Played) -> None:
    done = play("lab10", "--model", str(data.model("mnist", "dense")))
    assert done.returncode == 2
    assert "lab10" in done.stderr


@_NEEDS_GRADIO
def test_the_reference_solution_s_model_is_not_the_student_s(play: Played, runs: Path) -> None:
    folder = runs / "lab02" / "20260101-000000"
    folder.mkdir(parents=True)
    (folder / "model.h5").write_bytes(b"")
    (folder / "grade.json").write_text(json.dumps({"provenance": {"reference": True}}))
    assert "labkit run lab2" in play("lab2").stderr


def test_without_gradio_it_says_what_to_type(play: Played) -> None:
    program = (
        "import sys; sys.modules['gradio'] = None; sys.argv = ['labkit', 'play', 'lab10']; "
        "from labkit.cli.main import main; main()"
    )
    done = play(program=("-c", program))
    assert done.returncode == 2
    assert 'pip install "labkit[play]"' in done.stderr


@_NEEDS_GRADIO
def test_a_tensorflow_that_cannot_be_imported_is_told(play: Played) -> None:
    program = (
        "import runpy, sys; sys.modules['tensorflow'] = None; sys.argv = ['labkit.playground', 'som']; "
        "runpy.run_module('labkit.playground', run_name='__main__')"
    )
    done = play(program=("-c", program))
    assert done.returncode == 1
    assert "ModuleNotFoundError: No module named 'tensorflow" in done.stderr


@_NEEDS_GRADIO
@pytest.mark.slow
def test_a_model_that_does_not_fit_is_refused(play: Played) -> None:
    done = play("lab2", "--no-browser", "--model", str(data.model("mnist", "classifier")))
    assert done.returncode == 5
    assert "28 × 28" in done.stderr and "Traceback" not in done.stderr


@_NEEDS_GRADIO
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a group of processes")
def test_the_newest_run_s_model_opens_on_this_machine_alone_until_interrupted(runs: Path) -> None:
    for stamp, content in (
        ("20260101-000000", b"older, and no model at all"),
        ("20260102-000000", None),
    ):
        folder = runs / "lab02" / stamp
        folder.mkdir(parents=True)
        model = data.model("mnist", "dense").read_bytes() if content is None else content
        (folder / "model.h5").write_bytes(model)
        (folder / "grade.json").write_text(json.dumps({"provenance": {"reference": False}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "labkit", "play", "lab2", "--no-browser", "--port", str(port)]
    played = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(runs),
        start_new_session=True,
    )
    try:
        assert played.stdout is not None and played.stderr is not None
        lines = [played.stdout.readline() for _line in range(3)]
        assert "20260102-000000" in lines[1]
        assert f"http://127.0.0.1:{port}/" in lines[2]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert b"googleapis" not in answer.read()
        os.killpg(played.pid, signal.SIGINT)
        assert played.wait(20) == 0
        assert played.stderr.read() == ""  # TensorFlow has a lot to say when it starts
    finally:
        if played.poll() is None:
            os.killpg(played.pid, signal.SIGKILL)
        played.communicate()
