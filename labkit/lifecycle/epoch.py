"""A whole epoch as one graph call, underneath Keras' own `fit`.

Keras' trainer asks an epoch iterator for batches and hands each to its train function. Here the
iterator hands over a whole epoch at once, its rows already in the order of their turn, and the train
function is one graph that walks through them and calls the model's own `train_step` on each batch.
Everything else — validation split, callbacks, logs, stopping — remains Keras' code.

With ``steps_per_epoch`` an epoch is a stretch of rows and the next one goes on behind it, as in
Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.epoch_iterator import EpochIterator

__all__ = ["Batches", "ResidentEpochs", "epoch_function"]


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches that one graph call works through.

    Args:
        data: Nested structure ``(x, y, sample_weight)`` of tensors, rows in the order of their turn.
        rows: How many there are.
        size: Rows a batch; the last one may have fewer.
    """

    data: Any
    rows: int
    size: int


class ResidentEpochs(EpochIterator):
    """Keras' epoch iterator with whole epochs for batches.

    Takes the arguments of Keras' own one; wrong ones raise Keras' own errors.
    """

    def __init__(self, distribute_strategy: Any = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.steps_per_execution = 1
        adapter = self.data_adapter
        self._size = adapter._batch_size
        self._rows = adapter._num_samples
        self._shuffle = bool(adapter._shuffle)
        inputs = array_slicing.convert_to_sliceable(adapter._inputs, target_backend="tensorflow")
        self._data = _map(tf.convert_to_tensor, keras.tree.lists_to_tuples(inputs))
        self._order: tf.Tensor | None = None
        self._seen = 0

    def first_batch(self) -> Any:
        """The first batch in the order of the rows, for building what depends on shapes."""
        return _map(lambda array: array[: self._size], self._data)

    def reset(self) -> None:
        """Start over, as Keras does before the first epoch."""
        super().reset()
        self._order, self._seen = None, 0

    def __iter__(self) -> ResidentEpochs:
        self._epoch_iterator = self._enumerate_iterator()
        return self

    def __next__(self) -> tuple[int, int, Batches]:
        return next(self._epoch_iterator)

    def _enumerate_iterator(self) -> Iterator[tuple[int, int, Batches]]:
        """Yield one epoch: its first and last step, and the batches."""
        self.data_adapter.on_epoch_begin()
        total = self._num_batches
        if self._order is None or self.steps_per_epoch is None or self._seen >= total:
            self._order, self._seen = self._deal(), 0
        order = self._order
        wanted = self.steps_per_epoch or total
        count = min(wanted, total - self._seen)
        first = self._seen * self._size
        rows = min(count * self._size, self._rows - first)
        if self._shuffle or rows < self._rows:
            index = order[first : first + rows]
            data = _map(lambda array: tf.gather(array, index), self._data)
        else:
            data = self._data
        yield 0, count - 1, Batches(data, rows, self._size)
        if count < wanted:
            self._interrupted_warning()
        self._seen += count
        self.data_adapter.on_epoch_end()

    def _deal(self) -> tf.Tensor:
        """A new order of the rows, from Keras' global seed when shuffled."""
        rows = tf.range(self._rows, dtype=tf.int64)
        return tf.random.shuffle(rows) if self._shuffle else rows


def epoch_function(
    step: Callable[[Any], Any], plain: Callable[[Any], Any], *, jit_compile: bool
) -> Callable[[Any], Any]:
    """Make a train or test function that takes whole epochs.

    Args:
        step: The model's `train_step` or `test_step`: a batch -> logs.
        plain: Keras' own function, for iterators of Keras' own.
        jit_compile: Whether XLA compiles the epoch.

    Returns:
        `Batches` -> logs of the last batch.
    """

    @tf.function(jit_compile=jit_compile, autograph=False)  # type: ignore[untyped-decorator]
    def epoch(data: Any, rows: int, size: int, lengths: Any) -> Any:
        before_last = (rows - 1) // size

        def batch(number: Any, length: Any) -> Any:
            def part(array: tf.Tensor) -> tf.Tensor:
                rest = array.shape[1:]
                begin = tf.stack([number * size, *(0 for _ in rest)])
                return tf.slice(array, begin, tf.stack([length, *rest]))

            return _map(part, data)

        if before_last:
            tf.while_loop(
                lambda number: number < before_last,
                lambda number: _then(step(batch(number, lengths[0])), number + 1),
                [tf.constant(0)],
                parallel_iterations=1,
            )
        return step(batch(before_last, lengths[1]))

    def function(work: Any) -> Any:
        if not isinstance(work, Batches):
            return plain(work)
        lengths = work.size, (work.rows - 1) % work.size + 1
        if not jit_compile:
            # Unknown to the graph, as in Keras' own: some of Keras' metrics weigh a batch by its
            # length only where that is a constant.
            lengths = tf.constant(lengths[0]), tf.constant(lengths[1])
        return epoch(work.data, work.rows, work.size, lengths)

    function.plain = plain  # type: ignore[attr-defined]
    function.labkit_jit = jit_compile  # type: ignore[attr-defined]
    return function


def _then(_logs: Any, number: tf.Tensor) -> list[tf.Tensor]:
    """Go on to batch ``number``; the variables a step assigns hold what it did."""
    return [number]


def _map(change: Callable[[Any], Any], structure: Any) -> Any:
    """Apply ``change`` to every array of a nested structure; ``None`` stays ``None``."""
    return keras.tree.map_structure(
        lambda array: None if array is None else change(array), structure, none_is_leaf=True
    )
