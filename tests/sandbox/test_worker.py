from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from submissions import GOOD, changed

from labkit.rubric.evidence import StepState
from labkit.rubric.reading import steps
from labkit.sandbox.job import Outcome

Work = Callable[..., tuple[Outcome, Path]]


def state(folder: Path, name: str) -> StepState:
    return next(step.state for step in steps(folder) if step.name == name)


def error(folder: Path, name: str) -> dict[str, Any]:
    return dict(next(step.error for step in steps(folder) if step.name == name))


def test_a_good_file_leaves_all_its_evidence(work: Work) -> None:
    outcome, folder = work(GOOD)
    assert outcome.end == "ended"
    assert {step.state for step in steps(folder)} == {StepState.DONE}
    assert json.loads((folder / "claims.json").read_text())["accuracy"] > 0.8
    assert len(json.loads((folder / "history.json").read_text())["loss"]) == 1
    assert json.loads((folder / "fits.json").read_text())[0]["loop"] == "fast"
    with np.load(folder / "outputs.npz") as outputs:
        assert outputs["predict"].shape == (400,)
    assert (folder / "model.h5").is_file()
    assert "accuracy" in (folder / "log.txt").read_text()


def test_the_same_seed_gives_the_same_run(work: Work, tmp_path: Path) -> None:
    _outcome, folder = work(GOOD)
    first = (folder / "history.json").read_text()
    work(GOOD)
    assert (folder / "history.json").read_text() == first


@pytest.mark.parametrize(
    ("old", "new", "step", "found", "words"),
    [
        ("    return keras.Seq", "    raise NotImplementedError\n    return keras.Seq", "define",
         StepState.TODO, ""),
        ("def fit(", "def train(", "fit", StepState.MISSING, "fit"),
        ("    return keras.Sequential(", "    return list(", "define", StepState.ERROR, "keras.Model"),
        ("    model.compile(", "    (lambda *_, **__: 0)(", "compile", StepState.ERROR, "not compiled"),
        ("x[:2000], y[:2000], epochs", "x[:2000], y[:1999], epochs", "fit", StepState.ERROR, ""),
        (", return_dict=True", "", "evaluate", StepState.ERROR, "return_dict=True"),
        (".argmax(axis=1)", ".argmax()", "predict", StepState.ERROR, "400 inputs"),
        (".argmax(axis=1)", ".astype(str)", "predict", StepState.ERROR, "400 inputs"),
        ("import numpy as np", "import nonsense", "import", StepState.ERROR, "nonsense"),
        ("import numpy as np", "import numpy as", "import", StepState.ERROR, "syntax"),
        ("import numpy as np", "exit()", "import", StepState.ERROR, ""),
    ],
)  # fmt: skip
def test_a_step_that_goes_wrong_is_on_record(
    work: Work, old: str, new: str, step: str, found: StepState, words: str
) -> None:
    outcome, folder = work(changed(old, new))
    assert outcome.end == "ended"
    assert state(folder, step) is found
    assert words in error(folder, step)["message"]


def test_an_error_shows_the_students_lines_and_the_shapes(work: Work) -> None:
    _outcome, folder = work(
        changed("    return model.fit(", "    x[0, 0, 0] = 1\n    return model.fit(")
    )
    told = error(folder, "fit")
    assert told["lines"] == [{"line": 15, "code": "x[0, 0, 0] = 1"}]
    assert told["arguments"][1:] == ["ndarray (2000, 28, 28) uint8", "ndarray (2000,) uint8"]
    assert "read-only" in told["message"]


def test_a_file_that_is_not_utf8_is_an_error_of_its_import(work: Work) -> None:
    _outcome, folder = work('x = "opción"\n'.encode("latin-1") + GOOD.encode())
    assert state(folder, "import") is StepState.ERROR


def test_a_model_that_cannot_be_described_fails_to_export(work: Work) -> None:
    subclass = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(10, activation="softmax")

    def call(self, x):
        return self.head(keras.ops.reshape(keras.ops.cast(x, "float32"), (-1, 784)))


def define():
    return Own()


def unused():
"""
    _outcome, folder = work(changed("\ndef define():\n", subclass))
    assert state(folder, "fit") is StepState.DONE
    assert state(folder, "export") is StepState.ERROR
    assert "Sequential or functional" in error(folder, "export")["message"]


@pytest.mark.parametrize(
    ("line", "limits", "end"),
    [
        ("    while True: pass", {"cpu_seconds": 2}, "time"),
        ("    import time; time.sleep(60)", {"wall_seconds": 2}, "time"),
        ("    hog = np.ones((3000, 1000, 100))", {"memory_mb": 1500}, "memory"),
        ("    import os; os._exit(0)", {}, "ended"),
        ("    import os; os.abort()", {}, "died"),
    ],
)
def test_a_process_that_breaks_off_is_seen_in_the_step_it_was_in(
    work: Work, line: str, limits: dict[str, int], end: str
) -> None:
    outcome, folder = work(changed("    return model.fit(", f"{line}\n    return model.fit("), **limits)
    assert outcome.end == end
    assert state(folder, "compile") is StepState.DONE
    assert state(folder, "fit") is StepState.RUNNING
    assert not (folder / "model.h5").exists()


def test_what_a_file_started_dies_with_it(work: Work, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    start = f"""
    import subprocess, sys
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(10_000)"])
    open({str(told)!r}, "w").write(str(child.pid))
"""
    outcome, _folder = work(changed("def fit(model, x, y):\n", f"def fit(model, x, y):{start}"))
    assert outcome.end == "ended"
    while _alive(int(told.read_text())):
        time.sleep(0.05)  # the kernel takes a moment; a process that is never ended hangs the test


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_file_named_like_a_library_does_not_stand_in_for_it(work: Work, tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("raise SystemExit")
    outcome, folder = work(GOOD)
    assert outcome.end == "ended"
    assert state(folder, "predict") is StepState.DONE
