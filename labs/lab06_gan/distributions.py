"""Measures the solution of lab 6 on many seeds, and what is made worse on purpose.

    python labs/lab06_gan/distributions.py 10 labs/lab06_gan/distributions.jsonl

trains the solution on so many seeds and adds a line to the file for each that it does not have yet: the
measures after every epoch (the early ones are the undertrained generators), and those of the trained
generator with collapses of every size put on it. INSTRUCTORS.md has the table, and the thresholds in
judging.py are read off it. Takes about a minute a seed on two cores.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from labkit import data
from labkit.lifecycle import h5
from labkit.lifecycle.fit import accelerated

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from lab06_gan import measures  # noqa: E402  needs the folder of the labs
from lab06_gan.judging import COMPARED, ONE_IMAGE  # noqa: E402

IMAGES = 2_000


class Judge:
    """Measures images as the rubric does, on the usual split."""

    def __init__(self) -> None:
        self.rows = data.load("mnist")
        self.classifier = h5.load(data.model("mnist", "classifier"), compile=False)
        self.real = self.answers(self.rows.x_test[:IMAGES].astype("float32") / 255)
        self.training = self.rows.x_train[:55_000]

    def answers(self, images: np.ndarray) -> np.ndarray:
        """What the classifier says."""
        return np.asarray(self.classifier.predict(images, batch_size=500, verbose=0))

    def measure(self, images: np.ndarray, *, copies: bool = False) -> dict[str, object]:
        """Every measure; the distances to training images only where they are asked for."""
        answers = self.answers(images)
        shares = [measures.shares(measures.probabilities(found)) for found in (answers, self.real)]
        found: dict[str, object] = {
            "frechet": measures.frechet(measures.features(answers), measures.features(self.real)),
            "coverage": measures.coverage(*shares),
            "least": float(shares[0].min()),
            "confidence": measures.confidence(measures.probabilities(answers)),
        }
        far = measures.twins(images[:COMPARED])
        found["twins"] = _quantiles(far)
        found["alike"] = float((far < ONE_IMAGE).mean())
        if copies:
            far, _ = measures.nearest(images[:COMPARED], self.training)
            found["nearest"] = _quantiles(far)
        return found


def _quantiles(distances: np.ndarray) -> list[float]:
    """The least, 1 %, 5 %, a quarter and half."""
    return [round(float(value), 3) for value in np.percentile(distances, [0, 1, 5, 25, 50])]


def _rounded(found: object) -> object:
    """The same with four places behind the point: nobody reads more."""
    if isinstance(found, dict):
        return {name: _rounded(value) for name, value in found.items()}
    if isinstance(found, list):
        return [_rounded(value) for value in found]
    return round(found, 4) if isinstance(found, float) else found


class Epochs(keras.callbacks.Callback):
    """Measures the generator after every epoch."""

    def __init__(self, measured: Callable[[keras.Model], dict[str, object]]) -> None:
        super().__init__()
        self.measured = measured
        self.found: list[dict[str, object]] = []
        self.seconds = 0.0  # of measuring, which are no part of the training

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        begun = time.process_time()
        self.found.append(self.measured(self.model.generator))
        self.seconds += time.process_time() - begun


def collapsed(z: np.ndarray, classes: np.ndarray) -> dict[str, np.ndarray]:
    """Noise that makes a generator poorer: name -> noise, as many rows as there were."""
    rows = np.arange(len(z))
    kept = {
        "one image": rows[:1],
        "10 images": rows[:10],
        "100 images": rows[:100],
        "1 digit": rows[classes == np.bincount(classes).argmax()],
        "5 digits": rows[classes < 5],
        "8 digits": rows[(classes != 4) & (classes != 7)],
    }
    made = {name: z[np.resize(index, len(z))] for name, index in kept.items() if len(index)}
    return made | {"noise of half the size": z / 2}


def main(seeds: int, file: Path) -> None:
    """Train and measure on seeds 1 to ``seeds``, but for those the file has."""
    spec = importlib.util.spec_from_file_location(
        "solution", HERE.parents[1] / "solutions/lab06_gan.py"
    )
    assert spec is not None and spec.loader is not None
    solution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(solution)
    judge = Judge()
    done = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for seed in range(1 + len(done), 1 + seeds):
        keras.utils.set_random_seed(seed)
        z = np.random.default_rng(seed).normal(size=(IMAGES, solution.LATENT)).astype("float32")

        def images(generator: keras.Model, noise: np.ndarray = z) -> np.ndarray:
            return np.asarray(generator.predict(noise, batch_size=500, verbose=0))

        model = solution.define()
        solution.compile(model)
        watcher = Epochs(lambda generator: judge.measure(images(generator)))
        begun, wall = time.process_time(), time.perf_counter()
        with accelerated(watcher=watcher):
            solution.fit(model, judge.training, judge.rows.y_train)
        cpu = time.process_time() - begun - watcher.seconds
        record = {"seed": seed, "cpu": round(cpu, 1), "wall": round(time.perf_counter() - wall, 1)}
        trained = images(model.generator)
        classes = measures.probabilities(judge.answers(trained)).argmax(axis=1)
        record["solution"] = judge.measure(trained, copies=True)
        record["epochs"] = watcher.found
        for name, noise in collapsed(z, classes).items():
            record[name] = judge.measure(images(model.generator, noise))
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(_rounded(record)) + "\n")
        print(seed, record["cpu"], record["solution"], flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
