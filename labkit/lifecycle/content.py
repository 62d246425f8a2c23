"""The first look at an ``.h5`` file, by h5py alone: links, storage, sizes, weights that are numbers.

Nothing is read before its size is known. What a damaged file brings h5py to raise is for the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import prod
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from labkit.errors import ModelFileDamaged
from labkit.i18n import texts
from labkit.lifecycle.refusals import Limits, plain, too_much, unsafe

__all__ = ["check_content", "described", "stored_weights"]

_ = texts(__file__)

_TOP_LEVEL = "top_level_model_weights"


def check_content(file: h5py.File, limits: Limits) -> None:
    """Check every link, attribute and data set of a file.

    Raises:
        ModelFileDamaged: Weights that are NaN or infinite.
        ModelFileUnsafe: Another file or place, an odd type, compression, or too much of anything.
    """
    members = unpacked = 0
    text = _longest_text(Path(file.filename))
    for name, member in _members(file, limits):
        members += 1 + _check_attributes(name, member, text, limits)
        if members > limits.members:
            raise too_much(_("groups, weights and attributes"), members, limits.members)
        if isinstance(member, h5py.Dataset):
            unpacked += _bytes_of(name, member)
            if unpacked > limits.file_bytes:
                raise too_much(_("bytes unpacked"), unpacked, limits.file_bytes)
            _check_numbers(name, member)


def _members(file: h5py.File, limits: Limits) -> Iterator[tuple[str, h5py.Group | h5py.Dataset]]:
    """Walk through hard links only, to every member once, and no deeper than the limit."""
    places: set[int] = set()
    waiting: list[tuple[str, h5py.Group | h5py.Dataset]] = [("", file)]
    while waiting:
        path, member = waiting.pop()
        place = h5py.h5o.get_info(member.id).addr
        if place in places:  # two ways to each group, and a few groups are a maze without end
            raise unsafe(_("{name} is in it twice", name=plain(path)))
        places.add(place)
        yield path, member
        if not isinstance(member, h5py.Group):
            continue
        if path.count("/") >= limits.depth:
            raise unsafe(_("its groups are nested too deep"))
        if len(member) + len(places) + len(waiting) > limits.members:
            raise too_much(_("groups, weights and attributes"), len(member), limits.members)
        waiting.extend(_linked(path, member))


def _linked(path: str, group: h5py.Group) -> Iterator[tuple[str, h5py.Group | h5py.Dataset]]:
    for name in group:
        place = f"{path}/{name}"
        # such a name could only lead through other links, which have not been looked at
        sound = isinstance(name, str) and "/" not in name and name != "."
        if not sound or not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise unsafe(_("{name} is a link out of the file or to another place", name=plain(place)))
        member = group[name]
        if not isinstance(member, (h5py.Group, h5py.Dataset)):
            raise unsafe(_("{name} is neither weights nor a group", name=plain(place)))
        yield place, member


def _check_attributes(path: str, member: h5py.Group | h5py.Dataset, text: int, limits: Limits) -> int:
    """Refuse attributes that may be larger than they look; return how many elements they have."""
    elements = 0
    for name in member.attrs:
        attribute = member.attrs.get_id(name)
        kind, number = attribute.dtype, prod(attribute.shape or ())
        is_text = h5py.check_string_dtype(kind) is not None
        if kind.kind not in "Sfiub" and not is_text:
            place = plain(f"{path}@{name}")
            raise unsafe(_("{name} has the odd type {kind}", name=place, kind=plain(kind, 80)))
        # a text is stored once and may be meant by every element
        size = number * (text if kind.hasobject else kind.itemsize)
        if size > limits.file_bytes:
            raise too_much(_("bytes unpacked"), size, limits.file_bytes)
        elements += max(1, number)
    return elements


def _longest_text(path: Path) -> int:
    """Bytes of the largest of a file's heaps, in which HDF5 keeps texts of no fixed length."""
    largest = place = 0
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        while (place := content.find(b"GCOL\x01", place) + 1) > 0:
            size = int.from_bytes(content[place + 7 : place + 15], "little")
            largest = max(largest, min(size, len(content)))
    return largest


def _bytes_of(name: str, dataset: h5py.Dataset) -> int:
    """How much memory a data set takes when it is read; at least a chunk, whatever its shape."""
    if dataset.external or dataset.is_virtual:
        raise unsafe(_("{name} keeps its numbers in another file", name=plain(name)))
    if dataset.dtype.kind not in "fiub":
        kind = plain(dataset.dtype, 80)
        raise unsafe(_("{name} has the odd type {kind}", name=plain(name), kind=kind))
    return max(dataset.size, prod(dataset.chunks or ())) * dataset.dtype.itemsize


def _check_numbers(name: str, dataset: h5py.Dataset) -> None:
    # what a chunk unpacks to is known only when it is unpacked, and Keras packs nothing
    if dataset.id.get_create_plist().get_nfilters():
        raise unsafe(_("{name} is compressed, which Keras never does", name=plain(name)))
    if dataset.dtype.kind == "f" and not np.isfinite(dataset[()]).all():
        raise ModelFileDamaged(
            _("{name} holds NaN or infinite weights.", name=plain(name)),
            _("Every weight must be a finite number."),
            _("The training has diverged: try a smaller learning rate."),
        )


def described(file: h5py.File, name: str, most: int, *, required: bool = True) -> dict[str, Any]:
    """Read one of the file's JSON attributes.

    Args:
        file: Whose content has been checked.
        name: Of the attribute.
        most: Characters that it may have.
        required: Whether a file without it is refused; otherwise that gives an empty one.
    """
    raw = file.attrs.get(name)
    if raw is None:
        if not required:
            return {}
        raise ModelFileDamaged(
            _("There is no Keras model in the file, at most weights."),
            _("A whole model was expected."),
            _("Save it with model.save('model.h5'), not save_weights."),
        )
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    if len(text) > most:
        raise too_much(_("bytes of its description"), len(text), most)
    try:
        description = json.loads(text)
    except RecursionError:
        raise unsafe(_("its description is nested too deep")) from None
    if not isinstance(description, dict):
        raise ValueError(f"{name} is no description")
    return description


def stored_weights(file: h5py.File, limits: Limits) -> list[tuple[int, ...]]:
    """Shapes of the weights in a file: of those that Keras will read, as often as it will."""
    weights = file.get("model_weights")
    if not isinstance(weights, h5py.Group):
        return []
    shapes: list[tuple[int, ...]] = []
    for layer in [*_names(weights, "layer_names"), *({_TOP_LEVEL} & set(weights))]:
        group = weights[layer]
        for name in _names(group, "weight_names"):
            if not isinstance(group[name], h5py.Dataset):
                raise ValueError(f"{name} is no weight")
            shapes.append(tuple(group[name].shape))
            if len(shapes) > limits.members:  # named again and again
                raise too_much(_("groups, weights and attributes"), len(shapes), limits.members)
    return shapes


def _names(group: h5py.Group, name: str) -> Iterator[str]:
    """The names in an attribute, or in its parts where it was too long for one."""
    parts = [name] if name in group.attrs else [f"{name}{part}" for part in range(len(group.attrs))]
    for part in parts:
        if part not in group.attrs:
            return
        if len(group.attrs.get_id(part).shape) != 1:
            raise ValueError(f"{part} is no list")
        for each in group.attrs[part]:
            yield each.decode("utf-8") if isinstance(each, bytes) else str(each)
