"""The walls, tried by processes that push against them; those of every kind that hold here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from submissions import GOOD, changed

from labkit.sandbox.job import Job, Outcome
from labkit.sandbox.launch import Launcher
from labkit.sandbox.processes import children, descendants
from labkit.sandbox.protections import survey

Behind = Callable[..., tuple[Outcome, Path]]

pytestmark = pytest.mark.skipif(survey().walls == "none", reason="no walls hold on this machine")

KINDS = [kind for kind in ("namespaces", "landlock") if getattr(survey(), kind)]


@pytest.fixture(scope="module", params=KINDS)
def walled(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    os.environ["LABKIT_TEST_SECRET"] = "hunter2"
    with Launcher(2, request.param) as launcher:
        del os.environ["LABKIT_TEST_SECRET"]
        yield launcher


@pytest.fixture
def behind(walled: Launcher, rows: dict[str, object], tmp_path: Path) -> Behind:
    """Run a file behind walls, with code of the test's at its top; gives its end and its folder."""

    def run(first: str = "", source: str = GOOD, **limits: int) -> tuple[Outcome, Path]:
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        path = folder / "answer.py"
        path.write_text(f"{first}\n{source}")
        task = {
            "submission": str(path),
            "steps": ["define", "compile", "fit", "evaluate", "predict"],
            "train": rows,
            "holdout": {**rows, "start": 2_000, "stop": None},
            "seed": 0,
            "threads": 1,
        }
        readable = (folder, Path(str(rows["x"])), Path(str(rows["y"])))
        evidence, walls = tmp_path / "evidence", walled.walls
        job = Job("main", "worker", evidence, task, walls=walls, readable=readable, **limits)
        return walled.run([job])["main"], job.folder

    return run


def states(folder: Path) -> dict[str, str]:
    return {step["name"]: step["state"] for step in json.loads((folder / "steps.json").read_text())}


def log(folder: Path) -> str:
    return (folder / "log.txt").read_text()


def test_an_honest_file_runs_as_without_walls(behind: Behind) -> None:
    outcome, folder = behind()
    assert outcome.end == "ended"
    assert set(states(folder).values()) == {"done"}
    assert {path.name for path in folder.iterdir()} >= {"model.h5", "outputs.npz", "claims.json"}
    assert not (folder / "work").exists() or not any((folder / "work").iterdir())


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open({outside!r})",
        "os.listdir(os.path.dirname({outside!r}))",
        "open(os.path.dirname(labkit.__file__) + '/../setup.cfg')",
        "os.listdir(os.path.dirname(labkit.__file__) + '/../solutions')",
        "open('/proc/1/environ')",
        "open('/proc/self/net/route')",
        "open(__file__, 'a')",
        "open('/var/tmp/labkit-was-here', 'w')",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 22), 1)",
        "os.kill(os.getppid(), signal.SIGCONT)",
        "os.environ['LABKIT_TEST_SECRET']",
        "open('/proc/self/environ').read().index('hunter2')",
        "[os.open('/dev/null', 0) for _ in range(5000)]",
        "bytearray(100 << 30)",
        "open('big', 'wb').truncate(10 << 30)",
        "os.setuid(0) or os.setgid(0) or open('/etc/shadow')",
        "ctypes.CDLL(None, use_errno=True).unshare(0x10000000) and 1 / 0",
        "ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) and 1 / 0",
        "os.memfd_create('x')",
    ],
)
def test_what_is_outside_stays_outside(behind: Behind, attempt: str, tmp_path: Path) -> None:
    outside = tmp_path / "other" / "answer.py"
    outside.parent.mkdir()
    outside.write_text("another student's")
    attempt = attempt.format(outside=str(outside))
    first = "import ctypes, os, signal, socket, labkit\n"
    first += f"try:\n    {attempt}\n    print('GOT', 'OUT')\n"
    first += "except BaseException as error:\n    print('held:', type(error).__name__)"
    _outcome, folder = behind(first, source="")
    assert "held:" in log(folder), log(folder)
    assert "GOT OUT" not in log(folder)


def test_the_folder_the_command_was_given_in_stays_outside(
    rows: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gradebook.db").write_text("grades")
    monkeypatch.chdir(tmp_path)
    answer = tmp_path / "submission" / "answer.py"
    answer.parent.mkdir()
    answer.write_text(f"import sys\nprint(sys.path)\nopen({str(tmp_path / 'gradebook.db')!r})")
    task = {"submission": str(answer), "steps": [], "train": rows, "seed": 0, "threads": 1}
    with Launcher(1, survey().walls) as launcher:
        job = Job(
            "main", "worker", tmp_path / "evidence", task, walls=launcher.walls, readable=(answer,)
        )
        launcher.run([job])
    assert states(tmp_path / "evidence")["import"] == "error"
    assert f"{str(tmp_path)!r}," not in log(tmp_path / "evidence")


def test_the_work_folder_can_be_written_and_is_gone_afterwards(behind: Behind) -> None:
    _outcome, folder = behind("open('notes.txt', 'w').write('mine'); print(open('notes.txt').read())")
    assert "mine" in log(folder)
    assert not (folder / "notes.txt").exists()
    assert not (folder / "work" / "notes.txt").exists()


def test_whatever_it_started_dies_with_it(behind: Behind, tmp_path: Path) -> None:
    name = f"labkit-left-{tmp_path.name}"
    first = f"""
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", {name!r}])
    os._exit(0)
time.sleep(0.5)
"""
    behind(first)
    running = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
    assert name not in running


def test_time_that_is_up_ends_a_file_that_ignores_signals(behind: Behind) -> None:
    first = "import signal, time\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n"
    first += "    except (OSError, ValueError): pass\ntime.sleep(600)"
    outcome, folder = behind(first, wall_seconds=2)
    assert outcome.end == "time"
    assert states(folder)["import"] == "running"


def test_processor_time_of_all_processes_counts(behind: Behind) -> None:
    first = "import os\nfor _ in range(3):\n    if os.fork() == 0:\n        while True: pass\nos.wait()"
    outcome, _folder = behind(first, cpu_seconds=2, wall_seconds=60)
    assert outcome.end == "time"


def test_memory_of_all_processes_counts(behind: Behind) -> None:
    first = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * (250 << 20)
        time.sleep(60)
time.sleep(60)
"""
    outcome, _folder = behind(first, memory_mb=900, wall_seconds=50)
    assert outcome.end == "memory"


def test_shared_memory_without_a_file_is_not_to_be_had(behind: Behind) -> None:
    first = """
import mmap
mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE)
try:
    mmap.mmap(-1, 4096)
except PermissionError:
    print("not to be had")
try:
    mmap.mmap(open("/dev/zero", "r+b").fileno(), 4096)
except OSError:
    print("nor by a device")
"""
    _outcome, folder = behind(first)
    assert "not to be had" in log(folder)
    assert "nor by a device" in log(folder)


def test_room_on_disk_is_bounded_for_all_files_together(behind: Behind, tmp_path: Path) -> None:
    first = """
import time
for number in range(8):
    with open(f"{number}.bin", "wb") as file:
        file.write(bytes(15 << 20))
time.sleep(50)
"""
    outcome, folder = behind(first, room_mb=20, wall_seconds=40)
    assert outcome.end == "memory" or "No space left" in log(folder)


def test_rights_times_and_limits_of_others_stay(behind: Behind, tmp_path: Path) -> None:
    other = tmp_path / "other.npy"
    other.write_text("rows")
    before = other.stat()
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    first = f"""
import os, resource
from contextlib import suppress
for change in (
    lambda: os.chmod({str(other)!r}, 0),
    lambda: os.chmod({str(tmp_path)!r}, 0),
    lambda: os.chown({str(other)!r}, 1, 1),
    lambda: os.utime({str(other)!r}, (0, 0)),
    lambda: os.truncate({str(other)!r}, 0),
    lambda: resource.prlimit({sleeper.pid}, resource.RLIMIT_CPU, (0, 0)),
    lambda: os.setpriority(os.PRIO_PROCESS, {sleeper.pid}, 19),
):
    with suppress(OSError):
        change()
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
print("its own", resource.prlimit(os.getpid(), resource.RLIMIT_CORE))
"""
    _outcome, folder = behind(first)
    assert "its own (0, 0)" in log(folder)
    after = other.stat()
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert (after.st_uid, other.read_text()) == (before.st_uid, "rows")
    assert os.getpriority(os.PRIO_PROCESS, sleeper.pid) == 0
    assert sleeper.poll() is None
    sleeper.communicate(b"\n")


def test_a_flood_of_output_keeps_its_beginning_and_its_end(behind: Behind) -> None:
    outcome, folder = behind("print('first'); print('x' * 50_000_000); print('last')")
    assert outcome.end == "ended"
    assert set(states(folder).values()) == {"done"}
    assert (folder / "log.txt").stat().st_size < 2_000_000
    assert log(folder).startswith("first")
    assert "last" in log(folder)
    assert "bytes ...]" in log(folder)


@pytest.mark.parametrize(
    "forgery",
    [
        "pathlib.Path.replace = lambda self, path: open(path, 'w').write('[]')",
        "os.remove('model.h5'); os.symlink('/etc/passwd', 'model.h5')",
        "os.remove('fits.json'); os.mkfifo('fits.json')",
        "os.remove('history.json'); os.mkdir('history.json')",
        "open('model.h5', 'ab').write(b'more')",
    ],
)
def test_evidence_that_the_kit_did_not_write_is_not_taken_over(behind: Behind, forgery: str) -> None:
    source = f"""{GOOD}
import os, pathlib
sealed = evaluate
def evaluate(model, x, y):
    {forgery}
    return sealed(model, x, y)
"""
    outcome, folder = behind(source=source)
    assert outcome.end == "altered"
    for path in folder.iterdir():
        assert not path.is_symlink()
        assert path.name == "work" or path.is_file()


@pytest.mark.parametrize(
    "change",
    [
        "keras.Model.fit = lambda *a, **k: None",
        "keras.callbacks.EarlyStopping.on_epoch_end = lambda *a, **k: None",
        "import labkit.lifecycle.h5 as h5; h5.save = lambda *a, **k: None",
        "keras.utils.to_categorical.__code__ = (lambda *a: None).__code__",
    ],
)
def test_a_file_that_replaces_keras_or_the_kit_is_told_so(behind: Behind, change: str) -> None:
    _outcome, folder = behind(source=changed("import keras\n", f"import keras\n{change}\n"))
    steps = {step["name"]: step for step in json.loads((folder / "steps.json").read_text())}
    assert steps["import"]["state"] == "error"
    assert "was replaced" in steps["import"]["error"]["message"]


def test_a_subclass_of_keras_is_welcome(behind: Behind) -> None:
    first = "import keras\nclass Mine(keras.callbacks.Callback):\n    def on_epoch_end(self, *a): pass"
    _outcome, folder = behind(first)
    assert set(states(folder).values()) == {"done"}


def test_a_guard_that_is_killed_takes_everything_with_it(
    walled: Launcher, rows: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "answer.py"
    path.write_text("import time; time.sleep(600)")
    task = {"submission": str(path), "steps": [], "train": rows, "seed": 0, "threads": 1}
    job = Job("main", "worker", tmp_path / "evidence", task, walls=walled.walls, readable=(path,))
    ended: list[str] = []
    thread = threading.Thread(target=lambda: ended.append(walled.run([job])["main"].end))
    thread.start()
    assert walled._server is not None
    tree: list[int] = []
    while len(tree) < 3:
        time.sleep(0.05)
        tree = descendants(walled._server.pid, children())
    os.kill(tree[0], signal.SIGKILL)
    thread.join()
    assert ended == ["lost"]
    looks = 0
    while any(_memory(pid) for pid in tree):
        looks += 1
        assert looks < 600, "what the guard had started is still there"
        time.sleep(0.05)


def _memory(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    except OSError:
        return 0


def test_no_mount_and_no_process_is_left_behind(walled: Launcher, behind: Behind) -> None:
    mounts = Path("/proc/self/mounts").read_text()
    behind("import os\nos.fork() or __import__('time').sleep(100)")
    assert Path("/proc/self/mounts").read_text() == mounts
    assert walled._server is not None
    assert descendants(walled._server.pid) == []


def test_strict_isolation_refuses_where_no_walls_hold() -> None:
    code = (
        "from labkit.sandbox import protections as p\n"
        "try: p.choose('strict')\n"
        "except Exception as error: print(type(error).__name__, error.exit_code, p.choose('best'))"
    )
    env = {**os.environ, "LABKIT_FORK": "0"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["SandboxError", "7", "none"]
