"""What the fast loop leaves to Keras, and that it says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from labkit.lifecycle.eligibility import pays_to_compile
from labkit.lifecycle.fit import accelerated, fit

X, Y = np.ones((20, 4), "float32"), np.ones((20, 1), "float32")


def model(**compiled: Any) -> keras.Model:
    made = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    made.compile("sgd", "mse", **compiled)
    return made


class EachBatch(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None: ...


class OwnFunction(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(x)

    def make_train_function(self, force: bool = False) -> Any:
        return super().make_train_function(force)


def own_function() -> keras.Model:
    made = OwnFunction()
    made.compile("sgd", "mse")
    return made


def batches() -> Iterator[Any]:
    while True:
        yield X[:5], Y[:5]


CASES: list[tuple[str, Callable[[], keras.Model], dict[str, Any]]] = [
    ("eagerly", lambda: model(run_eagerly=True), {"x": X, "y": Y}),
    ("every batch", model, {"x": X, "y": Y, "callbacks": [EachBatch()]}),
    ("every batch", model, {"x": X, "y": Y, "callbacks": [keras.callbacks.TerminateOnNaN()]}),
    (
        "every batch",
        model,
        {
            "x": X,
            "y": Y,
            "callbacks": keras.callbacks.LambdaCallback(on_train_batch_end=lambda b, logs: 0),
        },
    ),
    ("not from arrays", model, {"x": tf.data.Dataset.from_tensors((X, Y))}),
    ("not from arrays", model, {"x": batches(), "steps_per_epoch": 2}),
    (
        "not from arrays",
        model,
        {"x": X, "y": Y, "validation_data": tf.data.Dataset.from_tensors((X, Y))},
    ),
    ("neither True nor False", model, {"x": X, "y": Y, "shuffle": "batch"}),
    ("own train function", own_function, {"x": X, "y": Y}),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("words", "build", "arguments"), CASES)
def test_what_does_not_fit_goes_to_keras_with_a_reason(
    words: str,
    build: Callable[[], keras.Model],
    arguments: dict[str, Any],
) -> None:
    with accelerated() as records:
        history = build().fit(**arguments, epochs=2, verbose=0)
    assert history.epoch == [0, 1]
    assert records[0].loop == "keras"
    assert words in records[0].reason


def test_an_environment_variable_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_PLAIN_FIT", "1")
    with accelerated() as records:
        model().fit(X, Y, verbose=0)
    assert "LABKIT_PLAIN_FIT" in records[0].reason


def test_a_distribution_strategy_goes_to_keras() -> None:
    with tf.distribute.OneDeviceStrategy("/cpu:0").scope():
        made = model()
    with accelerated() as records:
        made.fit(X, Y, verbose=0)
    assert "distribution" in records[0].reason


@pytest.mark.parametrize(
    "arguments",
    [
        {"x": X, "y": Y[:-1]},
        {"x": X, "y": Y, "validation_split": 2.0},
        {"x": X, "y": Y, "sample_weight": Y[:, 0], "class_weight": {0: 1}},
        {"x": X, "y": Y, "epochs": "two"},
        {"x": X[:, :3], "y": Y},
        {"x": X[:0], "y": Y[:0]},
    ],
)
def test_wrong_arguments_raise_what_keras_raises(arguments: dict[str, Any]) -> None:
    with pytest.raises(Exception) as plain:
        model().fit(**arguments, verbose=0)
    with pytest.raises(type(plain.value)), accelerated():
        model().fit(**arguments, verbose=0)


def test_an_uncompiled_model_is_told_so_by_keras() -> None:
    made = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    with pytest.raises(ValueError, match="compile"), accelerated():
        made.fit(X, Y)


def test_keras_is_as_before_after_the_block_even_when_it_raises() -> None:
    before = keras.Model.fit
    with pytest.raises(ZeroDivisionError), accelerated(), accelerated():
        raise ZeroDivisionError
    assert keras.Model.fit is before


@pytest.mark.filterwarnings("ignore:Early stopping conditioned")
def test_a_monitor_that_nobody_computes_is_warned_of_and_recorded() -> None:
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss")
    with accelerated() as records, pytest.warns(UserWarning, match="nothing computes"):
        model().fit(X, Y, verbose=0, callbacks=[stopping])
    assert records[0].never_computed == ("val_loss",)
    assert records[0].callbacks[0].monitor == "val_loss"


@pytest.mark.filterwarnings("ignore:Early stopping conditioned")
def test_a_monitor_that_is_absent_from_the_history_is_recorded() -> None:
    stopping = keras.callbacks.EarlyStopping(monitor="val_acc", mode="max")
    with accelerated() as records:
        model().fit(X, Y, validation_split=0.5, verbose=0, callbacks=[stopping])
    assert records[0].never_computed == ("val_acc",)


def test_a_monitor_that_another_callback_computes_is_not_taken_for_absent() -> None:
    class Computes(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["val_f1"] = 0.5

    stopping = keras.callbacks.EarlyStopping(monitor="val_f1", mode="max")
    with accelerated() as records:
        model().fit(X, Y, validation_split=0.5, verbose=0, callbacks=[Computes(), stopping])
    assert records[0].never_computed == ()


@pytest.mark.parametrize("plain", ["0", "1"])
def test_each_fit_counts_its_own_epochs(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_PLAIN_FIT", plain)
    made, history = model(), keras.callbacks.History()
    with accelerated() as records:
        for callbacks in ([], [], [history], [history]):
            made.fit(X, Y, epochs=3, verbose=0, callbacks=callbacks)
        with pytest.raises(ValueError, match="cardinality"):
            made.fit(X, Y[:-1], epochs=3, verbose=0)
    assert [record.epochs_run for record in records] == [3, 3, 3, 3, 0]


def test_only_what_is_derived_from_early_stopping_is_recorded_as_it() -> None:
    class Patient(keras.callbacks.EarlyStopping):
        pass

    named_so = type("EarlyStopping", (keras.callbacks.Callback,), {"monitor": "loss"})
    with accelerated() as records:
        model().fit(X, Y, verbose=0, callbacks=[Patient("loss"), named_so(), keras.callbacks.History()])
    names = [callback.name for callback in records[0].callbacks]
    assert names[0] == "EarlyStopping"
    assert names[1] != "EarlyStopping"
    assert names[2] == "History"


def test_the_function_fits_as_the_method_does() -> None:
    assert fit(model(), X, Y, epochs=3, verbose=0).epoch == [0, 1, 2]


def _of(*middle: layers.Layer) -> keras.Model:
    made = keras.Sequential([layers.Input((8, 8, 1)), *middle, layers.Flatten(), layers.Dense(10)])
    made.compile("adam", "mse")
    return made


@pytest.mark.parametrize(
    ("made", "steps", "rows", "pays"),
    [
        (_of(), 20_000, 32, True),
        (_of(), 500, 32, False),
        (_of(), 20_000, 100_000, False),
        (_of(layers.Conv2D(2, 3)), 20_000, 32, False),
        (_of(layers.Dropout(0.1)), 20_000, 32, False),
        (_of(keras.Sequential([layers.Dropout(0.1)])), 20_000, 32, False),
        (_of(layers.Reshape((8, 8)), layers.LSTM(3)), 20_000, 32, False),
    ],
)
def test_xla_is_chosen_by_structure_and_work(
    made: keras.Model, steps: int, rows: int, pays: bool
) -> None:
    assert pays_to_compile(made, steps=steps, rows=rows) is pays


def _in_python(true: Any, predicted: Any) -> Any:
    """Mean absolute error, in a way that XLA cannot compile."""
    error = tf.py_function(lambda one, other: abs(one - other), (true, predicted), tf.float32)
    return tf.reduce_mean(tf.reshape(error, tf.shape(true)), axis=-1)


def _printing(x: Any) -> Any:
    tf.print("seen")
    return x


class _Own(keras.metrics.Mean):
    pass


@pytest.mark.parametrize(
    ("activation", "compiled"),
    [
        ("relu", {"loss": _in_python}),
        ("relu", {"loss": [_in_python]}),
        ("relu", {"loss": "mse", "metrics": ["mae", _in_python]}),
        ("relu", {"loss": "mse", "weighted_metrics": [_Own()]}),
        ("relu", {"loss": "mse", "metrics": [keras.metrics.MeanMetricWrapper(_in_python)]}),
        (_printing, {"loss": "mse"}),
    ],
)
def test_what_is_the_students_own_is_not_compiled(activation: Any, compiled: dict[str, Any]) -> None:
    made = keras.Sequential([layers.Input((4,)), layers.Dense(1, activation)])
    made.compile("sgd", **compiled)
    assert not pays_to_compile(made, steps=20_000, rows=1)
    made.compile("sgd", **compiled, jit_compile=True)
    assert pays_to_compile(made, steps=20_000, rows=1)


def test_what_comes_with_keras_is_compiled() -> None:
    made = keras.Sequential([layers.Input((4,)), layers.Dense(1, keras.activations.relu, True)])
    metrics = [keras.metrics.RootMeanSquaredError(), keras.metrics.mean_absolute_error, "mae"]
    made.compile(keras.optimizers.Adam(), keras.losses.Huber(), metrics=metrics)
    assert pays_to_compile(made, steps=20_000, rows=1)


@pytest.mark.slow
def test_a_loss_that_xla_cannot_compile_is_trained_with_for_ten_thousand_steps() -> None:
    made = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    made.compile("sgd", _in_python)
    with accelerated() as records:
        made.fit(X, Y, batch_size=1, epochs=500, verbose=0)
    assert (records[0].loop, records[0].epochs_run) == ("fast", 500)
