from __future__ import annotations

from pathlib import Path

import numpy as np

from labkit.grading.pipeline import Graded, grade
from labkit.root import root
from labkit.rubric import find
from labkit.rubric.verdict import Status
from labkit.sandbox.launch import Launcher

QUICK = ("epochs=10", "epochs=1")


def run(launcher: Launcher, folder: Path, *edits: tuple[str, str], seed: int | None = None) -> Graded:
    source = (root() / "solutions" / "lab02_mnist.py").read_text(encoding="utf-8")
    for old, new in (QUICK, *edits):
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    folder.mkdir(exist_ok=True)
    path = folder / "answer.py"
    path.write_text(source, encoding="utf-8")
    return grade(find.lab("lab2"), path, folder / "run", launcher, seed=seed)


def statuses(graded: Graded) -> dict[str, Status]:
    return {result.check.name: result.verdict.status for result in graded.grade.results}


def test_the_same_submission_and_seed_get_the_same_grade(launcher: Launcher, tmp_path: Path) -> None:
    one = run(launcher, tmp_path / "a", seed=5)
    other = run(launcher, tmp_path / "b", seed=5)
    key = "main:hidden"
    assert np.array_equal(one.evidence.predictions[key], other.evidence.predictions[key])
    assert one.grade.points == other.grade.points
    assert one.grade.provenance["sha256"] == other.grade.provenance["sha256"]


def test_another_seed_hides_other_rows(launcher: Launcher, tmp_path: Path) -> None:
    truth = run(launcher, tmp_path, seed=6).evidence.truth["main:hidden"]
    public = run(launcher, tmp_path / "public").evidence.truth["main:hidden"]
    assert truth.shape == public.shape == (10_000,)
    assert not np.array_equal(truth, public)


def test_hidden_labels_are_in_no_file_of_the_run(launcher: Launcher, tmp_path: Path) -> None:
    graded = run(launcher, tmp_path, seed=7)
    hidden = graded.evidence.truth["main:hidden"].tobytes()
    for path in (tmp_path / "run").rglob("*"):
        assert not path.is_file() or hidden not in path.read_bytes()


def test_fit_is_not_given_the_hold_out(launcher: Launcher, tmp_path: Path) -> None:
    look = "np.save('seen.npy', np.array([len(x), len(y)])) or keras.callbacks.EarlyStopping("
    run(launcher, tmp_path, ("keras.callbacks.EarlyStopping(", look))
    seen = np.load(tmp_path / "run" / "evidence" / "main" / "seen.npy")
    assert seen.tolist() == [55_000, 55_000]


def test_hard_coded_claims_earn_nothing(launcher: Launcher, tmp_path: Path) -> None:
    graded = run(
        launcher,
        tmp_path,
        ("return model.evaluate(x, y, verbose=0, return_dict=True)", 'return {"accuracy": 1.0}'),
        ("        epochs=1,", "        epochs=1, steps_per_epoch=1,"),
    )
    assert statuses(graded)["evaluate"] is Status.FAILED
    assert statuses(graded)["accuracy"] is Status.FAILED


def test_evidence_forged_by_the_submission_is_not_believed(launcher: Launcher, tmp_path: Path) -> None:
    forge = """
    import json, pathlib
    replay = pathlib.Path.cwd().parent / "replay"
    replay.mkdir(exist_ok=True)
    np.savez(replay / "predictions.npz", **{"main:hidden": np.eye(10)[np.zeros(10_000, int)]})
    return {"accuracy": 1.0}
"""
    graded = run(
        launcher,
        tmp_path,
        ("    return model.evaluate(x, y, verbose=0, return_dict=True)\n", forge),
    )
    assert graded.evidence.predictions["main:hidden"].max() < 1


def test_provenance_says_what_one_needs_to_grade_again(launcher: Launcher, tmp_path: Path) -> None:
    provenance = run(launcher, tmp_path, seed=8).grade.provenance
    assert provenance["seed"] == 8
    assert len(provenance["sha256"]) == len(provenance["rubric_sha256"]) == 64
    assert {"python", "tensorflow", "keras", "numpy", "labkit"} <= set(provenance)
    assert provenance["cpu_seconds"] > 0
