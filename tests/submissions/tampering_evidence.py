"""Submissions that write the evidence themselves: after the kit did, instead of it, or as links.

Most do it when the worker leaves: they put their own function in place of ``os._exit``, so that nobody
of their process comes after them.
"""

from __future__ import annotations

from tests.submissions.base import HONEST_POINTS, UNPROVEN, Hostile, python, written
from tests.submissions.late import at_exit

__all__ = ["CASES"]

_FORGE = """
import json, os, time
import numpy as np

NAMES = ["import", "define", "compile", "fit", "export", "evaluate", "predict"]
STOPPING = {"name": "EarlyStopping", "monitor": "val_loss", "restore_best_weights": True}
FORGED = {
    "steps.json": [{"name": name, "state": "done", "seconds": 0.1} for name in NAMES],
    "claims.json": {"accuracy": 1.0, "loss": 0.0},
    "history.json": {"loss": [0.1, 0.0], "val_loss": [0.1, 0.0], "accuracy": [0.9, 1.0]},
    "fits.json": [{"loop": "fast", "epochs_run": 20, "callbacks": [STOPPING], "never_computed": []}],
    "models.json": {"main": {"card": {"layers": [{"class_name": "Dense", "units": 10,
                                                  "activation": "softmax"}],
        "parameters": 100, "loss": "sparse_categorical_crossentropy", "optimizer": "Adam",
        "keras_version": "3"}}},
    "probe.json": {"minimum": 0.0, "maximum": 1.0},
    "grade.json": {"points": 10.0, "maximum": 10.0, "verdict": "graded"},
    "ended": {},
}


def forge():
    for folder in (".", "..", "replay", "../replay", "main", "../../replay"):
        try:
            os.makedirs(folder, exist_ok=True)
            for name, value in FORGED.items():
                with open(os.path.join(folder, name), "w") as stream:
                    json.dump(value, stream)
            np.savez(os.path.join(folder, "outputs.npz"), predict=np.zeros(5_000, dtype=int))
            answers = {"main:hidden": np.eye(10)[np.zeros(10_000, dtype=int)],
                       "main:holdout": np.eye(10)[np.zeros(5_000, dtype=int)]}
            np.savez(os.path.join(folder, "predictions.npz"), **answers)
        except OSError as error:
            print("held:", error)
"""

_WITHOUT_STOPPING = """
return model.fit(x, y, epochs=1, batch_size=256, verbose=0)
"""


CASES = (
    Hostile(
        "forges_all_and_leaves",
        written(f"{_FORGE}\nforge()\nos._exit(0)\n"),
        "graded",
        UNPROVEN,
        why="no answer at all: every file of evidence is written by hand, then os._exit(0)",
    ),
    Hostile(
        "forges_all_and_ends",
        written(
            f"{_FORGE}\nforge()\n" + "".join(f"def {n}(*_): pass\n" for n in ("define", "compile"))
        ),
        "graded",
        UNPROVEN,
        why="the same, and then goes on with functions that do nothing",
    ),
    Hostile(
        "forges_at_exit",
        python(top=_FORGE + at_exit("forge()")),
        "graded",
        HONEST_POINTS,
        why="writes every file of evidence anew when the worker leaves",
    ),
    Hostile(
        "forges_in_a_thread",
        python(
            top=f"""{_FORGE}
import threading


def for_ever():
    while True:
        forge()
        time.sleep(0.05)


threading.Thread(target=for_ever, daemon=True).start()
"""
        ),
        "graded",
        HONEST_POINTS,
        why="writes every file of evidence anew, twenty times a second",
    ),
    Hostile(
        "forges_in_a_child",
        python(
            top=f"""{_FORGE}
if os.fork() == 0:
    parent = os.getppid()
    os.setsid()
    while os.getppid() == parent:
        time.sleep(0.01)
    for _round in range(100):
        forge()
        time.sleep(0.05)
    os._exit(0)
"""
        ),
        "graded",
        HONEST_POINTS,
        why="a child that waits for the end of its parent and then writes the evidence",
    ),
    Hostile(
        "forges_and_announces",
        python(
            top=_FORGE
            + at_exit(
                """
                import hashlib, stat
                forge()
                for number in range(3, 256):
                    try:
                        if not stat.S_ISFIFO(os.fstat(number).st_mode):
                            continue
                        for name in [*FORGED, "outputs.npz", "predictions.npz"]:
                            with open(name, "rb") as stream:
                                digest = hashlib.sha256(stream.read()).hexdigest()
                            os.write(number, json.dumps({"name": name,
                                                         "sha256": digest}).encode() + b"\\n")
                        os.write(number, b"[" * 60_000 + b"\\n" + b"{" * 60_000)
                    except OSError:
                        continue
                """
            )
        ),
        "graded",
        HONEST_POINTS,
        why="says on every pipe it finds that its forgeries are the kit's own",
    ),
    Hostile(
        "forges_early_stopping",
        python(
            top=at_exit(
                """
                import json
                stopping = {"name": "EarlyStopping", "monitor": "loss", "restore_best_weights": True}
                with open("fits.json", "w") as stream:
                    json.dump([{"epochs_run": 9, "callbacks": [stopping], "never_computed": []}],
                              stream)
                """
            ),
            fit=_WITHOUT_STOPPING,
            instead="fit",
        ),
        "graded",
        HONEST_POINTS - 1,
        why="did not stop early and writes that it did",
    ),
    Hostile(
        "forges_the_replay",
        python(
            top=_FORGE
            + at_exit(
                """
                forge()
                with open("model.h5", "wb") as stream:
                    stream.write(b"no model")
                """
            )
        ),
        "graded",
        HONEST_POINTS,
        why="answers of a replay that it then makes impossible",
    ),
)
