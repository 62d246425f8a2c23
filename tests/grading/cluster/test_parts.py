"""What travels arrives as it was, and the truth does not travel."""

from __future__ import annotations

import asyncio
import os
import pickle
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("distributed")

from dask_of_tests import breaks_off

from labkit.errors import SandboxError, StorageError, SubmissionError
from labkit.grading.attempted import could_not_tell
from labkit.grading.cluster.bundle import Bundle
from labkit.grading.cluster.judges import Judges
from labkit.grading.cluster.packing import box, pack, unbox, unpack
from labkit.grading.cluster.post import Post, collect, dispose
from labkit.grading.cluster.worker import Delivered, Door, fingerprint
from labkit.grading.intake import digest
from labkit.grading.judging import Judge, Judged
from labkit.grading.pipeline import prepared
from labkit.rubric import find
from labkit.rubric.protocol import Trial
from labkit.sandbox.launch import Launcher
from labkit.sandbox.protections import survey

SEED = 20_261_121


@pytest.fixture
def handed_in(tmp_path: Path) -> list[Path]:
    """A folder and two files beside it, one of them a link."""
    folder = tmp_path / "in" / "entrega de Íñigo"
    (folder / "sub").mkdir(parents=True)
    (folder / "mnist.py").write_text("x = 1\n")
    (folder / "sub" / "más.py").write_bytes(b"\xff\xfe")
    (folder / "link.py").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "junk.pyc").write_bytes(b"junk")
    (tmp_path / "in" / "model.h5").write_bytes(bytes(1000))
    (tmp_path / "in" / "alias").symlink_to("model.h5")
    return [folder, tmp_path / "in" / "model.h5", tmp_path / "in" / "alias"]


def test_what_was_handed_in_arrives_as_it_was(handed_in: list[Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    there = unpack(pack(handed_in), tmp_path / "out")
    assert [path.name for path in there] == [path.name for path in handed_in]
    assert digest(there) == digest(handed_in)
    assert (there[0] / "link.py").is_symlink()
    assert not (there[0] / "__pycache__").exists()


def test_one_file_and_an_empty_folder_arrive_too(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "out").mkdir()
    assert [path.is_dir() for path in unpack(pack([tmp_path / "empty"]), tmp_path / "out")] == [True]


def test_what_is_too_large_or_too_much_is_not_packed(tmp_path: Path) -> None:
    with (tmp_path / "large.h5").open("wb") as file:
        file.truncate(201 * 2**20)  # a hole: no room is used
    with pytest.raises(SubmissionError, match="larger than 200 MB"):  # as on one machine
        pack([tmp_path / "large.h5"])
    with pytest.raises(StorageError, match="could not be read"):
        pack([tmp_path / "nowhere.py"])
    (tmp_path / "many").mkdir()
    for number in range(3_000):
        (tmp_path / "many" / f"{number}.py").touch()
    with pytest.raises(SubmissionError, match="more than"):
        pack([tmp_path / "many"])


def test_what_a_run_left_arrives_without_its_links(tmp_path: Path) -> None:
    left, there = tmp_path / "left", tmp_path / "there"
    (left / "evidence" / "main").mkdir(parents=True)
    (left / "evidence" / "main" / "steps.json").write_text("[]")
    (left / "evidence" / "model.h5").symlink_to("/etc/passwd")
    there.mkdir()
    unbox(box(left), there)
    assert [path.relative_to(there).as_posix() for path in there.rglob("*") if path.is_file()] == [
        "evidence/main/steps.json"
    ]
    with pytest.raises(StorageError, match="too large"):
        unbox(box(left), there, most=1)


def test_a_name_that_is_no_utf8_travels_both_ways(tmp_path: Path) -> None:
    left, there = tmp_path / "left", tmp_path / "there"
    (left / "submission").mkdir(parents=True)
    there.mkdir()
    name = os.fsdecode("solución.py".encode("latin-1"))
    (left / "submission" / name).write_bytes(b"x = 1\n")
    os.link(left / "submission" / name, left / "again.py")
    unbox(box(left), there)
    assert (there / "submission" / name).read_bytes() == (there / "again.py").read_bytes() == b"x = 1\n"
    (tmp_path / "out").mkdir()
    (path,) = unpack(pack([left / "submission" / name]), tmp_path / "out")
    assert path.name == name


def test_bytes_travel_by_themselves_or_by_a_folder_that_everybody_reaches(tmp_path: Path) -> None:
    assert Post().send(b"content") == b"content"
    post = Post.at(f"file://{tmp_path}/shared")
    parcel = post.send(b"content")
    assert isinstance(parcel, str)
    assert collect(pickle.loads(pickle.dumps(parcel))) == collect(b"content") == b"content"
    dispose(parcel)
    with pytest.raises(StorageError, match="could not be used"):
        collect(parcel)
    post.send(b"forgotten")
    post.close()
    assert list((tmp_path / "shared").iterdir()) == []


@pytest.mark.parametrize("url", ["file:///proc/nowhere", "nothing://somewhere"])
def test_a_place_that_cannot_be_written_is_said_at_once(url: str) -> None:
    with pytest.raises(StorageError, match="could not be used"):
        Post.at(url)


@pytest.mark.parametrize("name", ["lab2", "lab5", "lab10"])
def test_a_bundle_brings_every_file_and_no_truth(name: str, tmp_path: Path) -> None:
    lab, data = find.lab(name), tmp_path / "data"
    data.mkdir()
    with Launcher() as launcher:
        trial = prepared(lab, data, launcher, SEED)
    bundle = pickle.loads(pickle.dumps(Bundle.of(lab, trial, data, SEED)))
    assert pickle.dumps(SEED, 0)[1:-2] not in pickle.dumps(bundle, 0)
    there = bundle.open(tmp_path / "there")
    assert (there.truth, there.expected) == ({}, {})
    assert trial.expected or any(key.endswith(":hidden") for key in trial.truth)
    assert [question.key for question in there.questions] == [
        question.key for question in trial.questions
    ]
    for ours, theirs in zip(trial.trainings, there.trainings):
        assert np.array_equal(np.load(ours.x), np.load(theirs.x))
    content = [path.read_bytes() for path in (tmp_path / "there").rglob("*") if path.is_file()]
    for key, truth in trial.truth.items():
        if key.endswith(":hidden"):
            assert not any(truth.tobytes() in each for each in content)
    for expected in trial.expected.values():
        for case in expected.values():
            assert len(np.unique(case)) < 8 or not any(case.tobytes() in each for each in content)


def test_a_judge_that_breaks_off_is_said(tmp_path: Path) -> None:
    ended: Future[Judged | None] = Future()
    with Judges(Judge(find.lab("lab10"), Trial(), breaks_off)) as judges:
        judges.judged(Delivered(could_not_tell("no reason")), tmp_path, ended)
        with pytest.raises(SandboxError, match="judges was lost"):
            ended.result(60)


def test_judges_of_whom_one_was_killed_while_it_waited_say_so(tmp_path: Path) -> None:
    first: Future[Judged | None] = Future()
    second: Future[Judged | None] = Future()
    with Judges(Judge(find.lab("lab10"), Trial(), breaks_off)) as judges:
        judges.judged(Delivered(could_not_tell("no reason")), tmp_path, first)
        assert isinstance(first.exception(60), SandboxError)
        judges.judged(Delivered(could_not_tell("no reason")), tmp_path, second)
        assert isinstance(second.exception(60), SandboxError)


@pytest.mark.skipif(survey().walls == "none", reason="no walls hold on this machine")
def test_a_door_is_shut_until_somebody_has_looked() -> None:
    offered: list[int] = []

    async def offer(**places: int) -> None:
        assert door.walls != "none"
        offered.extend(places.values())

    worker = SimpleNamespace(status=None, state=SimpleNamespace(nthreads=2), set_resources=offer)
    door = Door("lab10", "strict", fingerprint("lab10"))
    assert door.refusal is not None
    with ThreadPoolExecutor() as threads:  # this thread may have a loop of its own, as for Chromium
        threads.submit(asyncio.run, door.setup(worker)).result()  # type: ignore[arg-type]
    assert (door.refusal, offered) == (None, [2])
