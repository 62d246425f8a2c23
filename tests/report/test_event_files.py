"""What `--tensorboard` writes, read back by TensorBoard itself."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labkit.errors import StorageError
from labkit.report.event_files import EventFiles

pytest.importorskip("tensorboard", reason="an extra of the kit: pip install labkit[tensorboard]")

READ = """
import json, pathlib, sys, types

sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")  # it need not wait for TensorFlow
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

found = {}
for path in sorted(pathlib.Path(sys.argv[1]).rglob("events.out.tfevents*")):
    run = EventAccumulator(str(path.parent)).Reload()
    name = path.parent.relative_to(sys.argv[1]).as_posix()
    found[name] = {
        tag: [(event.wall_time, event.step, event.value) for event in run.Scalars(tag)]
        for tag in run.Tags()["scalars"]
    }
print(json.dumps(found))
"""


def scalars(folder: Path) -> dict[str, dict[str, list[list[float]]]]:
    """Run -> tag -> (time of day, step, value), as TensorBoard reads them, in a process of its own."""
    command = [sys.executable, "-c", READ, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, list[list[float]]]] = json.loads(done.stdout)
    return found


def add(evidence: Path, *epochs: dict[str, object], training: str = "main") -> None:
    """Write epochs as a worker does."""
    folder = evidence / training
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "progress.jsonl").open("a") as stream:
        for epoch in epochs:
            stream.write(json.dumps({"fit": 1, "epochs": 9, "seconds": 1.0, **epoch}) + "\n")


def test_tensorboard_reads_every_epoch_as_it_ends(tmp_path: Path) -> None:
    events, evidence = EventFiles(tmp_path / "logs"), tmp_path / "evidence"
    began = time.time()
    add(evidence, {"epoch": 1, "logs": {"loss": 0.5, "val_loss": 0.75, "mae": 2}})
    events.follow(evidence)
    add(evidence, {"epoch": 2, "seconds": 61.0, "logs": {"loss": 0.25, "val_loss": math.nan}})
    events.follow(evidence)
    events.follow(evidence)
    found = scalars(tmp_path / "logs")
    assert set(found) == {"train", "validation"}
    assert [row[1:] for row in found["train"]["epoch_loss"]] == [[1, 0.5], [2, 0.25]]
    assert [row[1:] for row in found["train"]["epoch_mae"]] == [[1, 2.0]]
    first, second = found["validation"]["epoch_loss"]
    assert first[1:] == [1, 0.75]
    assert math.isnan(second[2])
    assert second[0] - first[0] == pytest.approx(60, abs=0.01)
    assert first[0] == pytest.approx(began, abs=30)


def test_further_trainings_and_fits_are_runs_of_their_own(tmp_path: Path) -> None:
    events, evidence = EventFiles(tmp_path / "logs"), tmp_path / "evidence"
    add(evidence, {"epoch": 1, "logs": {"loss": 1.0}}, {"fit": 2, "epoch": 1, "logs": {"loss": 2.0}})
    add(evidence, {"epoch": 1, "logs": {"loss": 3.0}}, training="fold01")
    loop = [{"fit": fit, "epoch": 1, "epochs": 1, "logs": {"loss": 4.0}} for fit in (1, 2, 3)]
    add(evidence, *loop, training="fold02")
    events.follow(evidence)
    found = scalars(tmp_path / "logs")
    assert set(found) == {"train", "fit2/train", "fold01/train", "fold02/train"}
    assert [row[1] for row in found["fold02/train"]["epoch_loss"]] == [1, 2, 3]


def test_hostile_names_stay_in_the_file(tmp_path: Path) -> None:
    events, evidence = EventFiles(tmp_path / "logs"), tmp_path / "evidence"
    logs = {"../../out\x1b[31m": 1e300, "val_/etc/x": 1.0, "": 0.0, "\ud800": 1.0}
    add(evidence, {"epoch": 1, "logs": logs}, *({"fit": n, "epoch": 1} for n in range(2, 9_000)))
    events.follow(evidence)
    assert events.trouble is None
    found = scalars(tmp_path / "logs")
    assert set(found["train"]) == {"epoch_../../out", "epoch_"}
    assert set(found["validation"]) == {"epoch_/etc/x"}
    assert {path.name for path in tmp_path.iterdir()} == {"logs", "evidence"}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="name another folder"):
        EventFiles(tmp_path / "file" / "logs")


def test_a_folder_that_is_lost_on_the_way_ends_the_writing_not_the_run(tmp_path: Path) -> None:
    events, evidence = EventFiles(tmp_path / "logs"), tmp_path / "evidence"
    add(evidence, {"epoch": 1, "logs": {"loss": 1.0}})
    (tmp_path / "logs").rmdir()
    (tmp_path / "logs").write_text("")
    events.follow(evidence)
    assert "cannot" not in str(events.trouble)
    assert "Nothing can be written" in str(events.trouble)
