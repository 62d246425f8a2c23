"""`fit`, fast: plain `model.fit(...)` with whole epochs as one graph call underneath.

::

    with accelerated() as records:
        model.fit(x, y, epochs=10, validation_split=0.1)

Arguments and results are Keras'. With ``shuffle=False`` history and weights equal Keras' own, to the
last bit without XLA; with it, the order of rows is another one drawn from the same seed. What the
fast loop cannot do goes to Keras unchanged (`labkit.lifecycle.eligibility` says what and why), and so
does everything when ``LABKIT_PLAIN_FIT=1``.
"""

from __future__ import annotations

import inspect
import math
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

import keras
from keras.src.backend.tensorflow import trainer as keras_trainer

from labkit.i18n import texts
from labkit.lifecycle.eligibility import callbacks_of, pays_to_compile, why_not
from labkit.lifecycle.epoch import ResidentEpochs, epoch_function
from labkit.lifecycle.interruption import BestWeights, between_epochs
from labkit.lifecycle.stopping import absent, never_computed

__all__ = ["CallbackRecord", "FitRecord", "accelerated", "fit"]

_ = texts(__file__)

_MakesWatcher = Callable[[list[Any]], keras.callbacks.Callback]

_Trainer = keras_trainer.TensorFlowTrainer
_keras_fit = _Trainer.fit
_keras_iterator = keras_trainer.TFEpochIterator
_signature = inspect.signature(_keras_fit)


@dataclass(frozen=True, slots=True)
class CallbackRecord:
    """A callback that `fit` was given.

    Args:
        name: Its class; "EarlyStopping" for Keras' own and what is derived from it, and for no other.
        monitor: What it waits for, if anything.
        restore_best_weights: Its setting, where it has one.
    """

    name: str
    monitor: str | None
    restore_best_weights: bool | None


@dataclass(frozen=True, slots=True)
class FitRecord:
    """One call of `fit`.

    Args:
        loop: Which loop ran.
        reason: Why it was Keras' own; empty otherwise.
        epochs: As asked for.
        epochs_run: As ended by callbacks or Ctrl-C.
        callbacks: What was given.
        never_computed: What callbacks monitor and nothing computes.
        interrupted: Whether Ctrl-C ended it.
    """

    loop: Literal["fast", "fast+xla", "keras"]
    reason: str
    epochs: int
    epochs_run: int
    callbacks: tuple[CallbackRecord, ...]
    never_computed: tuple[str, ...]
    interrupted: bool


@dataclass(slots=True)
class _Session:
    """An open `accelerated` block."""

    xla: bool | None
    watcher: keras.callbacks.Callback | None
    beside: _MakesWatcher | None
    records: list[FitRecord] = field(default_factory=list)


_session: ContextVar[_Session | None] = ContextVar("labkit_fit_session", default=None)
_fitting: ContextVar[keras.Model | None] = ContextVar("labkit_fitting", default=None)
_lock = threading.Lock()
_open_blocks = 0


@contextmanager
def accelerated(
    *,
    xla: bool | None = None,
    watcher: keras.callbacks.Callback | None = None,
    beside: _MakesWatcher | None = None,
) -> Iterator[list[FitRecord]]:
    """Run every `model.fit` inside the block through the fast loop where it fits.

    Args:
        xla: Whether XLA compiles the epochs; ``None`` lets the kit decide from the model's
            structure and the work asked for.
        watcher: A callback that every `fit` has besides its own, by the epoch.
        beside: Makes another such callback for each `fit`, given the callbacks that it has.

    Yields:
        A list to which each call of `fit` adds a `FitRecord`.
    """
    session = _Session(xla, watcher, beside)
    token = _session.set(session)
    _install(+1)
    try:
        yield session.records
    finally:
        _install(-1)
        _session.reset(token)


def fit(model: keras.Model, *arguments: Any, **named: Any) -> keras.callbacks.History:
    """Train a model as `model.fit` does, faster; arguments and result are those of Keras.

    Example:
        >>> import numpy as np
        >>> model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> history = fit(model, np.ones((8, 1)), np.ones(8), epochs=2, verbose=0)
        >>> len(history.history["loss"])
        2
    """
    with accelerated():
        return model.fit(*arguments, **named)


def _install(change: int) -> None:
    """Put the fast loop under Keras while any block is open, and take it out after the last."""
    global _open_blocks
    with _lock:
        _open_blocks += change
        _Trainer.fit = _fit if _open_blocks else _keras_fit
        keras_trainer.TFEpochIterator = _iterator if _open_blocks else _keras_iterator


def _iterator(*arguments: Any, **named: Any) -> Any:
    """Keras' epoch iterator, resident for those that `fit` makes for itself.

    `evaluate` and `predict`, also when a callback calls them, get Keras' own.
    """
    caller = sys._getframe(1)
    model = _fitting.get()
    own = caller.f_code.co_name == "fit" and caller.f_locals.get("self") is model
    if model is None or not own:
        return _keras_iterator(*arguments, **named)
    epochs = ResidentEpochs(*arguments, **named)
    if model.built and type(model).train_step is _Trainer.train_step:
        # With every variable made beforehand, a graph is traced once instead of twice.
        model._symbolic_build(data_batch=epochs.first_batch())
    return epochs


def _fit(model: keras.Model, *arguments: Any, **named: Any) -> keras.callbacks.History:
    """Stand in for `keras.Model.fit` while a block is open."""
    session = _session.get()
    if session is None:
        return _keras_fit(model, *arguments, **named)
    bound = _signature.bind(model, *arguments, **named)  # a TypeError here is the caller's
    bound.apply_defaults()
    given = dict(bound.arguments)
    given.pop("self")
    reason = why_not(model, given)
    idle = _warn_of_idle(given)
    jit = False
    if not reason:
        jit = _compiles(model, given, session.xla)
        _take_over(model, jit)
    records = _records(given["callbacks"])
    token = _fitting.set(None if reason else model)
    before = _epoch_numbers(model)
    own = callbacks_of(given["callbacks"])
    interrupted = True
    try:
        history, interrupted = _keep_best(model, given, session, whole_epochs=not reason)
    finally:
        _fitting.reset(token)
        run = _epoch_numbers(model)
        ended = len(run) if run is not None and run is not before else 0
        if ended:
            idle = tuple(dict.fromkeys((*idle, *absent(own, model.history.history))))
        session.records.append(
            FitRecord(
                loop="keras" if reason else ("fast+xla" if jit else "fast"),
                reason=reason,
                epochs=int(given["epochs"]),
                epochs_run=ended,
                callbacks=records,
                never_computed=idle,
                interrupted=interrupted,
            )
        )
    return history


def _take_over(model: keras.Model, jit: bool) -> None:
    """Give the model functions that take whole epochs, and Keras' own batches as before.

    They stay, as Keras' own would, so that training goes on without tracing again; `compile` drops
    them.
    """
    for kind, step in (("train", model.train_step), ("test", model.test_step)):
        name = f"{kind}_function"
        getattr(model, f"make_{name}")()
        current = getattr(model, name)
        if getattr(current, "labkit_jit", None) == jit:
            continue
        function = epoch_function(step, getattr(current, "plain", current), jit_compile=jit)
        setattr(model, name, function)


def _compiles(model: keras.Model, given: Mapping[str, Any], wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    rows = len(keras.tree.flatten(given["x"])[0])
    size = given["batch_size"] or 32
    steps = (given["steps_per_epoch"] or math.ceil(rows / size)) * given["epochs"]
    return pays_to_compile(model, steps=steps, rows=size)


def _keep_best(
    model: keras.Model,
    given: dict[str, Any],
    session: _Session,
    *,
    whole_epochs: bool,
) -> tuple[keras.callbacks.History, bool]:
    """Call Keras' `fit`; on Ctrl-C put the best weights so far back and return what there is."""
    callbacks = given["callbacks"]
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return _keras_fit(model, **given), False
    own = callbacks_of(callbacks)
    keeper = BestWeights(own)
    watching = [] if session.watcher is None else [session.watcher]
    if session.beside is not None:
        watching.append(session.beside(own))
    given["callbacks"] = [*own, keeper, *watching]
    try:
        with between_epochs(keeper) if whole_epochs else nullcontext():
            return _keras_fit(model, **given), False
    except KeyboardInterrupt:
        keeper.restore()
        print("\n" + str(_("Training stopped; the best weights so far are kept.")), file=sys.stderr)
        return model.history, True


def _warn_of_idle(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Warn of callbacks that wait for what nothing computes."""
    validates = bool(given["validation_split"]) or given["validation_data"] is not None
    idle = never_computed(callbacks_of(given["callbacks"]), validates=validates)
    for name in idle:
        warnings.warn(
            str(
                _(
                    "A callback monitors {name}, but fit has no validation data: nothing computes "
                    "it. Give fit a validation_split or validation_data.",
                    name=name,
                )
            ),
            stacklevel=4,
        )
    return idle


def _epoch_numbers(model: keras.Model) -> list[int] | None:
    """The numbers of the epochs of a model's last `fit`, for which Keras makes a new list each time."""
    return getattr(getattr(model, "history", None), "epoch", None)


def _records(callbacks: Any) -> tuple[CallbackRecord, ...]:
    return tuple(
        CallbackRecord(
            _kind(callback),
            getattr(callback, "monitor", None),
            getattr(callback, "restore_best_weights", None),
        )
        for callback in callbacks_of(callbacks)
    )


def _kind(callback: Any) -> str:
    """The class of a callback: "EarlyStopping" for Keras' own and what is derived from it alone."""
    if isinstance(callback, keras.callbacks.EarlyStopping):
        return "EarlyStopping"
    kind = type(callback)
    called_so = kind.__name__ == "EarlyStopping"
    return f"{kind.__module__}.{kind.__name__}" if called_so else kind.__name__
