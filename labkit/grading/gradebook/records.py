"""The records a gradebook speaks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

__all__ = ["Adjustment", "Attempt", "Standing", "Student", "Verdict"]

Verdict = Literal["graded", "refused", "unknown"]
"""``"graded"`` by the rubric; ``"refused"`` where there was nothing to run, worth 0; ``"unknown"``
where the kit or the machine failed, which is no grade at all."""


@dataclass(frozen=True, slots=True)
class Student:
    """One person of the class.

    Args:
        key: What the gradebook knows them by; unique in a class, compared without regard to case.
        name: As people write it.
        email: Of theirs.
        section: Group of the class.
        canvas_id: Canvas' own number of the user, column ``ID`` of its gradebook.
        sis_id: Column ``SIS User ID``.
        login: Column ``SIS Login ID``; also GitHub's or the university's account.
        moodle_id: Number in Moodle's ``Identifier`` column, without its ``Participant``.
        extension: Days the deadline is put off for them, by lab (``"lab2"``) or ``"*"``.
    """

    key: str
    name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    login: str = ""
    moodle_id: str = ""
    extension: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def shown(self) -> str:
        """The name, or the key where no name is known."""
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission as it was graded. Never changed once it is written.

    Args:
        number: Of the attempt in its gradebook; 0 before it is written.
        lab: ``"lab2"``.
        student: Key of the student.
        name: File or folder the submission came in.
        sha256: Digest of what was handed in.
        rubric_sha256: Digest of what it was graded with.
        seed: Secret seed of the split, ``None`` for the public one.
        verdict: Whether it could be graded.
        points: Earned, bonus included, before any policy.
        maximum: To be had, bonus not included.
        record: What ``grade.json`` holds: checks, messages, provenance.
        folder: Its evidence and report, relative to the class folder, with forward slashes.
        submitted: When it was handed in, with time zone; ``None`` where nobody knows.
        started: When grading began, with time zone.
        finished: When grading ended, with time zone.
    """

    number: int
    lab: str
    student: str
    name: str
    sha256: str
    rubric_sha256: str
    seed: int | None
    verdict: Verdict
    points: float
    maximum: float
    record: Mapping[str, Any]
    folder: str
    submitted: datetime | None
    started: datetime
    finished: datetime


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that a person added or took away, and why."""

    lab: str
    student: str
    points: float
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What one student has in one lab, after every policy.

    Args:
        student: Who.
        lab: ``"lab2"``.
        maximum: Points to be had, bonus not included.
        attempt: The one that counts; ``None`` where nothing was handed in.
        attempts: How many there are.
        earned: Points of that attempt; ``None`` without one, or where the kit could not tell.
        late_days: Days after the student's own deadline, 0 when in time.
        penalty: Points taken off for that.
        adjustments: By hand.
        points: What counts: ``earned - penalty + adjustments``, never below 0, nor above the maximum
            where no bonus counts; ``None`` for no grade.
    """

    student: Student
    lab: str
    maximum: float
    attempt: Attempt | None = None
    attempts: int = 0
    earned: float | None = None
    late_days: float = 0.0
    penalty: float = 0.0
    adjustments: tuple[Adjustment, ...] = ()
    points: float | None = None
