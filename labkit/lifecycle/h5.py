"""Save and load a whole model as HDF5 (``.h5``): architecture, weights, optimizer and its state."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import keras
from keras.src.legacy.saving import legacy_h5_format

from labkit.errors import ModelFileDamaged, ModelFileError, StorageError
from labkit.i18n import texts
from labkit.lifecycle.screen import Limits, inspect

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
        raise ModelFileError(
            _("The model cannot be saved as .h5: {error}", error=str(error)[:300]),
            _("A Sequential or functional model of Keras' layers was expected."),
        ) from error
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
    inspect(path, limits)
    try:
        model: keras.Model = legacy_h5_format.load_model_from_hdf5(
            str(path), compile=compile, safe_mode=True
        )
    except Exception as error:  # whatever a made-up file brings Keras to raise
        raise ModelFileDamaged(
            _("Keras cannot load {name}: {error}", name=Path(path).name, error=str(error)[:300]),
            _("A model saved by Keras was expected."),
            _("Save it again with model.save('model.h5')."),
        ) from error
    return model


def _cannot_write(path: Path, error: Exception) -> StorageError:
    return StorageError(
        _("{path} cannot be written: {error}", path=path, error=str(error)[:200]),
        fix=_("Make room, or choose another folder."),
    )
