"""The line that a training leaves for every epoch: it changes nothing and breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from labkit.lifecycle.fit import accelerated
from labkit.rubric.epochs import Epoch, Stopping, parsed
from labkit.sandbox.epochs import EpochLog
from labkit.sandbox.launch import Outcome

X = np.random.default_rng(0).normal(size=(38, 4)).astype("float32")
Y = X.sum(axis=1)
Work = Callable[..., tuple[Outcome, Path]]

STUDENT = """
import keras

def define():
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10)])

def compile(model):
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))

def fit(model, x, y):
    model.fit(x / 255, y, epochs=3, verbose=0)
    stopping = keras.callbacks.EarlyStopping(patience=4)
    return model.fit(x / 255, y, epochs=2, validation_split=0.5, callbacks=[stopping], verbose=0)
"""


def trained(log: EpochLog | None, **fit: object) -> tuple[dict[str, list[float]], list[np.ndarray]]:
    """A training from one seed, with a log or without."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dropout(0.2), keras.layers.Dense(3), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse")
    with accelerated(beside=None if log is None else log.beside):
        history = model.fit(X, Y, verbose=0, **fit)
    return history.history, model.get_weights()


def written(path: Path) -> list[Epoch]:
    return list(parsed(path.read_bytes()))


def test_a_worker_leaves_a_line_for_every_epoch_of_every_fit(work: Work) -> None:
    _outcome, folder = work(STUDENT)
    epochs = written(folder / "progress.jsonl")
    assert [(epoch.fit, epoch.epoch, epoch.epochs) for epoch in epochs] == [
        (1, 1, 3),
        (1, 2, 3),
        (1, 3, 3),
        (2, 1, 2),
        (2, 2, 2),
    ]
    assert epochs[0].stopping is None
    assert set(epochs[4].logs) == {"loss", "val_loss"}
    lowest = min(epochs[3].logs["val_loss"], epochs[4].logs["val_loss"])
    assert epochs[4].stopping == Stopping("val_loss", lowest, 0, 4)
    assert 0 < epochs[0].seconds < epochs[2].seconds


@pytest.mark.parametrize("plain", ["0", "1"])
def test_history_weights_and_seed_are_as_without(
    plain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABKIT_PLAIN_FIT", plain)
    path = tmp_path / "progress.jsonl"
    given = {"epochs": 4, "validation_split": 0.2}
    history, weights = trained(EpochLog(path), **given)
    bare_history, bare_weights = trained(None, **given)
    assert history == bare_history
    assert all(map(np.array_equal, weights, bare_weights))
    assert [epoch.logs["val_loss"] for epoch in written(path)] == history["val_loss"]


def test_early_stopping_is_told_up_to_its_last_epoch(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    stopping = keras.callbacks.EarlyStopping("loss", patience=2, min_delta=1e9)
    trained(EpochLog(path), epochs=50, callbacks=[stopping])
    last = written(path)[-1]
    assert (last.epoch, last.epochs) == (3, 50)
    assert last.stopping is not None
    assert (last.stopping.wait, last.stopping.patience) == (2, 2)


class _Odd(keras.callbacks.EarlyStopping):
    """One of a student's own, which does not say what it waits for."""

    @property
    def patience(self) -> int:
        raise RuntimeError

    @patience.setter
    def patience(self, value: int) -> None:
        pass

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        pass


def test_nothing_that_goes_wrong_with_it_reaches_the_training(tmp_path: Path) -> None:
    history, _weights = trained(EpochLog(tmp_path / "nowhere" / "progress.jsonl"), epochs=2)
    assert len(history["loss"]) == 2
    history, _weights = trained(EpochLog(tmp_path / "p.jsonl"), epochs=2, callbacks=[_Odd("loss")])
    assert len(history["loss"]) == 2


def test_what_is_no_number_is_left_out_and_the_losses_come_first(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    tell(path, 1, {f"metric_{n}": n for n in range(100)} | {"odd": "?", "loss": np.float32(0.5)})
    [epoch] = written(path)
    assert len(epoch.logs) == 24
    assert next(iter(epoch.logs.items())) == ("loss", 0.5)


@pytest.mark.parametrize("epochs", [1_000, 20_000])
def test_a_long_training_leaves_few_lines_and_its_last_epoch(epochs: int, tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    tell(path, epochs, {"loss": 0.5})
    found = [epoch.epoch for epoch in written(path)]
    assert found[:1_000] == list(range(1, 1_001))
    assert len(found) <= 2_000
    assert found[-1] == epochs
    assert found == sorted(found)


class _Model:
    stop_training = False


def tell(path: Path, epochs: int, logs: dict[str, object]) -> None:
    """Let a log take as many epochs as nobody wants to wait for."""
    callback = EpochLog(path).beside([])
    callback.set_params({"epochs": epochs})
    callback.set_model(_Model())
    for epoch in range(epochs):
        callback.on_epoch_end(epoch, logs)
