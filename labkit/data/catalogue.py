"""What data sets there are, read from ``datasets/manifest.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from labkit.errors import DataDamaged, DataMissing, UsageError
from labkit.i18n import current_language, texts
from labkit.root import root

__all__ = ["ArrayInfo", "DatasetInfo", "datasets_folder", "describe", "names"]

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

    @property
    def class_names(self) -> list[str]:
        """Names of the classes in the reader's language."""
        return self.classes.get(current_language(), self.classes.get("en", []))


def datasets_folder() -> Path:
    """Where the compressed data lie."""
    return root() / "datasets"


def names() -> tuple[str, ...]:
    """Names of all data sets."""
    return tuple(_manifest())


def describe(name: str) -> DatasetInfo:
    """What is known of one data set.

    Raises:
        UsageError: There is none of that name.
    """
    entries = _manifest()
    if name not in entries:
        raise UsageError(
            _("There is no data set called {name}.", name=name),
            _("There are: {names}.", names=", ".join(entries)),
        )
    entry = dict(entries[name])
    arrays = {
        array: ArrayInfo(**{**info, "shape": tuple(info["shape"])})
        for array, info in entry.pop("arrays", {}).items()
    }
    features = tuple(entry.pop("features", ()))
    return DatasetInfo(name=name, arrays=arrays, features=features, **entry)


def _manifest() -> Mapping[str, Any]:
    return _read(datasets_folder() / "manifest.json")


@lru_cache
def _read(path: Path) -> Mapping[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataMissing(
            _("{path} is missing.", path=path),
            fix=_("Take the folder datasets/ from a fresh copy of the kit."),
        ) from None
    except ValueError as error:
        raise DataDamaged(
            _("{path} cannot be read: {error}", path=path, error=error),
            fix=_("Take the folder datasets/ from a fresh copy of the kit."),
        ) from error
    return manifest
