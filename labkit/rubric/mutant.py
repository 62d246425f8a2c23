"""The reference solution with one typical mistake in it, to prove that a rubric sees it."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.errors import ContentError
from labkit.i18n import texts

__all__ = ["Mutant", "apply"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong answer, as edits of the solution.

    Args:
        name: Stable identifier, unique in the lab.
        edits: Pairs of a text that stands exactly once in the solution and what replaces it.
        loses: Checks that must not be passed in full, and no others; those skipped because of
            them are left out.
        why: The mistake, and why students make it, where the name does not say it.
    """

    name: str
    edits: tuple[tuple[str, str], ...]
    loses: frozenset[str]
    why: str = ""

    def __post_init__(self) -> None:
        """Take any set of names, and refuse a mutant that changes or loses nothing."""
        object.__setattr__(self, "loses", frozenset(self.loses))
        if not self.edits or not self.loses:
            raise ContentError(
                _("The mutant {name} edits nothing or loses nothing.", name=self.name),
                fix=_("Give it an edit, and a check that it must lose."),
            )


def apply(mutant: Mutant, source: str) -> str:
    """Return the solution with the mutant's edits, made one after the other.

    Args:
        mutant: The mutant.
        source: The solution.

    Raises:
        ContentError: A text to be replaced stands in the solution not at all or more than once.

    Example:
        >>> slow = Mutant("slow", (("0.01", "1e-9"),), frozenset({"mae"}), "A tiny step.")
        >>> apply(slow, "Adam(0.01)")
        'Adam(1e-9)'
    """
    for old, new in mutant.edits:
        found = source.count(old) if old else 0
        if found != 1:
            raise ContentError(
                _(
                    "The mutant {name} replaces {text!r}, found {found} times.",
                    name=mutant.name,
                    text=old,
                    found=found,
                ),
                _("It has to stand in the solution exactly once."),
                _("Make the text longer, or bring it up to date with the solution."),
            )
        source = source.replace(old, new)
    return source
