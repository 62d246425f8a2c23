"""Unpacking by real processes: two at once, killed in the middle, on a full disk."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from labkit import data
from labkit.root import root

_READY = (
    "import sys, numpy; from labkit import data; print('ready', flush=True); sys.stdin.readline(); "
)
_UNPACK = _READY + "print(data.path('mnist', 'x_train'))"


def _start(cache: Path, code: str) -> subprocess.Popen[str]:
    """A process that has imported everything and waits for the word to go on."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "LABKIT_CACHE": str(cache)},
        cwd=root(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _images_are_right(file: Path) -> bool:
    digest = hashlib.sha256(data.open_array(file).tobytes()).hexdigest()
    return digest == data.describe("mnist").arrays["x_train"].sha256


def test_two_processes_unpack_at_once_and_both_get_the_array(cache):
    processes = [_start(cache, _UNPACK) for _process in range(2)]
    for process in processes:
        _go(process)
    answers = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], answers
    assert answers[0][0] == answers[1][0]
    assert [file.name for file in cache.iterdir()] == [Path(answers[0][0].strip()).name]
    assert _images_are_right(Path(answers[0][0].strip()))


def test_a_kill_in_the_middle_leaves_nothing_that_is_taken_for_whole(cache):
    process = _start(cache, _UNPACK)
    _go(process)
    deadline = time.monotonic() + 30
    while not (partial := _partial(cache)) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert partial, "it was never seen at work"
    assert list(cache.glob("*.npy")) == []
    assert _images_are_right(data.path("mnist", "x_train"))


def _partial(cache: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return [file for file in cache.glob("*.part") if file.stat().st_size > 2**20]
    return []


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit that Windows has not")
def test_a_full_disk_is_said_and_leaves_nothing(cache):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2**22, 2**22)); "
    process = _start(cache, limit + _UNPACK)
    _out, errors = process.communicate("go\n", timeout=60)
    assert errors.splitlines()[-1].startswith("labkit.errors.StorageError: ")
    assert "LABKIT_CACHE" in errors
    assert list(cache.iterdir()) == []
