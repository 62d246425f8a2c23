"""What the screen may let in, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labkit.errors import ModelFileDamaged, ModelFileUnsafe
from labkit.i18n import texts

__all__ = ["Limits", "damaged", "plain", "too_much", "unsafe"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model file may ask for.

    Args:
        file_bytes: Size of the file, and of everything in it unpacked.
        members: Groups, weights, attributes and their elements in it.
        config_bytes: Size of the model's description.
        training_bytes: Size of the description of loss, metrics and optimizer.
        depth: Nesting of the description.
        layers: Layers at all levels together.
        row: Layers of all Sequential models together, as the root of the sum of their squares: Keras
            rebuilds such a model for each layer that it adds.
        calls: Calls of layers at all levels together.
        joins: Tensors that these calls take.
        parameters: Weights, and numbers that the metrics keep.
        activations: Numbers that one layer gives for one input.
    """

    file_bytes: int = 2**30
    members: int = 20_000
    config_bytes: int = 8 * 2**20
    training_bytes: int = 2**16
    depth: int = 60
    layers: int = 1_000
    row: int = 100
    calls: int = 4_000
    joins: int = 5_000
    parameters: int = 50_000_000
    activations: int = 50_000_000


def plain(value: object, most: int = 300) -> str:
    """A stranger's text in one line of at most ``most`` characters that can be shown and stored."""
    line = " ".join(str(value)[: 4 * most].split())[:most]
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)


def damaged(path: Path, error: Exception) -> ModelFileDamaged:
    """The error for a file that cannot be read."""
    return ModelFileDamaged(
        _("{name} cannot be read: {error}", name=path.name, error=plain(error, 200)),
        _("A model saved as .h5 was expected."),
        _("Save it again with model.save('model.h5')."),
    )


def unsafe(reason: object) -> ModelFileUnsafe:
    """The error for a file that holds what must not be loaded."""
    return ModelFileUnsafe(
        _("The model file is refused: {reason}.", reason=reason),
        _("A file as model.save('model.h5') writes it was expected."),
    )


def too_much(what: object, found: int, most: int) -> ModelFileUnsafe:
    """The error for a file that asks for more than the limits allow."""
    return ModelFileUnsafe(
        # a number of thousands of digits helps nobody, and Python refuses to write it
        _("The model file asks for {found:,} {what}.", found=min(found, 10**18), what=what),
        _("At most {most:,} are allowed.", most=most),
        _("Make the model smaller."),
    )
