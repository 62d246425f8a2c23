"""What every layer must stand, in one line: ``check(lambda: Hopfield(), x)``.

Each part is a function of its own, named in the message when it fails. A part never looks at how a
layer works, only at what Keras and its users rely on: shapes, symbolic and eager calls, models, batches
of any size, gradients, configuration, files, XLA, precision.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.legacy.saving import legacy_h5_format

from labkit.lifecycle.h5 import load, save

PRECISIONS = ("float32", "float64")


@dataclass(frozen=True, slots=True)
class Case:
    """A built layer, its input, and what it answers eagerly.

    ``rtol`` and ``atol`` say how far two ways of asking may be apart.
    """

    make: Callable[[], Any]
    x: np.ndarray
    layer: Any
    expected: tuple[np.ndarray, ...]
    gradient: bool
    precisions: tuple[str, ...]
    rtol: float
    atol: float

    def twin(self) -> Any:
        """A new layer of the same configuration with the same weights."""
        layer = self.make()
        if not layer.built:
            layer.build(self.x.shape)
        layer.set_weights(self.layer.get_weights())
        return layer

    def input(self) -> Any:
        return keras.Input(self.x.shape[1:], dtype=self.x.dtype.name)

    def equal(self, outputs: Any, what: str, rows: slice = slice(None)) -> None:
        found = _arrays(outputs)
        assert len(found) == len(self.expected), f"{what}: {len(found)} outputs"
        for one, other in zip(found, self.expected):
            np.testing.assert_allclose(one, other[rows], self.rtol, self.atol, err_msg=what)


def check(
    make: Callable[[], Any],
    x: np.ndarray,
    *,
    gradient: bool = True,
    precisions: tuple[str, ...] = PRECISIONS,
    rtol: float = 1e-5,
    atol: float = 1e-6,
) -> None:
    """Hold a layer against everything that Keras expects of one.

    Args:
        make: Makes the layer, each time anew and alike; it may be adapted already.
        x: Input of at least three rows, the first axis being the batch.
        gradient: Whether trainable weights (or the input, where there are none) get gradients.
        precisions: Dtype policies to try; add ``"mixed_float16"`` where it makes sense.
        rtol: Relative difference allowed between two ways of asking.
        atol: The same, absolute.

    Raises:
        AssertionError: It names the part that failed.
    """
    assert len(x) >= 3, "three rows are needed to see whether they are kept apart"
    layer = make()
    expected = _arrays(layer(x))
    case = Case(make, x, layer, expected, gradient, precisions, rtol, atol)
    for part in PARTS:
        try:
            part(case)
        except Exception as error:
            name = part.__name__.removeprefix("check_")
            raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error


def check_repeat(case: Case) -> None:
    """The same question gets the same answer, from the layer and from its twin."""
    case.equal(case.layer(case.x), "asked twice")
    case.equal(case.twin()(case.x), "another layer with the same weights")


def check_shape(case: Case) -> None:
    """What `compute_output_shape` promises, with the batch unknown and known, is what comes."""
    for batch in (None, len(case.x)):
        promised = case.layer.compute_output_shape((batch, *case.x.shape[1:]))
        shapes = _shapes(promised)
        wanted = [(batch, *array.shape[1:]) for array in case.expected]
        assert shapes == wanted, f"promised {shapes}, got {wanted}"


def check_symbolic(case: Case) -> None:
    """A call on `keras.Input` gives tensors of the right shape and dtype."""
    outputs = keras.tree.flatten(case.twin()(case.input()))
    for symbol, array in zip(outputs, case.expected):
        assert tuple(symbol.shape) == (None, *array.shape[1:]), f"symbolic shape {symbol.shape}"
        assert keras.backend.standardize_dtype(symbol.dtype) == array.dtype.name, symbol.dtype


def check_models(case: Case) -> None:
    """Sequential and functional models predict what the layer answers eagerly."""
    for model in _models(case):
        model.compile(jit_compile=False)
        case.equal(model.predict(case.x, batch_size=len(case.x), verbose=0), type(model).__name__)


def check_batches(case: Case) -> None:
    """Batches of other sizes give the same rows."""
    model = _models(case)[0]
    for rows in (slice(0, 1), slice(1, 3), slice(None)):
        case.equal(model(case.x[rows]), f"rows {rows.start} to {rows.stop}", rows)
    model.compile(jit_compile=False)
    case.equal(model.predict(case.x, batch_size=2, verbose=0), "predicted by twos")


def check_gradient(case: Case) -> None:
    """Every trainable weight, or else the input, gets a finite gradient, and a step moves it."""
    if not case.gradient:
        return
    layer, x = case.twin(), tf.constant(case.x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = _loss(layer(x))
    watched = layer.trainable_variables or [x]
    gradients = tape.gradient(loss, [getattr(each, "value", each) for each in watched])
    for variable, slope in zip(watched, gradients):
        name = getattr(variable, "path", "the input")
        assert slope is not None, f"no gradient reaches {name}"
        assert np.isfinite(slope).all(), f"the gradient of {name} is not finite"
    assert any(np.any(slope) for slope in gradients), "all gradients are zero"
    if layer.trainable_variables:
        _fit_once(case)


def _fit_once(case: Case) -> None:
    model = _models(case)[0]
    before = [np.array(weight) for weight in model.trainable_variables]
    model.compile(keras.optimizers.SGD(1e-3), "mse", jit_compile=False)
    targets = [np.zeros_like(array) for array in case.expected]
    model.fit(case.x, targets if len(targets) > 1 else targets[0], epochs=1, verbose=0)
    after = [np.array(weight) for weight in model.trainable_variables]
    assert all(np.isfinite(weight).all() for weight in after), "a step makes weights NaN"
    assert any(np.any(old != new) for old, new in zip(before, after)), "a step changes nothing"


def check_config(case: Case) -> None:
    """The configuration is complete, is JSON, and makes the same layer again."""
    config = case.layer.get_config()
    again = type(case.layer).from_config(json.loads(json.dumps(config)))
    assert again.get_config() == config, f"{again.get_config()} instead of {config}"
    if not again.built:
        again.build(case.x.shape)
    again.set_weights(case.layer.get_weights())
    case.equal(again(case.x), "made from its configuration")


def check_h5(case: Case) -> None:
    """A model comes back from ``.h5`` with equal predictions, by Keras and through the screen."""
    name = keras.saving.get_registered_name(type(case.layer))
    assert name.startswith("labkit>"), f"registered as {name}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.h5"
        for model in _models(case):
            kind = type(model).__name__
            legacy_h5_format.save_model_to_hdf5(model, os.fspath(path), include_optimizer=False)
            back = legacy_h5_format.load_model_from_hdf5(os.fspath(path), compile=False)
            case.equal(back(case.x), f"{kind} loaded by Keras")
            save(model, path)
            case.equal(load(path)(case.x), f"{kind} loaded through the screen")


def check_jit(case: Case) -> None:
    """Compiled by XLA it predicts the same."""
    model = _models(case)[0]
    model.compile(jit_compile=True)
    case.equal(model.predict(case.x, batch_size=len(case.x), verbose=0), "jit_compile=True")


def check_precision(case: Case) -> None:
    """Under each dtype policy floating outputs are finite and of the layer's compute dtype."""
    for policy in case.precisions:
        with _policy(policy):
            layer = case.make()
            for array in _arrays(layer(case.x)):
                if np.issubdtype(array.dtype, np.floating):
                    assert array.dtype.name == layer.compute_dtype, f"{policy}: {array.dtype}"
                assert np.isfinite(array).all(), f"{policy}: not finite"


PARTS = (
    check_repeat,
    check_shape,
    check_symbolic,
    check_models,
    check_batches,
    check_gradient,
    check_config,
    check_h5,
    check_jit,
    check_precision,
)


def _models(case: Case) -> list[keras.Model]:
    """A functional model of the layer and, where it has one output, a Sequential one."""
    inputs = case.input()
    models = [keras.Model(inputs, case.twin()(keras.layers.Identity()(inputs)))]
    if len(case.expected) == 1:
        models.append(keras.Sequential([case.input(), case.twin()]))
    return models


def _arrays(outputs: Any) -> tuple[np.ndarray, ...]:
    return tuple(keras.ops.convert_to_numpy(each) for each in keras.tree.flatten(outputs))


def _shapes(promised: Any) -> list[tuple[int | None, ...]]:
    """One shape, or a tuple or list of them, as a list."""
    if all(size is None or isinstance(size, int) for size in promised):
        return [tuple(promised)]
    return [shape for each in promised for shape in _shapes(each)]


def _loss(outputs: Any) -> tf.Tensor:
    """A sum with fixed uneven coefficients, so that no symmetry hides a gradient."""
    total = tf.constant(0.0, tf.float64)
    for output in keras.tree.flatten(outputs):
        if output.dtype.is_floating:
            weights = np.random.default_rng(0).normal(size=output.shape)
            total += tf.reduce_sum(tf.cast(output, tf.float64) * weights)
    return total


@contextmanager
def _policy(name: str) -> Iterator[None]:
    former = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(former)
