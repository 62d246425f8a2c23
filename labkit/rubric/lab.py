"""The records a lab is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labkit.errors import ContentError
from labkit.i18n import Text
from labkit.rubric.verdict import Verdict

if TYPE_CHECKING:
    from labkit.rubric.evidence import Evidence
    from labkit.rubric.protocol import Protocol

__all__ = ["FIVE_STEPS", "Budget", "Check", "Figure", "Lab"]

FIVE_STEPS = ("define", "compile", "fit", "evaluate", "predict")


@dataclass(frozen=True, slots=True)
class Budget:
    """What one run of a submission may use.

    Args:
        cpu_seconds: Processor time of the worker, TensorFlow's own start not counted.
        memory_mb: Resident memory, MiB.
        parameters: Weights of the model.
        epochs: Epochs of the longest `fit`.
    """

    cpu_seconds: int
    memory_mb: int = 4096
    parameters: int = 10_000_000
    epochs: int = 1_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the rubric looks at.

    Args:
        name: Stable identifier, unique in the lab.
        title: What holds when the check passes, as a sentence.
        points: What it is worth.
        rule: Pure function from the evidence to a verdict.
        hint: A question or pointer that leads on when the check fails.
        needs: Names of earlier checks; where one of them has not passed, this one is skipped.
        bonus: Whether the points come on top of the lab's maximum.
    """

    name: str
    title: Text
    points: float
    rule: Callable[[Evidence], Verdict]
    hint: Text
    needs: tuple[str, ...] = ()
    bonus: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One plot of the lab's report.

    Args:
        name: File name without its ending.
        title: Heading above the plot, also its text for readers who cannot see it.
        draw: Function from the evidence to a `matplotlib.figure.Figure`, or to ``None`` when the
            evidence holds nothing to draw.
        caption: What to look for in it.
    """

    name: str
    title: Text
    draw: Callable[[Evidence], Any]
    caption: Text


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab: what it asks, what it looks at, and what it may use.

    Args:
        number: The number students type, as in ``labkit run lab2``.
        slug: Folder and file name without the number, as in ``lab02_mnist``.
        title: Name of the lab.
        chapter: Part of the course it belongs to.
        order: Place in the course; labs are listed by it, not by number.
        protocol: Which data are trained on, asked about and kept back.
        budget: What a run may use.
        checks: What is looked at, in the order students should read it.
        minutes: How long a student should expect to work, roughly.
        steps: The functions a student writes.
        figures: Plots of the lab's own, beside the learning curves.
    """

    number: int
    slug: str
    title: Text
    chapter: Text
    order: int
    protocol: Protocol
    budget: Budget
    checks: tuple[Check, ...]
    minutes: int
    steps: tuple[str, ...] = FIVE_STEPS
    figures: tuple[Figure, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a rubric that cannot be right: doubled names, or needs that come later."""
        seen: set[str] = set()
        for check in self.checks:
            if check.name in seen:
                raise ContentError(f"{self.folder}: two checks are called {check.name!r}.")
            if unknown := set(check.needs) - seen:
                raise ContentError(
                    f"{self.folder}: check {check.name!r} needs {sorted(unknown)}, "
                    "which no earlier check is called."
                )
            seen.add(check.name)

    @property
    def name(self) -> str:
        """What students type: ``lab2``."""
        return f"lab{self.number}"

    @property
    def folder(self) -> str:
        """Name of the lab's folder: ``lab02_mnist``."""
        return f"lab{self.number:02d}_{self.slug}"

    @property
    def maximum(self) -> float:
        """Points to be had, bonus not counted."""
        return sum(check.points for check in self.checks if not check.bonus)

    def check(self, name: str) -> Check:
        """The check of that name.

        Raises:
            KeyError: There is none.
        """
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)
