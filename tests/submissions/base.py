"""What every hostile submission is made of: an honest answer to lab 2, and a place to put an attack.

The honest answer trains a second or less and earns exactly `HONEST_POINTS`: all checks but the
accuracy, of which it has too little for any points. An attack that gains anything therefore shows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "ABRUPT",
    "BEFORE",
    "HONEST",
    "HONEST_POINTS",
    "TIME",
    "UNPROVEN",
    "Hostile",
    "Make",
    "honest",
    "python",
    "source",
    "written",
]

Make = Callable[[Path], Path]

HONEST_POINTS = 7.0
"""What `HONEST` earns of lab 2's ten points."""

UNPROVEN = 2.5
"""define, compile, fit and early stopping: what an honest file earns whose model cannot be exported."""

BEFORE = {"top": 0.0, "define": 0.0, "compile": 0.5, "fit": 1.0, "evaluate": 6.0, "predict": 6.5}
"""Step -> most points of a file that is ended there: what the steps before it earn."""

TIME = ("time was up",)
ABRUPT = ("ended abruptly", "did not run")


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile submission and what becomes of it.

    Args:
        name: Unique, in snake case; the key of the student who hands it in.
        make: Writes the submission into an empty folder; returns the file or folder to hand in.
        verdict: ``"graded"`` by the rubric, or ``"refused"`` where there is nothing to run.
        most: Points it may earn at most.
        says: English fragments, of which at least one is in the report.
        least: Points it earns at least.
        why: The attack, in a line.
        leaves: Part of the name of a file, process or socket that it tries to leave outside.
    """

    name: str
    make: Make
    verdict: str
    most: float
    says: tuple[str, ...] = ()
    least: float = 0.0
    why: str = ""
    leaves: str = ""


_IMPORTS = "import keras\nimport numpy as np\nfrom keras import layers"

_MODEL = """\
return keras.Sequential(
    [
        layers.Input((28, 28)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)"""

_FIT = """\
stopping = keras.callbacks.EarlyStopping(monitor="loss", restore_best_weights=True)
return model.fit(x, y, epochs=1, batch_size=256, callbacks=[stopping], verbose=0)"""

_STEPS = {
    "define": ("define()", _MODEL),
    "compile": (
        "compile(model)",
        'model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])',
    ),
    "fit": ("fit(model, x, y)", _FIT),
    "evaluate": (
        "evaluate(model, x, y)",
        "return model.evaluate(x, y, batch_size=500, verbose=0, return_dict=True)",
    ),
    "predict": (
        "predict(model, x)",
        "return model.predict(x, batch_size=500, verbose=0).argmax(axis=1)",
    ),
}


def source(top: str = "", instead: str = "", **before: str) -> str:
    """The honest file with an attack in it.

    Args:
        top: Code between the imports and the functions.
        instead: A step whose own body is left out, so that what is put before it stands for it.
        before: Step -> code put before its body.
    """
    functions = []
    for name, (signature, body) in _STEPS.items():
        attack = textwrap.dedent(before.pop(name, "")).strip("\n")
        lines = "\n".join(part for part in (attack, "" if name == instead else body) if part)
        functions.append(f"def {signature}:\n{textwrap.indent(lines, '    ')}")
    if before:
        raise TypeError(f"no such step: {', '.join(before)}")
    parts = (_IMPORTS, textwrap.dedent(top).strip("\n"), *functions)
    return "\n\n\n".join(part for part in parts if part) + "\n"


HONEST = source()


def written(content: str | bytes, name: str = "mnist.py") -> Make:
    """A submission of one file."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return make


def python(top: str = "", instead: str = "", **before: str) -> Make:
    """A submission of the honest file with an attack in it; see `source`."""
    return written(source(top, instead, **before))


def honest() -> Hostile:
    """The one that does no harm, and whose grade nothing may change."""
    return Hostile(
        "honest",
        written(HONEST),
        "graded",
        most=HONEST_POINTS,
        least=HONEST_POINTS,
        why="no attack: the neighbour whose grade must stay what it is",
    )
