"""The records a lab is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.errors import ContentError, UsageError
from labkit.i18n import Text, texts
from labkit.rubric.protocol import Trial
from labkit.rubric.verdict import Verdict

if TYPE_CHECKING:
    from labkit.rubric.by_hand import ByHand
    from labkit.rubric.evidence import Evidence
    from labkit.rubric.protocol import Protocol

__all__ = ["FIVE_STEPS", "Budget", "Check", "Figure", "Lab"]

_ = texts(__file__)

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
        draw: Function from the evidence to a `matplotlib.figure.Figure` or the text of an SVG, or to
            ``None`` when the evidence holds nothing to draw.
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
        budget: What a run may use.
        checks: What is looked at, in the order students should read it.
        minutes: How long a student should expect to work, roughly.
        seconds: How long the reference solution takes on two cores from a cold start, roughly.
        teaches: What it is about, in a few words.
        builds_on: Numbers of the labs it builds on most; they come earlier in the course.
        protocol: Which data the five steps train on, are asked about and do not see; ``None`` where
            there is no model.
        by_hand: Functions of the student's own with their inputs; ``None`` where there are none.
        datasets: What else is read from the catalogue than the protocol's data set.
        figures: Plots of the lab's own, beside the learning curves.
    """

    number: int
    slug: str
    title: Text
    chapter: Text
    order: int
    budget: Budget
    checks: tuple[Check, ...]
    minutes: int
    seconds: int
    teaches: Text
    builds_on: tuple[int, ...] = ()
    protocol: Protocol | None = None
    by_hand: ByHand | None = None
    datasets: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a rubric that cannot be right: doubled names, needs that come later, no work."""
        if not self.steps:
            raise ContentError(f"{self.folder}: there is nothing to write.")
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
    def steps(self) -> tuple[str, ...]:
        """The functions a student writes."""
        own = self.by_hand.functions if self.by_hand else ()
        return own + (FIVE_STEPS if self.protocol else ())

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """Write what untrusted processes may read into ``folder``; see `Protocol.prepare`.

        Raises:
            UsageError: A table of the user's own is of no use here.
        """
        if self.protocol:
            trial = self.protocol.prepare(folder, seed, table)
        elif table is None:
            trial = Trial()
        else:
            raise UsageError(
                _("{lab} is graded on inputs of its own only.", lab=self.name),
                fix=_("Leave out --data."),
            )
        return replace(trial, calls=self.by_hand.prepare(folder, seed)) if self.by_hand else trial

    def lighter(self) -> Lab:
        """The same with less work, good enough to tell a wrong answer from a right one."""
        return replace(self, protocol=self.protocol.lighter()) if self.protocol else self

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
