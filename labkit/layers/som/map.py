"""A self-organizing map: a sheet of units that learns to cover its samples and keeps neighbours near.

    c(x) = argmin_k |x - w_k|                            the best matching unit
    w_k ← w_k + η(t) h(r_c - r_k; σ(t)) (x - w_k)        the online rule, for one sample after another
    w_k ← Σ_j h_jk S_j / Σ_j h_jk n_j                    the batch rule, for all samples of an epoch

with positions r and neighbourhood h (`labkit.layers.som.grid`), learning rate η and radius σ that fall
(`labkit.layers.som.decay`), and S_j, n_j the sum and number of the samples whose best match is unit j.
Weights and distances are in the units of the data; positions and radii in steps between neighbours.

Source: T. Kohonen, "Self-organized formation of topologically correct feature maps", Biological
Cybernetics 43 (1982); "Essentials of the self-organizing map", Neural Networks 37 (2013).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from numbers import Integral
from typing import Any, Literal, get_args

import keras
import numpy as np
import tensorflow as tf

from labkit.layers.som.batch import batch_rule
from labkit.layers.som.data import Samples, described
from labkit.layers.som.decay import Decay
from labkit.layers.som.grid import Grid, Neighbourhood, Topology
from labkit.layers.som.online import online_rule
from labkit.layers.som.readings import MapReadings
from labkit.layers.som.search import root, squared_distances
from labkit.layers.som.start import Start, started

__all__ = ["SelfOrganizingMap"]

Output = Literal["coordinates", "distances", "index"]
Rule = Literal["batch", "online"]


@keras.saving.register_keras_serializable("labkit")
class SelfOrganizingMap(MapReadings, keras.layers.Layer):
    """A self-organizing map (Kohonen 1982), learned without gradients by `adapt`.

    A missing value (NaN) is left out of distances and updates. A sample without any value has
    no best matching unit: its index and coordinates are -1, its distances NaN.

    Args:
        rows: Units down.
        columns: Units across.
        topology: ``"rectangular"`` (eight neighbours) or ``"hexagonal"`` (six).
        torus: Whether the sheet is closed to a ring both ways; a hexagonal one then needs an even
            number of columns.
        neighbourhood: ``"gaussian"``, ``"bubble"`` or ``"mexican_hat"``, which pushes distant units
            away: by either rule weights may grow without a bound, so that it asks for few epochs and,
            online, for a small learning rate.
        radius: Of the neighbourhood, in steps: a `Decay`, or a number that falls exponentially to 0.5.
            Default: half the longer side.
        learning_rate: Of the online rule: a `Decay`, or a number that falls exponentially to 0.01.
        start: ``"random"``, ``"sample"`` or ``"pca"``.
        output: ``"coordinates"``, ``"distances"`` or ``"index"``.
        seed: Of the start and of the order of samples.

    Call arguments:
        inputs: Samples, of any number type.

    Input shape:
        ``(batch, features)``.

    Output shape:
        Row and column of the best matching unit, int32, ``(batch, 2)``; or the distance to every unit,
        ``(batch, rows, columns)``; or the number of the best matching unit, int32, ``(batch,)``.

    Example:
        >>> colours = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]])
        >>> som = SelfOrganizingMap(4, 4, start="pca", output="index")
        >>> som.adapt(colours, epochs=20)
        >>> len(set(som(colours).numpy().tolist()))
        4
    """

    def __init__(
        self,
        rows: int,
        columns: int,
        *,
        topology: Topology = "rectangular",
        torus: bool = False,
        neighbourhood: Neighbourhood = "gaussian",
        radius: float | Decay | Mapping[str, Any] | None = None,
        learning_rate: float | Decay | Mapping[str, Any] = 0.5,
        start: Start = "sample",
        output: Output = "coordinates",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(autocast=False, **kwargs)
        _check_choice("topology", topology, Topology)
        _check_choice("neighbourhood", neighbourhood, Neighbourhood)
        _check_choice("start", start, Start)
        _check_choice("output", output, Output)
        self.grid = _grid(rows, columns, topology, torus)
        self.neighbourhood: Neighbourhood = neighbourhood
        self.radius = Decay.of(max(rows, columns) / 2 if radius is None else radius, 0.5)
        if self.radius.start <= 0 or self.radius.end <= 0:
            raise ValueError(f"`radius` must stay above 0. Received: radius={radius}")
        self.learning_rate = Decay.of(learning_rate, 0.01)
        self.start: Start = start
        self.output_kind: Output = output
        self.seed = random.randrange(2**31) if seed is None else _whole("seed", seed, 0)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights, random between 0 and 1 until `adapt` gives them their start."""
        features = input_shape[-1]
        if len(input_shape) != 2 or features is None:
            raise ValueError(
                "A self-organizing map needs inputs of the shape (batch, features). "
                f"Received: input_shape={input_shape}"
            )
        self.codebook = self.add_weight(
            name="codebook",
            shape=(self.grid.rows, self.grid.columns, features),
            initializer=keras.initializers.RandomUniform(0.0, 1.0, seed=self.seed),
            trainable=False,
            autocast=False,
        )
        self.input_spec = keras.layers.InputSpec(ndim=2, axes={-1: features})
        self.built = True

    def adapt(
        self,
        data: Any,
        epochs: int = 10,
        rule: Rule = "batch",
        *,
        shuffle: bool = True,
        resume: bool = False,
    ) -> None:
        """Learn the map from samples.

        Args:
            data: Samples in rows, ``(samples, features)``, or a `tf.data.Dataset` of batches of them;
                NaN where a value is missing.
            epochs: How often every sample is seen. Radius and learning rate fall once over all epochs.
            rule: ``"batch"`` or ``"online"``.
            shuffle: Whether the online rule draws a new order every epoch; otherwise it sees the
                samples in theirs.
            resume: Whether to go on from the present weights, not from the start.

        Raises:
            ValueError: The data are no samples in rows, there are none, one is infinite, or one
                has no value; or weights grew beyond all bounds; they are then as they were.
        """
        _check_choice("rule", rule, Rule)
        epochs = _whole("epochs", epochs, 1)
        x = self._checked(data)
        if not self.built:
            self.build((None, x.shape[1]))
        samples = described(x)
        generator = np.random.default_rng(self.seed)
        weights = self._units().numpy()
        if not resume:
            weights = started(self.start, samples, self.grid, generator).astype(x.dtype)
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is refused below
            if rule == "batch":
                radii = self.radius.at(np.arange(epochs) / epochs)
                weights = batch_rule(samples, weights, self.grid, self.neighbourhood, radii)
            else:
                weights = self._online(samples, weights, epochs, generator if shuffle else None)
        if not np.isfinite(weights).all():
            raise ValueError(
                "The weights grew beyond all bounds: take another neighbourhood than a Mexican hat, or "
                "fewer epochs, a smaller learning rate of the online rule, or data of a smaller scale. "
                f"Received: neighbourhood={self.neighbourhood!r}, rule={rule!r}, epochs={epochs}"
            )
        self.codebook.assign(weights.reshape(self.codebook.shape))

    def _online(
        self, samples: Samples, weights: np.ndarray, epochs: int, generator: np.random.Generator | None
    ) -> np.ndarray:
        count = len(samples.x)
        orders = [
            np.arange(count) if generator is None else generator.permutation(count)
            for _epoch in range(epochs)
        ]
        share = (np.arange(epochs * count) / (epochs * count)).reshape(epochs, count)
        rates, radii = self.learning_rate.at(share), self.radius.at(share)
        return online_rule(samples, weights, self.grid, self.neighbourhood, orders, rates, radii)

    def call(self, inputs: Any) -> Any:
        """Best matching units, or distances."""
        squared = squared_distances(inputs, self._units())
        if self.output_kind == "distances":
            distances = tf.cast(root(squared), self.compute_dtype)
            return tf.reshape(distances, (-1, self.grid.rows, self.grid.columns))
        best = tf.argmin(squared, 1, output_type=tf.int32)
        best = tf.where(tf.math.is_nan(squared[:, 0]), -1, best)
        if self.output_kind == "index":
            return best
        row = tf.where(best < 0, -1, best // self.grid.columns)
        return tf.stack([row, tf.where(best < 0, -1, best % self.grid.columns)], 1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Of what `call` gives."""
        last = {"coordinates": (2,), "distances": (self.grid.rows, self.grid.columns), "index": ()}
        return (input_shape[0], *last[self.output_kind])

    def compute_output_spec(self, inputs: Any) -> keras.KerasTensor:
        """Of what `call` gives."""
        dtype = self.compute_dtype if self.output_kind == "distances" else "int32"
        return keras.KerasTensor(self.compute_output_shape(inputs.shape), dtype)

    def get_config(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            **super().get_config(),
            "rows": self.grid.rows,
            "columns": self.grid.columns,
            "topology": self.grid.topology,
            "torus": self.grid.torus,
            "neighbourhood": self.neighbourhood,
            "radius": self.radius.config(),
            "learning_rate": self.learning_rate.config(),
            "start": self.start,
            "output": self.output_kind,
            "seed": self.seed,
        }


def _grid(rows: Any, columns: Any, topology: Topology, torus: bool) -> Grid:
    rows, columns = _whole("rows", rows, 1), _whole("columns", columns, 1)
    if torus and topology == "hexagonal" and columns % 2:
        raise ValueError(
            f"A hexagonal torus closes only with an even number of columns. Received: columns={columns}"
        )
    return Grid(rows, columns, topology, bool(torus))


def _whole(name: str, value: Any, lowest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < lowest:
        raise ValueError(f"`{name}` must be a whole number from {lowest}. Received: {name}={value!r}")
    return int(value)


def _check_choice(name: str, value: Any, choices: Any) -> None:
    if value not in get_args(choices):
        raise ValueError(f"`{name}` must be one of {get_args(choices)}. Received: {name}={value!r}")
