"""Save and load a whole model as HDF5 (``.h5``): architecture, weights, optimizer and its state."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import keras
from keras.src.legacy.saving import json_utils, legacy_h5_format, saving_utils
from keras.src.models.functional import Functional

from labkit.errors import ModelFileDamaged, ModelFileError, StorageError
from labkit.i18n import texts
from labkit.lifecycle.refusals import Limits, plain
from labkit.lifecycle.screen import inspect

__all__ = ["load", "save"]

_ = texts(__file__)


def save(model: keras.Model, path: str | Path) -> None:
    """Save a model so that it can be loaded and trained on exactly where it was.

    The file appears whole or not at all, and an older one of that name stays until then.

    Args:
        model: Sequential or functional.
        path: Ends in ``.h5``.

    Raises:
        ModelFileError: Keras cannot describe the model, as with a subclass of `keras.Model`.
        StorageError: The folder cannot be written or the disk is full.
    """
    path = Path(path)
    if not isinstance(model, (keras.Sequential, Functional)):
        raise _not_describable(type(model).__name__)
    try:
        handle, partial = tempfile.mkstemp(suffix=".h5", prefix=f".{path.stem}-", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        legacy_h5_format.save_model_to_hdf5(model, partial, include_optimizer=True)
        with Path(partial).open("rb") as stream:
            os.fsync(stream.fileno())
        Path(partial).replace(path)
    except (NotImplementedError, TypeError, ValueError) as error:
        raise _not_describable(str(error)[:300]) from error
    except (OSError, RuntimeError) as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            Path(partial).unlink()


def load(path: str | Path, *, limits: Limits | None = None, compile: bool = True) -> keras.Model:
    """Load a model that passes the screen.

    Args:
        path: Of the ``.h5`` file.
        limits: What the file may ask for; see `labkit.lifecycle.screen.Limits`.
        compile: Whether to compile it as it was, optimizer state included.

    Raises:
        ModelFileDamaged: It is no model, or only part of one.
        ModelFileUnsafe: The screen refuses it.
    """
    inspect(path, limits, compile=compile)
    try:
        with h5py.File(path, "r") as file:
            model: keras.Model = legacy_h5_format.load_model_from_hdf5(
                file, compile=False, safe_mode=True
            )
            if compile:
                _compile(model, file)
    except Exception as error:  # whatever a made-up file brings Keras to raise
        raise ModelFileDamaged(
            _("Keras cannot load {name}: {error}", name=Path(path).name, error=plain(error)),
            _("A model saved by Keras was expected."),
            _("Save it again with model.save('model.h5')."),
        ) from error
    return model


def _compile(model: keras.Model, file: h5py.File) -> None:
    """Compile as the file says, with the optimizer's state.

    Keras' own loader builds the optimizer for the variables of the top level only, and so loses the
    state of all others.
    """
    raw = file.attrs.get("training_config")
    if raw is None:
        return
    training = json_utils.decode(raw.decode("utf-8") if isinstance(raw, bytes) else raw)
    model.compile(
        optimizer=keras.optimizers.deserialize(training["optimizer_config"]),
        loss=_restored(training.get("loss"), keras.losses.deserialize),
        metrics=_restored(training.get("metrics"), keras.metrics.deserialize),
        weighted_metrics=_restored(training.get("weighted_metrics"), keras.metrics.deserialize),
        loss_weights=training.get("loss_weights"),
    )
    saving_utils.try_build_compiled_arguments(model)
    if "optimizer_weights" in file:
        model.optimizer.build(model.trainable_variables)
        state = legacy_h5_format.load_optimizer_weights_from_hdf5_group(file)
        model.optimizer.set_weights(state)


def _restored(value: Any, deserialize: Callable[[Any], Any]) -> Any:
    """Losses or metrics as they were given to `compile`; names remain names.

    Keras' own loader looks names up as classes and fails on ``"mse"``.
    """
    if isinstance(value, dict):
        if "class_name" in value:
            return deserialize(value)
        return {name: _restored(part, deserialize) for name, part in value.items()}
    if isinstance(value, list):
        return [_restored(part, deserialize) for part in value]
    return value


def _not_describable(found: str) -> ModelFileError:
    return ModelFileError(
        _("The model cannot be saved as .h5: {found}.", found=found),
        _("A Sequential or functional model of Keras' layers was expected."),
        _("Build it with keras.Sequential([...]) or keras.Model(inputs, outputs)."),
    )


def _cannot_write(path: Path, error: Exception) -> StorageError:
    return StorageError(
        _("{path} cannot be written: {error}", path=path, error=str(error)[:200]),
        fix=_("Make room, or choose another folder."),
    )
