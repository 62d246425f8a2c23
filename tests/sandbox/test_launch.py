from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from submissions import GOOD, changed

from labkit.errors import SandboxError
from labkit.sandbox.job import Job
from labkit.sandbox.launch import Launcher, can_fork


def job(folder: Path, rows: dict[str, object], source: str, name: str = "main") -> Job:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "answer.py"
    path.write_text(source)
    steps = ["define", "compile", "fit", "evaluate", "predict"]
    task = {"submission": str(path), "steps": steps, "train": rows, "seed": 0, "threads": 1}
    return Job(name, "worker", folder / "evidence", task)


def test_a_job_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written = Job("main", "replay", tmp_path / "a b", {"models": {"ñ": "x"}}, 1, 2, 3)
    assert Job.read(written.write()) == written


def test_several_jobs_end_each_with_its_own_outcome(
    launcher: Launcher, rows: dict[str, object], tmp_path: Path
) -> None:
    good = job(tmp_path / "good", rows, GOOD, "good")
    bad = job(tmp_path / "bad", rows, changed("import numpy as np", "import os; os._exit(3)"), "bad")
    outcomes = launcher.run([good, bad])
    assert {name: outcome.end for name, outcome in outcomes.items()} == {
        "good": "ended",
        "bad": "died",
    }
    assert outcomes["good"].cpu_seconds > 0
    assert outcomes["good"].peak_mb > 100


def test_runs_of_several_threads_do_not_mix(
    launcher: Launcher, rows: dict[str, object], tmp_path: Path
) -> None:
    ends: dict[int, str] = {}

    def one(number: int) -> None:
        source = GOOD if number % 2 else changed("import numpy as np", "import os; os.abort()")
        ends[number] = launcher.run([job(tmp_path / str(number), rows, source)])["main"].end

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == {0: "died", 1: "ended", 2: "died", 3: "ended"}


@pytest.mark.skipif(not can_fork(), reason="the server forks")
def test_a_lost_server_is_an_error_of_the_kit(rows: dict[str, object], tmp_path: Path) -> None:
    with Launcher() as launcher:
        assert launcher._server is not None
        endless = job(tmp_path, rows, changed("import numpy as np", "while True: pass"))
        threading.Timer(8, os.kill, (launcher._server.pid, signal.SIGKILL)).start()
        with pytest.raises(SandboxError, match="not your file's fault"):
            launcher.run([endless])


@pytest.mark.skipif(not can_fork(), reason="the server forks")
def test_closing_ends_what_still_runs(rows: dict[str, object], tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    source = changed(
        "import numpy as np", f"import os; open({str(mark)!r}, 'w').write(str(os.getpid()))"
    )
    source = source.replace("import keras\n", "import keras, time\n", 1)
    source = source.replace("def define():\n", "def define():\n    time.sleep(60)\n")
    with Launcher() as launcher:
        thread = threading.Thread(target=_close_when, args=(mark, launcher))
        thread.start()
        endless = job(tmp_path, rows, source)
        with pytest.raises(SandboxError):
            launcher.run([endless])
    thread.join()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def _close_when(mark: Path, launcher: Launcher) -> None:
    while not mark.exists() or not mark.read_text():
        time.sleep(0.05)
    launcher.close()


@pytest.mark.skipif(not can_fork(), reason="the server forks")
def test_jobs_that_run_and_jobs_that_wait_can_be_ended(rows: dict[str, object], tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    endless = changed("import numpy as np", f"open({str(mark)!r}, 'w').close()\nwhile True: pass")
    jobs = [job(tmp_path / name, rows, endless, name) for name in ("running", "waiting")]

    def end_when_begun(launcher: Launcher) -> None:
        while not mark.exists():
            time.sleep(0.05)
        launcher.end()

    with Launcher(width=1) as launcher:
        thread = threading.Thread(target=end_when_begun, args=(launcher,))
        thread.start()
        ends = {name: outcome.end for name, outcome in launcher.run(jobs).items()}
        thread.join()
        assert ends == {"running": "died", "waiting": "died"}
        assert launcher.run([job(tmp_path / "next", rows, GOOD)])["main"].end == "ended"


def test_without_fork_the_jobs_run_one_after_another(
    rows: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABKIT_FORK", "0")
    with Launcher() as launcher:
        outcomes = launcher.run(
            [
                job(tmp_path / "a", rows, changed("import numpy as np", "raise SystemExit"), "a"),
                job(tmp_path / "b", rows, GOOD, "b"),
            ]
        )
    assert {name: outcome.end for name, outcome in outcomes.items()} == {"a": "ended", "b": "ended"}
    assert (tmp_path / "b" / "evidence" / "model.h5").is_file()
    assert not (tmp_path / "a" / "evidence" / "model.h5").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupted_training_ends_early_and_goes_on(
    launcher: Launcher, rows: dict[str, object], tmp_path: Path
) -> None:
    long = job(tmp_path, rows, changed("epochs=1, verbose=2", "epochs=100_000, verbose=2"))
    log = long.folder / "log.txt"
    thread = threading.Thread(target=_interrupt_when, args=(log, launcher))
    thread.start()
    outcome = launcher.run([long])["main"]
    thread.join()
    assert outcome.end == "ended"
    assert (long.folder / "model.h5").is_file()
    assert '"interrupted": true' in (long.folder / "fits.json").read_text()


def _interrupt_when(log: Path, launcher: Launcher) -> None:
    while not log.exists() or "Epoch 3/" not in log.read_text():
        time.sleep(0.05)
    launcher.interrupt()
