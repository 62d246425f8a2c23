"""The fast loop against Keras' own `fit` (and a plain PyTorch loop) on the same work.

    python benchmarks/fit.py [lab1 lab2 lab3 lab4 lab5 lab6 cnn lstm gan]

Labs 4 to 6 are their reference solutions, on fewer rows; the others are networks of the same kind.
Each pair runs in turn, several times; the median of the ratios is printed, once for the steady state
(a model that has trained before) and once for a fresh model, tracing and compiling included.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers

from labkit.lifecycle.fit import accelerated

ROUNDS = 3
Arrays = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Work:
    """One piece of work: a compiled model, the arrays it is fitted to, and how."""

    model: Callable[[], keras.Model]
    arrays: Callable[[], Arrays]
    batch: int
    epochs: int
    split: float = 0.0


def images(rows: int, *shape: int) -> Arrays:
    """Grey values and labels without a meaning."""
    generator = np.random.default_rng(0)
    x = generator.integers(0, 256, (rows, *shape)).astype("uint8")
    return x, generator.integers(0, 10, rows).astype("uint8")


def numbers(rows: int, features: int) -> Arrays:
    generator = np.random.default_rng(0)
    return generator.normal(size=(rows, features)), generator.normal(size=rows)


def sentences(rows: int) -> Arrays:
    """Rows like those of lab 5: 4 to 16 words, and zeros behind them."""
    generator = np.random.default_rng(0)
    words = np.arange(16) < generator.integers(4, 17, (rows, 1))
    return generator.integers(1, 500, (rows, 16)) * words, generator.integers(1, 10, (rows, 16)) * words


def pictures(rows: int) -> Arrays:
    return (np.random.default_rng(0).random((rows, 28, 28)).astype("float32"),)


def classifier(shape: tuple[int, ...], *middle: Callable[[], layers.Layer]) -> keras.Model:
    """A network for ten classes of images, with these layers in its middle."""
    inside = [layer() for layer in middle]
    model = keras.Sequential(
        [layers.Input(shape), layers.Rescaling(1 / 255), *inside, layers.Dense(10, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def regression() -> keras.Model:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(16, "relu"), layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


@cache
def solution(name: str) -> ModuleType:
    """The reference solution of a lab."""
    path = Path(__file__).parents[1] / "solutions" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of_lab(name: str) -> keras.Model:
    model = solution(name).define()
    solution(name).compile(model)
    return model


def small_gan() -> keras.Model:
    """Lab 6's game with networks so small that a batch is mostly what surrounds it."""
    lab = solution("lab06_gan")
    generator = keras.Sequential(
        [
            layers.Input((lab.LATENT,)),
            layers.Dense(64, "relu"),
            layers.Dense(784, "sigmoid"),
            layers.Reshape((28, 28)),
        ]
    )
    discriminator = keras.Sequential(
        [layers.Input((28, 28)), layers.Flatten(), layers.Dense(32, "relu"), layers.Dense(1)]
    )
    model = lab.Gan(generator, discriminator)
    lab.compile(model)
    return model


DENSE = partial(partial, layers.Dense)
DROPOUT = partial(layers.Dropout, 0.3)
POOLING = layers.MaxPooling2D

WORKS = {
    "lab1": Work(regression, partial(numbers, 48, 4), 8, 200, 0.2),
    "lab2": Work(
        partial(classifier, (28, 28), layers.Flatten, DENSE(64, "relu")),
        partial(images, 60_000, 28, 28),
        32,
        10,
    ),
    "lab3": Work(
        partial(
            classifier,
            (28, 28),
            layers.Flatten,
            DENSE(256, "relu"),
            DROPOUT,
            DENSE(128, "relu"),
            DROPOUT,
        ),
        partial(images, 60_000, 28, 28),
        128,
        3,
    ),
    "lab4": Work(partial(of_lab, "lab04_cnn"), partial(images, 12_800, 28, 28), 64, 2),
    "lab5": Work(partial(of_lab, "lab05_lstm"), partial(sentences, 4_000), 32, 3, 0.1),
    "lab6": Work(partial(of_lab, "lab06_gan"), partial(pictures, 12_800), 128, 2),
    "cnn": Work(
        partial(
            classifier,
            (28, 28, 1),
            partial(layers.Conv2D, 16, 3, activation="relu"),
            POOLING,
            partial(layers.Conv2D, 32, 3, activation="relu"),
            POOLING,
            layers.Flatten,
        ),
        partial(images, 12_800, 28, 28, 1),
        128,
        3,
    ),
    "lstm": Work(
        partial(classifier, (28, 28), partial(layers.LSTM, 64)), partial(images, 12_800, 28, 28), 128, 3
    ),
    "gan": Work(small_gan, partial(pictures, 12_800), 32, 2),
}


def model_of(work: Work) -> keras.Model:
    keras.utils.set_random_seed(0)
    return work.model()


def seconds(action: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def train(model: keras.Model, work: Work, data: Arrays, fast: bool) -> float:
    def fit() -> None:
        model.fit(
            *data,
            batch_size=work.batch,
            epochs=work.epochs,
            validation_split=work.split,
            verbose=0,
        )

    if not fast:
        return seconds(fit)
    with accelerated():
        return seconds(fit)


def torch_loop(work: Work, data: Arrays) -> float:
    """One epoch of lab 2 as one writes it in PyTorch: tensors in memory, a permutation, a loop."""
    import torch

    rows = len(data[0])
    x, y = torch.tensor(data[0].reshape(rows, -1) / 255).float(), torch.tensor(data[1]).long()
    model = torch.nn.Sequential(torch.nn.Linear(784, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    optimizer, loss = torch.optim.Adam(model.parameters()), torch.nn.CrossEntropyLoss()

    def epoch() -> None:
        order = torch.randperm(rows)
        for first in range(0, rows, work.batch):
            index = order[first : first + work.batch]
            optimizer.zero_grad()
            loss(model(x[index]), y[index]).backward()
            optimizer.step()

    epoch()
    return seconds(epoch)


def matmul_floor(rows: int, size: int) -> float:
    """What the matrix products alone of one epoch of lab 2 take in NumPy on one core."""
    x = np.random.default_rng(0).normal(size=(size, 784)).astype("float32")
    w, g = np.ones((784, 64), "float32"), np.ones((size, 64), "float32")
    return seconds(lambda: [(x @ w, x.T @ g) for _step in range(rows // size)])


def compare(name: str) -> None:
    work = WORKS[name]
    data = work.arrays()
    train(model_of(work), replace(work, epochs=1), tuple(array[:64] for array in data), False)
    fresh, steady = [], []
    for _round in range(ROUNDS):
        slow, fast = model_of(work), model_of(work)
        fresh.append((train(slow, work, data, False), train(fast, work, data, True)))
        steady.append((train(slow, work, data, False), train(fast, work, data, True)))
    for title, pairs in (("fresh model", fresh), ("steady state", steady)):
        ratio = statistics.median(slow / fast for slow, fast in pairs)
        slow, fast = (statistics.median(column) / work.epochs for column in zip(*pairs))
        print(
            f"{name:<5} {title:<13} Keras {slow:7.4f} s an epoch, labkit {fast:7.4f} s: "
            f"{ratio:5.1f} times as fast ({work.epochs} epochs)",
            flush=True,
        )
    if name == "lab2":
        fast = statistics.median(fast for _slow, fast in steady) / work.epochs
        try:
            loop = statistics.median(torch_loop(work, data) for _round in range(ROUNDS))
            times = f"{loop:7.4f} s an epoch, labkit {fast:7.4f} s"
            print(f"lab2  PyTorch loop {times}: {loop / fast:5.1f} times as fast")
        except ImportError:
            print(f"{name:<5} PyTorch is not installed: pip install torch")
        floor = matmul_floor(len(data[0]), work.batch)
        print(f"{name:<5} its matrix products alone, NumPy on one core: {floor:7.4f} s")


if __name__ == "__main__":
    for name in sys.argv[1:] or WORKS:
        compare(name)
