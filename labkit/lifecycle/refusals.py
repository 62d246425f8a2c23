"""What the screen may let in, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labkit.errors import ModelFileDamaged, ModelFileUnsafe
from labkit.i18n import texts

__all__ = ["Limits", "damaged", "too_much", "unsafe"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model file may ask for.

    Args:
        file_bytes: Size of the file, and of everything in it unpacked.
        config_bytes: Size of the model's description.
        depth: Nesting of the description.
        layers: Layers at all levels together.
        parameters: Weights.
        activations: Numbers that one layer gives for one input.
    """

    file_bytes: int = 2**30
    config_bytes: int = 8 * 2**20
    depth: int = 60
    layers: int = 1_000
    parameters: int = 50_000_000
    activations: int = 50_000_000


def damaged(path: Path, error: Exception) -> ModelFileDamaged:
    """The error for a file that cannot be read."""
    return ModelFileDamaged(
        _("{name} cannot be read: {error}", name=path.name, error=str(error)[:200]),
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
        _("The model file asks for {found:,} {what}.", found=found, what=what),
        _("At most {most:,} are allowed.", most=most),
        _("Make the model smaller."),
    )
