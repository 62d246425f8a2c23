"""The fast loop against Keras' own `fit` (and a plain PyTorch loop) on the same work.

    python benchmarks/fit.py [lab1 lab2 lab3 cnn lstm]

Each pair runs in turn, several times; the median of the ratios is printed, once for the steady state
(a model that has trained before) and once for a fresh model, tracing and compiling included.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers

from labkit.lifecycle.fit import accelerated

ROUNDS = 3


@dataclass(frozen=True)
class Work:
    """One piece of work: how to build the model, and how it is fitted."""

    build: Callable[[], list[Any]]
    shape: tuple[int, ...]
    rows: int
    batch: int
    epochs: int
    loss: str = "sparse_categorical_crossentropy"
    split: float = 0.0


def _dense(*middle: Any) -> list[Any]:
    return [layers.Rescaling(1 / 255), layers.Flatten(), *middle, layers.Dense(10, "softmax")]


WORKS = {
    "lab1": Work(lambda: [layers.Dense(16, "relu"), layers.Dense(1)], (4,), 48, 8, 200, "mse", 0.2),
    "lab2": Work(lambda: _dense(layers.Dense(64, "relu")), (28, 28), 60_000, 32, 10),
    "lab3": Work(
        lambda: _dense(
            layers.Dense(256, "relu"),
            layers.Dropout(0.3),
            layers.Dense(128, "relu"),
            layers.Dropout(0.3),
        ),
        (28, 28),
        60_000,
        128,
        3,
    ),
    "cnn": Work(
        lambda: [
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ],
        (28, 28, 1),
        12_800,
        128,
        3,
    ),
    "lstm": Work(
        lambda: [layers.Rescaling(1 / 255), layers.LSTM(64), layers.Dense(10, "softmax")],
        (28, 28),
        12_800,
        128,
        3,
    ),
}


def model_of(work: Work) -> keras.Model:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Input(work.shape), *work.build()])
    model.compile("adam", work.loss, metrics=["mae" if work.loss == "mse" else "accuracy"])
    return model


def data_of(work: Work) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    if work.loss == "mse":
        return generator.normal(size=(work.rows, *work.shape)), generator.normal(size=work.rows)
    x = generator.integers(0, 256, (work.rows, *work.shape)).astype("uint8")
    return x, generator.integers(0, 10, work.rows).astype("uint8")


def seconds(action: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def train(model: keras.Model, work: Work, data: tuple[np.ndarray, np.ndarray], fast: bool) -> float:
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


def torch_loop(work: Work, data: tuple[np.ndarray, np.ndarray]) -> float:
    """One epoch of lab 2 as one writes it in PyTorch: tensors in memory, a permutation, a loop."""
    import torch

    x, y = torch.tensor(data[0].reshape(work.rows, -1) / 255).float(), torch.tensor(data[1]).long()
    model = torch.nn.Sequential(torch.nn.Linear(784, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    optimizer, loss = torch.optim.Adam(model.parameters()), torch.nn.CrossEntropyLoss()

    def epoch() -> None:
        order = torch.randperm(work.rows)
        for first in range(0, work.rows, work.batch):
            index = order[first : first + work.batch]
            optimizer.zero_grad()
            loss(model(x[index]), y[index]).backward()
            optimizer.step()

    epoch()
    return seconds(epoch)


def matmul_floor(work: Work) -> float:
    """What the matrix products alone of one epoch of lab 2 take in NumPy on one core."""
    x = np.random.default_rng(0).normal(size=(work.batch, 784)).astype("float32")
    w, g = np.ones((784, 64), "float32"), np.ones((work.batch, 64), "float32")
    steps = work.rows // work.batch
    return seconds(lambda: [(x @ w, x.T @ g) for _step in range(steps)])


def compare(name: str) -> None:
    work = WORKS[name]
    data = data_of(work)
    train(model_of(work), replace(work, epochs=1), (data[0][:64], data[1][:64]), False)
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
        print(f"{name:<5} its matrix products alone, NumPy on one core: {matmul_floor(work):7.4f} s")


if __name__ == "__main__":
    for name in sys.argv[1:] or WORKS:
        compare(name)
