"""What data sets there are, read from ``datasets/manifest.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from labkit.errors import DataDamaged, DataMissing, UsageError
from labkit.i18n import current_language, texts
from labkit.root import root

__all__ = [
    "ArrayInfo",
    "DatasetInfo",
    "ModelInfo",
    "arrays_of",
    "datasets_folder",
    "describe",
    "model",
    "names",
    "table_of",
]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class ArrayInfo:
    """One array: its compressed file in ``datasets/``, and what its bytes must be.

    Args:
        file: Path below ``datasets/``.
        shape: Of the array.
        dtype: NumPy's name of the type.
        sha256: Digest of the array's bytes in C order.
    """

    file: str
    shape: tuple[int, ...]
    dtype: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model of the kit's own, trained on a data set.

    Args:
        file: Path below ``datasets/``.
        sha256: Digest of the file.
        about: What it is given and what it answers.
        accuracy: On the test rows.
    """

    file: str
    sha256: str
    about: str
    accuracy: float


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """One data set.

    Args:
        name: As in ``labkit.data.load(name)``.
        title: For people.
        source: Where it comes from.
        licence: Under which it may be passed on.
        arrays: Array name -> what it is; empty for a table.
        file: Path of the table below ``datasets/``; empty for arrays.
        sha256: Digest of the table's file.
        features: Columns of the table that are inputs.
        target: Column of the table that is predicted.
        classes: Language -> names of the classes.
        models: Name -> a model of the kit's own.
    """

    name: str
    title: str
    source: str
    licence: str
    arrays: Mapping[str, ArrayInfo] = field(default_factory=dict)
    file: str = ""
    sha256: str = ""
    features: tuple[str, ...] = ()
    target: str = ""
    classes: Mapping[str, list[str]] = field(default_factory=dict)
    models: Mapping[str, ModelInfo] = field(default_factory=dict)

    @property
    def class_names(self) -> list[str]:
        """Names of the classes in the reader's language."""
        return self.classes.get(current_language(), self.classes.get("en", []))


def datasets_folder() -> Path:
    """Where the compressed data lie."""
    return root() / "datasets"


def names() -> tuple[str, ...]:
    """Names of all data sets.

    Example:
        >>> names()
        ('gasoline', 'applicants', 'mnist', 'fashion_mnist', 'verbs')
    """
    return tuple(_manifest())


def describe(name: str) -> DatasetInfo:
    """What is known of one data set.

    Raises:
        UsageError: There is none of that name.
        DataError: The manifest is missing or damaged.
    """
    entries = _manifest()
    if name not in entries:
        raise UsageError(
            _("There is no data set called {name}.", name=name),
            _("There are: {names}.", names=", ".join(entries)),
        )
    return entries[name]


def arrays_of(name: str) -> Mapping[str, ArrayInfo]:
    """The arrays of a data set of images.

    Raises:
        UsageError: There is no data set of images of that name.
        DataError: The manifest is missing or damaged.
    """
    info = describe(name)
    if not info.arrays:
        raise UsageError(
            _("{name} is a table, not a set of arrays.", name=name),
            fix=_("Open it with labkit.data.load_table."),
        )
    return info.arrays


def table_of(name: str) -> Path:
    """The file of a data set that is a table, checked against its digest.

    Raises:
        UsageError: There is no table of that name.
        DataError: The file or the manifest is missing or damaged.
    """
    info = describe(name)
    if not info.file:
        raise UsageError(
            _("{name} is a set of arrays, not a table.", name=name),
            fix=_("Open it with labkit.data.load."),
        )
    return _checked(info.file, info.sha256, text=True)


def model(dataset: str, name: str) -> Path:
    """The ``.h5`` file of a model of the kit's own, checked against its digest.

    Raises:
        UsageError: There is none of that name.
        DataError: The file or the manifest is missing or damaged.
    """
    models = describe(dataset).models
    if name not in models:
        raise UsageError(_("{dataset} has no model called {name}.", dataset=dataset, name=name))
    return _checked(models[name].file, models[name].sha256)


def _checked(name: str, sha256: str, *, text: bool = False) -> Path:
    """A file of ``datasets/`` that is what the manifest says.

    Git may have given a text the line ends of the system.
    """
    file = datasets_folder() / name
    try:
        content = file.read_bytes()
    except OSError:
        raise DataMissing(
            _("datasets/{file} is missing.", file=name),
            fix=_("Take it from a fresh copy of the kit; `labkit data verify` checks all files."),
        ) from None
    if hashlib.sha256(content.replace(b"\r\n", b"\n") if text else content).hexdigest() != sha256:
        raise DataDamaged(
            _("datasets/{file} was changed.", file=name),
            _("Its content should have the digest that the manifest states."),
            _("Take it from a fresh copy of the kit; a table of your own goes to --data."),
        )
    return file


def _manifest() -> Mapping[str, DatasetInfo]:
    return _read(datasets_folder() / "manifest.json")


@lru_cache
def _read(path: Path) -> Mapping[str, DatasetInfo]:
    fix = _("Take the folder datasets/ from a fresh copy of the kit.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return {name: _info(name, **entry) for name, entry in manifest.items()}
    except FileNotFoundError:
        raise DataMissing(_("{path} is missing.", path=path), fix=fix) from None
    except OSError as error:
        raise DataMissing(
            _("{path} cannot be read: {error}", path=path, error=error.strerror or error), fix=fix
        ) from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise DataDamaged(_("{path} is damaged: {error}", path=path, error=error), fix=fix) from error


def _info(name: str, **entry: Any) -> DatasetInfo:
    arrays = {
        array: ArrayInfo(**{**info, "shape": tuple(info["shape"])})
        for array, info in entry.pop("arrays", {}).items()
    }
    features = tuple(entry.pop("features", ()))
    models = {model: ModelInfo(**info) for model, info in entry.pop("models", {}).items()}
    return DatasetInfo(name=name, arrays=arrays, features=features, models=models, **entry)
