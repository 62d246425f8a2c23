"""The fast loop against Keras' own on the same work: same history, same weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from labkit.lifecycle.fit import accelerated

ROWS = 70  # not a multiple of the batch size: the last batch is smaller
_generator = np.random.default_rng(0)
X = _generator.normal(size=(ROWS, 4)).astype("float32")
Y = _generator.normal(size=(ROWS, 1)).astype("float32")
LABELS = _generator.integers(0, 3, ROWS)
IMAGES = _generator.integers(0, 256, (ROWS, 8, 8, 1)).astype("uint8")


class OwnStep(keras.Model):
    """A model with a `train_step` of its own that returns logs of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(x)

    def train_step(self, data: Any) -> dict[str, Any]:
        import tensorflow as tf

        x, y = data[:2]
        with tf.GradientTape() as tape:
            error = tf.reduce_mean((self(x, training=True) - y) ** 2)
        gradients = tape.gradient(error, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"squares": error}


def dense() -> keras.Model:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(8, "relu"), layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


def unbuilt() -> keras.Model:
    model = keras.Sequential([layers.Dense(8, "relu"), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse", weighted_metrics=["mae"])
    return model


def normalized() -> keras.Model:
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(8, kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Dense(1),
        ]
    )
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
    model.compile(keras.optimizers.RMSprop(rate), "huber", metrics=["mae"])
    return model


def two_in_two_out() -> keras.Model:
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    both = layers.Concatenate()([a, b])
    outputs = {"p": layers.Dense(1, name="p")(both), "q": layers.Dense(1, name="q")(both)}
    model = keras.Model({"a": a, "b": b}, outputs)
    model.compile("adam", {"p": "mse", "q": "mae"}, metrics={"p": ["mae"]})
    return model


def classifier() -> keras.Model:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def images() -> keras.Model:
    model = keras.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def sequences() -> keras.Model:
    model = keras.Sequential([layers.Input((4, 1)), layers.LSTM(5), layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def own_step() -> keras.Model:
    model = OwnStep()
    model.compile("adam", "mse")
    return model


REGRESSION = {"x": X, "y": Y}
CASES: list[tuple[Callable[[], keras.Model], dict[str, Any]]] = [
    (dense, REGRESSION),
    (dense, {**REGRESSION, "validation_split": 0.25}),
    (dense, {**REGRESSION, "validation_data": (X[:20], Y[:20]), "validation_batch_size": 7}),
    (dense, {**REGRESSION, "validation_data": (X[:20], Y[:20], Y[:20, 0] ** 2)}),
    (dense, {**REGRESSION, "validation_split": 0.25, "validation_freq": 2}),
    (dense, {**REGRESSION, "validation_split": 0.25, "validation_freq": [1, 3]}),
    (dense, {**REGRESSION, "sample_weight": X[:, 0] ** 2}),
    (dense, {**REGRESSION, "initial_epoch": 2}),
    (dense, {**REGRESSION, "batch_size": 70}),
    (dense, {**REGRESSION, "batch_size": 500}),
    (dense, {**REGRESSION, "batch_size": 7}),
    (dense, {**REGRESSION, "steps_per_epoch": 3, "batch_size": 8}),
    (dense, {"x": X.astype("float64"), "y": Y.astype("float64")}),
    (unbuilt, REGRESSION),
    (unbuilt, {**REGRESSION, "sample_weight": X[:, 0] ** 2, "validation_split": 0.2}),
    (normalized, {**REGRESSION, "validation_split": 0.25}),
    (two_in_two_out, {"x": {"a": X, "b": X[:, ::-1].copy()}, "y": {"p": Y, "q": Y}}),
    (
        two_in_two_out,
        {"x": {"a": X, "b": X}, "y": {"p": Y, "q": Y}, "validation_split": 0.25},
    ),
    (classifier, {"x": X, "y": LABELS, "class_weight": {0: 1.0, 1: 5.0, 2: 0.5}}),
    (images, {"x": IMAGES, "y": LABELS, "validation_split": 0.2}),
    (sequences, {"x": X[..., None], "y": Y}),
    (own_step, REGRESSION),
]


def _train(build: Callable[[], keras.Model], arguments: dict[str, Any]) -> tuple[Any, list[Any]]:
    keras.utils.set_random_seed(1)
    model = build()
    given = {"epochs": 4, "batch_size": 16, "shuffle": False, "verbose": 0, **arguments}
    history = model.fit(**given)
    return history, model.get_weights()


def _name(case: Any) -> str:
    if callable(case):
        return case.__name__
    return "-".join(name for name in case if name not in ("x", "y")) or "plain"


@pytest.mark.parametrize(("build", "arguments"), CASES, ids=_name)
def test_history_and_weights_equal_those_of_keras(
    build: Callable[[], keras.Model], arguments: dict[str, Any]
) -> None:
    expected, weights = _train(build, arguments)
    with accelerated() as records:
        history, found = _train(build, arguments)
    assert [record.loop for record in records] == ["fast"]
    assert history.epoch == expected.epoch
    assert history.history.keys() == expected.history.keys()
    for name, values in expected.history.items():
        np.testing.assert_allclose(history.history[name], values, rtol=1e-5, atol=1e-6)
    for one, other in zip(found, weights):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("build", [dense, normalized], ids=_name)
def test_xla_changes_only_the_last_digits(build: Callable[[], keras.Model]) -> None:
    expected, _weights = _train(build, {**REGRESSION, "validation_split": 0.25})
    with accelerated(xla=True) as records:
        history, _found = _train(build, {**REGRESSION, "validation_split": 0.25})
    assert records[0].loop == "fast+xla"
    for name, values in expected.history.items():
        np.testing.assert_allclose(history.history[name], values, rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # CSVLogger
def test_callbacks_see_the_same_logs_as_under_keras(tmp_path: Any) -> None:
    def logs(folder: Any) -> tuple[list[Any], list[Any], str]:
        folder.mkdir()
        seen: list[Any] = []
        own = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: seen.append(("begin", epoch)),
            on_epoch_end=lambda epoch, logs: seen.append((epoch, sorted(logs))),
            on_train_end=lambda logs: seen.append(("end", sorted(logs))),
        )
        table = folder / "log.csv"
        callbacks = [
            own,
            keras.callbacks.EarlyStopping(monitor="loss", patience=0, min_delta=10),
            keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=0),
            keras.callbacks.CSVLogger(table),
            keras.callbacks.ModelCheckpoint(folder / "best.keras", monitor="val_loss"),
        ]
        history, _weights = _train(
            dense, {**REGRESSION, "validation_split": 0.25, "callbacks": callbacks}
        )
        assert (folder / "best.keras").is_file()
        return seen, history.epoch, table.read_text()

    expected = logs(tmp_path / "keras")
    with accelerated() as records:
        found = logs(tmp_path / "fast")
    assert [(record.loop, record.epochs_run) for record in records] == [("fast", 2)]
    assert found[:2] == expected[:2]


def test_training_goes_on_where_it_stopped() -> None:
    def twice() -> list[Any]:
        keras.utils.set_random_seed(1)
        model = dense()
        for _part in range(2):
            model.fit(X, Y, epochs=3, shuffle=False, verbose=0)
        return [*model.get_weights(), int(model.optimizer.iterations)]

    expected = twice()
    with accelerated():
        found = twice()
    for one, other in zip(found, expected):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_the_same_seed_shuffles_the_same_way_and_another_differently() -> None:
    def weights(seed: int) -> Any:
        keras.utils.set_random_seed(1)
        model = dense()
        keras.utils.set_random_seed(seed)
        with accelerated():
            model.fit(X, Y, epochs=2, verbose=0)
        return model.get_weights()[0]

    assert np.array_equal(weights(5), weights(5))
    assert not np.array_equal(weights(5), weights(6))


def test_every_epoch_has_an_order_of_its_own_and_each_row_once() -> None:
    from labkit.lifecycle.epoch import ResidentEpochs

    keras.utils.set_random_seed(0)
    rows = np.arange(20, dtype="int64")
    epochs = ResidentEpochs(x=rows, y=rows, batch_size=8, shuffle=True)
    orders = []
    for _epoch in range(2):
        for _first, _last, batches in epochs:
            x, y = batches.data
            assert np.array_equal(x, y)
            orders.append(x.numpy().tolist())
    assert [sorted(order) for order in orders] == [list(range(20))] * 2
    assert orders[0] != orders[1]


def test_dropout_is_random_while_training_and_off_in_validation() -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Input((4,)), layers.Dropout(0.5), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    with accelerated() as records:
        history = model.fit(X, Y, epochs=3, verbose=0, shuffle=False, validation_data=(X, Y))
    assert records[0].loop == "fast"
    assert len(set(history.history["loss"])) == 3
    assert len(set(history.history["val_loss"])) == 1


def test_models_trained_fast_go_on_under_plain_keras() -> None:
    keras.utils.set_random_seed(1)
    model = dense()
    with accelerated():
        model.fit(X, Y, verbose=0)
    plain_fit = keras.Model.fit
    model.fit(X, Y, epochs=2, verbose=0)
    model.train_on_batch(X[:8], Y[:8])
    assert plain_fit is keras.Model.fit
    assert len(model.evaluate(X, Y, verbose=0)) == 2
    assert model.predict(X, verbose=0).shape == (ROWS, 1)


def test_evaluate_and_predict_inside_a_callback_are_keras_own() -> None:
    other = classifier()
    seen: list[Any] = []
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(
            (
                len(other.evaluate(X, LABELS, verbose=0)),
                model.predict(X, verbose=0).shape,
                len(model.evaluate(X, Y, verbose=0)),
                other.fit(X, LABELS, verbose=0).epoch,
            )
        )
    )
    model = dense()
    with accelerated() as records:
        model.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])
    assert seen == [(2, (ROWS, 1), 2, [0])] * 2
    assert len(records) == 3
