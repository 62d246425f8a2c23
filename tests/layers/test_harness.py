"""The harness lets a sound layer through and stops one broken in each of its parts, by name."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.layers.harness import PARTS, check

X = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


@keras.saving.register_keras_serializable("labkit")
class HarnessSound(keras.layers.Layer):
    """x · w + offset, as it should be."""

    def __init__(self, offset: float = 0.5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offset = offset

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.w = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="w")

    def call(self, inputs: Any) -> Any:
        return inputs * self.w + self.offset

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "offset": self.offset}


@keras.saving.register_keras_serializable("labkit")
class HarnessRepeat(HarnessSound):
    def call(self, inputs: Any) -> Any:
        return super().call(inputs) + tf.random.normal(tf.shape(inputs))


@keras.saving.register_keras_serializable("labkit")
class HarnessShape(HarnessSound):
    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape, 1)


@keras.saving.register_keras_serializable("labkit")
class HarnessSymbolic(HarnessSound):
    def compute_output_spec(self, inputs: Any) -> Any:
        return keras.KerasTensor((None, 3), "int32")


@keras.saving.register_keras_serializable("labkit")
class HarnessModels(HarnessSound):
    def call(self, inputs: Any) -> Any:
        return super().call(inputs) + (0.0 if tf.executing_eagerly() else 1.0)


@keras.saving.register_keras_serializable("labkit")
class HarnessBatches(HarnessSound):
    def call(self, inputs: Any) -> Any:
        return super().call(inputs) - tf.reduce_mean(inputs, axis=0)


@keras.saving.register_keras_serializable("labkit")
class HarnessGradient(HarnessSound):
    def call(self, inputs: Any) -> Any:
        return tf.stop_gradient(super().call(inputs))


@keras.saving.register_keras_serializable("labkit")
class HarnessConfig(HarnessSound):
    def get_config(self) -> dict[str, Any]:
        return keras.layers.Layer.get_config(self)


class HarnessH5(HarnessSound):
    """Not registered, so no file can name it."""


@keras.saving.register_keras_serializable("labkit")
class HarnessJit(HarnessSound):
    def call(self, inputs: Any) -> Any:
        outputs = tf.numpy_function(np.positive, [super().call(inputs)], inputs.dtype)
        outputs.set_shape(inputs.shape)
        return outputs


@keras.saving.register_keras_serializable("labkit")
class HarnessPrecision(HarnessSound):
    def call(self, inputs: Any) -> Any:
        return tf.cast(super().call(inputs), tf.float32)


BROKEN = {
    "repeat": HarnessRepeat,
    "shape": HarnessShape,
    "symbolic": HarnessSymbolic,
    "models": HarnessModels,
    "batches": HarnessBatches,
    "gradient": HarnessGradient,
    "config": HarnessConfig,
    "h5": HarnessH5,
    "jit": HarnessJit,
    "precision": HarnessPrecision,
}


def test_a_sound_layer_passes() -> None:
    check(lambda: HarnessSound(0.25), X, precisions=("float32", "float64", "mixed_float16"))


@pytest.mark.parametrize("part", BROKEN)
def test_a_layer_broken_in_one_part_fails_there(part: str) -> None:
    with pytest.raises(AssertionError, match=f"^{part}: "):
        check(lambda: BROKEN[part](offset=0.25), X, gradient=part != "jit")


def test_every_part_has_a_layer_that_fails_it() -> None:
    assert [part.__name__ for part in PARTS] == [f"check_{name}" for name in BROKEN]


def test_a_layer_with_two_outputs_passes() -> None:
    @keras.saving.register_keras_serializable("labkit")
    class HarnessTwo(HarnessSound):
        def call(self, inputs: Any) -> Any:
            return super().call(inputs), tf.reduce_sum(inputs, axis=-1)

        def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> Any:
            return tuple(input_shape), (input_shape[0],)

    check(HarnessTwo, X)
